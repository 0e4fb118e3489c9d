//! A number that must begin with a digit; what follows the digits is left out.

use super::prelude::*;

/// A number that must begin with a digit; what follows the digits is left out.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Number, judge);

fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return super::atoi::judge(m, piece, place);
    }
    let message = format!("`{text}` is not a number, which {} must be", number_of(m, place.label));
    let fault = Fault::refused(FaultKind::InvalidNumber, piece.location, message, m.versions);
    m.fault(fault.help(format!("write {}", number_range(place))));
    None
}
