//! A time: digits, a unit, and with a warning whatever follows. The parameter is the unit of a bare number.

use super::prelude::*;

/// What HAProxy can count to in most places: C's `int`.
const INT_MAX: u64 = 2_147_483_647;

/// Units of time: the word, and its length in microseconds.
pub(super) const TIME_UNITS: [(&str, u64); 6] =
    [("us", 1), ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000), ("d", 86_400_000_000)];

/// A time: digits, a unit, and with a warning whatever follows. The parameter is the unit of a bare number.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Time, judge).with(&["us", "ms", "s", "m", "h", "d"]);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let unit = if place.parameter.is_empty() { "ms" } else { place.parameter };
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.cut(digits..);
    // `ms` before `m`: the longer word first.
    let written = TIME_UNITS.iter().filter(|(word, _)| rest.starts_with(word)).max_by_key(|(word, _)| word.len());
    if digits == 0 || !rest.is_empty() && written.is_none() {
        let end = digits + rest.chars().next().map_or(0, char::len_utf8);
        let location = m.part(piece, digits, end);
        let wrong =
            if digits == 0 { "it does not begin with a digit".to_owned() } else { format!("`{}` is no unit", text.cut(digits..end)) };
        let message = format!("`{text}` is not a time: {wrong}");
        let help = "write digits and one of `us`, `ms`, `s`, `m`, `h`, `d`, without a fraction or a blank: `500ms`, `30s`";
        m.fault(Fault::refused(FaultKind::InvalidTime, location, message, m.versions).help(help));
        return None;
    }
    let scale = |word: &str| TIME_UNITS.iter().find(|(u, _)| *u == word).map_or(1_000, |u| u.1);
    let given = text.cut(..digits).bytes().fold(0u64, |n, b| n.wrapping_mul(10).wrapping_add(u64::from(b - b'0')));
    let micros = u128::from(given) * u128::from(written.map_or(scale(unit), |w| w.1));
    if micros.div_ceil(u128::from(scale(unit))) > u128::from(INT_MAX) {
        let message = format!(
            "`{text}` is longer than HAProxy can count: {INT_MAX} {unit} at most{}",
            if unit == "ms" { ", about 24.8 days" } else { "" }
        );
        return m.refuse(FaultKind::InvalidTime, piece.location, message);
    }
    let end = digits + written.map_or(0, |w| w.0.len());
    if end < text.len() {
        let location = m.part(piece, end, text.len());
        let message = format!("`{}` in the time `{text}` is left out: HAProxy reads `{}`", text.cut(end..), text.cut(..end));
        m.fault(Fault::warned(FaultKind::DubiousTime, location, message, m.versions).help(format!("write `{}`", text.cut(..end))));
    }
    Some(piece.at + 1)
}
