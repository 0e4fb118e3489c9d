//! Conditions of `.if` and `.elif`: what they say, which versions refuse them, and where they are true.
//!
//! `grammar/condition.pest` cuts the text into tokens; the tree is built here with HAProxy's own limit of depth. The facts
//! are those of `src/cfgcond.c` and `make_arg_list()` of `src/arg.c` in HAProxy 2.5 to 3.5-dev5, and of `src/cfgparse.c` in 2.4.
//!
//! ```
//! use haproxy_lint::{syntax::condition::{self, Facts, Lookup}, version::VersionSet};
//! struct Nothing;
//! impl Facts for Nothing {
//!     fn variable(&self, _: &str) -> Lookup { Lookup::Unknown }
//!     fn assumed(&self, _: &str) -> Option<bool> { None }
//! }
//! let truth = condition::evaluate(&condition::parse("version_atleast(2.8) && defined(POD)").unwrap(), &Nothing);
//! assert_eq!(truth.no, VersionSet::before(2, 8, 0));
//! assert_eq!(truth.unknown, ["defined(POD)"]);
//! ```

use crate::cut::Cut;
use std::{collections::HashSet, ops::Range};

use pest::{Parser, iterators::Pair};

use crate::version::VersionSet;

use grammar::{ConditionParser, Rule};

mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/condition.pest"]
    pub(super) struct ConditionParser;
}

/// Stands before and behind the name of a variable whose value nobody knows, in the text of a word.
pub const UNKNOWN_MARK: char = '\u{FFFC}';

/// `MAX_CFG_RECURSION` of HAProxy: each parenthesis costs three of it, each `&&` or `||` one.
const MAX_DEPTH: usize = 1024;

/// What `.if` and `.elif` ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// No condition at all, which is false.
    Empty,
    /// A number: false where it is 0.
    Number(bool),
    /// An unknown variable stands outside of the arguments of a predicate: it may hold anything, and nothing can be known.
    Opaque,
    /// `!`
    Not(Box<Condition>),
    /// `&&`
    All(Vec<Condition>),
    /// `||`
    Any(Vec<Condition>),
    /// `name(arguments)`
    Predicate(Predicate),
}

/// A question to HAProxy; its name is one that some version knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predicate {
    /// The name.
    pub name: String,
    /// The arguments, unquoted; none where there are no parentheses, or nothing in them.
    pub args: Vec<String>,
    /// Where it begins, in bytes of the text.
    pub at: usize,
}

/// Why HAProxy refuses a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionError {
    /// Where, in bytes of the text.
    pub at: usize,
    /// What is wrong.
    pub message: String,
    /// What may be written instead.
    pub help: Option<String>,
    /// The name that was probably meant, for these bytes of the text.
    pub meant: Option<(Range<usize>, &'static str)>,
}

impl ConditionError {
    fn new(at: usize, message: impl Into<String>, help: Option<String>) -> Self {
        Self { at, message: message.into(), help, meant: None }
    }
}

/// What a variable of the environment holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// This text, which may be empty.
    Set(String),
    /// It does not exist.
    Unset,
    /// Nobody knows.
    Unknown,
}

/// What is known where a condition is evaluated.
pub trait Facts {
    /// What the variable `name` holds.
    fn variable(&self, name: &str) -> Lookup;

    /// Whether `atom`, which nobody knows, is taken for true in this world.
    fn assumed(&self, atom: &str) -> Option<bool>;
}

/// Where a condition is true, and where it is false.
///
/// What is in neither set depends on the atoms in `unknown`; if there are none there either, nothing can be known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// The versions in which it is true.
    pub yes: VersionSet,
    /// The versions in which it is false.
    pub no: VersionSet,
    /// The atoms that decide the rest, in the order met, each once.
    ///
    /// An atom is a predicate in one spelling: `defined(POD_NAME)`, `streq(${X},a)`. Predicates that come in opposite pairs
    /// share it, `strneq` has the atom of `streq`, so that no world believes both.
    pub unknown: Vec<String>,
}

/// What a predicate looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Defined,
    Equal,
    Contains,
    Version,
    Enabled,
    OpensslVersion,
    AwslcApi,
    Build,
}

/// A predicate as HAProxy knows it. All of its arguments are mandatory and strings.
struct Spec {
    name: &'static str,
    usage: &'static str,
    args: usize,
    since: VersionSet,
    meaning: Meaning,
    /// The predicate that is true where this one is false; this one is evaluated as its negation.
    opposite: Option<&'static str>,
}

impl Spec {
    const fn new(name: &'static str, usage: &'static str, args: usize, since: (u8, u8), meaning: Meaning) -> Self {
        Self { name, usage, args, since: VersionSet::since(since.0, since.1, 0), meaning, opposite: None }
    }

    const fn against(mut self, opposite: &'static str) -> Self {
        self.opposite = Some(opposite);
        self
    }
}

/// `cond_predicates[]` of `src/cfgcond.c`, compared between the releases 2.4.0 (there in `src/cfgparse.c`) to 3.5-dev5.
static PREDICATES: [Spec; 14] = [
    Spec::new("defined", "defined(NAME)", 1, (2, 4), Meaning::Defined),
    Spec::new("feature", "feature(OPENSSL)", 1, (2, 4), Meaning::Build),
    Spec::new("streq", "streq(a,b)", 2, (2, 4), Meaning::Equal),
    Spec::new("strneq", "strneq(a,b)", 2, (2, 4), Meaning::Equal).against("streq"),
    Spec::new("strstr", "strstr(text,part)", 2, (2, 8), Meaning::Contains),
    Spec::new("version_atleast", "version_atleast(2.8)", 1, (2, 4), Meaning::Version),
    Spec::new("version_before", "version_before(2.8)", 1, (2, 4), Meaning::Version).against("version_atleast"),
    Spec::new("openssl_version_atleast", "openssl_version_atleast(3.0.0)", 1, (2, 5), Meaning::OpensslVersion),
    Spec::new("openssl_version_before", "openssl_version_before(3.0.0)", 1, (2, 5), Meaning::OpensslVersion)
        .against("openssl_version_atleast"),
    Spec::new("ssllib_name_startswith", "ssllib_name_startswith(OpenSSL)", 1, (2, 5), Meaning::Build),
    Spec::new("enabled", "enabled(SPLICE)", 1, (2, 8), Meaning::Enabled),
    Spec::new("awslc_api_atleast", "awslc_api_atleast(35)", 1, (3, 3), Meaning::AwslcApi),
    Spec::new("awslc_api_before", "awslc_api_before(35)", 1, (3, 3), Meaning::AwslcApi).against("awslc_api_atleast"),
    Spec::new("fips_mode", "fips_mode", 0, (3, 5), Meaning::Build),
];

/// The options `enabled()` knows (`cfg_eval_cond_enabled()`, the same in 2.8.0 and 3.5-dev5); it is false for any other.
const OPTIONS: [&str; 9] =
    ["POLL", "EPOLL", "KQUEUE", "EVPORTS", "SPLICE", "GETADDRINFO", "REUSEPORT", "FAST-FORWARD", "SERVER-SSL-VERIFY-NONE"];

/// What every HAProxy has that people run, unless a build is shown that has not: one without threads is made on purpose.
const USUAL: &str = "feature(THREAD)";

fn spec(name: &str) -> Option<&'static Spec> {
    PREDICATES.iter().find(|s| s.name == name)
}

/// Why parsing ended early.
enum Stop {
    Error(ConditionError),
    Opaque,
}

fn stop<T>(at: usize, message: impl Into<String>, help: Option<String>) -> Result<T, Stop> {
    Err(Stop::Error(ConditionError::new(at, message, help)))
}

fn finish(result: Result<Condition, Stop>) -> Result<Condition, ConditionError> {
    match result {
        Ok(condition) => Ok(condition),
        Err(Stop::Opaque) => Ok(Condition::Opaque),
        Err(Stop::Error(error)) => Err(error),
    }
}

/// Reads the condition `text`, the words behind the directive joined by single spaces, as HAProxy 2.5 and later do.
///
/// # Errors
///
/// What no version accepts; what some refuse is told by [`problems`].
pub fn parse(text: &str) -> Result<Condition, ConditionError> {
    if text.is_empty() {
        return Ok(Condition::Empty);
    }
    let pairs = ConditionParser::parse(Rule::condition, text).ok().and_then(|mut pairs| pairs.next());
    let Some(pair) = pairs else {
        // The grammar is total; should it ever not be, the condition is unreadable and nothing else is.
        return Err(ConditionError::new(0, "this condition cannot be read", None));
    };
    let tokens: Vec<_> = pair.into_inner().filter(|p| !matches!(p.as_rule(), Rule::blank | Rule::EOI)).collect();
    let mut reader = Reader { tokens: tokens.into_iter().peekable(), operator: None };
    finish(reader.whole())
}

/// Reads the condition `text` as HAProxy 2.4 does: only its first word, as a number or a predicate, and no operators.
///
/// The text tells no blank inside of a quoted word from one between words: a quoted word is taken to end at its first blank.
///
/// # Errors
///
/// What 2.4 refuses for its syntax; predicates that it does not know are told by [`problems`].
pub fn parse_2_4(text: &str) -> Result<Condition, ConditionError> {
    let word = text.split(' ').next().unwrap_or("");
    if word.is_empty() {
        return Ok(Condition::Empty);
    }
    let token = ConditionParser::parse(Rule::word, word).ok().and_then(|mut pairs| pairs.next()).and_then(|p| p.into_inner().next());
    finish(match token {
        Some(token) if token.as_rule() == Rule::number => Ok(Condition::Number(is_true(token.as_str()))),
        Some(token) if token.as_rule() == Rule::predicate => predicate(token),
        _ if word.contains(UNKNOWN_MARK) => Err(Stop::Opaque),
        _ => {
            let help = "HAProxy 2.4 knows no operators and no parentheses around a condition, only a number or one predicate";
            stop(0, format!("HAProxy 2.4 cannot read `{word}` as a condition"), Some(help.to_owned()))
        }
    })
}

/// Builds the tree from the tokens: `any := all { "||" all }`, `all := term { "&&" term }`.
struct Reader<'a> {
    tokens: std::iter::Peekable<std::vec::IntoIter<Pair<'a, Rule>>>,
    /// The operator read last, and where: what is to blame if nothing follows it.
    operator: Option<(usize, &'a str)>,
}

impl Reader<'_> {
    fn whole(&mut self) -> Result<Condition, Stop> {
        let condition = self.any(MAX_DEPTH)?;
        match self.tokens.next() {
            None => Ok(condition),
            Some(token) => unexpected(&token),
        }
    }

    /// Takes the next token if it is `rule`.
    fn take(&mut self, rule: Rule) -> bool {
        let token = self.tokens.next_if(|t| t.as_rule() == rule);
        if let Some(token) = &token {
            self.operator = Some((token.as_span().start(), token.as_span().as_str()));
        }
        token.is_some()
    }

    fn any(&mut self, depth: usize) -> Result<Condition, Stop> {
        let mut parts = Vec::new();
        for left in (0..=depth).rev() {
            parts.push(self.all(left.saturating_sub(1))?);
            if !self.take(Rule::or) {
                break;
            }
        }
        Ok(one_or(parts, Condition::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Condition, Stop> {
        let mut parts = Vec::new();
        for left in (0..=depth).rev() {
            parts.push(self.term(left.saturating_sub(1))?);
            if !self.take(Rule::and) {
                break;
            }
        }
        Ok(one_or(parts, Condition::All))
    }

    fn term(&mut self, depth: usize) -> Result<Condition, Stop> {
        let mut negated = false;
        while self.take(Rule::not) {
            negated = !negated;
        }
        let Some(token) = self.tokens.next() else {
            return match self.operator {
                Some((at, operator)) => stop(at, format!("nothing stands behind `{operator}`"), None),
                None => stop(0, "the condition is blank", Some("leave it out, or write `0`: both are false".to_owned())),
            };
        };
        let at = token.as_span().start();
        if depth == 0 {
            return stop(at, "this condition has too many operators or parentheses: HAProxy gives up", None);
        }
        let condition = match token.as_rule() {
            Rule::number => Condition::Number(is_true(token.as_str())),
            Rule::predicate => predicate(token)?,
            Rule::open => {
                self.operator = Some((at, "("));
                self.group(at, depth - 1)?
            }
            _ => return not_a_term(&token),
        };
        Ok(if negated { Condition::Not(Box::new(condition)) } else { condition })
    }

    fn group(&mut self, open: usize, depth: usize) -> Result<Condition, Stop> {
        let inner = self.any(depth)?;
        match self.tokens.next() {
            Some(token) if token.as_rule() == Rule::close => Ok(inner),
            Some(token) => unexpected(&token),
            None => stop(open, "this `(` is never closed", Some("write `)` behind the condition that it opens".to_owned())),
        }
    }
}

/// A list of one is what is in it.
fn one_or(mut parts: Vec<Condition>, list: fn(Vec<Condition>) -> Condition) -> Condition {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            list(parts)
        }
    }
}

/// A token where the condition should end or an operator should stand.
fn unexpected<T>(token: &Pair<'_, Rule>) -> Result<T, Stop> {
    let text = token.as_str();
    // What is left out of a predicate's name cannot be told from an operator.
    if name_of(token).contains(UNKNOWN_MARK) {
        return Err(Stop::Opaque);
    }
    let help = match text {
        ")" => "there is no `(` for it".to_owned(),
        "or" | "OR" | "|" => "write `||`".to_owned(),
        "and" | "AND" | "&" => "write `&&`".to_owned(),
        _ if text.starts_with('=') => "texts are compared with `streq(a,b)`".to_owned(),
        "(" => "the arguments of a predicate follow its name without a blank".to_owned(),
        _ => "conditions are joined with `&&` or `||`".to_owned(),
    };
    stop(token.as_span().start(), format!("unexpected `{text}` behind a complete condition"), Some(help))
}

/// A token where a number, a predicate or a `(` should stand.
fn not_a_term<T>(token: &Pair<'_, Rule>) -> Result<T, Stop> {
    let text = token.as_str();
    if text.contains(UNKNOWN_MARK) {
        return Err(Stop::Opaque);
    }
    let help = "a condition is a number, a predicate such as `defined(NAME)`, or a condition in parentheses";
    stop(token.as_span().start(), format!("`{text}` stands where a condition is expected"), Some(help.to_owned()))
}

/// The name of a predicate; all of any other token.
fn name_of<'a>(token: &Pair<'a, Rule>) -> &'a str {
    token.clone().into_inner().next().map_or(token.as_str(), |name| name.as_str())
}

/// Whether strtol() makes anything but 0 of a number.
fn is_true(number: &str) -> bool {
    number.bytes().any(|b| b.is_ascii_hexdigit() && b != b'0')
}

fn predicate(token: Pair<'_, Rule>) -> Result<Condition, Stop> {
    let at = token.as_span().start();
    let mut inner = token.into_inner();
    let name = inner.next().map_or("", |n| n.as_str());
    if name.contains(UNKNOWN_MARK) {
        return Err(Stop::Opaque);
    }
    if spec(name).is_none() {
        let near = nearest_predicate(name);
        let mut error = ConditionError::new(at, format!("`{name}` is not a predicate of any HAProxy version"), instead_of(name));
        if error.help.is_none() {
            error.meant = near.map(|near| (at..at + name.len(), near));
            error.help =
                Some(format!("HAProxy knows {}", PREDICATES.iter().map(|s| format!("`{}`", s.name)).collect::<Vec<_>>().join(", ")));
        }
        return Err(Stop::Error(error));
    }
    let args = match inner.next() {
        None => Vec::new(),
        Some(args) if args.as_rule() == Rule::args => arguments(args),
        Some(broken) => {
            let help = "end the arguments with `)`, outside of quotes; a backslash cannot be the last character";
            return stop(broken.as_span().start(), format!("the arguments of `{name}` never end"), Some(help.to_owned()));
        }
    };
    // A mark without a name stands for any number of words.
    let nameless = args.iter().any(|arg| gaps(arg).any(|piece| piece == Piece::Gap("")));
    if nameless { Err(Stop::Opaque) } else { Ok(Condition::Predicate(Predicate { name: name.to_owned(), args, at })) }
}

/// The arguments between parentheses, unquoted a second time (`make_arg_list()`).
fn arguments(args: Pair<'_, Rule>) -> Vec<String> {
    if args.as_str() == "()" {
        return Vec::new();
    }
    args.into_inner()
        .map(|arg| {
            let mut text = String::new();
            unquote(arg, &mut text);
            text
        })
        .collect()
}

fn unquote(pair: Pair<'_, Rule>, out: &mut String) {
    let text = pair.as_str();
    match pair.as_rule() {
        Rule::arg | Rule::weak => pair.into_inner().for_each(|part| unquote(part, out)),
        Rule::strong => out.push_str(text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')).unwrap_or(text)),
        Rule::escape => out.push_str(match text.cut(1..) {
            "r" => "\r",
            "n" => "\n",
            "t" => "\t",
            other => other,
        }),
        _ => out.push_str(text),
    }
}

/// What to write instead of something that is no predicate at all.
fn instead_of(name: &str) -> Option<String> {
    if let Some(known) = name.split(')').next().filter(|n| name.contains(')') && spec(n).is_some()) {
        return Some(format!("a name ends at a blank or at `(`: write `{known} )` or `{known}()`"));
    }
    match name.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some("write `1`".to_owned()),
        "false" | "no" | "off" => Some("write `0`".to_owned()),
        "not" => Some("write `!`".to_owned()),
        _ => None,
    }
}

fn nearest_predicate(name: &str) -> Option<&'static str> {
    // Nothing this long is a slip of the fingers.
    let near = |s: &&Spec| strsim::osa_distance(name, s.name);
    let close = PREDICATES.iter().filter(|_| name.len() < 40).min_by_key(near).filter(|s| near(s) <= 1 + s.name.len() / 4);
    close.map(|spec| spec.name)
}

/// What versions refuse of a condition that could be read, each with those that do.
pub fn problems(condition: &Condition) -> Vec<(VersionSet, ConditionError)> {
    let mut found = Vec::new();
    examine(condition, VersionSet::ALL, &mut found);
    found
}

/// Gathers problems, and tells where `condition` is true and false whatever the environment. HAProxy looks at the arguments of
/// the libraries' versions only when it gets there, which is sure in the versions `reached`.
fn examine(condition: &Condition, reached: VersionSet, found: &mut Vec<(VersionSet, ConditionError)>) -> (VersionSet, VersionSet) {
    match condition {
        Condition::Not(inner) => {
            let (yes, no) = examine(inner, reached, found);
            (no, yes)
        }
        Condition::All(parts) => parts.iter().fold((VersionSet::ALL, VersionSet::NONE), |(yes, no), part| {
            let (part_yes, part_no) = examine(part, reached & yes, found);
            (yes & part_yes, no | part_no)
        }),
        Condition::Any(parts) => parts.iter().fold((VersionSet::NONE, VersionSet::ALL), |(yes, no), part| {
            let (part_yes, part_no) = examine(part, reached & no, found);
            (yes | part_yes, no & part_no)
        }),
        Condition::Predicate(predicate) => {
            refusals(predicate, reached, found);
            let truth = ask(predicate, &NoFacts);
            (truth.yes, truth.no)
        }
        Condition::Empty | Condition::Number(_) | Condition::Opaque => {
            let truth = evaluate(condition, &NoFacts);
            (truth.yes, truth.no)
        }
    }
}

/// Where nothing is known.
struct NoFacts;

impl Facts for NoFacts {
    fn variable(&self, _: &str) -> Lookup {
        Lookup::Unknown
    }

    fn assumed(&self, _: &str) -> Option<bool> {
        None
    }
}

fn refusals(predicate: &Predicate, reached: VersionSet, found: &mut Vec<(VersionSet, ConditionError)>) {
    let Some(spec) = spec(&predicate.name) else { return };
    let mut refuse = |versions: VersionSet, message: String, help: Option<String>| {
        if !versions.is_empty() {
            found.push((versions, ConditionError::new(predicate.at, message, help)));
        }
    };
    let without = spec.since.complement();
    refuse(without, format!("HAProxy {without} does not know the predicate `{}`", spec.name), None);
    // A predicate without parentheses, or with nothing in them, has one argument that is empty: enough where one is wanted.
    let given = predicate.args.len();
    if given > spec.args || given.max(1) < spec.args {
        let wanted = match spec.args {
            0 => "no argument".to_owned(),
            1 => "one argument".to_owned(),
            n => format!("{n} arguments"),
        };
        refuse(spec.since, format!("`{}` takes {wanted}, not {given}", spec.name), Some(format!("write `{}`", spec.usage)));
        return;
    }
    let text = predicate.args.first().map_or("", String::as_str);
    let readable = match spec.meaning {
        _ if text.contains(UNKNOWN_MARK) => true,
        Meaning::OpensslVersion => is_openssl_version(text),
        Meaning::AwslcApi => matches!(strtol(text), Some((_, ""))),
        _ => true,
    };
    if !readable {
        let message = format!("`{text}` is not a version that `{}` can read", spec.name);
        refuse(spec.since & reached, message, Some(format!("write it as in `{}`; some releases crash on anything else", spec.usage)));
    }
}

/// What no version refuses, but does not do what it says: such as `version_atleast(x)`, which is always true.
pub fn remarks(condition: &Condition) -> Vec<ConditionError> {
    let mut found = Vec::new();
    remark(condition, &mut found);
    found
}

fn remark(condition: &Condition, found: &mut Vec<ConditionError>) {
    let predicate = match condition {
        Condition::Not(inner) => return remark(inner, found),
        Condition::All(parts) | Condition::Any(parts) => return parts.iter().for_each(|part| remark(part, found)),
        Condition::Predicate(predicate) => predicate,
        Condition::Empty | Condition::Number(_) | Condition::Opaque => return,
    };
    let text = predicate.args.first().map_or("", String::as_str);
    let (Some(spec), false) = (spec(&predicate.name), text.contains(UNKNOWN_MARK)) else { return };
    let always = if spec.opposite.is_some() { "false" } else { "true" };
    let (message, help) = match spec.meaning {
        Meaning::Version if at_least(text).is_none() => {
            (format!("`{text}` is not a version, so `{}` is always {always}", spec.name), format!("write it as in `{}`", spec.usage))
        }
        Meaning::Enabled if !OPTIONS.contains(&text) => {
            (format!("`enabled` knows no option `{text}`, so it is always false"), format!("it knows {}", OPTIONS.join(", ")))
        }
        _ => return,
    };
    found.push(ConditionError::new(predicate.at, message, Some(help)));
}

impl Truth {
    /// True in the versions `yes`, false in all others.
    fn known(yes: VersionSet) -> Self {
        Self { yes, no: yes.complement(), unknown: Vec::new() }
    }

    fn always(value: bool) -> Self {
        Self::known(if value { VersionSet::ALL } else { VersionSet::NONE })
    }

    fn unknown() -> Self {
        Self { yes: VersionSet::NONE, no: VersionSet::NONE, unknown: Vec::new() }
    }

    fn not(self) -> Self {
        Self { yes: self.no, no: self.yes, unknown: self.unknown }
    }

    fn undecided(&self) -> VersionSet {
        (self.yes | self.no).complement()
    }
}

/// Where `condition` is true and false, by Kleene's logic: what is decided by its known part is known.
pub fn evaluate(condition: &Condition, facts: &dyn Facts) -> Truth {
    let mut truth = weigh(condition, facts);
    let mut seen = HashSet::new();
    let fresh: Vec<bool> = truth.unknown.iter().map(|atom| seen.insert(atom.as_str())).collect();
    let mut fresh = fresh.into_iter();
    truth.unknown.retain(|_| fresh.next().unwrap_or(false));
    truth
}

fn weigh(condition: &Condition, facts: &dyn Facts) -> Truth {
    match condition {
        Condition::Empty => Truth::always(false),
        Condition::Number(value) => Truth::always(*value),
        Condition::Opaque => Truth::unknown(),
        Condition::Not(inner) => weigh(inner, facts).not(),
        Condition::All(parts) => all(parts.iter().map(|part| weigh(part, facts))),
        Condition::Any(parts) => all(parts.iter().map(|part| weigh(part, facts).not())).not(),
        Condition::Predicate(predicate) => ask(predicate, facts),
    }
}

/// The conjunction, with the atoms of those parts alone that it still depends on.
fn all(parts: impl Iterator<Item = Truth>) -> Truth {
    let parts: Vec<Truth> = parts.collect();
    let mut result = Truth::always(true);
    for part in &parts {
        result.yes = result.yes & part.yes;
        result.no = result.no | part.no;
    }
    let undecided = result.undecided();
    for mut part in parts {
        if part.undecided().meets(undecided) {
            result.unknown.append(&mut part.unknown);
        }
    }
    result
}

fn ask(predicate: &Predicate, facts: &dyn Facts) -> Truth {
    let Some(spec) = spec(&predicate.name) else { return Truth::unknown() };
    let arg = |i: usize| predicate.args.get(i).map_or("", String::as_str);
    let known = match spec.meaning {
        Meaning::Defined => is_defined(arg(0), facts).map(Truth::always),
        Meaning::Equal => equal(&pieces(arg(0), facts), &pieces(arg(1), facts)).map(Truth::always),
        Meaning::Contains => contains(&pieces(arg(0), facts), &pieces(arg(1), facts)).map(Truth::always),
        // What cannot be read counts as a version before all others.
        Meaning::Version => whole(arg(0), facts).map(|text| Truth::known(at_least(&text).unwrap_or(VersionSet::ALL))),
        Meaning::Enabled => whole(arg(0), facts).filter(|text| !OPTIONS.contains(&text.as_str())).map(|_| Truth::always(false)),
        Meaning::OpensslVersion | Meaning::AwslcApi | Meaning::Build => None,
    };
    let positive = spec.opposite.unwrap_or(spec.name);
    let truth = known.unwrap_or_else(|| {
        let atom = atom(positive, spec.args, &predicate.args);
        match facts.assumed(&atom).or((atom == USUAL).then_some(true)) {
            Some(value) => Truth::always(value),
            None => Truth { unknown: vec![atom], ..Truth::unknown() },
        }
    });
    if spec.opposite.is_some() { truth.not() } else { truth }
}

/// The one spelling of a predicate.
fn atom(name: &str, wanted: usize, args: &[String]) -> String {
    let args: Vec<String> = args.iter().map(|arg| shown(arg)).collect();
    if wanted == 0 { name.to_owned() } else { format!("{name}({})", args.join(",")) }
}

/// An argument as one would write it: marked variables as `${X}`, and quotes where it needs them.
fn shown(arg: &str) -> String {
    let needs_quotes = arg.contains([',', ')', '"', '\'', '\\']);
    let mut out = String::new();
    for piece in gaps(arg) {
        match piece {
            Piece::Gap(name) => out.extend(["${", name, "}"]),
            Piece::Text(text) if needs_quotes => out.push_str(&text.replace('\\', "\\\\").replace('"', "\\\"")),
            Piece::Text(text) => out.push_str(text),
        }
    }
    if needs_quotes { format!("\"{out}\"") } else { out }
}

/// Text, or the name of a variable that nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece<T> {
    Text(T),
    Gap(T),
}

/// Text and gaps of an argument; a last mark without its second one is text.
fn gaps(arg: &str) -> impl Iterator<Item = Piece<&str>> {
    let mut rest = arg;
    std::iter::from_fn(move || {
        if let Some((name, behind)) = rest.strip_prefix(UNKNOWN_MARK).and_then(|r| r.split_once(UNKNOWN_MARK)) {
            rest = behind;
            return Some(Piece::Gap(name));
        }
        let lone = if rest.starts_with(UNKNOWN_MARK) { UNKNOWN_MARK.len_utf8() } else { 0 };
        let end = rest.cut(lone..).find(UNKNOWN_MARK).map_or(rest.len(), |at| lone + at);
        let (text, behind) = rest.split_at(end);
        rest = behind;
        (!text.is_empty()).then_some(Piece::Text(text))
    })
}

/// Text and gaps of an argument, with what the facts know filled in and no two texts next to each other.
fn pieces(arg: &str, facts: &dyn Facts) -> Vec<Piece<String>> {
    let mut found: Vec<Piece<String>> = Vec::new();
    for piece in gaps(arg) {
        let text = match piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Gap(name) => match facts.variable(name) {
                Lookup::Set(value) => value,
                // An unset variable may have had a default, which is lost here.
                Lookup::Unset | Lookup::Unknown => {
                    found.push(Piece::Gap(name.to_owned()));
                    continue;
                }
            },
        };
        match found.last_mut() {
            Some(Piece::Text(before)) => before.push_str(&text),
            _ if text.is_empty() => {}
            _ => found.push(Piece::Text(text)),
        }
    }
    found
}

/// The text of an argument without gaps.
fn literal(pieces: &[Piece<String>]) -> Option<&str> {
    match pieces {
        [] => Some(""),
        [Piece::Text(text)] => Some(text),
        _ => None,
    }
}

fn whole(arg: &str, facts: &dyn Facts) -> Option<String> {
    literal(&pieces(arg, facts)).map(str::to_owned)
}

/// The text of a piece; none of a gap.
fn text_of(piece: Option<&Piece<String>>) -> &[u8] {
    match piece {
        Some(Piece::Text(text)) => text.as_bytes(),
        _ => b"",
    }
}

/// Whether both are the same text, whatever fills their gaps.
fn equal(a: &[Piece<String>], b: &[Piece<String>]) -> Option<bool> {
    if a == b {
        return Some(true);
    }
    let (a_first, b_first) = (text_of(a.first()), text_of(b.first()));
    let (a_last, b_last) = (text_of(a.last()), text_of(b.last()));
    let length = |pieces: &[Piece<String>]| pieces.iter().map(|p| text_of(Some(p)).len()).sum::<usize>();
    let too_long = |whole: &[Piece<String>], other: &[Piece<String>]| literal(whole).is_some_and(|text| length(other) > text.len());
    let differ = literal(a).is_some() && literal(b).is_some()
        || !a_first.starts_with(b_first) && !b_first.starts_with(a_first)
        || !a_last.ends_with(b_last) && !b_last.ends_with(a_last)
        || too_long(a, b)
        || too_long(b, a);
    differ.then_some(false)
}

/// Whether `part` is somewhere in `text`, whatever fills their gaps.
fn contains(text: &[Piece<String>], part: &[Piece<String>]) -> Option<bool> {
    let is_in = |part: &str| text.iter().any(|p| matches!(p, Piece::Text(t) if t.contains(part)));
    match (literal(text), literal(part)) {
        (_, Some("")) => Some(true),
        (Some(text), Some(part)) => Some(text.contains(part)),
        (None, Some(part)) => is_in(part).then_some(true),
        (Some(_), None) => part.iter().any(|p| matches!(p, Piece::Text(t) if !is_in(t))).then_some(false),
        (None, None) => (text == part).then_some(true),
    }
}

fn is_defined(arg: &str, facts: &dyn Facts) -> Option<bool> {
    let name = whole(arg, facts)?;
    // getenv() finds no such names.
    if name.is_empty() || name.contains('=') {
        return Some(false);
    }
    match facts.variable(&name) {
        Lookup::Set(_) => Some(true),
        Lookup::Unset => Some(false),
        Lookup::Unknown => None,
    }
}

/// What C's strtol() reads at the beginning of `text` in base 10, and what is behind it; `None` if it reads nothing.
fn strtol(text: &str) -> Option<(i64, &str)> {
    let trimmed = text.trim_start_matches([' ', '\t', '\n', '\u{0B}', '\u{0C}', '\r']);
    let (negative, digits) = match trimmed.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let value = digits.bytes().take(end).fold(0i64, |n, digit| n.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    (end > 0).then(|| (if negative { -value } else { value }, digits.cut(end..)))
}

/// A number of a version as HAProxy keeps it, and what is behind it.
fn version_number(text: &str) -> (u64, &str) {
    strtol(text).map_or((0, text), |(value, rest)| (u64::from(value as u32), rest))
}

/// The versions that are `text` or later, compared as `split_version()` and `compare_current_version()` of `src/haproxy.c` do;
/// `None` where it is not a version.
fn at_least(text: &str) -> Option<VersionSet> {
    let mut numbers = [0; 4];
    let mut rest = text;
    for (i, number) in numbers.iter_mut().enumerate() {
        (*number, rest) = version_number(rest);
        match rest.bytes().next() {
            Some(b'.') if i < 3 => rest = rest.cut(1..),
            Some(b'-') | None if !text.is_empty() => break,
            _ => return None,
        }
    }
    let behind = match rest.strip_prefix('-') {
        Some(suffix) => is_behind_release(suffix)?,
        None => false,
    };
    let [major, minor, patch, fourth] = numbers;
    // Pre-releases come before their release, which is the first one known to be later.
    Some(since(major, minor, if behind || fourth > 0 { patch + 1 } else { patch }))
}

/// Whether what stands behind the `-` of a version makes it later than the release; `None` where it is none of HAProxy's suffixes.
fn is_behind_release(suffix: &str) -> Option<bool> {
    if let Some(number) = ["dev", "rc", "pre"].iter().find_map(|tag| suffix.strip_prefix(tag)) {
        let rest = version_number(number).1;
        let commit = if rest.is_empty() { "0" } else { rest.strip_prefix('-')? };
        return (commit.is_empty() || !commit.ends_with('-')).then_some(false);
    }
    match suffix.rsplit_once('-') {
        Some((_, "")) => None,
        Some((_, commit)) => Some(matches!(strtol(commit), Some((1.., "")))),
        None => Some(matches!(strtol(suffix), Some((1.., "")))),
    }
}

/// [`VersionSet::since`] for numbers of any size.
fn since(major: u64, minor: u64, patch: u64) -> VersionSet {
    match (u8::try_from(major), u8::try_from(minor), u8::try_from(patch)) {
        (Err(_), _, _) => VersionSet::NONE,
        (Ok(major), Ok(minor), Ok(patch)) if patch < 64 => VersionSet::since(major, minor, patch),
        (Ok(major), Ok(minor), _) if minor < u8::MAX => VersionSet::since(major, minor + 1, 0),
        (Ok(major), _, _) => VersionSet::since(major.saturating_add(1), 0, 0),
    }
}

/// Whether `openssl_version_parser()` of `src/ssl_utils.c` reads `text`: `1.1.1k`, `3.0.0`, `3.0.0-beta2`.
fn is_openssl_version(text: &str) -> bool {
    let number = |text, max, end: &str| match strtol(text) {
        Some((value, rest)) if (0..=max).contains(&value) => rest.strip_prefix(end),
        // Nothing counts as 0.
        None => str::strip_prefix(text, end),
        _ => None,
    };
    let fix = number(text, 15, ".").and_then(|rest| number(rest, 255, ".")).and_then(|rest| number(rest, 255, ""));
    match fix.map(|rest| rest.strip_prefix("-beta")) {
        Some(Some(beta)) => strtol(beta).is_none_or(|(status, _)| (0..=14).contains(&status)),
        Some(None) => true,
        None => false,
    }
}

#[cfg(test)]
mod tests;
