//! Words: plain values, written so that HAProxy reads the same ones.

use std::{borrow::Cow, fmt};

/// One word of a line: text that means itself, and variables of the environment between it.
///
/// Text is never interpreted: quotes, `$`, `#` and backslashes in it are what HAProxy gets.
///
/// ```
/// use haproxy_lint::generate::Word;
/// assert_eq!(Word::from("192.0.2.1:80").to_string(), "192.0.2.1:80");
/// assert_eq!(Word::from("no server # today").to_string(), r#""no server # today""#);
/// assert_eq!(Word::from("").to_string(), r#""""#);
/// assert_eq!(Word::from(r#"{"a": "$b"}"#).to_string(), r#"'{"a": "$b"}'"#);
/// assert_eq!(Word::from("a\r\n").to_string(), r#""a\r\n""#);
/// assert_eq!(Word::variable("POD_IP").text(":10000").to_string(), r#""${POD_IP}:10000""#);
/// assert_eq!(Word::variable_or("PORT", "80").to_string(), r#""${PORT-80}""#);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    pieces: Vec<Piece>,
}

/// A part of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Bytes that mean themselves.
    Text(Vec<u8>),
    /// The value of a variable.
    Variable {
        /// Its name.
        name: String,
        /// What is taken where it is not set.
        default: Option<String>,
    },
}

impl Word {
    /// A word of any bytes but NUL, which no word can hold.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self { pieces: vec![Piece::Text(bytes.into())] }
    }

    /// The value of the variable `name`: `"${name}"`.
    pub fn variable(name: impl Into<String>) -> Self {
        Self { pieces: vec![Piece::Variable { name: name.into(), default: None }] }
    }

    /// The value of the variable `name`, or `default` where it is not set: `"${name-default}"`.
    pub fn variable_or(name: impl Into<String>, default: impl Into<String>) -> Self {
        Self { pieces: vec![Piece::Variable { name: name.into(), default: Some(default.into()) }] }
    }

    /// The word with text behind it.
    #[must_use]
    pub fn text(self, text: impl AsRef<[u8]>) -> Self {
        self.join(Self::bytes(text.as_ref()))
    }

    /// The word with another one behind it, and nothing between them.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        for piece in other.pieces {
            match (self.pieces.last_mut(), piece) {
                (Some(Piece::Text(text)), Piece::Text(more)) => text.extend(more),
                (_, piece) => self.pieces.push(piece),
            }
        }
        self
    }

    /// What it is made of.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Its text, where there is no variable in it; what is not UTF-8 is replaced.
    pub fn plain(&self) -> Option<Cow<'_, str>> {
        match self.pieces.as_slice() {
            [] => Some(Cow::Borrowed("")),
            [Piece::Text(text)] => Some(String::from_utf8_lossy(text)),
            _ => None,
        }
    }

    /// Why no file can hold it.
    pub(super) fn misfit(&self) -> Option<String> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Text(text) => text.contains(&0).then(|| "a word cannot hold a NUL byte".to_owned()),
            Piece::Variable { name, .. } if !is_name(name) => Some(format!("`{name}` is no name of a variable")),
            // HAProxy looks for nothing but the closing brace, and what it finds before that it takes as it is.
            Piece::Variable { name, default: Some(default) } if !default.bytes().all(is_plain) || default.contains('}') => {
                Some(format!("`{default}` cannot be written as the default of `{name}`"))
            }
            Piece::Variable { .. } => None,
        })
    }

    /// Whether one of its variables has a default.
    pub(super) fn has_default(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Variable { default: Some(_), .. }))
    }

    /// Writes each text bare where it can be, and only variables between quotes, as conditions look best.
    pub(super) fn by_pieces(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| fmt::Display::fmt(&Self::from(piece.clone()), f))
    }
}

/// Whether `name` is one that the environment can have.
fn is_name(name: &str) -> bool {
    let name = name.as_bytes();
    name.first().is_some_and(|b| !b.is_ascii_digit()) && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
}

/// Whether a byte means itself outside of quotes.
fn is_plain(byte: u8) -> bool {
    byte > b' ' && byte != 0x7F && !b"\"#'\\".contains(&byte)
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [Piece::Text(text)] = self.pieces.as_slice() else { return self.quoted(f) };
        let Ok(text) = std::str::from_utf8(text) else { return self.quoted(f) };
        // What begins with `[` would be taken for a scope at the beginning of a line.
        if !text.is_empty() && text.bytes().all(is_plain) && !text.starts_with('[') {
            return f.write_str(text);
        }
        let needs_escapes = text.contains(['"', '\\', '$']);
        let may_be_strong = !text.contains('\'') && !text.contains(|c: char| c.is_ascii_control());
        if needs_escapes && may_be_strong { write!(f, "'{text}'") } else { self.quoted(f) }
    }
}

impl Word {
    fn quoted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => text.utf8_chunks().try_for_each(|chunk| {
                    chunk.valid().chars().try_for_each(|c| escaped(c, f))?;
                    chunk.invalid().iter().try_for_each(|byte| write!(f, "\\x{byte:02x}"))
                })?,
                Piece::Variable { name, default: None } => write!(f, "${{{name}}}")?,
                Piece::Variable { name, default: Some(default) } => write!(f, "${{{name}-{default}}}")?,
            }
        }
        f.write_str("\"")
    }
}

/// One character between weak quotes.
fn escaped(c: char, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match c {
        '"' | '\\' | '$' => write!(f, "\\{c}"),
        '\n' => f.write_str("\\n"),
        '\r' => f.write_str("\\r"),
        '\t' => f.write_str("\\t"),
        c if c.is_ascii_control() => write!(f, "\\x{:02x}", u32::from(c)),
        c => write!(f, "{c}"),
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        Self::bytes(text)
    }
}

impl From<String> for Word {
    fn from(text: String) -> Self {
        Self::bytes(text)
    }
}

impl From<&String> for Word {
    fn from(text: &String) -> Self {
        Self::bytes(text.as_str())
    }
}

impl From<u16> for Word {
    fn from(number: u16) -> Self {
        Self::bytes(number.to_string())
    }
}

impl From<Piece> for Word {
    fn from(piece: Piece) -> Self {
        Self { pieces: vec![piece] }
    }
}

impl From<crate::syntax::Word<'_>> for Word {
    /// The value of a word that was read. A list `"${X[*]}"` is no word, and comes out empty.
    fn from(word: crate::syntax::Word<'_>) -> Self {
        use crate::syntax::{Part, Text};
        match word.text {
            Text::Known(text) => text.into(),
            Text::Many => Self::default(),
            Text::Parts(parts) => parts.iter().fold(Self::default(), |word, part| match part {
                Part::Text(text) => word.text(text),
                Part::Variable { name, default: None, .. } => word.join(Self::variable(name)),
                Part::Variable { name, default: Some(default), .. } => word.join(Self::variable_or(name, default)),
            }),
        }
    }
}
