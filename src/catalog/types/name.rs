//! A name of letters, digits and `.:_-`.

use super::prelude::*;

/// A name of letters, digits and `.:_-`.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge).alike(Alike::Name);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    if let Some((at, bad)) = text.char_indices().find(|(_, c)| !is_name_char(*c)) {
        let location = m.part(piece, at, at + bad.len_utf8());
        return m.refuse(FaultKind::InvalidValue, location, format!("`{bad}` cannot stand in the {} `{text}`", place.label));
    }
    Some(piece.at + 1)
}
