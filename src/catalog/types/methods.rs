//! Where the first address of a server comes from: `last`, `libc`, `none` or an address, between commas.

use super::prelude::*;

/// Where the first address of a server comes from: `last`, `libc`, `none` or an address, between commas.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let known = |word: &str| matches!(word, "last" | "libc" | "none" | "*") || word.parse::<std::net::IpAddr>().is_ok();
    match text.trim_end_matches(',').split(',').find(|word| !known(word)) {
        Some(word) => {
            let message = format!("`{}` does not know `{word}`", m.path());
            let help = "write some of `last`, `libc` and `none`, and an IP address behind them, between commas";
            m.fault(Fault::refused(FaultKind::UnknownArgument, piece.location, message, m.versions).help(help));
            None
        }
        None => Some(piece.at + 1),
    }
}
