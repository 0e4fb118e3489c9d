//! Errors of certificates between commas: numbers, and from 2.7 on names. What else begins with a number is one up to
//! 2.6.

use super::prelude::*;

/// Errors of certificates between commas: numbers, and from 2.7 on names. What else begins with a number is one up to
/// 2.6.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let named = m.all_in(&VersionSet::since(2, 7, 0));
    if m.split.is_some() {
        return None;
    }
    // No OpenSSL has as many.
    let fits = |error: &str| (1..256).contains(&c_number(error)) || named && error.starts_with("X509_V_ERR_");
    match text.split(',').find(|error| text != "all" && !error.is_empty() && !fits(error)) {
        Some(wrong) => {
            let message = format!("`{wrong}` is no error that a certificate can have");
            let help = "write `all`, or numbers as `openssl verify` shows them, between commas";
            m.fault(Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help(help));
            None
        }
        None => Some(piece.at + 1),
    }
}
