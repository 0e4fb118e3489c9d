//! The name behind `table` of a `stick` rule: any word, and none where the line ends.

use super::prelude::*;

/// The name behind `table` of a `stick` rule: any word, and none where the line ends.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    Some((at + 1).min(m.end.max(at)))
}
