//! `tune.ssl.default-dh-param`: 1024 or more. What is negative counts as very much.

use super::prelude::*;

/// `tune.ssl.default-dh-param`: 1024 or more. What is negative counts as very much.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    if c_int(text) < 0 || c_int(text) >= 1024 {
        return Some(at);
    }
    m.refuse(FaultKind::InvalidNumber, piece.location, format!("`{text}` is too small: the number of bits must be at least 1024"))
}
