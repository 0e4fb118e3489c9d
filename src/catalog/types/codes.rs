//! Status codes and ranges of them between commas.

use super::prelude::*;

/// Status codes and ranges of them between commas.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let number = |text: &str| if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().or(Ok(0)) } else { text.parse::<u32>() };
    let fits = |part: &str| {
        let (low, high) = part.split_once('-').unwrap_or((part, part));
        matches!((number(low), number(high)), (Ok(low), Ok(high)) if low <= high)
    };
    if text.split(',').all(fits) {
        return Some(piece.at + 1);
    }
    let message = format!("`{text}` is no list of status codes");
    m.fault(Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help("write codes or ranges: `200,300-399`"));
    None
}
