//! The word before ends with its parentheses: HAProxy looks there alone.

use super::prelude::*;

/// The word before ends with its parentheses: HAProxy looks there alone.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    if text.ends_with(')') {
        return Some(at);
    }
    m.refuse(FaultKind::InvalidValue, piece.location, format!("`{text}` goes on behind its parentheses, and may not"))
}
