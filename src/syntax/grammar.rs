//! The grammar of lines, `grammar/line.pest`, and what is made of its matches.

use crate::cut::Cut;

use std::borrow::Cow;

use pest::{Parser, iterators::Pair};

use super::tree::{Piece, Tail};
use crate::source::Span;

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/line.pest"]
struct LineParser;

/// A word of a line; its pieces where it is quoted.
pub(super) struct FoundWord {
    pub(super) span: Span,
    pub(super) pieces: Option<Vec<Piece>>,
}

/// The words of a line and what ends them.
#[derive(Default)]
pub(super) struct FoundWords {
    pub(super) words: Vec<FoundWord>,
    pub(super) tail: Option<(u32, Tail)>,
}

/// Bytes above 127 are ordinary characters to HAProxy, whatever the encoding: one control character each keeps offsets true.
fn masked(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(bytes.iter().map(|b| if b.is_ascii() { *b as char } else { '\u{1A}' }).collect()),
    }
}

/// Splits `bytes`, which begin at a word and hold no line feed or NUL, by the grammar; `base` is their offset in the file.
pub(super) fn words(bytes: &[u8], base: u32) -> FoundWords {
    let text = masked(bytes);
    let Some(rest) = LineParser::parse(Rule::rest, &text).ok().and_then(|mut pairs| pairs.next()) else {
        // The grammar is total; should it ever not be, the line is one broken word and nothing is lost.
        let span = Span::new(base, base + bytes.len() as u32);
        return FoundWords { words: vec![FoundWord { span, pieces: Some(vec![Piece::BrokenQuote(span)]) }], tail: None };
    };
    collect(rest, base)
}

/// Splits a whole line by the grammar alone: what the splitter of plain words is held against.
#[cfg(test)]
pub(super) fn line(bytes: &[u8]) -> FoundWords {
    let text = masked(bytes);
    let line = LineParser::parse(Rule::line, &text).unwrap_or_else(|e| panic!("the grammar is total: {e}")).next();
    let mut found = FoundWords::default();
    for part in line.into_iter().flat_map(Pair::into_inner) {
        match part.as_rule() {
            Rule::scope => found.tail = Some((part.as_span().start() as u32, Tail::Scope)),
            Rule::rest => found = collect(part, 0),
            _ => {}
        }
    }
    found
}

fn collect(rest: Pair<'_, Rule>, base: u32) -> FoundWords {
    let mut found = FoundWords::default();
    for part in rest.into_inner() {
        let span = span_of(&part, base);
        match part.as_rule() {
            Rule::word => found.words.push(word(part, base)),
            Rule::comment => found.tail = Some((span.start, Tail::Comment)),
            Rule::cut => found.tail = Some((span.start, Tail::Cut)),
            _ => {}
        }
    }
    found
}

fn span_of(pair: &Pair<'_, Rule>, base: u32) -> Span {
    let span = pair.as_span();
    Span::new(base + span.start() as u32, base + span.end() as u32)
}

fn word(pair: Pair<'_, Rule>, base: u32) -> FoundWord {
    let span = span_of(&pair, base);
    let mut inner = pair.into_inner().peekable();
    let first = inner.peek().map(Pair::as_rule);
    let plain = first == Some(Rule::bare) && inner.len() == 1;
    FoundWord { span, pieces: (!plain).then(|| inner.flat_map(|part| pieces(part, base)).collect()) }
}

fn pieces(part: Pair<'_, Rule>, base: u32) -> Vec<Piece> {
    let span = span_of(&part, base);
    let piece = match part.as_rule() {
        Rule::bare | Rule::kept | Rule::weak_text | Rule::weak_kept => Piece::Text(span),
        Rule::strong => Piece::Text(Span::new(span.start + 1, span.end - 1)),
        Rule::escape | Rule::weak_escape => Piece::Escape(span, escaped(part.as_str())),
        Rule::weak => {
            let mut inner: Vec<Piece> = part.into_inner().flat_map(|p| pieces(p, base)).collect();
            if let Some(Piece::Variable { last, .. }) = inner.last_mut() {
                *last = true;
            }
            return inner;
        }
        Rule::variable => variable(part, base),
        Rule::broken_hex => Piece::BrokenHex(span),
        Rule::broken_name => Piece::BrokenName(span),
        Rule::broken_brace => Piece::BrokenBrace(span),
        Rule::broken_expansion => Piece::BrokenExpansion(span),
        Rule::broken_variable => return part.into_inner().flat_map(|p| pieces(p, base)).collect(),
        _ => Piece::BrokenQuote(span),
    };
    vec![piece]
}

fn escaped(text: &str) -> u8 {
    match text.as_bytes()[1] {
        b't' => b'\t',
        b'n' => b'\n',
        b'r' => b'\r',
        b'x' => u8::from_str_radix(text.cut(2..), 16).unwrap_or(0),
        other => other,
    }
}

fn variable(pair: Pair<'_, Rule>, base: u32) -> Piece {
    let span = span_of(&pair, base);
    let (mut name, mut default, mut expand) = (span, None, false);
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::name => name = span_of(&part, base),
            Rule::default => default = Some(span_of(&part, base)),
            _ => expand = true,
        }
    }
    Piece::Variable { span, name, default, expand, last: false }
}
