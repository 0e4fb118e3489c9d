//! From the words of a line as they are written to their values: escapes, variables, expansions.

use std::borrow::Cow;

use crate::{
    source::{SourceFile, Span},
    version::VersionSet,
};

use super::{Environment, Lookup, Part, Piece, Tree, Value};

/// Versions in which an unset variable before a closing quote takes that quote and the blanks behind it along
/// (observed with 2.8.25, 3.0.0 and 3.2.0; not with 2.6.12; refused from 3.3 on).
pub(super) const SWALLOWS: VersionSet = VersionSet::since(2, 9, 0).minus(VersionSet::since(3, 3, 0)).or(VersionSet::branch_since(2, 8, 25));

/// The values of a line's words, and what was met on the way.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) words: Vec<(Span, Value)>,
    /// For each word that is empty: its index, and the variable that made it so.
    pub(super) empty: Vec<(usize, Option<String>)>,
    /// Unset variables before a closing quote that may swallow the blanks in front of the next word, in versions that do so.
    pub(super) swallowed: Vec<(Span, String)>,
    /// Variables with a default, for the bug of the growing line buffer.
    pub(super) defaults: Vec<Span>,
}

/// The pseudo variables at this place.
pub(super) struct Pseudo<'a> {
    pub(super) file: &'a str,
    pub(super) line: usize,
    pub(super) section: Option<&'a str>,
}

impl Pseudo<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        match name {
            ".FILE" => Some(self.file.into()),
            ".LINE" => Some(self.line.to_string().into()),
            ".SECTION" => Some(self.section.unwrap_or("").into()),
            _ => None,
        }
    }
}

/// What variables hold where a line is, and how many bytes they may still bring in all. A variable may hold another one twice, and
/// forty lines of that are more than any memory: what does not fit is taken for unknown.
pub(super) struct Scope<'a> {
    pub(super) environment: &'a Environment,
    pub(super) pseudo: Pseudo<'a>,
    pub(super) room: &'a mut usize,
}

impl Scope<'_> {
    fn get(&mut self, name: &str) -> Lookup {
        let (value, room) = (self.pseudo.get(name), *self.room);
        let value = match &value {
            Some(value) if value.len() > room => Lookup::Unknown,
            Some(value) => Lookup::Set(value.to_string()),
            None if self.environment.length(name) > room => Lookup::Unknown,
            None => self.environment.get(name),
        };
        if let Lookup::Set(text) = &value {
            *self.room -= text.len();
        }
        value
    }
}

/// A word being put together.
#[derive(Default)]
struct Builder {
    parts: Vec<Part>,
    bytes: Vec<u8>,
    /// A NUL byte ended the word as a C string.
    ended: bool,
    many: bool,
    /// Only a list expansion that gave nothing: then there is no word.
    vanished: bool,
    variable: Option<String>,
}

impl Builder {
    fn push(&mut self, bytes: &[u8]) {
        if !self.ended {
            self.bytes.extend_from_slice(bytes);
        }
    }

    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            let text = String::from_utf8_lossy(&self.bytes).into_owned();
            self.parts.push(Part::Text(text));
            self.bytes.clear();
        }
    }

    fn finish(mut self) -> Value {
        self.flush();
        if self.many {
            return Value::Many;
        }
        match <[Part; 1]>::try_from(std::mem::take(&mut self.parts)) {
            Ok([Part::Text(text)]) => Value::Known(text),
            Ok([variable]) => Value::Parts(vec![variable]),
            Err(parts) if parts.is_empty() => Value::Known(String::new()),
            Err(parts) => Value::Parts(parts),
        }
    }
}

/// Works out the values of line `line`. `swallow` says whether this HAProxy loses the word boundary behind an unset variable.
pub(super) fn line(file: &SourceFile, tree: &Tree, line: usize, scope: &mut Scope<'_>, swallow: bool) -> Line {
    let mut found = Line::default();
    let raw = tree.words(line);
    let mut carried: Option<(Span, Builder)> = None;
    for (index, word) in raw.iter().enumerate() {
        let (mut span, mut builder) = carried.take().unwrap_or((word.span(), Builder::default()));
        span = span.to(word.span());
        if word.is_quoted() {
            let mut swallowed = false;
            for piece in tree.pieces(line, index) {
                swallowed = self::piece(file, *piece, scope, &mut builder, &mut found, span);
            }
            if let Some(Piece::Variable { span: at, name, last: true, .. }) = tree.pieces(line, index).last()
                && swallowed
                && index + 1 < raw.len()
            {
                found.swallowed.push((*at, file.text(*name).into_owned()));
                if swallow {
                    carried = Some((span, builder));
                    continue;
                }
            }
        } else {
            builder.push(file.slice(word.span()));
        }
        finish(&mut found, span, builder);
    }
    if let Some((span, builder)) = carried {
        finish(&mut found, span, builder);
    }
    found
}

fn finish(found: &mut Line, span: Span, builder: Builder) {
    let vanished = builder.vanished && builder.bytes.is_empty() && builder.parts.is_empty();
    if vanished {
        return;
    }
    let variable = builder.variable.clone();
    let value = builder.finish();
    if value == Value::Known(String::new()) {
        found.empty.push((found.words.len(), variable));
    }
    found.words.push((span, value));
}

/// Adds one piece to the word; true where it is an unset variable at the end of a quoted string.
fn piece(file: &SourceFile, piece: Piece, scope: &mut Scope<'_>, word: &mut Builder, found: &mut Line, span: Span) -> bool {
    match piece {
        Piece::Text(text) => word.push(file.slice(text)),
        Piece::Escape(_, 0) => word.ended = true,
        Piece::Escape(_, byte) => word.push(&[byte]),
        Piece::Variable { span: at, name, default, expand, last } => {
            let name = file.text(name).into_owned();
            let default = default.map(|d| file.text(d).into_owned());
            if default.is_some() {
                found.defaults.push(at);
            }
            let value = scope.get(&name);
            let unset = value == Lookup::Unset;
            match (value, default) {
                (Lookup::Set(value), _) if expand => list(&value, word, found, span),
                (Lookup::Set(value), _) => word.push(value.as_bytes()),
                (Lookup::Unset, Some(default)) if expand => list(&default, word, found, span),
                (Lookup::Unset, Some(default)) => {
                    word.push(default.as_bytes());
                    return false;
                }
                (Lookup::Unset, None) if expand => word.vanished = true,
                (Lookup::Unset, None) => {}
                (Lookup::Unknown, _) if expand => word.many = true,
                (Lookup::Unknown, default) => {
                    word.flush();
                    word.parts.push(Part::Variable { name: name.clone(), default, span: at });
                }
            }
            word.variable = Some(name);
            return unset && last && !expand;
        }
        Piece::BrokenQuote(_) | Piece::BrokenHex(_) | Piece::BrokenName(_) | Piece::BrokenBrace(_) | Piece::BrokenExpansion(_) => {}
    }
    false
}

/// `"${NAME[*]}"`: each word of the value becomes a word; what stands around it joins the first and the last.
fn list(value: &str, word: &mut Builder, found: &mut Line, span: Span) {
    let mut items = value.split([' ', '\t', '\n', '\r', '\u{0B}', '\u{0C}']).filter(|item| !item.is_empty()).peekable();
    word.vanished = items.peek().is_none();
    while let Some(item) = items.next() {
        word.push(item.as_bytes());
        if items.peek().is_some() {
            finish(found, span, std::mem::take(word));
        }
    }
}
