//! What is said above a `peers` section: which node this is, and whether the nodes reach each other.

use std::collections::BTreeMap;

use crate::{
    config::Role,
    source::{FileId, Location},
    topology::{
        Mesh,
        matrix::{Link, Verdict},
    },
};

use super::View;

/// A sentence above a line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lens {
    /// The name of the section.
    pub location: Location,
    /// A few words.
    pub title: String,
    /// Each link that does not work, in lines.
    pub whole: String,
}

impl Lens {
    /// The same at another place.
    #[must_use]
    pub fn moved(self, location: Location) -> Self {
        Self { location, ..self }
    }
}

/// What the configuration alone tells; `local` is the name of the node, where it is known.
pub fn lenses(view: &View<'_>, file: FileId, local: Option<&str>) -> Vec<Lens> {
    let mut lenses: Vec<Lens> = Vec::new();
    for seen in view.config().all_peers_views(local).iter().filter(|seen| seen.versions.meets(view.versions())) {
        let Some(location) = seen.peers.section.name().map(|name| name.location).filter(|place| place.file == file) else { continue };
        let of = |role: Role| -> Vec<String> {
            seen.members.iter().filter(|member| member.role == role).map(|member| member.peer.name.display().into_owned()).collect()
        };
        let (own, others) = (of(Role::Local), of(Role::Remote));
        let title = match (own.as_slice(), others.as_slice()) {
            ([own, ..], []) => format!("the local node is {own}, which connects to nobody"),
            ([own, ..], others) => format!("the local node is {own}, which connects to {}", others.join(", ")),
            ([], _) => "which of these is the local node is not known".to_owned(),
        };
        if lenses.last().is_none_or(|known| (known.location, &known.title) != (location, &title)) {
            lenses.push(Lens { location, title, whole: String::new() });
        }
    }
    lenses
}

/// What the nodes of a topology make of their sections.
pub fn mesh_lenses(mesh: &Mesh<'_>) -> Vec<Lens> {
    let mut sections: BTreeMap<Location, (&str, Vec<usize>)> = BTreeMap::new();
    for (at, view) in mesh.views.iter().enumerate() {
        for section in &mesh.summary(view).sections {
            let Some(place) = section.at else { continue };
            sections.entry(place).or_insert_with(|| (section.name.as_str(), Vec::new())).1.push(at);
        }
    }
    sections.into_iter().map(|(location, (_, nodes))| of_nodes(mesh, location, &nodes)).collect()
}

fn of_nodes(mesh: &Mesh<'_>, location: Location, nodes: &[usize]) -> Lens {
    let name = |at: usize| mesh.node(&mesh.views[at]).name.as_str();
    let own: Vec<&Link> = mesh.matrix.links.iter().filter(|link| nodes.contains(&link.from)).collect();
    let count = |verdict: Verdict| own.iter().filter(|link| link.verdict == verdict).count();
    let (fine, broken, unknown) = (count(Verdict::Fine), count(Verdict::Broken), count(Verdict::Unknown));
    let who = match nodes {
        [one] => name(*one).to_owned(),
        many => format!("{} nodes", many.len()),
    };
    let title = match (own.len(), broken, unknown) {
        (0, ..) => format!("{who}: no other node to reach"),
        (1, 0, 0) => format!("{who}: its one link works"),
        (all, 0, 0) => format!("{who}: all {all} links work"),
        (all, 0, unknown) => format!("{who}: {fine} of {all} links work, {unknown} not known"),
        (all, broken, _) => format!("{who}: {broken} of {all} links do not work"),
    };
    let bad = own.iter().filter(|link| link.verdict != Verdict::Fine);
    let whole: Vec<String> = bad.take(20).map(|link| format!("{} → {}: {}", name(link.from), name(link.to), link.reason)).collect();
    Lens { location, title, whole: whole.join("\n") }
}
