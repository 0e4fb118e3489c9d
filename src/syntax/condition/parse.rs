//! Reads the text of a condition.

use pest::{Parser, iterators::Pair};

use crate::cut::Cut;

use super::{
    Condition, ConditionError, MAX_DEPTH, Predicate, UNKNOWN_MARK,
    gaps::{Piece, gaps},
    grammar::{ConditionParser, Rule},
    predicates::{PREDICATES, Spec, spec},
};

/// Why parsing ended early.
pub(super) enum Stop {
    Error(ConditionError),
    Opaque,
}

pub(super) fn stop<T>(at: usize, message: impl Into<String>, help: Option<String>) -> Result<T, Stop> {
    Err(Stop::Error(ConditionError::new(at, message, help)))
}

pub(super) fn finish(result: Result<Condition, Stop>) -> Result<Condition, ConditionError> {
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
/// What no version accepts; what some refuse is told by [`problems`](super::problems).
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
/// What 2.4 refuses for its syntax; predicates that it does not know are told by [`problems`](super::problems).
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
pub(super) struct Reader<'a> {
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
pub(super) fn one_or(mut parts: Vec<Condition>, list: fn(Vec<Condition>) -> Condition) -> Condition {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            list(parts)
        }
    }
}

/// A token where the condition should end or an operator should stand.
pub(super) fn unexpected<T>(token: &Pair<'_, Rule>) -> Result<T, Stop> {
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
pub(super) fn not_a_term<T>(token: &Pair<'_, Rule>) -> Result<T, Stop> {
    let text = token.as_str();
    if text.contains(UNKNOWN_MARK) {
        return Err(Stop::Opaque);
    }
    let help = "a condition is a number, a predicate such as `defined(NAME)`, or a condition in parentheses";
    stop(token.as_span().start(), format!("`{text}` stands where a condition is expected"), Some(help.to_owned()))
}

/// The name of a predicate; all of any other token.
pub(super) fn name_of<'a>(token: &Pair<'a, Rule>) -> &'a str {
    token.clone().into_inner().next().map_or(token.as_str(), |name| name.as_str())
}

/// Whether strtol() makes anything but 0 of a number.
pub(super) fn is_true(number: &str) -> bool {
    number.bytes().any(|b| b.is_ascii_hexdigit() && b != b'0')
}

pub(super) fn predicate(token: Pair<'_, Rule>) -> Result<Condition, Stop> {
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
pub(super) fn arguments(args: Pair<'_, Rule>) -> Vec<String> {
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

pub(super) fn unquote(pair: Pair<'_, Rule>, out: &mut String) {
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
pub(super) fn instead_of(name: &str) -> Option<String> {
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

pub(super) fn nearest_predicate(name: &str) -> Option<&'static str> {
    // Nothing this long is a slip of the fingers.
    let near = |s: &&Spec| strsim::osa_distance(name, s.name);
    let close = PREDICATES.iter().filter(|_| name.len() < 40).min_by_key(near).filter(|s| near(s) <= 1 + s.name.len() / 4);
    close.map(|spec| spec.name)
}
