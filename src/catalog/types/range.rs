//! A number from 1 on, or two with `-` between them. A parameter `1..64` says how far they go.

use super::prelude::*;

/// A number from 1 on, or two with `-` between them.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()) && text.parse().is_ok_and(|n: u32| n > 0);
    let (low, high) = text.split_once('-').unwrap_or((text, text));
    if number(low) && number(high) {
        let most = [low, high].into_iter().filter_map(|text| text.parse().ok()).max();
        return in_range(m, piece, most.unwrap_or(i64::MAX), place);
    }
    m.refuse(FaultKind::InvalidNumber, piece.location, format!("`{text}` is no number and no range of {}", place.label))
}
