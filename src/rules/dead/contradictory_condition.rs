//! `dead/contradictory-condition`.

use std::net::IpAddr;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    config::{Atom, Condition, Guard, Literal, NameKind, Names},
    expression::{SampleType, lookup_acl, lookup_fetch},
    rules::prelude::*,
};

rule! {
    /// Terms of a condition exclude each other, so that it can never hold, or always does.
    ///
    /// ## Why
    ///
    /// ACLs side by side must all hold: `a !a` never does, and neither does `is_get is_post` where one asks for the method
    /// `GET` and the other for `POST`. Most often `or` was meant. `a or !a` on the other hand always holds. HAProxy does not
    /// look at what conditions mean. Patterns of one ACL, and several `acl` lines of one name, are joined with "or".
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     acl is_api path_beg /api/
    ///     acl is_rpc path_beg /rpc/
    ///     http-request deny if is_api is_rpc
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     acl is_api path_beg /api/
    ///     acl is_rpc path_beg /rpc/
    ///     http-request deny if is_api or is_rpc
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, chapter 7.2; HAProxy 2.6 and 2.8 accept it.
    "dead/contradictory-condition", Warning, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for (section, line) in &cx.config.names.combined {
        if let Guard::Condition(condition) = Guard::of(line) {
            look(line, &condition, &Acls { names: &cx.config.names, section: *section }, out);
        }
    }
}

/// The ACLs of a section.
struct Acls<'a, 'r> {
    names: &'a Names<'r>,
    section: usize,
}

fn look<'r>(line: &Statement<'r>, condition: &Condition<'r>, acls: &Acls<'_, 'r>, out: &mut Sink<'_>) {
    let dead: Vec<Option<Draft>> = condition.terms.iter().map(|term| contradiction(term, acls)).collect();
    let all = dead.iter().all(Option::is_some);
    for draft in dead.into_iter().flatten().take(1) {
        let note = match (all, condition.unless) {
            (true, false) => format!("so this `{}` never takes effect", line.keyword()),
            (true, true) => format!("so this `{}` always takes effect", line.keyword()),
            (false, _) => "the other terms of the condition are as good as alone".to_owned(),
        };
        out.report(draft.note(note));
    }
    if let Some((literal, other)) = tautology(&condition.terms) {
        let verb = if condition.unless { "never" } else { "always" };
        let draft =
            Draft::at(literal.location, format!("this condition holds whatever happens: either `{0}` or `!{0}` does", literal.atom))
                .label(format!("so this `{}` {verb} takes effect", line.keyword()))
                .also(other.location, "the opposite")
                .help("remove the condition, or write the one that was meant");
        out.report(draft);
    }
}

/// Whether one holds if the other does not.
fn opposite(a: &Literal<'_>, b: &Literal<'_>) -> bool {
    a.negated != b.negated && a.atom == b.atom
}

/// Two terms of one literal each that are opposites.
fn tautology<'a, 'r>(terms: &'a [Vec<Literal<'r>>]) -> Option<(&'a Literal<'r>, &'a Literal<'r>)> {
    // A line has 64 words at most.
    let mut alone = terms.iter().filter(|t| t.len() == 1).map(|t| &t[0]).enumerate();
    let before = |number| terms.iter().filter(|t| t.len() == 1).map(|t| &t[0]).take(number);
    alone.find_map(|(number, literal)| before(number).find(|b| opposite(b, literal)).map(|b| (literal, b)))
}

/// Says why all of `term` cannot hold at once.
fn contradiction<'r>(term: &[Literal<'r>], acls: &Acls<'_, 'r>) -> Option<Draft> {
    for (number, literal) in term.iter().enumerate() {
        if let Some(before) = term[..number].iter().find(|b| opposite(b, literal)) {
            let draft = Draft::at(literal.location, format!("`{0}` and `!{0}` can never hold at once", literal.atom))
                .label("contradicts the other")
                .also(before.location, "asked for here")
                .help("remove one of the two, or write `or` between them");
            return Some(draft);
        }
    }
    if term.iter().filter(|l| !l.negated).count() < 2 {
        return None;
    }
    let mut asked: FxHashMap<&str, (Question<'_>, &Literal<'_>)> = FxHashMap::default();
    for literal in term.iter().filter(|l| !l.negated) {
        let Some(question) = question(&literal.atom, acls) else { continue };
        let Some((before, other)) = asked.get(question.value) else {
            asked.insert(question.value, (question, literal));
            continue;
        };
        if before.excludes(&question) {
            let what = question.noun();
            let draft = Draft::at(literal.location, format!("`{}` and `{}` can never hold at once: {what}", other.atom, literal.atom))
                .label("excludes the other")
                .also(other.location, "asked for here")
                .help("write `or` between them, or drop one");
            return Some(draft);
        }
    }
    None
}

/// How a value is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Whole,
    Begin,
    End,
    Number,
    Address,
}

/// What an ACL asks of a value that each request or connection has once.
struct Question<'r> {
    value: &'r str,
    method: Method,
    patterns: Vec<String>,
}

/// The ways to write what has one value too: a request may have several `Host` headers, but is refused for it, or meant so by nobody.
const HOST: &[&str] = &["hdr(host)", "req.hdr(host)", "hdr(Host)", "req.hdr(Host)"];

/// The type of what a fetch gives that has one value for each request or connection.
fn single(fetch: &str) -> Option<SampleType> {
    if HOST.contains(&fetch) {
        return Some(SampleType::Str);
    }
    lookup_fetch(fetch).iter().find(|form| form.has("single")).map(|form| form.output)
}

/// Whether it has one value, which is a text.
fn is_text(fetch: &str) -> bool {
    matches!(single(fetch), Some(SampleType::Str | SampleType::Meth))
}

/// The ACLs that HAProxy predefines on top of `method`.
const METHODS: &[(&str, &[&str])] = &[
    ("METH_CONNECT", &["connect"]),
    ("METH_DELETE", &["delete"]),
    ("METH_GET", &["get", "head"]),
    ("METH_HEAD", &["head"]),
    ("METH_OPTIONS", &["options"]),
    ("METH_POST", &["post"]),
    ("METH_PUT", &["put"]),
    ("METH_TRACE", &["trace"]),
];

fn question<'r>(atom: &Atom<'r>, acls: &Acls<'_, 'r>) -> Option<Question<'r>> {
    let words: Vec<&str> = match atom {
        Atom::Anonymous(words) => words.clone(),
        Atom::Name(name) => match acls.names.find(NameKind::Acl, Some(acls.section), name) {
            [acl] => acl.statement.words().skip(2).map(Word::known).collect::<Option<_>>()?,
            // Several lines are joined with "or".
            [_, ..] => return None,
            [] => {
                let (_, methods) = METHODS.iter().find(|(predefined, _)| predefined == name)?;
                return Some(Question {
                    value: "method",
                    method: Method::Whole,
                    patterns: methods.iter().map(|m| (*m).to_owned()).collect(),
                });
            }
        },
    };
    let (criterion, rest) = words.split_first()?;
    let (value, mut method) = criterion_of(criterion)?;
    let mut patterns = rest;
    loop {
        match patterns {
            ["-i" | "-n", more @ ..] => patterns = more,
            ["-m", "str" | "int" | "ip", more @ ..] if matches!(method, Method::Whole | Method::Number | Method::Address) => {
                patterns = more;
            }
            ["-m", "beg", more @ ..] if is_text(value) => (method, patterns) = (Method::Begin, more),
            ["-m", "end", more @ ..] if is_text(value) => (method, patterns) = (Method::End, more),
            ["--", more @ ..] => {
                patterns = more;
                break;
            }
            [flag, ..] if flag.starts_with('-') => return None,
            _ => break,
        }
    }
    let patterns: Vec<String> = patterns.iter().map(|p| p.to_ascii_lowercase()).collect();
    let sound = match method {
        Method::Number => patterns.iter().all(|p| p.parse::<u64>().is_ok()),
        Method::Address => patterns.iter().all(|p| p.parse::<IpAddr>().is_ok()),
        _ => true,
    };
    (sound && !patterns.is_empty()).then_some(Question { value, method, patterns })
}

/// The value that a criterion asks for, and how it compares.
fn criterion_of(criterion: &str) -> Option<(&str, Method)> {
    match single(criterion) {
        Some(SampleType::Sint) => return Some((criterion, Method::Number)),
        Some(SampleType::Str | SampleType::Meth) => return Some((canonical(criterion), Method::Whole)),
        Some(_) => return Some((criterion, Method::Address)),
        None => {}
    }
    let (name, argument) = criterion.split_at(criterion.find('(').unwrap_or(criterion.len()));
    let acl = lookup_acl(name)?;
    let method = match acl.method {
        "beg" => Method::Begin,
        "end" => Method::End,
        _ => return None,
    };
    if argument.is_empty() && is_text(acl.fetch) {
        return Some((canonical(acl.fetch), method));
    }
    let of_request = acl.fetch.ends_with("hdr") && !acl.fetch.starts_with('s');
    let host = HOST.iter().find(|host| of_request && **host == format!("hdr{argument}"))?;
    Some((canonical(host), method))
}

/// One name for all names of a fetch.
fn canonical(fetch: &str) -> &str {
    match fetch {
        "req.hdr(host)" | "hdr(Host)" | "req.hdr(Host)" => "hdr(host)",
        "req_ssl_sni" => "req.ssl_sni",
        _ => fetch,
    }
}

impl Question<'_> {
    /// Whether no value answers both.
    fn excludes(&self, other: &Self) -> bool {
        if self.patterns.len() > 16 || other.patterns.len() > 16 {
            let mine: FxHashSet<&String> = self.patterns.iter().collect();
            return self.method == other.method && self.method == Method::Whole && !other.patterns.iter().any(|p| mine.contains(p));
        }
        self.patterns.iter().all(|a| other.patterns.iter().all(|b| apart(a, self.method, b, other.method)))
    }

    fn noun(&self) -> &'static str {
        match self.value {
            "path" => "a request has one path",
            "method" => "a request has one method",
            "hdr(host)" => "a request is for one host",
            "status" => "a response has one status",
            "src" | "src_port" => "a connection comes from one place",
            "dst" | "dst_port" => "a connection goes to one place",
            _ => "there is only one value to compare",
        }
    }
}

/// Whether no text matches both patterns.
fn apart(a: &str, how: Method, b: &str, other: Method) -> bool {
    use Method::{Address, Begin, End, Number, Whole};
    match (how, other) {
        (Whole, Whole) => a != b,
        (Number, Number) => a.parse::<u64>().ok() != b.parse::<u64>().ok(),
        (Address, Address) => a.parse::<IpAddr>().ok() != b.parse::<IpAddr>().ok(),
        (Begin, Begin) => !a.starts_with(b) && !b.starts_with(a),
        (End, End) => !a.ends_with(b) && !b.ends_with(a),
        (Whole, Begin) => !a.starts_with(b),
        (Begin, Whole) => !b.starts_with(a),
        (Whole, End) => !a.ends_with(b),
        (End, Whole) => !b.ends_with(a),
        _ => false,
    }
}
