//! The name behind `table` of a `stick` rule: any word, and none where the line ends.

use super::{super::NameKind, prelude::*};

/// The name behind `table` of a `stick` rule: any word, and none where the line ends.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let Some(piece) = m.piece(at) else { return Some(m.end.max(at)) };
    m.mark(Role::Name(NameKind::Table), piece, None);
    Some(at + 1)
}
