//! `on` or `off`, in capitals or not (`strict-mode`).

use super::prelude::*;

/// `on` or `off`, in capitals or not (`strict-mode`).
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let Some(piece) = m.piece(at) else {
        let before = m.piece(at - 1)?;
        let message = format!("`{}` needs `on` or `off`", m.path());
        return m.refuse(FaultKind::MissingArgument, before.location, message);
    };
    let text = piece.text?;
    if text.eq_ignore_ascii_case("on") || text.eq_ignore_ascii_case("off") {
        return Some(at + 1);
    }
    let message = format!("`{}` takes `on` or `off`, and here is `{text}`", m.path());
    m.refuse(FaultKind::UnknownArgument, piece.location, message)
}
