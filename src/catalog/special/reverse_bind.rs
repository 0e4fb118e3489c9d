//! Only for an address of reverse HTTP: HAProxy looks at the first three letters of `rhttp@`.

use super::prelude::*;

/// Only for an address of reverse HTTP: HAProxy looks at the first three letters of `rhttp@`.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let address = m.piece(m.first + 1)?.text?;
    if address.starts_with("rht") {
        return Some(at);
    }
    let piece = m.piece(at - 1)?;
    let message = format!("`{}` is for addresses that begin with `rhttp@`, and not for `{address}`", piece.text?);
    m.refuse(FaultKind::Conflict, piece.location, message)
}
