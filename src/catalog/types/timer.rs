//! A time, in a range of milliseconds.

use super::prelude::*;

/// A time, in a range of milliseconds.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Time, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let next = super::time::judge(m, piece, &Place { parameter: "", range: None, ..*place })?;
    let (from, to) = place.range?;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.cut(digits..);
    let micros = super::time::TIME_UNITS
        .iter()
        .filter(|(word, _)| rest.starts_with(word))
        .max_by_key(|(word, _)| word.len())
        .map_or(1_000, |unit| unit.1);
    let value = text.cut(..digits).parse().map_or(i64::MAX, |n: i64| n.saturating_mul(micros as i64).div_euclid(1_000));
    let nothing = value == 0 && text.cut(..digits).bytes().any(|b| b != b'0');
    if (from..=to).contains(&value) && !nothing {
        return Some(next);
    }
    let message = format!("{} is `{text}`, which is not a time from {from} to {to} ms", the(place.label));
    m.refuse(FaultKind::InvalidTime, piece.location, message)
}
