//! Texts that are compared as wholes, by their ends, or by what stands in them: which patterns take in others, and which never meet.

use crate::cut::Cut;

use super::Method;

/// Whether each text that fits `narrow` fits `wide`.
pub(super) fn takes_in(how: Method, wide: &str, other: Method, narrow: &str) -> bool {
    use Method::{Begin, Dir, Dom, End, Sub, Whole};
    match how {
        Whole => other == Whole && wide == narrow,
        Begin => matches!(other, Whole | Begin) && narrow.starts_with(wide),
        End => matches!(other, Whole | End) && narrow.ends_with(wide),
        Sub => match other {
            Whole | Begin | End | Sub => narrow.contains(wide),
            Dir | Dom => stripped(narrow, other).contains(wide),
            _ => false,
        },
        Dir | Dom => {
            let word = stripped(wide, how);
            let (narrow, begins, ends) = match other {
                Whole => (narrow, true, true),
                Begin => (narrow, true, false),
                End => (narrow, false, true),
                Sub => (narrow, false, false),
                // What bounds a directory bounds a domain, but not the other way round.
                Dir | Dom => (stripped(narrow, other), how == other || how == Dom, how == other || how == Dom),
                _ => return false,
            };
            !word.is_empty() && has_word(narrow, word, how.delimiters(), begins, ends)
        }
        _ => false,
    }
}

/// A pattern of `dir` or `dom` without the delimiters around it, which HAProxy leaves out.
fn stripped(pattern: &str, method: Method) -> &str {
    pattern.trim_matches(|c| method.delimiters().contains(c))
}

/// Whether `word` stands in `text` between delimiters; the ends of the text count as such where `begins` and `ends` say so.
fn has_word(text: &str, word: &str, delimiters: &str, begins: bool, ends: bool) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let (before, behind) = (text.cut(..at).chars().next_back(), text.cut(at + word.len()..).chars().next());
        before.map_or(begins, |c| delimiters.contains(c)) && behind.map_or(ends, |c| delimiters.contains(c))
    })
}

/// Whether no text fits both patterns.
pub(super) fn apart(how: Method, a: &str, other: Method, b: &str) -> bool {
    use Method::{Begin, End, Whole};
    match (how, other) {
        (Whole, Whole) => a != b,
        (Begin, Begin) => !a.starts_with(b) && !b.starts_with(a),
        (End, End) => !a.ends_with(b) && !b.ends_with(a),
        (Whole, method) if method.is_text() => !takes_in(method, b, Whole, a),
        (method, Whole) if method.is_text() => !takes_in(method, a, Whole, b),
        _ => false,
    }
}
