//! An address, with a mask or without. What may be a name is nobody's business here.

use super::prelude::*;

/// An address, with a mask or without. What may be a name is nobody's business here.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let (address, mask) = text.split_once('/').map_or((text, None), |(address, mask)| (address, Some(mask)));
    let six = address.contains(':');
    let numeric = six || address.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let wrong = numeric && if six { address.parse::<std::net::Ipv6Addr>().is_err() } else { !is_inet(address) };
    let length = |mask: &str| mask.parse().is_ok_and(|length: u32| length <= if six { 128 } else { 32 });
    let fits = |mask: &str| length(mask) || !six && mask.parse::<std::net::Ipv4Addr>().is_ok();
    if !wrong && mask.is_none_or(fits) {
        return Some(piece.at + 1);
    }
    let message = if wrong { format!("`{address}` is no address") } else { format!("`{text}` has no mask that fits") };
    m.fault(Fault::refused(FaultKind::InvalidAddress, piece.location, message, m.versions).help("write a network such as `10.0.0.0/8`"));
    None
}

/// Whether C's `inet_aton` takes the text: up to four numbers, of which the last fills what is left.
fn is_inet(text: &str) -> bool {
    let parts: Vec<Option<u64>> = text.split('.').map(|part| part.parse().ok()).collect();
    let Some((last, before)) = parts.split_last().filter(|_| parts.len() <= 4) else { return false };
    before.iter().all(|part| part.is_some_and(|n| n < 256)) && last.is_some_and(|n| n < 1 << (8 * (4 - before.len())))
}
