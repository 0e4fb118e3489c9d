//! What a `bwlim-in` or `bwlim-out` filter needs: a limit that streams share, with its key, or one of each stream, with
//! its period.

use super::prelude::*;

/// What a `bwlim-in` or `bwlim-out` filter needs: a limit that streams share, with its key, or one of each stream, with
/// its period.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let words: Vec<&str> = (m.first + 3..at).map(|n| m.str(n)).collect();
    if (m.first..at).any(|n| m.piece(n).is_none_or(|p| p.text.is_none())) {
        return None;
    }
    let has = |word: &&str| words.contains(word);
    // What is 0 is taken for what is not there.
    let is_zero = |word: &str| {
        let value = words.iter().rposition(|w| *w == word).and_then(|at| words.get(at + 1));
        value.is_some_and(|value| value.trim_end_matches(|c: char| c.is_ascii_alphabetic()).bytes().all(|b| b == b'0'))
    };
    let shared = ["key", "table", "limit"].iter().find(|word| has(word));
    let own = ["default-period", "default-limit"].iter().find(|word| has(word));
    let piece = m.piece(m.first + 1)?;
    if let (Some(shared), Some(own)) = (shared, own) {
        let message = format!("`{shared}` and `{own}` exclude each other: the limit is shared by streams, or one of each stream");
        return m.refuse(FaultKind::Conflict, piece.location, message);
    }
    let needed = if shared.is_some() { ["key", "limit"] } else { ["default-period", "default-limit"] };
    let counts = |word: &str| word != "key" && is_zero(word);
    match needed.iter().find(|word| !has(word) || counts(word)) {
        Some(word) if has(word) => {
            m.refuse(FaultKind::InvalidValue, piece.location, format!("the `{word}` of `{}` is 0, which HAProxy takes for none", m.path()))
        }
        Some(word) => m.refuse(FaultKind::MissingArgument, piece.location, format!("`{}` needs `{word}`", m.path())),
        None => Some(at),
    }
}
