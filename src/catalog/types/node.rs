//! The name of this host: letters, digits, `.`, `-` and `_`.

use super::prelude::*;

/// The name of this host: letters, digits, `.`, `-` and `_`.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let Some(bad) = text.chars().find(|c| !(c.is_ascii_alphanumeric() || ".-_".contains(*c))) else { return Some(piece.at + 1) };
    m.refuse(FaultKind::InvalidValue, piece.location, format!("`{bad}` cannot stand in the {} `{text}`", place.label))
}
