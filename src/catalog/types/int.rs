//! A whole number and nothing behind it. With the parameter `wraps` HAProxy keeps it in an `int`.

use super::prelude::*;

/// A whole number and nothing behind it.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Number, judge).with(&["nonzero", "wraps"]);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let trimmed = text.trim_start();
    let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        let bad = trimmed.len() - digits.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let start = text.len() - trimmed.len() + bad;
        let location = if bad == 0 { piece.location } else { m.part(piece, start, text.len()) };
        let help = format!("write {}", number_range(place));
        let message = format!("`{text}` is not a whole number, which {} must be", number_of(m, place.label));
        m.fault(Fault::refused(FaultKind::InvalidNumber, location, message, m.versions).help(help));
        return None;
    }
    let value = trimmed.parse().unwrap_or(i64::MAX);
    let value = if place.parameter.contains("wraps") { as_c_int(value) } else { value };
    in_range(m, piece, value, place)
}
