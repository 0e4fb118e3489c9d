//! Which nodes are meant to be linked.

use std::collections::{BTreeSet, HashMap};

use super::{
    super::{
        mesh::{Mesh, View},
        model::Platform,
        resolve::Target,
        summary::PeerLine,
    },
    MAX_PAIRS, section,
};

/// The pairs of nodes that are meant to be in one mesh, in both directions: pods of one workload that read the same
/// file, and nodes of which one lists the other.
pub(super) fn related(mesh: &Mesh<'_>, nodes: &[usize], name: &str) -> BTreeSet<(usize, usize)> {
    let mut by_local: HashMap<&str, Called<'_>> = HashMap::new();
    let mut by_home: HashMap<(usize, usize), Vec<usize>> = HashMap::new();
    for at in nodes {
        let view = &mesh.views[*at];
        by_home.entry((mesh.summary(view).configuration, mesh.node(view).group)).or_default().push(*at);
        if let Some(local) = &view.local {
            by_local.entry(local).or_default().add(mesh, *at);
        }
    }
    let mut pairs = BTreeSet::new();
    for from in nodes {
        let view = &mesh.views[*from];
        let home = by_home.get(&(mesh.summary(view).configuration, mesh.node(view).group));
        let peers = section(mesh, *from, name).into_iter().flat_map(|s| &s.peers);
        let listed = peers.flat_map(|peer| {
            let called = peer.name.as_deref().and_then(|n| by_local.get(n));
            called.map(|called| meant(mesh, view, peer, called)).unwrap_or_default()
        });
        for to in home.into_iter().flatten().copied().chain(listed).filter(|to| to != from) {
            if pairs.len() >= MAX_PAIRS {
                return pairs;
            }
            pairs.extend([(*from, to), (to, *from)]);
        }
    }
    joined(&mut pairs);
    pairs.retain(|(from, to)| !mesh.group(&mesh.views[*from]).runs_instead_of(mesh.group(&mesh.views[*to])));
    pairs
}

/// Adds the pairs that only third nodes join: they are meant to share, and nobody passes anything on.
fn joined(pairs: &mut BTreeSet<(usize, usize)>) {
    let mut near: HashMap<usize, Vec<usize>> = HashMap::new();
    pairs.iter().for_each(|(from, to)| near.entry(*from).or_default().push(*to));
    let mut starts: Vec<usize> = near.keys().copied().collect();
    starts.sort_unstable();
    let mut seen = BTreeSet::new();
    for start in starts {
        let (mut cluster, mut waiting) = (Vec::new(), vec![start]);
        while let Some(at) = waiting.pop() {
            if seen.insert(at) {
                cluster.push(at);
                waiting.extend(near.get(&at).into_iter().flatten());
            }
        }
        if cluster.len() * cluster.len() + pairs.len() > MAX_PAIRS {
            continue;
        }
        pairs.extend(cluster.iter().flat_map(|a| cluster.iter().filter(move |b| *b != a).map(move |b| (*a, *b))));
    }
}

/// The nodes that are called alike: pods of one name are in each of many namespaces.
#[derive(Default)]
struct Called<'m> {
    all: Vec<usize>,
    by_group: HashMap<usize, Vec<usize>>,
    by_namespace: HashMap<&'m str, Vec<usize>>,
}

impl<'m> Called<'m> {
    fn add(&mut self, mesh: &'m Mesh<'_>, at: usize) {
        let view = &mesh.views[at];
        self.all.push(at);
        self.by_group.entry(mesh.node(view).group).or_default().push(at);
        self.by_namespace.entry(&mesh.group(view).namespace).or_default().push(at);
    }
}

/// Which of the nodes that are `called` alike a line means: one of the same workload, else of the same namespace, else
/// the one that its address leads to. Two releases in two namespaces have nothing to do with each other.
fn meant(mesh: &Mesh<'_>, view: &View, peer: &PeerLine, called: &Called<'_>) -> Vec<usize> {
    let group = mesh.group(view);
    if let Some(same_group) = called.by_group.get(&mesh.node(view).group) {
        return same_group.clone();
    }
    let here = called.by_namespace.get(group.namespace.as_str()).into_iter().flatten().copied();
    let here: Vec<usize> = here.filter(|at| mesh.group(&mesh.views[*at]).platform == group.platform).collect();
    if !here.is_empty() || group.platform != Platform::Kubernetes {
        return if here.is_empty() { called.all.clone() } else { here };
    }
    let nodes = match peer.address.as_ref().map(|a| mesh.target(view, &a.address.host)) {
        Some(Target::Nodes(nodes)) => nodes,
        Some(Target::Service(service)) => mesh.selected(service).to_vec(),
        _ => Vec::new(),
    };
    called.all.iter().copied().filter(|at| nodes.contains(&mesh.views[*at].node)).collect()
}
