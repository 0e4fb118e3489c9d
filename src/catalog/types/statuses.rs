//! Status codes and ranges of them between commas; `+` before them adds them to those that there are, `-` takes them away.

use super::prelude::*;

/// Status codes and ranges of them between commas; `+` before them adds them to those that there are, `-` takes them away.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let codes = text.strip_prefix(['+', '-']).unwrap_or(text);
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
    let fits = |part: &str| {
        let (low, high) = part.split_once('-').unwrap_or((part, part));
        matches!((number(low), number(high)), (Some(low), Some(high)) if 100 <= low && low <= high && high <= 599)
    };
    if codes.split(',').all(fits) {
        return Some(piece.at + 1);
    }
    let message = format!("`{text}` is no list of status codes");
    let help = "write codes from 100 to 599 or ranges of them, perhaps behind `+` or `-`: `500-599`, `-501,505`";
    m.fault(Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help(help));
    None
}
