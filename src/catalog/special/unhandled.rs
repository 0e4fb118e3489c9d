//! A name that HAProxy knows and refuses, whatever stands behind it: its own code does not handle it.

use super::prelude::*;

/// A name that HAProxy knows and refuses, whatever stands behind it: its own code does not handle it.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    m.refuse(FaultKind::InvalidValue, piece.location, format!("HAProxy has the name `{}` and refuses every value of it", m.path()))
}
