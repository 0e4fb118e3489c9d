//! Which nodes are in one network namespace: they have its addresses in common, its loopback, and each port of it once. What is
//! dialled there leads to the process that listens on that port.

use std::net::IpAddr;

use crate::config::address::{Address, Port};

use super::{
    mesh::{Mesh, View},
    model::{Group, Netns, Platform, Topology},
    summary::Section,
};

/// Whether two nodes are certainly in one network namespace.
pub(super) fn shares(topology: &Topology, one: usize, two: usize) -> bool {
    let group = |at: usize| &topology.groups[topology.nodes[at].group];
    let (mine, theirs) = (group(one), group(two));
    match (mine.platform, theirs.platform) {
        _ if one == two => true,
        (Platform::Host, Platform::Host) => is_one_machine(topology, one, two),
        (Platform::Kubernetes, Platform::Kubernetes) if mine.host_network.is_some() && theirs.host_network.is_some() => {
            is_one_machine(topology, one, two)
        }
        // Each file is a project, which may run on a machine of its own.
        (Platform::Compose, Platform::Compose) if mine.namespace == theirs.namespace => {
            container(mine).is_some_and(|mine| Some(mine) == container(theirs))
        }
        _ => false,
    }
}

/// The container whose network namespace the only container of a service is in; empty for that of the machine.
fn container(group: &Group) -> Option<&str> {
    match &group.netns {
        Netns::Machine => Some(""),
        Netns::Of(other) => Some(other),
        Netns::Own => group.replicas.as_ref().is_none_or(|said| said.value == 1).then_some(group.name.as_str()),
    }
}

/// Whether one of two hosts has every address of the other. Single ones, such as that of a bridge, are the same on many machines.
fn is_one_machine(topology: &Topology, one: usize, two: usize) -> bool {
    let moves = |ip: &IpAddr| topology.vips.iter().any(|vip| vip.address == *ip);
    let own = |at: usize| -> Vec<IpAddr> {
        let all = topology.nodes[at].addresses.iter().flatten();
        all.filter(|ip| !ip.is_loopback() && !moves(ip)).copied().collect()
    };
    let (mine, theirs) = (own(one), own(two));
    let within = |few: &[IpAddr], all: &[IpAddr]| !few.is_empty() && few.iter().all(|ip| all.contains(ip));
    within(&mine, &theirs) || within(&theirs, &mine)
}

impl Mesh<'_> {
    /// Whether two nodes have their loopback addresses in common, for all that is known; the sections are those that they meet in.
    pub(super) fn shares_loopback(&self, (a, mine): (&View, &Section), (b, theirs): (&View, &Section)) -> bool {
        let may = self.may_share_a_machine(a, mine) && self.may_share_a_machine(b, theirs);
        may || shares(self.topology, a.node, b.node)
    }

    /// Which of the nodes at one address answer at a port of it: where all of them are in one network namespace, those that listen
    /// on that port, and else all, of which chance picks one. Of those that never run together it is one.
    pub(crate) fn answering(&self, nodes: &[usize], dialled: &Address, section: &str) -> Vec<usize> {
        let [first, rest @ ..] = nodes else { return Vec::new() };
        let together = !rest.is_empty() && rest.iter().all(|node| shares(self.topology, *first, *node));
        let takes =
            |node: &&usize| self.view_of(**node).is_some_and(|view| self.section(view, section).is_some_and(|s| view.takes(s, dialled)));
        let group = |node: usize| &self.topology.groups[self.topology.nodes[node].group];
        let mut found: Vec<usize> = Vec::new();
        for node in nodes.iter().filter(|node| !together || takes(node)) {
            // Few are in profiles: of the others there may be thousands.
            let is_another = !group(*node).profiles.is_empty() && found.iter().any(|other| group(*node).runs_instead_of(group(*other)));
            if !is_another {
                found.push(*node);
            }
        }
        found
    }

    /// Whether what is dialled leads to one of those who are in one network namespace with `node`.
    pub(crate) fn is_beside(&self, node: usize, nodes: &[usize]) -> bool {
        nodes.contains(&node) || nodes.iter().any(|other| shares(self.topology, node, *other))
    }
}

impl View {
    /// Whether the node listens where something is dialled that leads to its network namespace.
    pub(super) fn takes(&self, section: &Section, dialled: &Address) -> bool {
        let Some(listener) = self.listener(section) else { return false };
        let same = match (listener.address.host.ip(), dialled.host.ip()) {
            (Some(own), Some(wanted)) => own == wanted || own.is_unspecified() || wanted.is_unspecified(),
            _ => true,
        };
        same && matches!((&listener.address.port, &dialled.port), (Port::Fixed(own), Port::Fixed(wanted)) if own == wanted)
    }
}
