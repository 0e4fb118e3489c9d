//! A single letter: a byte.

use super::prelude::*;

/// A single letter: a byte.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    if text.len() == 1 {
        return Some(piece.at + 1);
    }
    m.refuse(FaultKind::InvalidValue, piece.location, format!("{} is `{text}`, and must be one letter", the(place.label)))
}
