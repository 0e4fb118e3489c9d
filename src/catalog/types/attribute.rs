//! An attribute of a cookie.

use super::prelude::*;

/// An attribute of a cookie.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    if let Some(at) = text.find(|c: char| c.is_ascii_control() || c == ';') {
        let shown = text.cut(at..).chars().next().filter(|c| *c == ';').map_or("a control character", |_| "`;`");
        let message = format!("{shown} cannot stand in the attribute `{text}` of a cookie");
        let fault = Fault::refused(FaultKind::InvalidValue, m.part(piece, at, at + 1), message, m.versions);
        m.fault(fault.help("write `attr` once for each attribute, without semicolons"));
        return None;
    }
    Some(piece.at + 1)
}
