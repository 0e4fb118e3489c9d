//! A time that is not zero.

use super::prelude::*;

/// A time that is not zero.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Time, judge).with(&["us", "ms", "s", "m", "h", "d"]);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    positive_time(m, piece, place)
}

/// A time that is not zero.
pub(super) fn positive_time<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let next = super::time::judge(m, piece, place)?;
    let text = piece.text?;
    if text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).bytes().all(|b| b == b'0') {
        return m.refuse(FaultKind::InvalidTime, piece.location, format!("{} is `{text}`, and may not be zero", the(place.label)));
    }
    Some(next)
}
