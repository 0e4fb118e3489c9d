//! The least number of streams is not greater than the greatest, which is the first argument.

use super::prelude::*;

/// The least number of streams is not greater than the greatest, which is the first argument.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let (least, most) = (c_int(piece.text?), c_int(m.piece(m.first + 1)?.text?));
    if least <= most {
        return Some(at);
    }
    m.refuse(FaultKind::Conflict, piece.location, format!("the least number of streams is {least}, and the greatest {most}"))
}
