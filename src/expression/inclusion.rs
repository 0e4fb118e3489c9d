//! What an ACL asks, and whether all that answers one question answers another, too: `path_beg /a` takes in all that
//! `path_beg /ab` and `path /a/b` do.
//!
//! Facts of how HAProxy compares are those of `pattern.c`. What is not certain is not included.

mod criterion;
mod texts;

use std::{
    borrow::Cow,
    net::{IpAddr, Ipv4Addr},
    rc::Rc,
};

use super::{
    SampleType,
    plain_regex::{literal_of, plain_of},
};
use criterion::Criterion;
pub(crate) use criterion::{Criteria, fetched};

/// How a sample is compared with patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Method {
    /// Whether there is anything: needs no pattern.
    Found,
    /// Whether it is true: needs no pattern.
    True,
    /// All of it.
    Whole,
    /// Its beginning.
    Begin,
    /// Its end.
    End,
    /// Any part.
    Sub,
    /// A part between slashes and `?`.
    Dir,
    /// A part between dots, slashes, colons and `?`.
    Dom,
    /// A number.
    Number,
    /// The length of a text.
    Length,
    /// An address or network.
    Address,
    /// A regular expression.
    Regex,
}

impl Method {
    /// What may follow `-m`, as far as it is understood here.
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "found" => Self::Found,
            "bool" => Self::True,
            "str" => Self::Whole,
            "beg" => Self::Begin,
            "end" => Self::End,
            "sub" => Self::Sub,
            "dir" => Self::Dir,
            "dom" => Self::Dom,
            "int" => Self::Number,
            "len" => Self::Length,
            "ip" => Self::Address,
            "reg" => Self::Regex,
            _ => return None,
        })
    }

    fn of(output: SampleType) -> Option<Self> {
        Some(match output {
            SampleType::Bool => Self::True,
            SampleType::Sint => Self::Number,
            SampleType::Addr | SampleType::Ipv4 | SampleType::Ipv6 => Self::Address,
            SampleType::Str | SampleType::Meth => Self::Whole,
            _ => return None,
        })
    }

    /// Whether patterns are texts.
    pub(crate) fn is_text(self) -> bool {
        matches!(self, Self::Whole | Self::Begin | Self::End | Self::Sub | Self::Dir | Self::Dom)
    }

    /// The characters between which `dir` and `dom` look for words.
    fn delimiters(self) -> &'static str {
        if self == Self::Dir { "/?" } else { "/?.:" }
    }
}

/// What one line of an ACL asks: a value, and the patterns of which one must fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question<'r> {
    /// The fetch by its own name, with its arguments and converters.
    pub(crate) value: Rc<str>,
    /// The length of the fetch's name in `value`.
    name: usize,
    /// How it is compared.
    pub(crate) method: Method,
    /// Whether capitals are taken for small letters.
    pub(crate) any_case: bool,
    /// The patterns, one at least but for [`Method::Found`] and [`Method::True`].
    pub(crate) patterns: Vec<Pattern<'r>>,
}

/// A pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pattern<'r> {
    /// None is needed.
    Nothing,
    /// A text.
    Text(&'r str),
    /// All numbers between two.
    Range(i64, i64),
    /// An address and the bits of it that count, both as numbers of 128 bits; those of IPv4 are kept apart.
    Network { v6: bool, address: u128, mask: u128 },
}

impl<'r> Question<'r> {
    /// Reads criterion, flags and patterns; `None` where anything of it is not simply compared.
    pub(crate) fn new(words: &[&'r str]) -> Option<Self> {
        Self::of(words, &Criteria::default())
    }

    /// The same where many are read.
    pub(crate) fn of(words: &[&'r str], criteria: &Criteria<'r>) -> Option<Self> {
        let (criterion, rest) = words.split_first()?;
        let (mut question, own) = criteria.question(criterion)?;
        let patterns = question.flags(whole(rest), own)?;
        question.patterns = match question.method {
            Method::Found => vec![Pattern::Nothing],
            Method::True if patterns.is_empty() => vec![Pattern::Nothing],
            Method::True => return None,
            Method::Number | Method::Length => numbers(patterns)?,
            Method::Address => patterns.iter().map(|p| network(p)).collect::<Option<_>>()?,
            _ => patterns.iter().map(|p| Pattern::Text(p)).collect(),
        };
        question.lowered();
        (!question.patterns.is_empty()).then_some(question)
    }

    /// The same without the patterns, and the number of the first word that is one.
    pub(crate) fn begun(words: &[&'r str]) -> Option<(Self, usize)> {
        let (criterion, rest) = words.split_first()?;
        let (mut question, own) = Criterion::new(criterion)?.question();
        let patterns = question.flags(whole(rest), own)?.len();
        Some((question, 1 + whole(rest).len() - patterns))
    }

    /// Takes the flags in, and gives the patterns; `method` is what counts without a flag.
    fn flags<'w>(&mut self, mut words: &'w [&'r str], mut method: Option<Method>) -> Option<&'w [&'r str]> {
        loop {
            words = match words {
                ["-i", more @ ..] => {
                    // The usual methods are known in capitals alone.
                    self.any_case = &*self.value != "method";
                    more
                }
                ["-n", more @ ..] => more,
                // A method is compared in a way of its own.
                ["-m", name, more @ ..] if &*self.value != "method" || *name == "str" => {
                    method = Some(Method::from_name(name)?);
                    more
                }
                ["--", more @ ..] => {
                    self.method = method?;
                    return Some(more);
                }
                [flag, ..] if is_flag(flag) => return None,
                _ => {
                    self.method = method?;
                    return Some(words);
                }
            }
        }
    }

    /// `path,lower` with small letters is `path` with `-i`; with capitals it never fits.
    fn lowered(&mut self) {
        if !self.method.is_text() {
            return;
        }
        let Some(value) = self.value.strip_suffix(",lower") else { return };
        self.value = value.into();
        if !self.any_case {
            self.patterns.retain(|p| !matches!(p, Pattern::Text(t) if t.bytes().any(|b| b.is_ascii_uppercase())));
        }
        self.any_case = true;
    }

    /// How a pattern compares and with what: of a regular expression that begins with `^`, what is plain in it.
    pub(crate) fn literal<'p>(&self, pattern: &'p str) -> Option<(Method, Cow<'p, str>)> {
        match self.method {
            Method::Regex => literal_of(pattern).map(|(method, text)| (method, Cow::Owned(text))),
            method => Some((method, Cow::Borrowed(pattern))),
        }
    }

    /// The name of the fetch.
    pub(crate) fn fetch(&self) -> &str {
        self.value.get(..self.name).unwrap_or(&self.value)
    }

    /// Whether all that fits pattern `narrow` of `other` fits this question.
    pub(crate) fn takes_in(&self, other: &Self, narrow: &Pattern<'_>) -> bool {
        if self.value != other.value {
            return false;
        }
        if self.method == Method::Found {
            return true;
        }
        self.patterns.iter().any(|wide| self.pattern_takes_in(wide, other, narrow))
    }

    fn pattern_takes_in(&self, wide: &Pattern<'_>, other: &Self, narrow: &Pattern<'_>) -> bool {
        match (wide, narrow) {
            (Pattern::Nothing, Pattern::Nothing) => self.method == other.method,
            (Pattern::Range(low, high), Pattern::Range(from, to)) => self.method == other.method && low <= from && to <= high,
            (Pattern::Network { v6, address, mask }, Pattern::Network { v6: other6, address: a, mask: m }) => {
                v6 == other6 && mask & m == *mask && address & mask == a & mask
            }
            (Pattern::Text(wide), Pattern::Text(narrow)) => self.text_takes_in(wide, other, narrow),
            _ => false,
        }
    }

    fn text_takes_in(&self, wide: &str, other: &Self, narrow: &str) -> bool {
        // Where capitals count here but not there, only what has none of either is the same.
        if other.any_case && !self.any_case && wide.bytes().any(|b| b.is_ascii_alphabetic()) {
            return false;
        }
        let (wide, narrow) = (folded(wide, self.any_case), folded(narrow, self.any_case));
        let (how, wide) = match self.method {
            Method::Regex if other.method == Method::Regex && wide == narrow => return true,
            Method::Regex => match plain_of(&wide) {
                Some((method, literal)) => (method, Cow::Owned(literal)),
                None => return false,
            },
            method => (method, wide),
        };
        if other.method == Method::Regex {
            // Folded, `\S` would be `\s`: a literal has no such thing.
            return literal_of(&narrow).is_some_and(|(method, literal)| texts::takes_in(how, &wide, method, &literal));
        }
        texts::takes_in(how, &wide, other.method, &narrow)
    }

    /// Whether no one value fits both.
    pub(crate) fn excludes(&self, other: &Self) -> bool {
        self.value == other.value && self.patterns.iter().all(|a| other.patterns.iter().all(|b| self.apart(a, other, b)))
    }

    fn apart(&self, a: &Pattern<'_>, other: &Self, b: &Pattern<'_>) -> bool {
        match (a, b) {
            (Pattern::Range(low, high), Pattern::Range(from, to)) => self.method == other.method && (high < from || to < low),
            (Pattern::Network { v6, address, mask }, Pattern::Network { v6: other6, address: a, mask: m }) => {
                v6 == other6 && address & mask & m != a & mask & m
            }
            (Pattern::Text(a), Pattern::Text(b)) => {
                let any_case = self.any_case || other.any_case;
                texts::apart(self.method, &folded(a, any_case), other.method, &folded(b, any_case))
            }
            _ => false,
        }
    }

    /// Whether it certainly fits a text that begins with `start`, or is it where `whole` says so; `None` where that depends on the rest.
    pub(crate) fn fits(&self, start: &str, whole: bool) -> Option<bool> {
        let method = if whole { Method::Whole } else { Method::Begin };
        let same = Self { value: Rc::clone(&self.value), name: self.name, method, any_case: false, patterns: Vec::new() };
        let text = Pattern::Text(start);
        if self.takes_in(&same, &text) {
            return Some(true);
        }
        let no = match self.method {
            Method::Found => false,
            method if whole && method.is_text() => true,
            _ => self.patterns.iter().all(|p| self.apart(p, &same, &text)),
        };
        no.then_some(false)
    }
}

/// A text as it is compared.
fn folded(text: &str, any_case: bool) -> Cow<'_, str> {
    let folds = any_case && text.bytes().any(|byte| byte.is_ascii_uppercase());
    if folds { Cow::Owned(text.to_ascii_lowercase()) } else { Cow::Borrowed(text) }
}

/// HAProxy takes an empty word for the end of the line.
fn whole<'w, 'r>(words: &'w [&'r str]) -> &'w [&'r str] {
    words.split(|word| word.is_empty()).next().unwrap_or(words)
}

/// Whether a word is a flag, and no number below zero.
fn is_flag(word: &str) -> bool {
    word.strip_prefix('-').is_some_and(|rest| !rest.is_empty() && !rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Numbers and ranges; an operator counts for all that follows.
fn numbers<'r>(words: &[&str]) -> Option<Vec<Pattern<'r>>> {
    let (mut operator, mut all) = ("eq", Vec::new());
    for word in words {
        if matches!(*word, "eq" | "ge" | "gt" | "le" | "lt") {
            operator = word;
            continue;
        }
        let range = word.split_once([':', '-']).filter(|(low, _)| !low.is_empty());
        all.push(match (range, operator) {
            (Some((low, high)), "eq") => Pattern::Range(low.parse().ok()?, if high.is_empty() { i64::MAX } else { high.parse().ok()? }),
            (Some(_), _) => return None,
            (None, "ge") => Pattern::Range(word.parse().ok()?, i64::MAX),
            (None, "gt") => Pattern::Range(word.parse::<i64>().ok()?.checked_add(1)?, i64::MAX),
            (None, "le") => Pattern::Range(i64::MIN, word.parse().ok()?),
            (None, "lt") => Pattern::Range(i64::MIN, word.parse::<i64>().ok()?.checked_sub(1)?),
            (None, _) => word.parse().ok().map(|number| Pattern::Range(number, number))?,
        });
    }
    Some(all)
}

/// An address, perhaps with a mask.
fn network<'r>(text: &str) -> Option<Pattern<'r>> {
    let (host, mask) = text.split_once('/').map_or((text, None), |(host, mask)| (host, Some(mask)));
    let ones = |bits: u32, of: u32| if bits == 0 { 0 } else { (u128::MAX << (128 - bits)) >> (128 - of) & (u128::MAX >> (128 - of)) };
    match host.parse().ok()? {
        IpAddr::V4(address) => {
            let mask = match mask {
                None => u128::from(u32::MAX),
                Some(mask) if mask.contains('.') => u128::from(u32::from(mask.parse::<Ipv4Addr>().ok()?)),
                Some(bits) => ones(bits.parse::<u32>().ok().filter(|b| *b <= 32)?, 32),
            };
            Some(Pattern::Network { v6: false, address: u128::from(u32::from(address)), mask })
        }
        IpAddr::V6(address) => {
            let mask = match mask {
                None => u128::MAX,
                Some(bits) => ones(bits.parse::<u32>().ok().filter(|b| *b <= 128)?, 128),
            };
            Some(Pattern::Network { v6: true, address: u128::from(address), mask })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(text: &str) -> Option<Question<'_>> {
        Question::new(&text.split(' ').collect::<Vec<_>>())
    }

    /// Whether the first takes in all of the second.
    fn includes(wide: &str, narrow: &str) -> bool {
        let (wide, narrow) = (question(wide).expect(wide), question(narrow).expect(narrow));
        narrow.patterns.iter().all(|p| wide.takes_in(&narrow, p))
    }

    #[test]
    fn what_takes_in_what() {
        for (wide, narrow) in [
            ("path_beg /kitchen", "path_beg /kitchen-api"),
            ("path_beg /kitchen", "path /kitchen/x"),
            ("path -m beg /a", "path_beg /a"),
            ("path_beg /", "path_beg -i /a"),
            ("path_beg -i /A", "path_beg /a/b"),
            ("path_beg -i /a", "path,lower -m beg /ab"),
            ("path,lower -m beg /a", "path_beg -i /AB"),
            ("path_beg /a /b", "path /b/x /a"),
            ("path_dir api", "path /v1/api"),
            ("path_dir api", "path_beg /api/"),
            ("path_dir /api/", "path_end /api"),
            ("path_dir api", "path_dir api/v1"),
            ("path_sub api", "path_dir /api/"),
            ("path_sub api", "path_end .api"),
            ("hdr_end(host) .example.com", "hdr(Host) a.example.com"),
            ("req.hdr(host) -m end .example.com", "hdr_end(host) .b.example.com"),
            ("hdr_dom(host) example", "hdr(host) www.example.com"),
            ("hdr(x) -m found", "hdr(x) yes"),
            ("src 10.0.0.0/8", "src 10.1.0.0/16 10.2.3.4"),
            ("src 10.0.0.0/255.0.0.0", "src 10.1.0.0/16"),
            ("src 0.0.0.0/0", "src 10.1.0.0/16"),
            ("src 2001:db8::/32", "src 2001:db8:1::/48"),
            ("dst_port 1:100", "dst_port 80"),
            ("dst_port gt 79", "dst_port 80 443"),
            ("dst_port ge 80", "dst_port gt 80"),
            ("path_len gt 5", "path_len 6:7"),
            ("path_reg ^/a", "path_reg ^/a"),
            ("path_reg ^/", "path_beg /a"),
            ("path_reg ^/api/.*", "path /api/v1"),
            ("path_reg \\.js$", "path_end .min.js"),
            ("path_reg ^/a", "path_reg ^/a/[0-9]+"),
            ("path_beg /api", "path_reg ^/api/v[0-9]+"),
            ("path_beg /api", "path_reg ^/api(/|$)"),
            ("path_beg -i /api", "path_reg ^/api\\.x"),
            ("method GET POST", "method GET"),
            ("url_param(a) x y", "urlp(a) y"),
            ("var(txn.a) -m beg x", "var(txn.a) -m str xy"),
        ] {
            assert!(includes(wide, narrow), "{wide} takes in {narrow}");
        }
        for (wide, narrow) in [
            ("path_beg /kitchen-api", "path_beg /kitchen"),
            ("path_beg /a", "path_beg -i /ab"),
            ("path_beg /a", "path,lower -m beg /ab"),
            ("path /a", "path_beg /a"),
            ("path_beg /a", "path_dir a"),
            ("path_beg /a", "path_end /a"),
            ("path_dir api", "path_beg /api"),
            ("path_dir api", "path_beg /api-v2"),
            ("path_dir api", "path_sub api"),
            ("path_dir api", "path_end api"),
            ("path_dir a", "path_dom a"),
            ("path_beg /a", "url_beg /a"),
            ("path_beg /a", "path_beg /b /a"),
            ("hdr_end(host) .example.com", "hdr(host) example.com"),
            ("hdr(x) yes", "hdr(x) -m found"),
            ("hdr(host) a", "hdr(x) a"),
            ("req.hdr(host),lower -m str A", "hdr(host) A"),
            ("src 10.1.0.0/16", "src 10.0.0.0/8"),
            ("src 0.0.0.0/0", "src ::1"),
            ("dst_port 80", "dst_port gt 79"),
            ("path_len gt 5", "path_len 5:7"),
            ("path_beg /api", "path_reg ^/api?/"),
            ("path_beg /api", "path_reg ^/api|^/x"),
            ("path_beg /api", "path_reg /api"),
            ("path_beg /api", "path_reg ^/(api|x)"),
            ("path_reg ^/a/?", "path_beg /a"),
        ] {
            let lost = question(wide).is_none() || question(narrow).is_none();
            assert!(lost || !includes(wide, narrow), "{wide} does not take in {narrow}");
        }
    }

    #[test]
    fn what_excludes_what() {
        let excludes = |a: &str, b: &str| question(a).unwrap().excludes(&question(b).unwrap());
        for (a, b) in [
            ("path_beg /a", "path_beg /b"),
            ("path /a", "path_beg /b"),
            ("path_end .js", "path /x.css"),
            ("dst_port 80", "dst_port gt 80"),
            ("src 10.0.0.0/8", "src 192.168.0.1"),
            ("hdr(host) -i a", "hdr(host) B"),
            ("path_sub x", "path /a"),
        ] {
            assert!(excludes(a, b) && excludes(b, a), "{a} and {b}");
        }
        for (a, b) in [
            ("path_beg /a", "path_beg /ab"),
            ("path_beg /a", "path_end .js"),
            ("hdr(host) -i a", "hdr(host) A"),
            ("src 10.0.0.0/8", "src 10.1.0.0/16"),
            ("src 10.0.0.0/8", "src ::1"),
            ("path_beg /a", "path_reg ^/b"),
            ("path_beg /a /b", "path /b"),
        ] {
            assert!(!excludes(a, b) && !excludes(b, a), "{a} and {b}");
        }
    }

    #[test]
    fn what_is_not_simply_compared_is_no_question() {
        for text in ["path_beg", "path -f list", "path -m regm x", "unknown x", "src localhost", "path -M a", "var(txn.a) x"] {
            assert_eq!(question(text), None, "{text}");
        }
        assert_eq!(question("ssl_fc").map(|q| q.method), Some(Method::True));
    }
}
