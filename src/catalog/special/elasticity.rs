//! `tune.streams-elasticity`: 0, or 100 and more.

use super::prelude::*;

/// `tune.streams-elasticity`: 0, or 100 and more.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    if matches!(c_int(text), 0 | 100..) {
        return Some(at);
    }
    m.refuse(FaultKind::InvalidNumber, piece.location, format!("the percent is `{text}`, and must be 0, or 100 or more"))
}
