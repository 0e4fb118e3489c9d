//! A whole number and nothing behind it, kept as an `int`.

use super::prelude::*;

/// A whole number and nothing behind it, kept as an `int`.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Number, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    super::int::judge(m, piece, &Place { range: None, parameter: "", ..*place })?;
    super::kept(m, piece, place)
}
