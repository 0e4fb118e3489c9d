//! The mode of a file: an octal number.

use super::prelude::*;

/// The mode of a file: an octal number.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    if text.trim_start_matches(['+', '-']).bytes().all(|b| (b'0'..=b'7').contains(&b)) {
        return Some(piece.at + 1);
    }
    let proxy = matches!(text, "http" | "tcp" | "log");
    let help = if proxy {
        "put `mode` on a line of its own: behind an address it is the mode of a socket's file"
    } else {
        "write an octal number such as `660`; who may do what is the option `level`"
    };
    m.fault(
        Fault::refused(
            FaultKind::InvalidNumber,
            piece.location,
            format!("`{text}` is no octal number, which the mode of a file is"),
            m.versions,
        )
        .help(help),
    );
    None
}
