//! Conditions of `.if` and `.elif`: `grammar/condition.pest`, what a condition means, and what it depends on
//! (language.md §8).

use pest::{Parser, iterators::Pair};

use crate::{
    nearest::nearest,
    version::{Version, VersionSet},
};

use grammar::{ConditionParser, Rule};

mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/condition.pest"]
    pub(super) struct ConditionParser;
}

/// Stands on both sides of the name of a variable that nobody knows, wherever text holds one.
pub const UNKNOWN_MARK: char = '\u{FFFC}';

/// Parentheses nested deeper than this are not looked into; HAProxy itself gives up at 1024.
const MAX_DEPTH: usize = 100;

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Nothing at all, which is false.
    Empty,
    /// A number: true unless it is 0.
    Number(bool),
    /// It depends on a variable in a way that nothing can be known of it.
    Opaque,
    /// `!…`
    Not(Box<Condition>),
    /// `… && …`
    All(Vec<Condition>),
    /// `… || …`
    Any(Vec<Condition>),
    /// `name(arguments)`
    Predicate(Predicate),
}

/// A predicate with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predicate {
    /// Its name.
    pub name: String,
    /// Its arguments, quotes and escapes gone.
    pub args: Vec<String>,
    /// Its byte offset in the condition.
    pub at: usize,
}

/// Why a condition cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionError {
    /// The byte offset in the condition.
    pub at: usize,
    /// What is wrong.
    pub message: String,
    /// What could be written.
    pub help: Option<String>,
}

/// What a variable holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// This.
    Set(String),
    /// It is not set.
    Unset,
    /// Nobody knows.
    Unknown,
}

/// What is known of the world a condition is judged in.
pub trait Facts {
    /// What the variable `name` holds.
    fn variable(&self, name: &str) -> Lookup;
    /// The truth taken for granted of something that nobody knows, such as `defined(POD_NAME)`.
    fn assumed(&self, atom: &str) -> Option<bool>;
}

/// Where a condition is true and where it is false; in all other versions nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// The versions in which it is true.
    pub yes: VersionSet,
    /// The versions in which it is false.
    pub no: VersionSet,
    /// What one would have to know, in the order met, each once.
    pub unknown: Vec<String>,
}

/// A predicate as HAProxy knows it.
struct Spec {
    name: &'static str,
    versions: VersionSet,
    args: (usize, usize),
}

const fn spec(name: &'static str, versions: VersionSet, min: usize, max: usize) -> Spec {
    Spec { name, versions, args: (min, max) }
}

/// The predicates, the versions that know them, and how many arguments they take.
static PREDICATES: &[Spec] = {
    const ALL: VersionSet = VersionSet::ALL;
    const SINCE_2_5: VersionSet = VersionSet::since(2, 5, 0);
    const SINCE_2_8: VersionSet = VersionSet::since(2, 8, 0);
    &[
        spec("defined", ALL, 0, 1),
        spec("feature", ALL, 0, 1),
        spec("streq", ALL, 2, 2),
        spec("strneq", ALL, 2, 2),
        spec("strstr", SINCE_2_8, 2, 2),
        spec("version_atleast", ALL, 0, 1),
        spec("version_before", ALL, 0, 1),
        spec("openssl_version_atleast", SINCE_2_5, 0, 1),
        spec("openssl_version_before", SINCE_2_5, 0, 1),
        spec("ssllib_name_startswith", SINCE_2_5, 0, 1),
        spec("enabled", SINCE_2_8, 0, 1),
        spec("awslc_api_atleast", VersionSet::since(3, 3, 0), 0, 1),
        spec("awslc_api_before", VersionSet::since(3, 3, 0), 0, 1),
        spec("fips_mode", VersionSet::since(3, 5, 0), 0, 0),
    ]
};

/// Reads a condition as HAProxy 2.5 and later do. Variables that nobody knows stand between [`UNKNOWN_MARK`]s.
///
/// # Errors
/// Where HAProxy would refuse it whatever its version.
///
/// ```
/// use haproxy_lint::syntax::condition::{Condition, parse};
/// assert_eq!(parse("1").unwrap(), Condition::Number(true));
/// assert!(parse("1 2").is_err());
/// ```
pub fn parse(text: &str) -> Result<Condition, ConditionError> {
    if depth(text) > MAX_DEPTH {
        return Ok(Condition::Opaque);
    }
    read(Rule::condition, text, text)
}

/// Reads a condition as HAProxy 2.4 does: its first word, without operators.
///
/// # Errors
/// Where HAProxy 2.4 would refuse it.
pub fn parse_2_4(text: &str) -> Result<Condition, ConditionError> {
    let first = text.split(' ').next().unwrap_or("");
    if depth(first) > MAX_DEPTH { Ok(Condition::Opaque) } else { read(Rule::first, first, text) }
}

fn depth(text: &str) -> usize {
    text.bytes().filter(|b| matches!(b, b'(' | b'!')).count()
}

fn read(rule: Rule, text: &str, whole: &str) -> Result<Condition, ConditionError> {
    let mut condition = Condition::Empty;
    let matched = ConditionParser::parse(rule, text).ok().and_then(|mut pairs| pairs.next());
    for pair in matched.into_iter().flat_map(Pair::into_inner) {
        match pair.as_rule() {
            Rule::junk => return Err(junk(pair.as_span().start(), text, condition != Condition::Empty, whole)),
            Rule::EOI => {}
            _ => condition = lower(pair),
        }
    }
    Ok(condition)
}

fn lower(pair: Pair<'_, Rule>) -> Condition {
    match pair.as_rule() {
        Rule::any => several(pair, Condition::Any),
        Rule::all => several(pair, Condition::All),
        Rule::group | Rule::primary => pair.into_inner().next().map_or(Condition::Empty, lower),
        Rule::term => {
            let mut nots = 0;
            let mut inner = Condition::Empty;
            for part in pair.into_inner() {
                if part.as_rule() == Rule::not { nots += 1 } else { inner = lower(part) }
            }
            if nots % 2 == 1 { Condition::Not(Box::new(inner)) } else { inner }
        }
        Rule::number => Condition::Number(pair.as_str().bytes().any(|b| matches!(b, b'1'..=b'9' | b'a'..=b'f' | b'A'..=b'F'))),
        Rule::call => Condition::Predicate(predicate(pair)),
        _ => Condition::Opaque,
    }
}

fn several(pair: Pair<'_, Rule>, make: fn(Vec<Condition>) -> Condition) -> Condition {
    let mut parts: Vec<Condition> = pair.into_inner().map(lower).collect();
    if parts.len() == 1 { parts.remove(0) } else { make(parts) }
}

fn predicate(pair: Pair<'_, Rule>) -> Predicate {
    let at = pair.as_span().start();
    let mut parts = pair.into_inner();
    let name = parts.next().map_or("", |n| n.as_str()).to_owned();
    let mut args: Vec<String> = parts.map(|arg| unquote(arg.as_str())).collect();
    if args.len() == 1 && args[0].is_empty() {
        args.clear();
    }
    Predicate { name, args, at }
}

/// The second unquoting, that of argument lists (language.md §4.1).
fn unquote(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    let (mut weak, mut strong) = (false, false);
    while let Some(c) = chars.next() {
        match c {
            '\'' if !weak => strong = !strong,
            '"' if !strong => weak = !weak,
            '\\' if !strong => match chars.next() {
                Some('r') => out.push('\r'),
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(c @ ('\\' | ' ' | '"' | '\'')) => out.push(c),
                Some(c) => out.extend(['\\', c]),
                None => out.push('\\'),
            },
            c => out.push(c),
        }
    }
    out
}

/// Says why the text from `at` on cannot be read.
fn junk(at: usize, text: &str, behind: bool, whole: &str) -> ConditionError {
    let rest = shown(&text[at..]);
    let name: String = text[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let open = text[at..].contains('(') && !text[at..].contains(')');
    let (message, help) = if behind {
        (format!("`{rest}` is left over behind the condition"), "join conditions with `&&` or `||`".to_owned())
    } else if open {
        (format!("a `)` is missing in `{rest}`"), "close the argument list on the same line".to_owned())
    } else if PREDICATES.iter().any(|p| p.name == name) {
        (format!("`{rest}` cannot be read as a condition"), format!("write `{name}(…)`, with quotes around arguments that hold `,` or `)`"))
    } else {
        let help =
            "write a number, or a predicate such as `defined(NAME)` or `streq(\"$NAME\",text)`, with `!`, `&&`, `||` and parentheses";
        (format!("`{}` cannot be read as a condition", shown(whole)), help.to_owned())
    };
    ConditionError { at, message, help: Some(help) }
}

/// Text with its unknown variables written as people write them.
fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, part) in text.split(UNKNOWN_MARK).enumerate() {
        if index % 2 == 0 { out += part } else { out += &format!("${{{part}}}") }
    }
    out
}

/// What is wrong with a condition that can be read: predicates that a version does not know, arguments that do not fit.
pub fn problems(condition: &Condition) -> Vec<(VersionSet, ConditionError)> {
    let mut found = Vec::new();
    each(condition, &mut |predicate| found.extend(check(predicate)));
    found
}

fn each<'c>(condition: &'c Condition, visit: &mut impl FnMut(&'c Predicate)) {
    match condition {
        Condition::Not(inner) => each(inner, visit),
        Condition::All(list) | Condition::Any(list) => list.iter().for_each(|c| each(c, visit)),
        Condition::Predicate(predicate) => visit(predicate),
        Condition::Empty | Condition::Number(_) | Condition::Opaque => {}
    }
}

fn check(predicate: &Predicate) -> Option<(VersionSet, ConditionError)> {
    let error = |message, help| ConditionError { at: predicate.at, message, help };
    let name = &predicate.name;
    let Some(spec) = PREDICATES.iter().find(|p| p.name == *name) else {
        let near = nearest(name, PREDICATES.iter().map(|p| p.name));
        let help = near.map_or_else(|| format!("the predicates are {}", names()), |near| format!("did you mean `{near}`?"));
        return Some((VersionSet::ALL, error(format!("there is no predicate `{name}`"), Some(help))));
    };
    let (min, max) = spec.args;
    let count = predicate.args.len();
    if count < min || count > max {
        let message = format!(
            "`{name}` takes {min} argument{}, and {count} {} given",
            if min == 1 { "" } else { "s" },
            if count == 1 { "is" } else { "are" }
        );
        return Some((spec.versions, error(message, None)));
    }
    let absent = spec.versions.complement();
    (!absent.is_empty()).then(|| (absent, error(format!("`{name}` is known to HAProxy {} only", spec.versions), None)))
}

fn names() -> String {
    PREDICATES.iter().map(|p| format!("`{}`", p.name)).collect::<Vec<_>>().join(", ")
}

/// Judges a condition for all versions at once.
pub fn evaluate(condition: &Condition, facts: &dyn Facts) -> Truth {
    let truth = |yes: bool| {
        let (all, none) = (VersionSet::ALL, VersionSet::NONE);
        Truth { yes: if yes { all } else { none }, no: if yes { none } else { all }, unknown: Vec::new() }
    };
    match condition {
        Condition::Empty => truth(false),
        Condition::Number(number) => truth(*number),
        Condition::Opaque => Truth { yes: VersionSet::NONE, no: VersionSet::NONE, unknown: Vec::new() },
        Condition::Not(inner) => {
            let inner = evaluate(inner, facts);
            Truth { yes: inner.no, no: inner.yes, unknown: inner.unknown }
        }
        Condition::All(list) => list.iter().fold(truth(true), |all, c| {
            let one = evaluate(c, facts);
            Truth { yes: all.yes & one.yes, no: all.no | one.no, unknown: joined(all.unknown, one.unknown) }
        }),
        Condition::Any(list) => list.iter().fold(truth(false), |any, c| {
            let one = evaluate(c, facts);
            Truth { yes: any.yes | one.yes, no: any.no & one.no, unknown: joined(any.unknown, one.unknown) }
        }),
        Condition::Predicate(predicate) => match decide(predicate, facts) {
            Decision::Versions(yes) => Truth { yes, no: yes.complement(), unknown: Vec::new() },
            Decision::Always(yes) => truth(yes),
            Decision::Unknown(atom) => match facts.assumed(&atom) {
                Some(yes) => truth(yes),
                None => Truth { yes: VersionSet::NONE, no: VersionSet::NONE, unknown: vec![atom] },
            },
        },
    }
}

fn joined(mut first: Vec<String>, second: Vec<String>) -> Vec<String> {
    second.into_iter().for_each(|atom| {
        if !first.contains(&atom) {
            first.push(atom)
        }
    });
    first
}

enum Decision {
    Always(bool),
    Versions(VersionSet),
    Unknown(String),
}

fn decide(predicate: &Predicate, facts: &dyn Facts) -> Decision {
    let arg = |i: usize| predicate.args.get(i).map_or("", String::as_str);
    let known = !predicate.args.iter().any(|a| a.contains(UNKNOWN_MARK));
    let atom = || {
        let args: Vec<String> = predicate.args.iter().map(|a| shown(a)).collect();
        format!("{}({})", predicate.name, args.join(","))
    };
    match predicate.name.as_str() {
        "defined" if arg(0).is_empty() => Decision::Always(false),
        "defined" if known => match facts.variable(arg(0)) {
            Lookup::Set(_) => Decision::Always(true),
            Lookup::Unset => Decision::Always(false),
            Lookup::Unknown => Decision::Unknown(atom()),
        },
        "streq" if known => Decision::Always(arg(0) == arg(1)),
        "strneq" if known => Decision::Always(arg(0) != arg(1)),
        // One question, whichever way it is asked.
        "strneq" => {
            let equal = Predicate { name: "streq".into(), ..predicate.clone() };
            return negated(decide(&equal, facts), facts, atom());
        }
        "strstr" if known => Decision::Always(arg(0).contains(arg(1))),
        name @ ("version_atleast" | "version_before") if known => match at_least(arg(0)) {
            Some(set) if name == "version_atleast" => Decision::Versions(set),
            Some(set) => Decision::Versions(set.complement()),
            // Text that is no version is older than every version.
            None => Decision::Always(name == "version_atleast"),
        },
        _ => Decision::Unknown(atom()),
    }
}

/// The opposite of a decision, where it can be told.
fn negated(decision: Decision, facts: &dyn Facts, atom: String) -> Decision {
    match decision {
        Decision::Always(yes) => Decision::Always(!yes),
        Decision::Versions(yes) => Decision::Versions(yes.complement()),
        Decision::Unknown(equal) => facts.assumed(&equal).map_or(Decision::Unknown(atom), |yes| Decision::Always(!yes)),
    }
}

/// The versions that are at least what `text` says, such as `2.8`, `3.1-dev4` or `2.6.12`.
fn at_least(text: &str) -> Option<VersionSet> {
    let plain = text.split('-').next().unwrap_or("");
    let mut numbers = plain.split('.').map(|n| n.parse::<u32>().ok());
    let major = numbers.next()??;
    let minor = numbers.next().unwrap_or(Some(0))?;
    let patch = numbers.next().unwrap_or(Some(0))?;
    let bound = (major, minor, patch);
    Some(VersionSet::ALL.filter(|v: Version| (v.major.into(), v.minor.into(), v.patch.into()) >= bound))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct Known(&'static [(&'static str, &'static str)]);

    impl Facts for Known {
        fn variable(&self, name: &str) -> Lookup {
            self.0.iter().find(|v| v.0 == name).map_or(Lookup::Unknown, |v| Lookup::Set(v.1.into()))
        }
        fn assumed(&self, _: &str) -> Option<bool> {
            None
        }
    }

    fn truth(text: &str) -> Truth {
        evaluate(&parse(text).unwrap(), &Known(&[("AA", "one two")]))
    }

    #[test]
    fn operators_bind_as_in_c() {
        for (text, expected) in [
            ("", false),
            ("1", true),
            ("0", false),
            ("-1", true),
            ("0x10", true),
            ("!0", true),
            ("!!0", false),
            ("1 && 0 || 1", true),
            ("1&&(0||0)", false),
            ("defined(AA)", true),
            ("defined()", false),
            ("!defined(AA) || version_atleast(2.4) && streq(one two,'one two')", true),
            ("streq(a,\"b\")", false),
            ("strneq(a,b)", true),
            ("strstr(haystack,st)", true),
        ] {
            let truth = truth(text);
            assert_eq!((truth.yes, truth.no.is_empty()), (if expected { VersionSet::ALL } else { VersionSet::NONE }, expected), "{text}");
        }
    }

    #[test]
    fn versions_are_judged_all_at_once() {
        let new = truth("version_atleast(2.8)");
        assert_eq!(new.yes, VersionSet::since(2, 8, 0));
        assert_eq!(truth("version_before(2.6.12)").yes, VersionSet::before(2, 6, 12));
        assert!(new.unknown.is_empty());
    }

    #[test]
    fn what_nobody_knows_has_a_name() {
        assert_eq!(truth("defined(POD_NAME) && feature(LUA)").unknown, ["defined(POD_NAME)", "feature(LUA)"]);
        assert_eq!(truth("streq(\u{FFFC}X\u{FFFC},a)").unknown, ["streq(${X},a)"]);
        assert_eq!(parse("\u{FFFC}X\u{FFFC}").unwrap(), Condition::Opaque);
        assert_eq!(truth("0 && defined(X)").no, VersionSet::ALL);
    }

    #[test]
    fn what_haproxy_refuses_is_refused() {
        for text in ["1 2", "foo(", "08", "(fips_mode)", "true false", "1 ||", "&& 1", "(1", "1)", "streq(a", "$x"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse_2_4("1 2").is_ok() && parse_2_4("1 ||").is_ok() && parse_2_4("!defined(A)").is_err());
        for (text, near) in [("foo(bar)", None), ("defined&&1", None), ("streq(a)", None), ("define(A)", Some("did you mean `defined`?"))] {
            let found = problems(&parse(text).unwrap());
            assert!(found[0].0 == VersionSet::ALL, "{text}");
            assert!(near.is_none() || found[0].1.help.as_deref() == near);
        }
        assert_eq!(problems(&parse("enabled(POLL)").unwrap())[0].0, VersionSet::before(2, 8, 0));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[ !&|(),a-z0-9\"'\\\\\u{FFFC}$.]{0,40}") {
            let _ = parse_2_4(&text);
            if let Ok(condition) = parse(&text) {
                problems(&condition);
                let truth = evaluate(&condition, &Known(&[]));
                prop_assert!(!truth.yes.meets(truth.no));
            }
        }
    }
}
