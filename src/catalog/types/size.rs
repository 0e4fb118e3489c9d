//! A size: digits and perhaps `k`, `m` or `g`; from 3.1 on also `t` and `p` where 64 bits are counted.

use super::prelude::*;

/// A size: digits and perhaps `k`, `m` or `g`; from 3.1 on also `t` and `p` where 64 bits are counted.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Size, judge).with(&["32", "nonzero"]);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let narrow = place.parameter.starts_with("32");
    let value: u128 = if digits == 0 { 0 } else { text.cut(..digits).parse().unwrap_or(u128::MAX) };
    let shift = match text.as_bytes().get(digits).map(u8::to_ascii_lowercase) {
        None => Some(0),
        Some(b'k') => Some(10),
        Some(b'm') => Some(20),
        Some(b'g') => Some(30),
        Some(b't') if !narrow => Some(40),
        Some(b'p') if !narrow => Some(50),
        _ => None,
    };
    let end = digits + usize::from(shift.is_some_and(|s| s > 0));
    if shift.is_none() || end < text.len() {
        let start = if shift.is_none() { digits } else { end };
        let location = m.part(piece, start, text.len());
        let message = format!("`{text}` is not a size: `{}` is no unit", text.cut(start..));
        m.fault(
            Fault::refused(FaultKind::InvalidSize, location, message, m.versions)
                .help("write digits and perhaps `k`, `m` or `g`: `100k`, `1m`"),
        );
        return None;
    }
    if place.parameter.ends_with("nonzero") && value == 0 {
        return m.refuse(FaultKind::InvalidSize, piece.location, format!("{} must not be 0", the(place.label)));
    }
    let most = if narrow { u128::from(u32::MAX) } else { u128::from(u64::MAX) };
    if value.checked_shl(shift.unwrap_or(0)).is_none_or(|v| v > most || value > most) {
        let message = format!("`{text}` is larger than HAProxy can count here: {most} at most");
        return m.refuse(FaultKind::InvalidSize, piece.location, message);
    }
    Some(piece.at + 1)
}
