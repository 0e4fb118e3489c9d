//! Any word.

use super::prelude::*;

/// Any word.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge).alike(Alike::Name);

pub(super) fn judge<'r>(_: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    Some(piece.at + 1)
}
