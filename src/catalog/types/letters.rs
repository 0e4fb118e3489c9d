//! Letters, digits, and the signs of the parameter.

use super::prelude::*;

/// Letters, digits, and the signs of the parameter.
pub(in crate::catalog) static TYPE: Type = Type { parameters: None, ..Type::new(Role::Value, judge) };

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let bad = text.char_indices().find(|(_, c)| !(c.is_ascii_alphanumeric() || place.parameter.contains(*c)));
    let Some((at, bad)) = bad else { return Some(piece.at + 1) };
    let location = m.part(piece, at, at + bad.len_utf8());
    m.refuse(FaultKind::InvalidValue, location, format!("`{bad}` cannot stand in {} `{text}`", the(place.label)))
}
