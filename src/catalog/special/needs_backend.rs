//! The section must be able to have servers.

use super::prelude::*;

/// The section must be able to have servers.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if m.line.kind == SectionKind::Frontend { wrong_side(m, at, "has no servers") } else { Some(at) }
}
