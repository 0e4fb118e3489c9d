//! Bytes, each as two hexadecimal digits.

use super::prelude::*;

/// Bytes, each as two hexadecimal digits.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    if text.len() % 2 == 0 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Some(piece.at + 1);
    }
    m.refuse(FaultKind::InvalidValue, piece.location, format!("`{text}` is not an even number of hexadecimal digits"))
}
