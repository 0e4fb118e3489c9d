//! The domain of a cookie.

use super::prelude::*;

/// The domain of a cookie.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    if !text.contains('.') {
        let message = format!("the cookie domain `{text}` has no dot: browsers may refuse the cookie");
        m.fault(Fault::warned(FaultKind::InvalidValue, piece.location, message, m.versions).help("write a domain such as `.example.com`"));
    }
    if let Some((at, bad)) = text.char_indices().find(|(_, c)| !is_name_char(*c)) {
        let location = m.part(piece, at, at + bad.len_utf8());
        return m.refuse(FaultKind::InvalidValue, location, format!("`{bad}` cannot stand in the cookie domain `{text}`"));
    }
    Some(piece.at + 1)
}
