//! Behind `no` HAProxy takes the option away, and reads no further.

use super::prelude::*;

/// Behind `no` HAProxy takes the option away, and reads no further.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    Some(if m.first == 1 { m.end.max(at) } else { at })
}
