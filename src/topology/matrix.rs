//! The links of the mesh: whether one node reaches another as its peer, and what keeps it from it.
//!
//! One working direction is enough for two nodes to synchronise: sessions carry updates both ways.

mod otherwise;
mod pair;
mod related;

use std::collections::HashMap;

use super::{mesh::Mesh, policy::Blocked, summary::Section};
pub(super) use otherwise::Encounter;
use pair::{Judged, pair, unknown};
use related::related;

/// Whether a link works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It does, as far as the topology tells.
    Fine,
    /// Something that is needed to tell is not known.
    Unknown,
    /// It does not.
    Broken,
}

impl Verdict {
    /// The name that the JSON uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Unknown => "unknown",
            Self::Broken => "broken",
        }
    }
}

/// What keeps a node from reaching another, or is not known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the sentences of `Link::reason` say it")]
pub enum Cause {
    None,
    DoesNotStart,
    NotInOwnList,
    NotListed,
    NotRelayed,
    UnknownThere,
    NoAddress,
    AddressUnknown,
    Unresolvable,
    DialsItself,
    WrongNode,
    Shared,
    NoEndpoints,
    NoServicePort,
    Loopback,
    OtherAddress,
    OtherPort,
    NotListening,
    /// The address of a machine of Kubernetes, from where nothing leads on to the pod.
    NoHostPort,
    Policy(Blocked),
    Tls,
    /// The listener asks for a certificate, and who connects has none.
    Certificate,
    /// The listener waits for the PROXY protocol, and who connects does not send it.
    Proxy,
    SameName,
    Unpublished,
    /// A Service has addresses of a kind that the node does not listen on.
    Family,
    /// The address that it listens on as a peer moves, and whether it starts without that is not known.
    MayNotStart,
    /// It is dialled at an address that the inventory, which need not know all of them, does not have.
    NotInInventory,
}

/// A node dials another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The place of the node that dials in [`Mesh::views`].
    pub from: usize,
    /// The place of the node that is dialled.
    pub to: usize,
    /// Whether that works.
    pub verdict: Verdict,
    /// Why not.
    pub cause: Cause,
    /// The same for people: one sentence without a full stop.
    pub reason: String,
}

/// How many nodes that read one section of one configuration are looked at in pairs.
pub const MAX_NODES: usize = 200;

/// How many pairs of one section are looked at.
pub(super) const MAX_PAIRS: usize = 200_000;

/// What two nodes see of each other.
#[derive(Debug, Default)]
pub struct Matrix {
    /// Each direction of each pair, in the order of the nodes.
    pub links: Vec<Link>,
    /// The sections that join two nodes under different names.
    pub(super) otherwise: Vec<Encounter>,
    index: HashMap<(usize, usize), usize>,
}

impl Matrix {
    /// Looks at every pair of nodes that belong to the same mesh.
    pub fn new(mesh: &Mesh<'_>) -> Self {
        let mut matrix = Self::default();
        let mut clusters: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut names = Vec::new();
        let mut readers: HashMap<(&str, usize), usize> = HashMap::new();
        for (at, view) in mesh.views.iter().enumerate() {
            for section in &mesh.summary(view).sections {
                let name = section.name.as_str();
                let list = clusters.entry(name).or_default();
                if list.is_empty() {
                    names.push(name);
                }
                let count = readers.entry((name, mesh.summary(view).configuration)).or_insert(0);
                *count += 1;
                if *count <= MAX_NODES {
                    list.push(at);
                }
            }
        }
        for name in names {
            for (from, to) in related(mesh, &clusters[name], name) {
                matrix.add(link([from, to], of_name(mesh, from, to, name)));
            }
        }
        matrix.otherwise = otherwise::encounters(mesh);
        for Encounter { ends: [a, b], sections: [one, two] } in matrix.otherwise.clone() {
            let of = |view: usize, at: usize| &mesh.summary(&mesh.views[view]).sections[at];
            matrix.add(link([a, b], pair(mesh, [a, b], of(a, one), of(b, two)).judge()));
            matrix.add(link([b, a], pair(mesh, [b, a], of(b, two), of(a, one)).judge()));
        }
        matrix
    }

    fn add(&mut self, link: Link) {
        let key = (link.from, link.to);
        match self.index.get(&key) {
            // Two sections join the same nodes: the better one counts.
            Some(at) if self.links[*at].verdict <= link.verdict => {}
            Some(at) => self.links[*at] = link,
            None => {
                self.index.insert(key, self.links.len());
                self.links.push(link);
            }
        }
    }

    /// The link between two nodes.
    pub fn get(&self, from: usize, to: usize) -> Option<&Link> {
        self.index.get(&(from, to)).map(|at| &self.links[*at])
    }

    /// The links that do not work.
    pub fn broken(&self) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(|l| l.verdict == Verdict::Broken)
    }

    /// Whether the opposite direction works, as far as anything speaks against it, so that the pair synchronises all the same.
    pub fn is_saved(&self, link: &Link) -> bool {
        let may = |back: &Link| matches!(back.cause, Cause::MayNotStart | Cause::NotInInventory);
        self.get(link.to, link.from).is_some_and(|back| back.verdict == Verdict::Fine || may(back))
    }
}

fn section<'m>(mesh: &'m Mesh<'_>, view: usize, name: &str) -> Option<&'m Section> {
    mesh.summary(&mesh.views[view]).sections.iter().find(|s| s.name == name)
}

fn of_name(mesh: &Mesh<'_>, from: usize, to: usize, name: &str) -> Judged {
    match (section(mesh, from, name), section(mesh, to, name)) {
        (Some(mine), Some(theirs)) => pair(mesh, [from, to], mine, theirs).judge(),
        _ => unknown(Cause::NotListening, "one of them has no such section"),
    }
}

fn link([from, to]: [usize; 2], (verdict, cause, reason): Judged) -> Link {
    Link { from, to, verdict, cause, reason }
}
