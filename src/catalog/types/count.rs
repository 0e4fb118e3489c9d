//! How many servers a `server-template` makes: a number, or a range.

use super::prelude::*;

/// How many servers a `server-template` makes: a number, or a range.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let (low, high) = text.split_once('-').map_or((1, c_number(text)), |(_, high)| (c_number(text), c_number(high)));
    if low >= 0 && high >= low {
        return Some(piece.at + 1);
    }
    let message = format!("`{text}` is no number of servers and no range of them");
    m.fault(Fault::refused(FaultKind::InvalidNumber, piece.location, message, m.versions).help("write `5` or `1-5`"));
    None
}
