//! `hash-balance-factor`: 0, or more than 100.

use super::prelude::*;

/// `hash-balance-factor`: 0, or more than 100.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    let value = c_number(text);
    if value == 0 || value > 100 {
        return Some(at);
    }
    let message = format!("the percentage is `{text}`, and must be 0 or greater than 100");
    m.refuse(FaultKind::InvalidNumber, piece.location, message)
}
