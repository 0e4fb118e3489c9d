//! A size whose number is 1 or more: HAProxy reads it with C's `atoi` first.

use super::prelude::*;

/// A size whose number is 1 or more: HAProxy reads it with C's `atoi` first.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    if c_int(text) != 0 {
        return Some(at);
    }
    m.refuse(FaultKind::InvalidNumber, piece.location, format!("the size is `{text}`, and must be 1 or more"))
}
