//! What a word holds once quotes, escapes and variables are gone.

use crate::source::Span;

use super::condition::UNKNOWN_MARK;

/// A part of a word that is known only in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text that is certain.
    Text(String),
    /// A variable whose value nobody knows.
    Variable {
        /// Its name.
        name: String,
        /// The text behind `-`, used where the variable is not set.
        default: Option<String>,
        /// Where it is written, from the `$` on.
        span: Span,
    },
}

/// The value of a word: known, known in parts, or any number of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// All of it.
    Known(String),
    /// Some of it: the rest depends on variables.
    Parts(Vec<Part>),
    /// `"${X[*]}"` with an unknown `X`: no word, one, or many.
    Many,
}

impl Value {
    /// All of it, where that is known.
    pub(crate) fn known(&self) -> Option<&str> {
        match self {
            Self::Known(text) => Some(text),
            _ => None,
        }
    }

    /// The value with each unknown variable between marks, as conditions and addresses take it.
    pub fn marked(&self) -> String {
        match self {
            Self::Known(text) => text.clone(),
            Self::Parts(parts) => parts.iter().map(Part::marked).collect(),
            Self::Many => format!("{UNKNOWN_MARK}{UNKNOWN_MARK}"),
        }
    }
}

impl Part {
    fn marked(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Variable { name, .. } => format!("{UNKNOWN_MARK}{name}{UNKNOWN_MARK}"),
        }
    }
}
