//! Networks between commas: each an address, and perhaps `/` and the length of the network or an IPv4 mask.

use super::prelude::*;

/// How many networks a server can prefer, those of `default-server` lines among them.
pub(in crate::catalog) const MAX_NETWORKS: usize = 5;

/// Networks between commas: each an address, and perhaps `/` and the length of the network or an IPv4 mask.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let fits = |network: &str| {
        let (address, mask) = network.split_once('/').unwrap_or((network, "0"));
        let most = if address.contains(':') { 128 } else { 32 };
        let length = mask.parse().is_ok_and(|length: u32| length <= most);
        address.parse::<std::net::IpAddr>().is_ok() && (length || most == 32 && mask.parse::<std::net::Ipv4Addr>().is_ok())
    };
    let before = m.line.networks;
    if before + networks(text) > MAX_NETWORKS {
        let so_far = if before > 0 { format!(" with the {before} of `default-server` lines above") } else { String::new() };
        return m.refuse(FaultKind::InvalidAddress, piece.location, format!("here are more than {MAX_NETWORKS} networks{so_far}"));
    }
    let Some(wrong) = text.trim_end_matches(',').split(',').find(|network| !fits(network)) else { return Some(piece.at + 1) };
    m.fault(
        Fault::refused(FaultKind::InvalidAddress, piece.location, format!("`{wrong}` is not a network"), m.versions)
            .help("write networks between commas: `10.0.0.0/8,fd00::/8`"),
    );
    None
}

/// How many networks a list has.
pub(in crate::catalog) fn networks(list: &str) -> usize {
    list.trim_end_matches(',').split(',').count()
}
