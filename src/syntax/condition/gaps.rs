//! Texts with variables in them that nobody knows.

use crate::cut::Cut;

use super::{Facts, Lookup, UNKNOWN_MARK};

/// Text, or the name of a variable that nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<T> {
    Text(T),
    Gap(T),
}

/// Text and gaps of an argument; a last mark without its second one is text.
pub(super) fn gaps(arg: &str) -> impl Iterator<Item = Piece<&str>> {
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
pub(super) fn pieces(arg: &str, facts: &dyn Facts) -> Vec<Piece<String>> {
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
pub(super) fn literal(pieces: &[Piece<String>]) -> Option<&str> {
    match pieces {
        [] => Some(""),
        [Piece::Text(text)] => Some(text),
        _ => None,
    }
}

pub(super) fn whole(arg: &str, facts: &dyn Facts) -> Option<String> {
    literal(&pieces(arg, facts)).map(str::to_owned)
}

/// The text of a piece; none of a gap.
pub(super) fn text_of(piece: Option<&Piece<String>>) -> &[u8] {
    match piece {
        Some(Piece::Text(text)) => text.as_bytes(),
        _ => b"",
    }
}

/// Whether both are the same text, whatever fills their gaps.
pub(super) fn equal(a: &[Piece<String>], b: &[Piece<String>]) -> Option<bool> {
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
pub(super) fn contains(text: &[Piece<String>], part: &[Piece<String>]) -> Option<bool> {
    let is_in = |part: &str| text.iter().any(|p| matches!(p, Piece::Text(t) if t.contains(part)));
    match (literal(text), literal(part)) {
        (_, Some("")) => Some(true),
        (Some(text), Some(part)) => Some(text.contains(part)),
        (None, Some(part)) => is_in(part).then_some(true),
        (Some(_), None) => part.iter().any(|p| matches!(p, Piece::Text(t) if !is_in(t))).then_some(false),
        (None, None) => (text == part).then_some(true),
    }
}

pub(super) fn is_defined(arg: &str, facts: &dyn Facts) -> Option<bool> {
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
