//! The size of a stick table: the last one counts, and must not be 0.

use super::prelude::*;

/// The size of a stick table: the last one counts, and must not be 0.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = (m.first + 2..at).rev().find(|value| m.str(value - 1) == "size").and_then(|value| m.piece(value));
    let Some((piece, text)) = piece.and_then(|piece| Some((piece, piece.text?))) else { return Some(at) };
    if leading_number(text).0 != 0 {
        return Some(at);
    }
    m.refuse(FaultKind::InvalidSize, piece.location, "the size must not be 0")
}
