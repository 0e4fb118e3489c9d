//! Where the settings of a server come from: `none`, `be:BACKEND` or `srv:BACKEND/SERVER`.

use super::prelude::*;

/// Where the settings of a server come from: `none`, `be:BACKEND` or `srv:BACKEND/SERVER`.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    if text == "none" || text.starts_with("be:") || text.starts_with("srv:") {
        return Some(piece.at + 1);
    }
    let message = format!("{} is `{text}`, and must be `none`, `be:BACKEND` or `srv:BACKEND/SERVER`", the(place.label));
    m.refuse(FaultKind::InvalidValue, piece.location, message)
}
