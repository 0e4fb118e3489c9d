//! A value that HAProxy does not miss, on a line without conditions: `if` is a value like any other there.

use super::prelude::*;

/// A value that HAProxy does not miss, on a line without conditions: `if` is a value like any other there.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if at >= m.end {
        let before = m.piece(at - 1)?;
        // A fixed word of a signature leads nowhere by itself.
        let own = before.text.filter(|text| m.path.last() != Some(text));
        let message = format!("`{}` needs a value: HAProxy takes nothing for one", own.map_or_else(|| m.path(), str::to_owned));
        m.fault(Fault::silent(FaultKind::MissingArgument, before.location, message, m.versions));
    }
    Some(at)
}
