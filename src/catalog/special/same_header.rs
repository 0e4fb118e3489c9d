//! `h1-case-adjust FROM TO`: one header, written in two ways.

use super::prelude::*;

/// `h1-case-adjust FROM TO`: one header, written in two ways.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let (from, to) = (m.piece(at.checked_sub(2)?)?.text?, piece.text?);
    if from.eq_ignore_ascii_case(to) {
        return Some(at);
    }
    m.refuse(FaultKind::InvalidValue, piece.location, format!("`{from}` and `{to}` are two headers: only capitals may differ"))
}
