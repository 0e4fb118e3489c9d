//! One of these words, in capitals or not.

use super::prelude::*;

/// One of these words, in capitals or not.
pub(in crate::catalog) static TYPE: Type = Type { parameters: None, ..Type::new(Role::Value, judge) };

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    if place.parameter.split(' ').any(|known| known.eq_ignore_ascii_case(text)) {
        return Some(piece.at + 1);
    }
    super::unlisted(m, piece, 0..text.len(), place.parameter, ", ")
}
