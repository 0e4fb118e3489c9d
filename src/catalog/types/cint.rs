//! What C's `atoi` makes a number of, kept as an `int`: what is larger begins again at the other end.

use super::prelude::*;

/// What C's `atoi` makes a number of, kept as an `int`: what is larger begins again at the other end.
pub(in crate::catalog) static TYPE: Type = Type { parameters: None, ..Type::new(Role::Number, judge) };

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    super::atoi::judge(m, piece, &Place { range: None, parameter: if place.parameter == "told" { "told" } else { "" }, ..*place })?;
    super::kept(m, piece, place)
}
