//! The nodes that were asked, what each says of the others, and the pairs that come of it.

use std::collections::{BTreeMap, HashMap};

use crate::{
    config::address::Host,
    finding::{Draft, Severity, Subject, SubjectKind},
    source::{FileId, Location, Span},
    topology::{Listener, Mesh, PeerLine, Target, View, matrix, summary},
};

use super::{
    dump::{Dump, Peer, Section},
    probe::{Probe, Reached},
    session::{Around, Change, State, state},
};

/// One answer of a node.
#[derive(Clone, Debug)]
pub struct Sample {
    /// What it says.
    pub dump: Dump,
    /// The file that holds the text.
    pub file: FileId,
    /// When it was asked, in seconds since the first time, where that is known.
    pub seconds: Option<f64>,
}

/// A process that was asked, once or several times.
#[derive(Clone, Debug)]
pub struct Node {
    /// What people call it.
    pub name: String,
    /// Whether the user gave that name.
    pub named: bool,
    /// Where the answers come from: a file or a socket.
    pub source: String,
    /// The answers, the earliest first; never empty.
    pub samples: Vec<Sample>,
}

impl Node {
    /// The newest answer.
    pub fn dump(&self) -> &Dump {
        &self.samples[self.samples.len() - 1].dump
    }

    /// The name that the process goes by, or the node's where the dump does not tell.
    pub fn local_name(&self) -> &str {
        self.dump().local_name().unwrap_or(&self.name)
    }

    /// A place in the newest answer.
    pub fn at(&self, span: Span) -> Location {
        Location { file: self.samples[self.samples.len() - 1].file, span }
    }

    /// The whole newest answer.
    pub fn all(&self) -> Location {
        let span = self.dump().span;
        self.at(Span::new(span.start, span.start))
    }

    fn change(&self, section: &Section, peer: &Peer) -> Option<Change> {
        let last = self.samples.last()?;
        let same = |p: &&Peer| p.name == peer.name && p.address() == peer.address();
        self.samples[..self.samples.len() - 1].iter().find_map(|sample| {
            let before = sample.dump.sections.iter().find(|s| s.name == section.name)?.peers.iter().find(same)?;
            let by_clock = sample.seconds.zip(last.seconds).map(|(a, b)| b - a);
            let by_uptime = sample.dump.info.uptime.zip(last.dump.info.uptime).map(|(a, b)| b as f64 - a as f64);
            Change::between(before, peer, by_clock.or(by_uptime))
        })
    }
}

/// What a node says of a remote peer.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The node, in [`Cluster::nodes`].
    pub node: usize,
    section: usize,
    peer: usize,
    /// How it stands.
    pub state: State,
    /// What changed since the first answer.
    pub change: Option<Change>,
    /// The pair, in [`Cluster::pairs`].
    pub pair: usize,
}

/// Two peers that are to share tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The section.
    pub section: String,
    /// Their names, in order.
    pub names: [String; 2],
    /// What either says of the other, in [`Cluster::seen`].
    pub sides: [Option<usize>; 2],
    /// Whether either has a session.
    pub established: bool,
}

/// Everything that rules about the runtime look at.
pub struct Cluster<'a> {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// What is configured, where that is known.
    pub mesh: Option<&'a Mesh<'a>>,
    /// Every remote peer of every node.
    pub seen: Vec<Seen>,
    /// The pairs.
    pub pairs: Vec<Pair>,
    /// What was tried from this machine.
    pub probes: Vec<Probe>,
    by_local: HashMap<String, Vec<usize>>,
    views: Vec<Option<usize>>,
}

/// A remote peer, with all around it.
#[derive(Clone, Copy)]
pub struct Remote<'c> {
    /// What is known of it.
    pub seen: &'c Seen,
    /// The node that speaks.
    pub node: &'c Node,
    /// The section.
    pub section: &'c Section,
    /// The peer it speaks of.
    pub peer: &'c Peer,
    /// The pair of both.
    pub pair: &'c Pair,
}

impl<'a> Cluster<'a> {
    /// Judges every peer of every node, and puts the two views of a pair together.
    pub fn new(nodes: Vec<Node>, mesh: Option<&'a Mesh<'a>>, probes: Vec<Probe>) -> Self {
        let mut by_local: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, node) in nodes.iter().enumerate() {
            by_local.entry(node.local_name().to_owned()).or_default().push(at);
        }
        let views = nodes.iter().map(|node| view_of(mesh?, node)).collect();
        let mut cluster = Self { nodes, mesh, seen: Vec::new(), pairs: Vec::new(), probes, by_local, views };
        cluster.look();
        cluster
    }

    fn look(&mut self) {
        let mut known: BTreeMap<(String, [String; 2]), usize> = BTreeMap::new();
        for (at, node) in self.nodes.iter().enumerate() {
            let dump = node.dump();
            let (queues_hello, uptime, ours) = (dump.queues_hello(), dump.info.uptime, node.local_name());
            for (section_at, section) in dump.sections.iter().enumerate() {
                for (peer_at, peer) in section.peers.iter().enumerate().filter(|(_, p)| !p.is_local()) {
                    let change = node.change(section, peer);
                    let around = Around { change, uptime, queues_hello };
                    let state = state(section, peer, &around);
                    // A node that answers under the name that is called is the one that is meant, whatever is at the address.
                    let meant = self.by_local.contains_key(&peer.name);
                    let other = if meant { &peer.name } else { called(&self.nodes, at, peer, state) };
                    let side = usize::from(ours > other);
                    let mut names = [ours.to_owned(), other.to_owned()];
                    names.sort();
                    let there = self.called_there(node, section, peer).unwrap_or(&section.name);
                    let key = section.name.as_str().min(there).to_owned();
                    let pair = *known.entry((key, names.clone())).or_insert_with(|| {
                        let section = section.name.clone();
                        self.pairs.push(Pair { section, names, sides: [None; 2], established: false });
                        self.pairs.len() - 1
                    });
                    self.pairs[pair].established |= state == State::Established;
                    self.pairs[pair].sides[side] = Some(self.seen.len());
                    self.seen.push(Seen { node: at, section: section_at, peer: peer_at, state, change, pair });
                }
            }
        }
    }

    /// What the other node calls the section in which it meets this one, where neither has a section that is called as the other's:
    /// HAProxy goes by addresses and by the names of peers. It is certain where each has the address that the other connects to.
    fn called_there(&self, node: &Node, section: &Section, peer: &Peer) -> Option<&str> {
        let [other] = self.by_local.get(&peer.name)?[..] else { return None };
        let there = &self.nodes[other].dump().sections;
        let has = |sections: &[Section], name: &str| sections.iter().any(|s| s.name == name);
        if std::ptr::eq(node, &self.nodes[other]) || has(there, &section.name) {
            return None;
        }
        let own = section.local()?.address();
        let meets = |theirs: &&Section| {
            let connects_back = |p: &&Peer| !p.is_local() && p.name == node.local_name() && p.address() == own;
            let is_reached = theirs.local().is_some_and(|local| local.address() == peer.address());
            is_reached && theirs.peers.iter().any(|p| connects_back(&p)) && !has(&node.dump().sections, &theirs.name)
        };
        let mut found = there.iter().filter(meets);
        found.next().filter(|_| found.next().is_none()).map(|section| section.name.as_str())
    }

    /// Everything around one of [`Self::seen`].
    pub fn remote<'c>(&'c self, seen: &'c Seen) -> Remote<'c> {
        let node = &self.nodes[seen.node];
        let section = &node.dump().sections[seen.section];
        Remote { seen, node, section, peer: &section.peers[seen.peer], pair: &self.pairs[seen.pair] }
    }

    /// Every remote peer of every node.
    pub fn remotes(&self) -> impl Iterator<Item = Remote<'_>> {
        self.seen.iter().map(|seen| self.remote(seen))
    }

    /// Those in one of these states.
    pub fn in_state<'c>(&'c self, states: &'c [State]) -> impl Iterator<Item = Remote<'c>> {
        self.remotes().filter(move |r| states.contains(&r.seen.state))
    }

    /// The nodes whose process goes by `name`.
    pub fn named<'c>(&'c self, name: &str) -> impl Iterator<Item = &'c Node> + use<'c, 'a> {
        self.by_local.get(name).into_iter().flatten().map(|at| &self.nodes[*at])
    }

    /// The node that shows the address of a peer as its own.
    pub fn owner(&self, remote: &Remote<'_>) -> Option<&Node> {
        owner(&self.nodes, remote.peer)
    }

    /// What is configured on a node.
    pub fn view(&self, node: &Node) -> Option<&'a View> {
        let at = self.nodes.iter().position(|n| std::ptr::eq(n, node))?;
        self.mesh?.views.get((*self.views.get(at)?)?)
    }

    /// The line that makes `remote` a peer, on the node that speaks.
    pub fn line(&self, remote: &Remote<'_>) -> Option<&'a PeerLine> {
        self.section(remote)?.peer(&remote.peer.name)
    }

    /// The section that `remote` is in, as it is configured on the node that speaks.
    fn section(&self, remote: &Remote<'_>) -> Option<&'a summary::Section> {
        let sections = &self.mesh?.summary(self.view(remote.node)?).sections;
        sections.iter().find(|s| s.name == remote.section.name).or_else(|| sections.first().filter(|_| sections.len() == 1))
    }

    /// What the topology says of the way from the node that speaks to the peer.
    pub fn link(&self, remote: &Remote<'_>) -> Option<&'a matrix::Link> {
        let mesh = self.mesh?;
        let from = self.view(remote.node)?;
        let place = |wanted: &dyn Fn(&View) -> bool| mesh.views.iter().position(wanted);
        let from = place(&|v| v.node == from.node)?;
        let to = place(&|v| v.local.as_deref() == Some(remote.peer.name.as_str()))?;
        mesh.matrix.get(from, to)
    }

    /// The other side's own word on the same pair.
    pub fn other_side(&self, remote: &Remote<'_>) -> Option<Remote<'_>> {
        let node = remote.seen.node;
        let other = remote.pair.sides.iter().flatten().map(|at| &self.seen[*at]).find(|seen| seen.node != node)?;
        Some(self.remote(other))
    }

    /// What the topology knows of the address that is dialled.
    fn behind(&self, remote: &Remote<'_>) -> Option<String> {
        let (mesh, view) = self.mesh.zip(self.view(remote.node))?;
        let (host, _) = remote.peer.host_and_port()?;
        let peer = &remote.peer.name;
        match mesh.target(view, &Host::Ip(host.parse().ok()?)) {
            Target::Service(at) => Some(format!("{host} is the address of Service `{}`, not of a pod", mesh.topology.services[at].name)),
            Target::Vip(_) => Some(format!("{host} is an address that moves between hosts: each peer needs one of its own")),
            Target::Itself if self.section(remote).is_some_and(|section| mesh.may_share_a_machine(view, section)) => None,
            Target::Itself if mesh.views.iter().any(|v| v.local.as_deref() == Some(peer) && mesh.is_beside(v.node, &[view.node])) => None,
            Target::Itself => Some(format!("{host} is an address of `{}` itself", remote.node.name)),
            Target::Nodes(nodes) => {
                let mut there = mesh.views.iter().filter(|v| nodes.contains(&v.node));
                if there.clone().any(|v| v.local.as_deref() == Some(peer)) {
                    return None;
                }
                let there = there.next()?;
                let local = there.local.as_deref()?;
                Some(format!("{host} is `{}`, which goes by `{local}` and not by `{peer}`", mesh.node(there).name))
            }
            _ => None,
        }
    }

    /// Drafts about probes that failed in one of the ways that `kind` picks; of peers that a dump is bad about, that tells it.
    pub fn probed<'c>(&'c self, kind: impl Fn(&Reached) -> bool + 'c, help: &'c str) -> impl Iterator<Item = Draft> + 'c {
        let told = |p: &&Probe| !self.remotes().any(|r| r.peer.name == p.peer && r.seen.state != State::Established);
        let failed = self.probes.iter().filter(|p| !p.is_good()).filter(told).filter(move |p| kind(&p.reached));
        failed.map(move |probe| {
            let draft = probe.at.map_or_else(|| Draft::nowhere(probe.meaning()), |at| Draft::at(at, probe.meaning()));
            let draft = draft.help(help).note(format!("the probe of `{}` from this machine", probe.peer));
            if probe.own { draft.note("that is an address of this machine itself") } else { draft }
        })
    }

    /// A draft about a remote peer: its place, the node, and what the configuration says of the cause.
    pub fn draft(&self, remote: &Remote<'_>, evidence: &str, message: String) -> Draft {
        let mut draft = Draft::at(remote.at(evidence), message)
            .about(Subject::new(SubjectKind::Node, remote.node.name.as_str()))
            .about(Subject::new(SubjectKind::Peer, remote.peer.name.as_str()).at(remote.node.at(remote.peer.span)))
            .nodes(vec![remote.node.name.clone()]);
        if let Some(line) = self.line(remote) {
            let at = line.address.as_ref().map_or(line.at, |a| a.at);
            draft = draft.also(at, format!("`{}` connects to this for `{}`", remote.node.name, line.shown));
        }
        if remote.seen.state != State::Established {
            draft.notes.extend(self.behind(remote));
            let link = self.link(remote);
            if let Some(line) = self.line(remote).and_then(|l| l.address.as_ref()).filter(|l| is_other(l, remote.peer)) {
                let (node, text, runs) = (&remote.node.name, &line.text, remote.peer.address());
                draft.notes.push(format!("`{node}` runs with {runs}, and its configuration says `{text}`: reload it"));
            }
            draft = match link {
                Some(link) if link.verdict == matrix::Verdict::Broken => draft.note(format!("the configuration says why: {}", link.reason)),
                Some(link) if link.verdict == matrix::Verdict::Fine => {
                    draft.note("as far as the configuration tells this link works: look at what it cannot tell, as firewalls and whether the other side runs")
                }
                _ => draft,
            };
        }
        let tried = self.probes.iter().find(|p| p.peer == remote.peer.name && p.section == remote.section.name);
        if let Some(probe) = tried.filter(|_| remote.seen.state != State::Established) {
            draft = draft.note(format!("the probe from this machine: {}", probe.meaning()));
            if probe.is_good() && remote.seen.state.is_sticky() {
                draft = draft.note(format!("so what was wrong is mended, and `{}` does not know: reload it", remote.node.name));
            }
        }
        if remote.pair.established && remote.seen.state != State::Established {
            let other =
                "the other side's own answer shows a session for this pair: the answers are of different times, ask all nodes at once";
            draft = draft.severity(Severity::Warning).note(other);
        }
        draft
    }
}

/// The one node that shows the address of a peer as its own.
fn owner<'n>(nodes: &'n [Node], peer: &Peer) -> Option<&'n Node> {
    let owns = |n: &&Node| n.dump().sections.iter().filter_map(|s| s.local()).any(|l| l.address() == peer.address());
    let mut owners = nodes.iter().filter(owns);
    owners.next().filter(|_| owners.next().is_none())
}

/// The name that the process behind a peer goes by: where it has turned away who called it otherwise, and its own answer is at
/// hand, both are one pair all the same.
fn called<'n>(nodes: &'n [Node], from: usize, peer: &'n Peer, state: State) -> &'n str {
    // All nodes are looked through only for the few that were turned away.
    let other = || owner(nodes, peer).filter(|node| !std::ptr::eq(*node, &nodes[from]));
    (state == State::OtherName).then(other).flatten().map_or(&peer.name, |node| node.local_name())
}

/// Whether the configuration has another address than the running process.
fn is_other(line: &Listener, peer: &Peer) -> bool {
    let (Host::Ip(ip), Some((host, port))) = (&line.address.host, peer.host_and_port()) else { return false };
    host.parse::<std::net::IpAddr>().is_ok_and(|running| running != *ip) || line.port().is_some_and(|p| p != port)
}

/// The node of the topology that a dump is of: by the name it goes by, then by the name the user gave.
fn view_of(mesh: &Mesh<'_>, node: &Node) -> Option<usize> {
    let by_node = || mesh.views.iter().position(|v| mesh.node(v).name == node.name);
    let local = node.dump().local_name();
    let by_local = || mesh.views.iter().position(|v| local.is_some() && v.local.as_deref() == local);
    if node.named { by_node().or_else(by_local) } else { by_local().or_else(by_node) }
}

impl Remote<'_> {
    /// The place of a field, or of the peer's name where there is none.
    pub fn at(&self, key: &str) -> Location {
        let status = || self.peer.status_field().filter(|_| key == "last_status");
        let session = || self.peer.session.as_ref().and_then(|s| s.fields.get(key));
        let field = status().or_else(|| self.peer.fields.get(key)).or_else(session);
        self.node.at(field.map_or(self.peer.span, |f| f.span))
    }

    /// `last_status=NAME`, as the dump has it.
    pub fn status_words(&self) -> String {
        self.peer.status_field().map_or_else(String::new, |f| format!("{}={}", f.key, f.value))
    }

    /// `key=value` as the dump has it, of the peer or of its session.
    pub fn words(&self, keys: &[&str]) -> String {
        let of = |key: &&str| {
            let field = self.peer.fields.get(key).or_else(|| self.peer.session.as_ref()?.fields.get(key))?;
            Some(format!("{}={}", field.key, field.value))
        };
        keys.iter().filter_map(of).collect::<Vec<_>>().join(" ")
    }

    /// A field of the session, as a text.
    pub fn session(&self, key: &str) -> Option<&str> {
        self.peer.of_session(key)
    }

    /// The name that the node that speaks goes by.
    pub fn us(&self) -> &str {
        self.node.local_name()
    }
}
