//! A number of retries is 100 at most.

use super::prelude::*;

/// A number of retries is 100 at most.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    if text.parse::<u64>().is_ok_and(|retries| retries > 100) {
        return m.refuse(FaultKind::InvalidNumber, piece.location, format!("`{text}` is out of range: retries are 0 to 100"));
    }
    Some(at)
}
