//! One word or more, to the end of the line.

use super::prelude::*;

/// One word or more, to the end of the line.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, _: Piece<'r>, _: &Place) -> Option<usize> {
    Some(m.end)
}
