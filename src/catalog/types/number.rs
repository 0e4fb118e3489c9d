//! A number as C's `strtoul` reads it: `0x` is hexadecimal, a leading `0` octal.

use super::prelude::*;

/// A number as C's `strtoul` reads it: `0x` is hexadecimal, a leading `0` octal.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Number, judge).with(&["nonzero", "told"]);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let digits = text.trim_start().trim_start_matches(['+', '-']);
    let negative = text.trim_start().starts_with('-');
    let value = match (digits.strip_prefix("0x").or(digits.strip_prefix("0X")), digits.strip_prefix('0')) {
        (Some(hex), _) => i64::from_str_radix(hex, 16),
        (None, Some(octal)) if !octal.is_empty() => i64::from_str_radix(octal, 8),
        _ => digits.parse(),
    };
    match value {
        Ok(value) => in_range(m, piece, if negative { -value } else { value }, place),
        Err(error) if *error.kind() == std::num::IntErrorKind::PosOverflow => in_range(m, piece, i64::MAX, place),
        Err(_) => {
            let message = format!("`{text}` is not a number, which {} must be", number_of(m, place.label));
            let help = format!("write {}, decimal or with `0x`", number_range(place));
            m.fault(Fault::refused(FaultKind::InvalidNumber, piece.location, message, m.versions).help(help));
            None
        }
    }
}
