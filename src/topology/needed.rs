//! The addresses for which a host needs `ip_nonlocal_bind`.

use super::{Listener, Mesh, Platform, View};

/// An address that a host is to listen on and does not have.
pub(crate) struct Needed<'m> {
    /// Where it is written.
    pub(crate) listener: &'m Listener,
    /// The sysctl that counts.
    pub(crate) sysctl: &'static str,
    /// Whether that is 1, where it is known.
    pub(crate) value: Option<bool>,
    /// The same for the other family.
    pub(crate) other_family: Option<bool>,
    /// The address that moves between hosts, where it is one.
    pub(crate) vip: Option<usize>,
    /// Whether it is the address of a `peer` line, which others dial too.
    pub(crate) peer_line: bool,
}

/// The addresses that the host of a view needs `ip_nonlocal_bind` for.
pub(crate) fn needed<'m>(mesh: &'m Mesh<'_>, view: &'m View) -> impl Iterator<Item = Needed<'m>> {
    let (node, group) = (mesh.node(view), mesh.group(view));
    let summary = mesh.summary(view);
    let peers = summary.sections.iter().filter_map(|s| Some((view.listener(s)?, s.bind.is_none())));
    let all = summary.binds.iter().map(|b| (&b.listener, false)).chain(peers).filter(|(l, _)| !l.transparent && !l.namespace);
    let set = |name: &str| group.sysctl(name).map(|s| s.value.trim() == "1");
    all.filter(|_| group.platform == Platform::Host).filter_map(move |(listener, peer_line)| {
        let ip = listener.address.host.ip().filter(|ip| !ip.is_unspecified() && !ip.is_loopback())?;
        let vip = mesh.topology.vips.iter().position(|v| v.address == ip);
        let has = node.addresses.as_ref().map(|a| a.contains(&ip));
        // Where its addresses are not known, only what is declared to move is certain.
        if has == Some(true) && vip.is_none() || has.is_none() && vip.is_none() {
            return None;
        }
        let (sysctl, other) = if ip.is_ipv6() {
            ("net.ipv6.ip_nonlocal_bind", "net.ipv4.ip_nonlocal_bind")
        } else {
            ("net.ipv4.ip_nonlocal_bind", "net.ipv6.ip_nonlocal_bind")
        };
        Some(Needed { listener, sysctl, value: set(sysctl), other_family: set(other), vip, peer_line })
    })
}
