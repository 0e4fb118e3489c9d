//! The section must be able to take connections.

use super::prelude::*;

/// The section must be able to take connections.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if m.line.kind == SectionKind::Backend { wrong_side(m, at, "takes no connections") } else { Some(at) }
}
