//! The word before is experimental for a server; a `default-server` line only keeps it.

use super::prelude::*;

/// The word before is experimental for a server; a `default-server` line only keeps it.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if m.str(m.first) == "default-server" { Some(at) } else { super::experimental::judge(m, at) }
}
