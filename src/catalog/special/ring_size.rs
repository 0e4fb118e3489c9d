//! The size of a ring up to 3.0: C's `atol` reads it, and 0 is refused, as is less. The rule dead/ring-size-ignored tells of units.

use super::prelude::*;

/// The size of a ring up to 3.0: C's `atol` reads it, and 0 is refused, as is less. The rule dead/ring-size-ignored tells of units.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    if leading_number(text).0 > 0 {
        return Some(at);
    }
    m.refuse(FaultKind::InvalidNumber, piece.location, format!("the size `{text}` of the ring is not a number of bytes"))
}
