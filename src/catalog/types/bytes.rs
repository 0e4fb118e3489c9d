//! A size of 32 bits, in a range.

use super::prelude::*;

/// A size of 32 bits, in a range.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Size, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let next = super::size::judge(m, piece, &Place { parameter: "32", range: None, ..*place })?;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let unit = match text.as_bytes().get(digits).map(u8::to_ascii_lowercase) {
        Some(b'k') => 1 << 10,
        Some(b'm') => 1 << 20,
        Some(b'g') => 1 << 30,
        _ => 1,
    };
    let value = if digits == 0 { 0 } else { text.cut(..digits).parse().unwrap_or(i64::MAX) };
    let (from, to) = place.range?;
    if (from..=to).contains(&value.saturating_mul(unit)) {
        return Some(next);
    }
    let message = format!("{} is `{text}`, which is not a size from {from} to {to} bytes", the(place.label));
    m.refuse(FaultKind::InvalidSize, piece.location, message)
}
