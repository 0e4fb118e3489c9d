//! The size of a congestion window: a number as C's `strtoul` reads it, then perhaps `k`, `m` or `g`.

use super::prelude::*;

/// The size of a congestion window: a number as C's `strtoul` reads it, then perhaps `k`, `m` or `g`.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Size, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let (digits, unit) = match text.as_bytes().last() {
        Some(b'k') => (text.cut(..text.len() - 1), 10),
        Some(b'm') => (text.cut(..text.len() - 1), 20),
        Some(b'g') => (text.cut(..text.len() - 1), 30),
        _ => (text, 0),
    };
    let value = match digits.strip_prefix('0') {
        Some(octal) if !octal.is_empty() => i64::from_str_radix(octal, 8),
        _ => digits.trim_start().trim_start_matches('+').parse::<i64>(),
    };
    // The number itself has 32 bits.
    let number = value.ok().filter(|n| u32::try_from(*n).is_ok());
    let bytes = number.and_then(|n| n.checked_mul(1 << unit));
    if bytes.is_some_and(|n| (10_240..=4 << 30).contains(&n)) {
        return Some(piece.at + 1);
    }
    let message = format!("{} is `{text}`, which is not a size from 10k to 4g", the(place.label));
    let help = "write digits and perhaps `k`, `m` or `g`: `100k`, `1m`";
    m.fault(Fault::refused(FaultKind::InvalidSize, piece.location, message, m.versions).help(help));
    None
}
