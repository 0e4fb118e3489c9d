//! What C's `atoi` makes a number of, in an `int`; with the parameter `long` in a `long`.

use super::prelude::*;

/// What C's `atoi` makes a number of.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Number, judge).with(&["nonzero", "told", "long"]);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let (value, rest) = leading_number(text);
    if rest > 0 && rest < text.len() || rest == 0 {
        let message = format!("`{text}` is no number: HAProxy makes {value} of it");
        let help = format!("write {}", number_range(place));
        let fault = if place.parameter == "told" { Fault::warned } else { Fault::silent };
        m.fault(fault(FaultKind::InvalidNumber, piece.location, message, m.versions).help(help));
    }
    let counted = if place.parameter.ends_with("long") { value } else { as_c_int(value) };
    let next = in_range(m, piece, counted, place)?;
    if counted != value && value > i64::from(u32::MAX) {
        let message = format!("`{text}` is more than HAProxy can count here: it makes {counted} of it");
        m.fault(Fault::silent(FaultKind::InvalidNumber, piece.location, message, m.versions));
    }
    Some(next)
}
