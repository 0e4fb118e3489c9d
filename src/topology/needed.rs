//! The addresses for which a host needs `ip_nonlocal_bind`.

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
};

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
    /// The address that moves between hosts, where it is declared as one.
    pub(crate) vip: Option<usize>,
    /// The host that has it now, where the address looks like one that moves.
    pub(crate) holder: Option<usize>,
    /// Whether it is the address of a `peer` line, which others dial too.
    pub(crate) peer_line: bool,
}

impl Needed<'_> {
    /// Whether the address moves between hosts, as is declared or seen.
    pub(crate) fn moves(&self) -> bool {
        self.vip.is_some() || self.holder.is_some()
    }
}

/// The addresses that the host of a view needs `ip_nonlocal_bind` for.
pub(crate) fn needed<'m>(mesh: &'m Mesh<'_>, view: &'m View) -> impl Iterator<Item = Needed<'m>> {
    let (node, group) = (mesh.node(view), mesh.group(view));
    let summary = mesh.summary(view);
    let peers = summary.sections.iter().filter_map(|s| Some((view.listener(s)?, s.bind.is_none())));
    let all = summary.binds.iter().chain(&summary.sockets).map(|b| (&b.listener, false)).chain(peers);
    // A pod on the network of its machine has the machine's addresses and sysctls.
    let on_machine = group.platform == Platform::Host || group.host_network.is_some() && node.addresses.is_some();
    let set = |name: &str| group.sysctl(name).map(|s| s.value.trim() == "1").or(group.privileged_sysctl.map(|_| true));
    let all = all.filter(move |(l, _)| on_machine && !l.transparent && !l.namespace);
    all.filter_map(move |(listener, peer_line)| {
        let ip = own(listener)?;
        let vip = mesh.topology.vips.iter().position(|v| v.address == ip);
        let has = node.addresses.as_ref().map(|a| a.contains(&ip));
        // Where not all of its addresses are known, as those of a machine of Kubernetes, only what is declared to move is certain.
        if vip.is_none() && (has != Some(false) || group.platform != Platform::Host) {
            return None;
        }
        let (sysctl, other) = nonlocal(ip);
        let holder = if vip.is_none() { mesh.holders.get_or_init(|| holders(mesh)).get(&ip).copied() } else { None };
        Some(Needed { listener, sysctl, value: set(sysctl), other_family: set(other), vip, holder, peer_line })
    })
}

/// The sysctl for the family of an address, and that of the other family.
pub(crate) fn nonlocal(ip: IpAddr) -> (&'static str, &'static str) {
    match ip {
        IpAddr::V4(_) => ("net.ipv4.ip_nonlocal_bind", "net.ipv6.ip_nonlocal_bind"),
        IpAddr::V6(_) => ("net.ipv6.ip_nonlocal_bind", "net.ipv4.ip_nonlocal_bind"),
    }
}

/// The address that a line asks the machine to have. Those of every machine, and those of one link, ask nothing.
pub(crate) fn own(listener: &Listener) -> Option<IpAddr> {
    let one_link = |ip: &IpAddr| matches!(ip, IpAddr::V6(ip) if ip.segments()[0] & 0xffc0 == 0xfe80);
    let ip = listener.address.host.ip().filter(|_| listener.address.is_network())?;
    Some(ip).filter(|ip| !ip.is_unspecified() && !ip.is_loopback() && !ip.is_multicast() && !one_link(ip))
}

/// The addresses that look like ones that move, each with the host that has it: beside one of its own, and nobody dials a peer there.
fn holders(mesh: &Mesh<'_>) -> HashMap<IpAddr, usize> {
    let peers = mesh.summaries.iter().flat_map(|s| &s.sections).flat_map(|s| &s.peers);
    let dialled: HashSet<IpAddr> = peers.filter_map(|p| p.address.as_ref()?.address.host.ip()).collect();
    let mut holders = HashMap::new();
    for view in &mesh.views {
        let own: HashSet<&IpAddr> = mesh.topology.nodes[view.node].addresses.iter().flatten().collect();
        let of_v4 = own.iter().filter(|ip| ip.is_ipv4()).count();
        let several = |ip: &IpAddr| if ip.is_ipv4() { of_v4 > 1 } else { own.len() - of_v4 > 1 };
        let bound = mesh.summary(view).binds.iter().filter_map(|b| b.listener.address.host.ip());
        for ip in bound.filter(|ip| own.contains(ip) && several(ip) && !dialled.contains(ip)) {
            holders.entry(ip).or_insert(view.node);
        }
    }
    holders
}
