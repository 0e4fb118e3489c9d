//! An address without a port, or a name.

use super::prelude::*;

/// An address without a port, or a name.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Address, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    match text.split_once(':') {
        Some((host, port)) if !host.is_empty() && !port.contains(':') => {
            let message = format!("{} `{text}` has a port, which this place does not take", the(place.label));
            m.fault(
                Fault::refused(FaultKind::InvalidAddress, piece.location, message, m.versions)
                    .help(format!("write `{host}`, and the port behind a keyword of its own")),
            );
            None
        }
        _ => Some(piece.at + 1),
    }
}
