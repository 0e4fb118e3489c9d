//! All nodes together, with what each of them reads.

use std::{
    cell::OnceCell,
    collections::{HashMap, HashSet},
    net::IpAddr,
    rc::Rc,
};

use crate::{
    config::{PeerKind, address::Host},
    source::{FileId, Location},
};

use super::{
    Platform,
    matrix::{Encounter, Matrix},
    model::{Autoscaler, Awaited, Group, Name, Node, Service, Topology},
    resolve::{Names, Target},
    summary::{Listener, PeerLine, Section, Summary},
    yaml::Yaml,
};

/// What rules see that look at all nodes together.
pub struct Mesh<'a> {
    /// Where everything runs.
    pub topology: &'a Topology,
    /// What the nodes read.
    pub summaries: Vec<Summary>,
    /// Each node that reads a configuration, in the order of the nodes.
    pub views: Vec<View>,
    /// Why each node does not start, where that is certain, in the order of the views.
    pub starts: Vec<Option<String>>,
    /// The links between the nodes.
    pub matrix: Matrix,
    pub(super) names: Names,
    /// How many nodes each group has.
    sizes: HashMap<*const Group, usize>,
    /// The manifests as trees, each once a fix needs it.
    pub(super) trees: Vec<OnceCell<Vec<Rc<Yaml>>>>,
    /// The files of configurations, counted through all of them, by the files that they stand in.
    pub(super) homes: OnceCell<HashMap<FileId, Vec<Home>>>,
    /// The views by platform and namespace.
    pub(super) places: OnceCell<HashMap<(u8, String), Vec<usize>>>,
    /// For each Service that is dialled the peer that it stands for, where that is one alone.
    pub(super) dialled_for: OnceCell<HashMap<usize, Option<String>>>,
    /// The hosts that have addresses which look like ones that move.
    pub(super) holders: OnceCell<HashMap<IpAddr, usize>>,
}

/// Where a file of a configuration begins in the file that it stands in, with the numbers of both.
pub(super) type Home = (u32, usize, usize);

/// A node and what it reads.
#[derive(Clone, Debug)]
pub struct View {
    /// Its place in [`Topology::nodes`].
    pub node: usize,
    /// Its place in [`Mesh::summaries`].
    pub summary: usize,
    /// The name it takes itself for, where that is known.
    pub local: Option<String>,
    /// Whether a `localpeer` line gave it.
    pub by_localpeer: bool,
}

/// A peer that a node dials.
#[derive(Clone, Debug)]
pub struct Dialled<'s> {
    /// The line.
    pub peer: &'s PeerLine,
    /// Its address.
    pub address: &'s Listener,
    /// What is there.
    pub target: Target,
    /// The node that dials.
    pub from: usize,
}

impl Dialled<'_> {
    /// The Service whose name is in the address, headless or not.
    pub fn service(&self, mesh: &Mesh<'_>) -> Option<usize> {
        match self.target {
            Target::Service(at) => Some(at),
            _ => self.headless(mesh),
        }
    }

    /// Why the DNS that the node asks does not know the name in the address, which is one of the cluster.
    pub fn lacks_name(&self, mesh: &Mesh<'_>) -> Option<String> {
        let Host::Name(name) = &self.address.address.host else { return None };
        let of_cluster = match self.target {
            Target::Service(_) | Target::Nodes(_) => true,
            Target::Unknown => name.split('.').any(|label| label == "svc"),
            _ => false,
        };
        let why = mesh.topology.groups[mesh.topology.nodes[self.from].group].lacks_names(name).filter(|_| of_cluster)?;
        Some(format!("`{}` does not resolve: {why}", self.address.text))
    }

    /// The headless Service whose name is in the address.
    pub fn headless(&self, mesh: &Mesh<'_>) -> Option<usize> {
        let (Target::Nodes(_), Host::Name(name)) = (&self.target, &self.address.address.host) else { return None };
        let group = &mesh.topology.groups[mesh.topology.nodes[self.from].group];
        let labels: Vec<&str> = name.split('.').collect();
        let named = |at: usize| labels.get(at).and_then(|label| mesh.names.service(&group.namespace, label));
        named(1).or_else(|| named(0)).filter(|at| mesh.topology.services[*at].headless)
    }
}

impl View {
    /// The node's own line of a section.
    pub fn own<'s>(&self, section: &'s Section) -> Option<&'s PeerLine> {
        match &self.local {
            Some(local) => section.peer(local),
            None => section.peers.iter().find(|p| p.after_host),
        }
    }

    /// Where the node listens for its peers.
    pub fn listener<'s>(&self, section: &'s Section) -> Option<&'s Listener> {
        let own = || self.own(section).filter(|p| p.kind == PeerKind::Peer).and_then(|p| p.address.as_ref());
        section.bind.as_ref().or_else(own)
    }

    /// The peers that are not the node itself.
    pub fn remotes<'s>(&'s self, section: &'s Section) -> impl Iterator<Item = &'s PeerLine> {
        let own = self.own(section).map(|p| p.at);
        section.peers.iter().filter(move |p| Some(p.at) != own)
    }
}

impl<'a> Mesh<'a> {
    pub(crate) fn new(topology: &'a Topology) -> Self {
        let mut sizes = HashMap::new();
        for node in &topology.nodes {
            *sizes.entry(std::ptr::from_ref(&topology.groups[node.group])).or_insert(0) += 1;
        }
        let trees = topology.sources.files().iter().map(|_| OnceCell::new()).collect();
        Self {
            topology,
            sizes,
            summaries: Vec::new(),
            views: Vec::new(),
            starts: Vec::new(),
            matrix: Matrix::default(),
            names: Names::new(topology),
            trees,
            homes: OnceCell::new(),
            places: OnceCell::new(),
            holders: OnceCell::new(),
            dialled_for: OnceCell::new(),
        }
    }

    /// The node of a view.
    pub fn node(&self, view: &View) -> &'a Node {
        &self.topology.nodes[view.node]
    }

    /// The group of a view's node.
    pub fn group(&self, view: &View) -> &'a Group {
        &self.topology.groups[self.node(view).group]
    }

    /// What the node of a view reads.
    pub fn summary(&self, view: &View) -> &Summary {
        &self.summaries[view.summary]
    }

    /// Every node with each `peers` section that it reads.
    pub fn sections(&self) -> impl Iterator<Item = (&View, &Section)> {
        self.views.iter().flat_map(|view| self.summary(view).sections.iter().map(move |section| (view, section)))
    }

    /// The nodes of each group that read a `peers` section alike.
    pub fn by_group(&self) -> Vec<(&'a Group, &Section, Vec<&View>)> {
        let mut all: Vec<(usize, &Section, Vec<&View>)> = Vec::new();
        let mut known: HashMap<(usize, usize, Option<Location>), usize> = HashMap::new();
        // Nodes that read other lines of the file otherwise may read this section alike.
        let mut last: HashMap<(usize, Option<Location>), usize> = HashMap::new();
        for (view, section) in self.sections() {
            let group = self.node(view).group;
            let at = *known.entry((group, view.summary, section.at)).or_insert_with(|| {
                let alike = last.get(&(group, section.at)).copied().filter(|at| all[*at].1.says_the_same(section));
                alike.unwrap_or_else(|| {
                    all.push((group, section, Vec::new()));
                    last.insert((group, section.at), all.len() - 1);
                    all.len() - 1
                })
            });
            all[at].2.push(view);
        }
        all.into_iter().map(|(group, section, views)| (&self.topology.groups[group], section, views)).collect()
    }

    /// What the node of a view reaches when it dials `host`.
    pub fn target(&self, view: &View, host: &Host) -> Target {
        self.names.target(self.topology, view.node, host)
    }

    /// Whether a node may have its loopback addresses in common with the peers of `section`: they are meant for one machine, and
    /// nothing says that this one has others.
    pub fn may_share_a_machine(&self, view: &View, section: &Section) -> bool {
        let is_bare = self.node(view).addresses.is_none() && self.group(view).platform == Platform::Host;
        is_bare && section.is_of_one_machine()
    }

    /// Every peer of a section with its address, as a node that is not that peer dials it.
    pub fn dialled<'s>(&self, section: &'s Section, views: &[&View]) -> Vec<Dialled<'s>> {
        let dial = |peer: &'s PeerLine| {
            let address = peer.address.as_ref()?;
            let other = |v: &&&View| v.own(section).map(|own| own.at) != Some(peer.at);
            let view = views.iter().find(other)?;
            Some(Dialled { peer, address, target: self.target(view, &address.address.host), from: view.node })
        };
        section.peers.iter().filter_map(dial).collect()
    }

    /// Every other peer of a section as one node dials it.
    pub fn dialled_by<'s>(&self, view: &View, section: &'s Section) -> Vec<Dialled<'s>> {
        self.dialled(section, &[view])
    }

    /// The nodes that a Service leads to.
    pub fn selected(&self, service: usize) -> &[usize] {
        self.names.selected(service)
    }

    /// The Services that lead to a node.
    pub fn selecting(&self, node: usize) -> impl Iterator<Item = &'a Service> {
        self.names.selecting(node).iter().map(|at| &self.topology.services[*at])
    }

    /// A word as it is written in its file.
    pub fn written(&self, listener: &Listener) -> String {
        self.topology.sources.file(listener.at.file).text(listener.at.span).into_owned()
    }

    /// What scales a group by itself.
    pub fn autoscaler(&self, group: &Group) -> Option<&'a Autoscaler> {
        self.topology.autoscaler(group)
    }

    /// The group that another one waits for before it is started.
    pub fn awaited(&self, group: &Group, awaited: &Awaited) -> Option<usize> {
        self.topology
            .groups
            .iter()
            .position(|g| g.namespace == group.namespace && g.platform == group.platform && g.name == awaited.service.value)
    }

    /// How many nodes a group has.
    pub fn size(&self, group: &Group) -> usize {
        self.sizes.get(&std::ptr::from_ref(group)).copied().unwrap_or(0)
    }

    /// Two nodes of one mesh that read a section otherwise, or call it otherwise: one pair for each two readings, with the section of each.
    pub fn meetings(&self) -> Vec<(&View, &View, &Section, &Section)> {
        let mut met = HashSet::new();
        let mut all = Vec::new();
        for link in &self.matrix.links {
            let (a, b) = (&self.views[link.from], &self.views[link.to]);
            if a.summary >= b.summary || !met.insert((a.summary, b.summary)) {
                continue;
            }
            for one in &self.summary(a).sections {
                let two = self.summary(b).sections.iter().find(|s| s.name == one.name);
                all.extend(two.map(|two| (a, b, one, two)));
            }
        }
        let mut met = HashSet::new();
        for Encounter { ends, sections: [one, two] } in &self.matrix.otherwise {
            let [a, b] = ends.map(|at| &self.views[at]);
            if met.insert((a.summary, one, b.summary, two)) {
                all.push((a, b, &self.summary(a).sections[*one], &self.summary(b).sections[*two]));
            }
        }
        all
    }

    /// The name of the host that keepalived means by its `router_id` or its address.
    pub fn host_called<'m>(&'m self, text: &'m str) -> &'m str {
        let address = text.parse().ok();
        let is_it = |n: &&Node| n.names.iter().any(|name| name == text) || n.addresses.iter().flatten().any(|a| Some(*a) == address);
        self.topology.nodes.iter().find(is_it).map_or(text, |n| n.name.as_str())
    }

    /// The names of nodes, for a finding.
    pub fn node_names<'v>(&self, views: impl IntoIterator<Item = &'v View>) -> Vec<String> {
        views.into_iter().map(|v| self.node(v).title.clone()).collect()
    }
}

impl Name {
    /// How messages show it.
    pub fn display(&self) -> String {
        match self {
            Self::Known(name) => format!("`{name}`"),
            Self::Random(prefix) => format!("`{prefix}` and letters that change with every pod"),
            Self::Shaped(shape) => shape.as_str().to_owned(),
            Self::Unknown => "unknown".to_owned(),
        }
    }
}
