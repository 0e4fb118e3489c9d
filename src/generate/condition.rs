//! What `.if` and `.elif` ask.

use std::fmt;

use super::{Piece, Word, config::grown};

/// A condition that HAProxy decides when it starts.
///
/// ```
/// use haproxy_lint::generate::{Condition, Word};
/// let own = Condition::streq(Word::variable("HAPROXY_LOCALPEER"), "haproxy-0");
/// assert_eq!(own.to_string(), r#"streq("${HAPROXY_LOCALPEER}",haproxy-0)"#);
/// let recent = Condition::version_atleast("2.8").and(Condition::feature("QUIC").or(Condition::defined("FORCE").not()));
/// assert_eq!(recent.to_string(), "version_atleast(2.8) && ( feature(QUIC) || !defined(FORCE) )");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// A predicate with its arguments.
    Predicate(&'static str, Vec<Word>),
    /// The opposite.
    Not(Box<Condition>),
    /// All of these.
    All(Vec<Condition>),
    /// Any of these.
    Any(Vec<Condition>),
}

impl Condition {
    /// Both are the same text.
    pub fn streq(one: impl Into<Word>, other: impl Into<Word>) -> Self {
        Self::Predicate("streq", vec![one.into(), other.into()])
    }

    /// They are not the same text.
    pub fn strneq(one: impl Into<Word>, other: impl Into<Word>) -> Self {
        Self::Predicate("strneq", vec![one.into(), other.into()])
    }

    /// `text` contains `part` (HAProxy 2.8 and later).
    pub fn strstr(text: impl Into<Word>, part: impl Into<Word>) -> Self {
        Self::Predicate("strstr", vec![text.into(), part.into()])
    }

    /// The variable `name` is set.
    pub fn defined(name: &str) -> Self {
        Self::Predicate("defined", vec![name.into()])
    }

    /// HAProxy was built with `name`, such as `OPENSSL`.
    pub fn feature(name: &str) -> Self {
        Self::Predicate("feature", vec![name.into()])
    }

    /// HAProxy is `version` or later.
    pub fn version_atleast(version: &str) -> Self {
        Self::Predicate("version_atleast", vec![version.into()])
    }

    /// HAProxy is older than `version`.
    pub fn version_before(version: &str) -> Self {
        Self::Predicate("version_before", vec![version.into()])
    }

    /// The opposite of it.
    #[must_use]
    #[allow(clippy::should_implement_trait, reason = "it reads in a chain with `and` and `or`")]
    pub fn not(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// It and `other` (HAProxy 2.5 and later).
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match self {
            Self::All(mut list) => {
                list.push(other);
                Self::All(list)
            }
            one => Self::All(vec![one, other]),
        }
    }

    /// It or `other` (HAProxy 2.5 and later).
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match self {
            Self::Any(mut list) => {
                list.push(other);
                Self::Any(list)
            }
            one => Self::Any(vec![one, other]),
        }
    }

    /// Its words.
    pub(super) fn words(&self) -> Vec<&Word> {
        match self {
            Self::Predicate(_, arguments) => arguments.iter().collect(),
            Self::Not(inner) => inner.words(),
            Self::All(list) | Self::Any(list) => list.iter().flat_map(Self::words).collect(),
        }
    }

    pub(super) fn misfit(&self) -> Option<String> {
        match self {
            Self::Predicate(_, arguments) => {
                arguments.iter().find_map(Word::misfit).or_else(|| grown(&self.words(), self.to_string().len()))
            }
            Self::Not(inner) => inner.misfit(),
            Self::All(list) | Self::Any(list) if list.is_empty() => Some("a condition asks nothing".to_owned()),
            Self::All(list) | Self::Any(list) => list.iter().find_map(Self::misfit),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Predicate(name, arguments) => predicate(name, arguments).by_pieces(f),
            Self::Not(inner) => match &**inner {
                Self::All(_) | Self::Any(_) => write!(f, "!( {inner} )"),
                _ => write!(f, "!{inner}"),
            },
            Self::All(list) => joined(list, " && ", f),
            Self::Any(list) => joined(list, " || ", f),
        }
    }
}

fn joined(list: &[Condition], operator: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, condition) in list.iter().enumerate() {
        f.write_str(if at == 0 { "" } else { operator })?;
        match condition {
            Condition::All(_) | Condition::Any(_) => write!(f, "( {condition} )")?,
            _ => write!(f, "{condition}")?,
        }
    }
    Ok(())
}

/// `name(a,b)` as the word that HAProxy has once the quotes of the line are gone: it takes arguments out of theirs again.
fn predicate(name: &str, arguments: &[Word]) -> Word {
    let mut word = Word::from(name).text("(");
    for (at, argument) in arguments.iter().enumerate() {
        word = word.text(if at == 0 { "" } else { "," });
        if argument.plain().is_some_and(|text| text.is_empty()) {
            word = word.text("\"\"");
        }
        for piece in argument.pieces() {
            word = match piece {
                Piece::Text(text) => word.text(inner(text)),
                variable @ Piece::Variable { .. } => word.join(variable.clone().into()),
            };
        }
    }
    word.text(")")
}

/// Text as it stands in an argument of a predicate.
fn inner(text: &[u8]) -> Vec<u8> {
    let is_plain = |b: &u8| *b > b' ' && !b"\"'\\(),#$".contains(b);
    if text.iter().all(is_plain) {
        return text.to_vec();
    }
    let mut quoted = vec![b'"'];
    for byte in text {
        if matches!(byte, b'"' | b'\\') {
            quoted.push(b'\\');
        }
        quoted.push(*byte);
    }
    quoted.push(b'"');
    quoted
}
