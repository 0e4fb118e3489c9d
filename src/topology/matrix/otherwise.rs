//! Sections that join two nodes though they are called otherwise: HAProxy goes by addresses and by the names of peers.

use std::collections::HashMap;

use super::super::{
    mesh::{Mesh, View},
    resolve::Target,
    summary::{PeerLine, Section},
};

/// Two nodes and the section that each has for the other.
#[derive(Clone, Copy, Debug)]
pub(in crate::topology) struct Encounter {
    /// The places of the nodes in [`Mesh::views`].
    pub(in crate::topology) ends: [usize; 2],
    /// The places of their sections in the summary of each.
    pub(in crate::topology) sections: [usize; 2],
}

/// The encounters of all nodes. The name counts first: a section that the other node has under the same name is meant for that one.
pub(super) fn encounters(mesh: &Mesh<'_>) -> Vec<Encounter> {
    let mut by_local: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, view) in mesh.views.iter().enumerate() {
        if let Some(local) = &view.local {
            by_local.entry(local).or_default().push(at);
        }
    }
    let mut all = Vec::new();
    for (from, view) in mesh.views.iter().enumerate() {
        let listed = candidates(mesh, view).flat_map(|(_, section)| view.remotes(section));
        let called = listed.flat_map(|peer| called(mesh, view, peer, &by_local));
        let mut near: Vec<usize> = called.filter(|to| *to > from && mesh.views[*to].summary != view.summary).collect();
        near.sort_unstable();
        near.dedup();
        all.extend(near.into_iter().flat_map(|to| between(mesh, [from, to])));
    }
    all
}

/// The nodes that are called as a line says. Of those that are called alike in many namespaces it is the one that the address leads to.
fn called(mesh: &Mesh<'_>, view: &View, peer: &PeerLine, by_local: &HashMap<&str, Vec<usize>>) -> Vec<usize> {
    let Some(called) = peer.name.as_deref().and_then(|name| by_local.get(name)) else { return Vec::new() };
    match only(mesh, view, peer) {
        Some(node) if called.len() > 1 => {
            let first = called.partition_point(|at| mesh.views[*at].node < node);
            called[first..].iter().copied().take_while(|at| mesh.views[*at].node == node).collect()
        }
        _ => called.clone(),
    }
}

/// The sections that a node is in, and that HAProxy does not remove for want of tables.
fn candidates<'m>(mesh: &'m Mesh<'_>, view: &'m View) -> impl Iterator<Item = (usize, &'m Section)> {
    let sections = mesh.summary(view).sections.iter().enumerate();
    sections.filter(|(_, section)| !section.tables.is_empty() && view.own(section).is_some())
}

/// What two nodes have for each other under different names, where there is no doubt which is for which.
fn between(mesh: &Mesh<'_>, ends: [usize; 2]) -> Vec<Encounter> {
    let [a, b] = ends.map(|at| &mesh.views[at]);
    let lacks = |view: &View, name: &str| mesh.summary(view).sections.iter().all(|s| s.name != name);
    let mut found = Vec::new();
    for (mine_at, mine) in candidates(mesh, a).filter(|(_, s)| lacks(b, &s.name)) {
        for (theirs_at, theirs) in candidates(mesh, b).filter(|(_, s)| lacks(a, &s.name)) {
            if let Some(fits) = meet(mesh, (a, mine), (b, theirs)) {
                found.push((fits, Encounter { ends, sections: [mine_at, theirs_at] }));
            }
        }
    }
    if found.iter().any(|(fits, _)| *fits) {
        found.retain(|(fits, _)| *fits);
    }
    let alone = |one: &Encounter, side: usize| found.iter().filter(|(_, e)| e.sections[side] == one.sections[side]).count() == 1;
    found.iter().map(|(_, e)| *e).filter(|e| alone(e, 0) && alone(e, 1)).collect()
}

/// Whether two sections list each other's nodes at addresses that lead to them; then, whether a port is one that is listened on.
fn meet(mesh: &Mesh<'_>, (a, mine): (&View, &Section), (b, theirs): (&View, &Section)) -> Option<bool> {
    let (there, back) = (mine.peer(b.local.as_deref()?)?, theirs.peer(a.local.as_deref()?)?);
    let fits = |line: &PeerLine, view: &View, section: &Section| {
        let port = line.address.as_ref().and_then(|a| a.port());
        port.is_some() && view.listener(section).and_then(|l| l.port()) == port
    };
    let (fit, fits_back) = (fits(there, b, theirs), fits(back, a, mine));
    let one_machine = fit && fits_back && mesh.shares_loopback((a, mine), (b, theirs));
    let lead = leads(mesh, a, there, b) && leads(mesh, b, back, a);
    (lead || one_machine).then_some(fit || fits_back)
}

fn leads(mesh: &Mesh<'_>, from: &View, line: &PeerLine, to: &View) -> bool {
    only(mesh, from, line) == Some(to.node)
}

/// The one node that the address of a line leads to.
fn only(mesh: &Mesh<'_>, from: &View, line: &PeerLine) -> Option<usize> {
    let nodes = match mesh.target(from, &line.address.as_ref()?.address.host) {
        Target::Nodes(nodes) => nodes,
        Target::Service(service) => mesh.selected(service).to_vec(),
        _ => return None,
    };
    <[usize; 1]>::try_from(nodes).ok().map(|[node]| node)
}
