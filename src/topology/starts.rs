//! Whether a node starts: its HAProxy takes the configuration, has every address that it listens on, and finds every name when
//! it reads them. Findings, `topology` and the pictures use this one answer.

use std::collections::HashMap;

use crate::{config::address::Host, source::Location};

use super::{
    mesh::{Dialled, Mesh, View},
    model::{Group, Kind, Platform},
    needed::needed,
    resolve::Target,
    sockets::{of_machine, unwritable},
    summary::{Listener, PeerLine},
};

/// Why the node of each view does not start, where that is certain. `refused` has the nodes whose HAProxy refuses what it reads.
pub(crate) fn refusals(mesh: &Mesh<'_>, refused: &HashMap<usize, &'static str>) -> Vec<Option<String>> {
    let names = names(mesh);
    let of = |view: &View| {
        let config = refused.get(&view.node).map(|rule| format!("HAProxy refuses its configuration (`{rule}`)"));
        let gap = || mesh.group(view).gaps.iter().find(|gap| gap.stops).map(|gap| gap.missing.sentence());
        let usage = || mesh.group(view).bare_word().then(|| "`-L` has no name behind it, so it ends with its usage text".to_owned());
        // Whose a folder of the image is, a layer above it may have changed.
        let socket = || {
            unwritable(mesh, view).filter(|socket| socket.read_only).map(|socket| format!("it cannot make the socket `{}`", socket.path))
        };
        let root = || {
            let kept = mesh.summary(view).chroot.is_some() && mesh.group(view).is_kept_from_chroot();
            kept.then(|| "it is not root, and ends at `chroot`".to_owned())
        };
        config
            .or_else(usage)
            .or_else(gap)
            .or_else(root)
            .or_else(socket)
            .or_else(|| address(mesh, view))
            .or_else(|| name(mesh, view, &names))
    };
    mesh.views.iter().map(of).collect()
}

/// The peers whose names nodes do not find when they start: the place of each, and why.
type Lost = Vec<(Location, String)>;

/// What nodes of one group that read alike do not find, by the numbers of both: they all look it up in the same way.
fn names(mesh: &Mesh<'_>) -> HashMap<(usize, usize), Lost> {
    let mut all: HashMap<(usize, usize), Lost> = HashMap::new();
    for (group, section, views) in mesh.by_group() {
        let first = mesh.topology.nodes.iter().position(|n| n.group == mesh.node(views[0]).group);
        let named = |dialled: &Dialled<'_>| matches!(dialled.address.address.host, Host::Name(_));
        let lost = mesh.dialled(section, &views).into_iter().filter(named).filter_map(|dialled| {
            let why = match &dialled.target {
                _ if dialled.lacks_name(mesh).is_some() => dialled.lacks_name(mesh),
                Target::Nothing(why) => Some(format!("`{}` does not resolve: {why}", dialled.address.text)),
                Target::Unknown => misnamed(mesh, group, dialled.peer),
                Target::Nodes(nodes) if awaits(mesh, group, nodes) => {
                    let shown = &dialled.peer.shown;
                    Some(format!("the name of `{shown}` is needed, and that is started only once this one is ready"))
                }
                Target::Nodes(nodes) => order(mesh, group, first?, &dialled, nodes),
                _ => None,
            };
            Some((dialled.peer.at, why?))
        });
        all.entry((mesh.node(views[0]).group, views[0].summary)).or_default().extend(lost);
    }
    all
}

/// Why a peer is not found that is a service of the same compose file as `group`, at a name that no service of it has.
fn misnamed(mesh: &Mesh<'_>, group: &Group, peer: &PeerLine) -> Option<String> {
    let address = peer.address.as_ref()?;
    let Host::Name(name) = &address.address.host else { return None };
    let is_it = |view: &View| view.local == peer.name && mesh.group(view).namespace == group.namespace;
    let no_service = group.is_no_service(name) && mesh.views.iter().any(is_it);
    no_service.then(|| format!("`{}` does not resolve: no service is called `{name}`", address.text))
}

/// A name of a peer that a node does not find: HAProxy 2.4 and later refuse to start then.
fn name(mesh: &Mesh<'_>, view: &View, names: &HashMap<(usize, usize), Lost>) -> Option<String> {
    let lost = names.get(&(mesh.node(view).group, view.summary))?;
    // The kubelet writes a pod's own name into its /etc/hosts, whatever DNS knows.
    let own: Vec<&PeerLine> = mesh.summary(view).sections.iter().filter_map(|s| view.own(s)).collect();
    let of_others = lost.iter().find(|(at, _)| !own.iter().any(|own| own.at == *at)).map(|(_, why)| why.clone());
    of_others.or_else(|| own.iter().find_map(|own| misnamed(mesh, mesh.group(view), own)))
}

/// An address to listen on that is not there.
fn address(mesh: &Mesh<'_>, view: &View) -> Option<String> {
    let group = mesh.group(view);
    let lacking = needed(mesh, view).find(|n| n.value == Some(false)).map(|n| n.listener.text.clone());
    let of_pod = || {
        let nonlocal = group.sysctls.iter().any(|s| s.name.ends_with("ip_nonlocal_bind") && s.value.trim() != "0")
            || group.privileged_sysctl.is_some();
        if group.platform == Platform::Host || group.host_network.is_some() || nonlocal {
            return None;
        }
        let foreign = |l: &&Listener| {
            of_machine(mesh.node(view), l).is_some()
                || match mesh.target(view, &l.address.host) {
                    Target::Service(_) => true,
                    Target::Nodes(nodes) => !nodes.contains(&view.node),
                    _ => false,
                }
        };
        let sections = mesh.summary(view).sections.iter().filter_map(|s| view.listener(s));
        sections.filter(|l| !l.transparent && !l.namespace).find(foreign).map(|l| l.text.clone())
    };
    lacking.or_else(of_pod).map(|text| format!("it has no address `{text}` to listen on"))
}

/// Whether these nodes are started only once those of a group are ready.
fn awaits(mesh: &Mesh<'_>, group: &Group, nodes: &[usize]) -> bool {
    let waits = |other: &Group| {
        let first = other.awaits.iter().filter(|awaited| awaited.ready).filter_map(|awaited| mesh.awaited(other, awaited));
        first.into_iter().any(|at| std::ptr::eq(&mesh.topology.groups[at], group))
    };
    nodes.iter().all(|node| waits(&mesh.topology.groups[mesh.topology.nodes[*node].group]))
}

/// Pods of one set that need each other's names before any of them has one.
fn order(mesh: &Mesh<'_>, group: &Group, first: usize, dialled: &Dialled<'_>, nodes: &[usize]) -> Option<String> {
    let of_set = |node: &usize| std::ptr::eq(&mesh.topology.groups[mesh.topology.nodes[*node].group], group);
    if group.kind != Kind::StatefulSet || group.script.is_some() || !nodes.iter().all(of_set) {
        return None;
    }
    let shown = &dialled.peer.shown;
    if !group.parallel && nodes.iter().all(|n| *n > first) {
        return Some(format!("the name of `{shown}` is needed by the first pod, and `{shown}` is made only once that is ready"));
    }
    let service = dialled.headless(mesh).filter(|_| group.parallel)?;
    let service = &mesh.topology.services[service];
    let name = &service.name;
    // Headless Services name their pods only once they are ready.
    (!service.publishes_not_ready && !service.has_endpoints)
        .then(|| format!("Service `{name}` names a pod only once it is ready, and no pod is before it has the names"))
}
