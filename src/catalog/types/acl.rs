//! An ACL's criterion, flags and patterns.

use super::prelude::*;

/// An ACL's criterion, flags and patterns.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Acl, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let scope = scope(m);
    let mut faults = Vec::new();
    let texts = expression::acl(m.statement, piece.at, scope, &mut faults);
    take(m, faults)?;
    texts.for_each(|at| m.alike(at, Alike::Text));
    Some(m.end)
}
