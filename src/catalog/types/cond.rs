//! `if` or `unless` with a condition, which must be there.

use super::prelude::*;

/// `if` or `unless` with a condition, which must be there.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Condition, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    super::r#if::judge(m, piece, place)
}
