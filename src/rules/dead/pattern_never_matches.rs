//! `dead/pattern-never-matches`.

use std::ops::Range;

use memchr::{memchr, memchr2, memchr3};

use crate::{
    expression::inclusion::{self, Question},
    rules::{met::Met, prelude::*},
};

rule! {
    /// An ACL compares with a pattern that the value can never be like.
    ///
    /// ## Why
    ///
    /// A path always begins with `/` and ends before the `?`; a host name holds no `/`; what the converter `lower` has passed
    /// has no capital letters; and methods are compared in capitals. A pattern that is otherwise never matches. HAProxy
    /// compares what it is given and says nothing, and the rule that depends on it stays idle: a `deny` denies nothing.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request deny if { path_beg admin/ }
    ///     http-request deny if { req.hdr(host),lower -m str Intern.example.com }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request deny if { path_beg /admin/ }
    ///     http-request deny if { req.hdr(host),lower -m str intern.example.com }
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, chapters 7.1 and 7.3; http_fetch.c and pattern.c.
    "dead/pattern-never-matches", Warning, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let acl = cx.config.reading.keyword_number("acl");
    let mut odd = Met::default();
    for line in cx.config.sections().flat_map(|s| s.statements()) {
        if Some(line.keyword_number()) == acl {
            look(&line, 2, line.len(), &mut odd, out);
            continue;
        }
        // Braces stand behind `if` and `unless`, with one word between them at least.
        let Some(mark) = line.mark().filter(|mark| mark + 3 < line.len()) else { continue };
        let mut open = None;
        for (at, word) in (mark..).zip(line.bytes_from(mark)) {
            match (word, open) {
                (b"{" | b"!{", _) => open = Some(at + 1),
                (b"}", Some(start)) => {
                    look(&line, start, at, &mut odd, out);
                    open = None;
                }
                _ => {}
            }
        }
    }
}

/// How a pattern is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Whole,
    Begin,
    /// At the end, or anywhere.
    Within,
}

/// What an ACL compares: the fetch with its argument, the converters, the method.
struct Comparison {
    fetch: String,
    argument: String,
    converters: Vec<String>,
    method: Method,
    any_case: bool,
}

/// Looks at the ACL in the words from `start` to `end`.
fn look<'r>(line: &Statement<'r>, start: usize, end: usize, odd: &mut Met<'r, Odd>, out: &mut Sink<'_>) {
    if start >= end || !odd.of(line.str(start), Odd::of).is_any(line, start + 1..end) {
        return;
    }
    let Some((comparison, first)) = comparison(line, start, end) else { return };
    let patterns = first..end;
    let wrong = |word: Word<'r>| Some((word, comparison.never(word.known()?)?));
    let found: Vec<_> = line.words().take(end).skip(first).filter_map(wrong).collect();
    let Some((word, (why, help))) = found.first() else { return };
    let draft = Draft::at(word.location, format!("the pattern `{}` never matches: {why}", word.display()))
        .label("never matches")
        .help(help.clone());
    out.report(if found.len() == patterns.len() { draft.note("the ACL has no other pattern, so it is never true") } else { draft });
}

/// The patterns behind a criterion that may be among those that never match: most are none, and need no closer look.
#[derive(Clone, Copy, Default)]
enum Odd {
    Any,
    Path,
    Method,
    /// A name of a host.
    Name,
    /// Anything else, of which nothing is said.
    #[default]
    None,
}

impl Odd {
    fn of(criterion: &str) -> Self {
        match criterion {
            _ if criterion.bytes().any(|b| b == b',') => Self::Any,
            _ if criterion.starts_with("path") => Self::Path,
            _ if criterion.starts_with("method") => Self::Method,
            _ if criterion.contains("hdr") || criterion.contains("sni") => Self::Name,
            _ => Self::None,
        }
    }

    /// Whether one of these words of a line may be odd.
    fn is_any(self, line: &Statement<'_>, range: Range<usize>) -> bool {
        let mut words = line.bytes_from(range.start).take(range.len());
        match self {
            Self::Any => words.any(|word| !word.is_empty()),
            Self::Path => words.any(|word| !matches!(word, [b'/' | b'-', ..]) || memchr2(b'?', b',', word).is_some()),
            Self::Method => words.any(|word| word.iter().any(u8::is_ascii_lowercase)),
            // What stands between words is no such byte.
            Self::Name => {
                line.plain_part(range).is_none_or(|text| memchr3(b'/', b':', b',', text).is_some() || memchr(b'*', text).is_some())
            }
            Self::None => false,
        }
    }
}

/// Takes criterion and flags apart, and tells where the patterns begin; `None` where they are not simply compared.
fn comparison(line: &Statement<'_>, start: usize, end: usize) -> Option<(Comparison, usize)> {
    let words: Vec<&str> = line.words().take(end).skip(start).map_while(Word::known).collect();
    let (question, first) = Question::begun(&words)?;
    let method = match question.method {
        inclusion::Method::Whole => Method::Whole,
        inclusion::Method::Begin => Method::Begin,
        inclusion::Method::End | inclusion::Method::Sub => Method::Within,
        _ => return None,
    };
    let mut parts = parts(&question.value).into_iter();
    let called = parts.next()?;
    let (fetch, argument) = called.split_at(called.find('(').unwrap_or(called.len()));
    let (fetch, argument) = (fetch.to_owned(), argument.to_owned());
    Some((Comparison { fetch, argument, converters: parts.collect(), method, any_case: question.any_case }, start + first))
}

/// A fetch and its converters: what commas outside of parentheses part.
fn parts(value: &str) -> Vec<String> {
    let (mut parts, mut inside) = (vec![String::new()], false);
    for c in value.chars() {
        match c {
            ',' if !inside => parts.push(String::new()),
            _ => {
                inside = c == '(' || inside && c != ')';
                parts.last_mut().into_iter().for_each(|part| part.push(c));
            }
        }
    }
    parts
}

impl Comparison {
    /// Why `pattern` never matches, and what to write.
    fn never(&self, pattern: &str) -> Option<(String, String)> {
        if pattern.is_empty() {
            return None;
        }
        let case = |upper: bool| pattern.chars().any(|c| if upper { c.is_ascii_uppercase() } else { c.is_ascii_lowercase() });
        match self.converters.last().map(String::as_str) {
            Some("lower") if !self.any_case && case(true) => {
                return Some(("`lower` leaves no capital letters".to_owned(), format!("write `{}`", pattern.to_ascii_lowercase())));
            }
            Some("upper") if !self.any_case && case(false) => {
                return Some(("`upper` leaves capital letters only".to_owned(), format!("write `{}`", pattern.to_ascii_uppercase())));
            }
            _ => {}
        }
        if !self.converters.iter().all(|c| matches!(c.as_str(), "lower" | "upper" | "host_only" | "field(1,:)" | "word(1,:)")) {
            return None;
        }
        let host = self.fetch.ends_with("hdr") && !self.fetch.starts_with('s') && !self.fetch.starts_with("res") && {
            self.argument.eq_ignore_ascii_case("(host)")
        };
        if matches!(pattern, "and" | "or" | "AND" | "OR" | "&&" | "||") {
            // Of these `keyword/dubious-acl` tells.
            return None;
        }
        // Each value of `hdr` is what stands between commas.
        let whole_line = self.fetch.ends_with("fhdr");
        match self.fetch.as_str() {
            _ if host && pattern.contains(',') && !whole_line => {
                Some(("patterns are parted by blanks, and no host has a comma".to_owned(), parted(pattern)))
            }
            "ssl_fc_sni" | "req.ssl_sni" | "req_ssl_sni" if pattern.contains(',') => {
                Some(("patterns are parted by blanks, and no name has a comma".to_owned(), parted(pattern)))
            }
            "ssl_fc_sni" | "req.ssl_sni" | "req_ssl_sni" if pattern.contains('*') => Some((STAR.to_owned(), end_of_name(pattern))),
            _ if host && pattern.contains('*') => Some((STAR.to_owned(), end_of_name(pattern))),
            "path" => self.path(pattern),
            "method" if self.converters.is_empty() => method(pattern),
            "ssl_fc_sni" | "req.ssl_sni" | "req_ssl_sni" if pattern.contains(['/', ':']) => {
                Some(("the server name of TLS is a host name, without scheme, port and path".to_owned(), name_alone(pattern)))
            }
            _ if host && pattern.contains('/') => {
                Some(("the `Host` header holds a name and perhaps a port, but no `/`".to_owned(), name_alone(pattern)))
            }
            _ => None,
        }
    }

    fn path(&self, pattern: &str) -> Option<(String, String)> {
        if let Some((before, query)) = pattern.split_once('?') {
            let help = format!("ask for the path `{before}` and, with `query`, `url_param` or `pathq`, for `{query}`");
            return Some(("a path ends before the `?`".to_owned(), help));
        }
        if pattern.len() > 1 && pattern.ends_with(',') {
            return Some(("patterns are parted by blanks, and this one ends in a comma".to_owned(), parted(pattern)));
        }
        let begins = self.method != Method::Within && !pattern.starts_with(['/', '*']);
        begins.then(|| ("a path begins with `/`".to_owned(), format!("write `/{pattern}`, or `-m sub` if it may stand anywhere")))
    }
}

/// HAProxy knows the usual methods in capitals only, whether `-i` is said or not.
fn method(pattern: &str) -> Option<(String, String)> {
    const METHODS: [&str; 8] = ["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT"];
    let upper = pattern.to_ascii_uppercase();
    let wrong = upper != pattern && METHODS.contains(&upper.as_str());
    wrong.then(|| ("methods are compared in capitals".to_owned(), format!("write `{upper}`")))
}

/// Why a name with a star is none.
const STAR: &str = "`*` stands for itself here, and no host has one";

/// The help where several patterns are joined by commas.
fn parted(pattern: &str) -> String {
    format!("write `{}`", pattern.split(',').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
}

/// The help where a star is to stand for all names of a domain.
fn end_of_name(pattern: &str) -> String {
    match pattern.strip_prefix('*') {
        Some(rest) if !rest.contains('*') && !rest.is_empty() => format!("compare the end alone: `-m end {rest}`, or `hdr_end(host)`"),
        _ => "compare a part with `-m beg`, `-m end` or `-m sub`".to_owned(),
    }
}

fn name_alone(pattern: &str) -> String {
    let rest = pattern.split_once("://").map_or(pattern, |(_, rest)| rest);
    let name = rest.split(['/', ':']).next().unwrap_or(rest);
    if name.is_empty() {
        "write the name of the host alone, and ask for the path with `path`".to_owned()
    } else {
        format!("write `{name}`, and ask for a path with `path`")
    }
}
