//! A status that HAProxy has an error page for; C's `atol` reads it.

use super::prelude::*;

/// A status that HAProxy has an error page for; C's `atol` reads it.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let known = error_page(text.cut(..digits).parse().unwrap_or(0));
    if m.all_in(&known) {
        return Some(piece.at + 1);
    }
    if m.split.is_some() {
        return None;
    }
    let since = if known.is_empty() { String::new() } else { format!(" yet: HAProxy {known} has one") };
    let message = format!("there is no error page for `{text}`{since}");
    let help = "write one of 200, 400, 401, 403, 404, 405, 407, 408, 410, 413, 421, 425, 429 and 500 to 504";
    m.fault(Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help(help));
    None
}

/// The versions with an error page for a status.
pub(in crate::catalog) fn error_page(status: i64) -> VersionSet {
    match status {
        200 | 400 | 401 | 403 | 404 | 405 | 407 | 408 | 410 | 413 | 421 | 425 | 429 | 500..=504 => VersionSet::ALL,
        422 => VersionSet::since(2, 5, 0),
        414 | 431 => VersionSet::since(3, 1, 0),
        _ => VersionSet::NONE,
    }
}
