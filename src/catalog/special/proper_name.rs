//! The name before an address: letters, digits and `.:_-`. Alone HAProxy does not look at it.

use super::prelude::*;

/// The name before an address: letters, digits and `.:_-`. Alone HAProxy does not look at it.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.peek(at - 1)?;
    let text = piece.text?;
    let bad = text.char_indices().find(|(_, c)| !crate::syntax::is_name_char(*c));
    let Some((start, bad)) = bad.filter(|_| at < m.end) else { return Some(at) };
    let location = m.part(piece, start, start + bad.len_utf8());
    m.refuse(FaultKind::InvalidValue, location, format!("`{bad}` cannot stand in the name `{text}`"))
}
