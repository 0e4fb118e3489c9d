//! The other name of a certificate: it does not begin with a slash.

use super::prelude::*;

/// The other name of a certificate: it does not begin with a slash.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    if !text.starts_with('/') {
        return Some(piece.at + 1);
    }
    m.refuse(FaultKind::InvalidValue, m.part(piece, 0, 1), format!("the alias `{text}` begins with a slash, as files do"))
}
