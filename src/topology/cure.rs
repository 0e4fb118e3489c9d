//! What rules that see all nodes need to mend what they find: the manifest around a place, the line of a configuration inside
//! of it, and the address at which one node reaches another.

mod given;
mod objects;

use std::collections::{HashMap, HashSet};

use crate::{
    config::{PeerKind, address},
    finding::Edit,
    source::{FileId, Location, Span},
    syntax::Lookup,
    version::Version,
};

use super::{
    edit::{self, New, Part},
    line::Line,
    matrix::{MAX_NODES, Verdict},
    mesh::{Home, Mesh, View},
    model::{Group, Kind, Netns, Place, Platform, ServicePort, rendered, same_namespace},
    resolve::Target,
    summary::{Listener, PeerLine, Section},
    yaml::Value,
};

/// So many letters of a host name are a node's own.
const MAX_NAME: usize = 63;

/// The port of peers where nobody has said one.
pub(crate) const PORT: u16 = 10000;

impl Mesh<'_> {
    /// The nodes of a manifest around a place, the document first.
    fn around(&self, at: Location) -> Vec<Part<'_>> {
        let source = self.topology.sources.file(at.file);
        let Some(tree) = self.trees.get(at.file.0 as usize) else { return Vec::new() };
        let documents = tree.get_or_init(|| edit::documents(source));
        edit::around(documents, at.span).into_iter().map(|node| Part::new(at.file, source, node)).collect()
    }

    /// The object of a manifest that a place belongs to.
    pub(crate) fn object(&self, at: Location) -> Option<Part<'_>> {
        self.around(at).into_iter().rev().find(|p| p.node.get("kind").is_some() && p.node.get("apiVersion").is_some())
    }

    /// What stands behind the key at a place, such as the name of a compose service.
    pub(crate) fn value_of_key(&self, at: Location) -> Option<Part<'_>> {
        let around = self.around(at);
        let [.., map, key] = around[..] else { return None };
        map.at(&[key.node.text()?])
    }

    /// The list or map that the scalar at a place is in.
    pub(crate) fn parent(&self, at: Location) -> Option<Part<'_>> {
        let around = self.around(at);
        around.len().checked_sub(2).map(|parent| around[parent])
    }

    /// The list that has the scalar at a place as an element, and that element.
    pub(crate) fn element(&self, at: Location) -> Option<(Part<'_>, Part<'_>)> {
        let around = self.around(at);
        let [.., list, element] = around[..] else { return None };
        (matches!(list.node.value, Value::List(_)) && element.node.span == at.span).then_some((list, element))
    }

    /// The container that runs HAProxy.
    pub(crate) fn container(&self, group: &Group) -> Option<Part<'_>> {
        self.parent(group.image.as_ref()?.at).filter(|c| c.node.get("image").is_some())
    }

    /// The value at a place of a manifest, written anew.
    pub(crate) fn scalar(&self, at: Location, value: New) -> Option<Edit> {
        let around = self.around(at);
        around.last().filter(|p| p.node.span == at.span)?.replace(value)
    }

    /// The line of a configuration that a place is in.
    pub(crate) fn line(&self, at: Location) -> Option<Line<'_>> {
        let topology = self.topology;
        let homes = self.homes.get_or_init(|| {
            let mut homes: HashMap<FileId, Vec<Home>> = HashMap::new();
            for (number, configuration) in topology.configurations.iter().enumerate() {
                let files = configuration.files.iter().enumerate();
                files.for_each(|(at, file)| homes.entry(file.place.file()).or_default().push((file.place.start(), number, at)));
            }
            homes.values_mut().for_each(|list| list.sort_unstable());
            homes
        });
        let list = homes.get(&at.file)?;
        let (_, number, file) = *list.get(list.partition_point(|home| home.0 <= at.span.start).checked_sub(1)?)?;
        Line::of(topology, &topology.configurations[number].files[file], at.span)
    }

    /// A word of a configuration, written anew.
    pub(crate) fn word(&self, at: Location, text: &str) -> Option<Edit> {
        let line = self.line(at)?;
        line.edit(line.place, text)
    }

    /// The nodes of the same platform and namespace; none where they are too many for each to be looked at with each.
    fn near(&self, view: &View) -> impl Iterator<Item = &View> {
        let key = |v: &View| (self.group(v).platform as u8, self.group(v).namespace.as_str());
        let places = self.places.get_or_init(|| {
            let mut places: HashMap<(u8, String), Vec<usize>> = HashMap::new();
            for (at, view) in self.views.iter().enumerate() {
                let (platform, namespace) = key(view);
                places.entry((platform, namespace.to_owned())).or_default().push(at);
            }
            places
        });
        let (platform, namespace) = key(view);
        let list = places.get(&(platform, namespace.to_owned())).filter(|list| list.len() <= MAX_NODES);
        list.into_iter().flatten().map(|at| &self.views[*at])
    }

    /// What a node sees; views are in the order of the nodes.
    pub(super) fn view_of(&self, node: usize) -> Option<&View> {
        self.views.binary_search_by_key(&node, |v| v.node).ok().map(|at| &self.views[at])
    }

    /// The node that another one knows as a peer of that name.
    pub(crate) fn called(&self, from: &View, name: Option<&str>) -> Option<&View> {
        self.near(from).find(|v| name.is_some() && v.local.as_deref() == name)
    }

    /// The nodes that read what one of them reads.
    fn readers(&self, view: &View) -> impl Iterator<Item = &View> {
        let configuration = self.summary(view).configuration;
        self.near(view).filter(move |v| self.summary(v).configuration == configuration)
    }

    /// The one node that a Service leads to.
    fn only(&self, service: usize) -> Option<usize> {
        match *self.selected(service) {
            [node] => Some(node),
            _ => None,
        }
    }

    /// The section of that name that a node reads.
    pub(crate) fn section<'s>(&'s self, view: &View, name: &str) -> Option<&'s Section> {
        self.summary(view).sections.iter().find(|s| s.name == name)
    }

    /// Whether `text` leads from one node to another, or, for the node itself, to itself.
    pub(crate) fn leads(&self, from: &View, to: &View, name: &str, text: &str) -> bool {
        let listens = self.section(to, name).and_then(|s| to.listener(s)?.port());
        let address = address::parse(text, &|_| Lookup::Unknown);
        let port = match address.port {
            address::Port::Fixed(port) => port,
            _ => return false,
        };
        match self.target(from, &address.host) {
            Target::Itself if from.node == to.node => true,
            Target::Itself => {
                let by_itself = self.section(from, name).is_some_and(|mine| from.takes(mine, &address));
                self.is_beside(to.node, &[from.node]) && listens == Some(port) && !by_itself
            }
            Target::Nodes(nodes) => self.answering(&nodes, &address, name)[..] == [to.node] && listens.is_none_or(|own| own == port),
            Target::Service(at) => {
                let service = &self.topology.services[at];
                let inner = |p: &ServicePort| p.tcp && p.port == port && (listens.is_none() || p.target.is_none() || p.target == listens);
                from.node != to.node && self.only(at) == Some(to.node) && service.ports.iter().any(inner)
            }
            _ => false,
        }
    }

    /// An address, with its port, at which others reach the node `to` as a peer of the section called `name`.
    pub(crate) fn address_of(&self, to: &View, name: &str) -> Option<String> {
        let local = to.local.as_deref()?;
        let from = self.near(to).find(|v| v.node != to.node && self.section(v, name).is_some())?;
        let mine = self.section(from, name)?;
        let theirs = self.section(to, name);
        let port = theirs.and_then(|s| to.listener(s)?.port()).or_else(|| mine.peers.iter().find_map(|p| p.address.as_ref()?.port()));
        let port = port.unwrap_or(PORT);
        let (node, group) = (self.node(to), self.group(to));
        // As the others in the list are written.
        let alike = mine.peers.iter().chain(theirs.into_iter().flat_map(|s| &s.peers)).filter_map(|p| {
            let (name, text) = (p.name.as_deref()?, &p.address.as_ref()?.text);
            let own = text.contains(name).then(|| text.replace(name, local))?;
            let host = own.rsplit_once(':').map(|(host, _)| format!("{host}:{port}"));
            Some([Some(own), host])
        });
        let alike = alike.flatten().flatten();
        let elsewhere = self.near(to).filter_map(|v| self.section(v, name)?.peer(local)?.address.as_ref().map(|a| a.text.clone()));
        let services = self.topology.services.iter().enumerate().filter(|(at, s)| !s.headless && self.only(*at) == Some(to.node));
        let services =
            services.flat_map(|(_, s)| s.ports.iter().filter(|p| p.target == Some(port)).map(|p| format!("{}:{}", s.name, p.port)));
        let below = group.service_name.iter().filter_map(|s| node.host_name.known().map(|host| format!("{host}.{}:{port}", s.value)));
        let numbers =
            node.addresses.iter().flatten().map(|ip| if ip.is_ipv6() { format!("[{ip}]:{port}") } else { format!("{ip}:{port}") });
        // Who is on the network of another one has no name there.
        let names = node.names.iter().filter(|_| group.platform == Platform::Compose && group.netns == Netns::Own && self.size(group) == 1);
        let names = names.map(|name| format!("{name}:{port}"));
        alike.chain(elsewhere).chain(services).chain(below).chain(numbers).chain(names).find(|text| self.leads(from, to, name, text))
    }

    /// Lines for nodes that a section does not list, behind its last one.
    pub(crate) fn list(&self, view: &View, section: &Section, missing: &[&View]) -> Option<Vec<Edit>> {
        let mut lines = Vec::new();
        let mut known = HashSet::new();
        for other in missing {
            let local = other.local.as_deref().filter(|name| is_plain(name))?;
            if !known.insert(local) {
                return None;
            }
            let address = self.address_of(other, &section.name)?;
            let is_reader = self.readers(view).any(|r| r.node == other.node);
            let alone = self.readers(view).count() == 1;
            match (section.bind.is_some(), is_reader) {
                (false, false) => lines.push(format!("peer {local} {address}")),
                // It listens at that address itself.
                (false, true) => {
                    let host = address::parse(&address, &|_| Lookup::Unknown).host;
                    let own = match self.target(other, &host) {
                        Target::Itself => true,
                        Target::Nodes(nodes) => nodes.contains(&other.node),
                        _ => false,
                    };
                    if !own {
                        return None;
                    }
                    lines.push(format!("peer {local} {address}"));
                }
                (true, false) => lines.push(format!("server {local} {address}")),
                (true, true) if alone => lines.push(format!("server {local}")),
                (true, true) => lines.extend(either(local, &address)),
            }
        }
        let header = self.line(section.at?)?;
        (!lines.is_empty()).then(|| header.append(&lines)).flatten().map(|edit| vec![edit])
    }

    /// The section with one `bind` line for every address, and no address on the line that is a node's own.
    pub(crate) fn listen_everywhere(&self, view: &View, section: &Section) -> Option<Vec<Edit>> {
        self.listen_with(view, section, &|_| None)
    }

    /// The same, with other addresses for some peers.
    pub(crate) fn listen_with(&self, view: &View, section: &Section, instead: &dyn Fn(&PeerLine) -> Option<String>) -> Option<Vec<Edit>> {
        let readers: Vec<&View> = self.readers(view).collect();
        let old = |v: &&&View| self.group(v).version.is_some_and(|v| v < Version::new(2, 4, 0));
        let joins_others = |v: &&View| self.section(v, &section.name).is_some_and(|s| self.is_of_another(v, s));
        if readers.is_empty() || readers.iter().any(|v| old(&v) || joins_others(v)) {
            return None;
        }
        // Where a condition chooses among the lines, the others would stay as they are.
        let places = |s: &Section| s.peers.iter().map(|p| p.at).collect::<Vec<_>>();
        let alike = |v: &&View| self.section(v, &section.name).is_some_and(|s| places(s) == places(section));
        if section.bind.is_none() && !readers.iter().all(alike) {
            return None;
        }
        // Which of two lines of one name is a node's own is to be settled first.
        let mut names = HashSet::new();
        if !section.peers.iter().filter_map(|p| p.name.as_deref()).all(|name| names.insert(name)) {
            return None;
        }
        let (mut edits, mut words, mut port) = (Vec::new(), Vec::new(), section.bind.as_ref().and_then(|b| b.port()));
        for peer in &section.peers {
            let owns = |v: &&&View| self.section(v, &section.name).and_then(|s| v.own(s)).is_some_and(|own| own.at == peer.at);
            let owners = readers.iter().filter(owns).count();
            let line = self.line(peer.at)?;
            let (name, address) = (peer.name.as_deref().filter(|n| is_plain(n))?, peer.address.as_ref());
            let Some(address) = address else { continue };
            if owners == 0 && peer.kind == PeerKind::Server {
                if let Some(other) = instead(peer) {
                    words.push(self.word(address.at, &other)?);
                }
                continue;
            }
            // Options would have to be sorted into those of the listener and those of the dialler.
            let (written, other) = match (&line.words()[..], instead(peer)) {
                ([_, _, _], Some(other)) => (other.clone(), Some(other)),
                ([_, _, written], None) if !written.contains('$') => ((*written).to_owned(), None),
                _ => return None,
            };
            let own = other.and_then(|o| o.rsplit_once(':')?.1.parse().ok()).or_else(|| address.port())?;
            if owners > 0 && *port.get_or_insert(own) != own && section.bind.is_none() {
                return None;
            }
            let lines = match owners {
                0 => vec![format!("server {name} {written}")],
                all if all == readers.len() => vec![format!("server {name}")],
                _ => either(name, &written),
            };
            edits.push((line, lines));
        }
        if section.bind.is_none() {
            edits.first_mut()?.1.insert(0, format!("bind :{}", port?));
        }
        let lines = edits.into_iter().map(|(line, lines)| line.rewrite(&lines));
        lines.chain(words.into_iter().map(Some)).collect()
    }

    /// Whether a section is a copy of that of another namespace: what it dials for a peer of its own is a pod over there. Once
    /// HAProxy starts, it joins that cluster.
    pub(crate) fn is_of_another(&self, view: &View, section: &Section) -> bool {
        self.stray(view, section).is_some()
    }

    /// The address of a peer of this namespace that leads to another one, with that namespace.
    pub(crate) fn stray<'s>(&'s self, view: &View, section: &'s Section) -> Option<(&'s PeerLine, String)> {
        let own = &self.group(view).namespace;
        if self.group(view).platform != Platform::Kubernetes {
            return None;
        }
        let away = |peer: &PeerLine| {
            let host = &peer.address.as_ref()?.address.host;
            let namespaces = match self.target(view, host) {
                Target::Nodes(nodes) => nodes.iter().map(|at| self.namespace_of(*at)).collect(),
                Target::Service(at) => vec![self.topology.services[at].namespace.as_str()],
                _ => said_namespace(host).into_iter().collect(),
            };
            let elsewhere = !namespaces.iter().any(|n| same_namespace(n, own) || *n == rendered(own).0);
            namespaces.first().filter(|_| elsewhere && !own.is_empty()).map(|n| rendered(n).0.to_owned())
        };
        let of_here = |peer: &&PeerLine| self.called(view, peer.name.as_deref()).is_some();
        section.peers.iter().filter(of_here).find_map(|peer| Some((peer, away(peer)?)))
    }

    fn namespace_of(&self, node: usize) -> &str {
        &self.topology.groups[self.topology.nodes[node].group].namespace
    }

    /// The name `from` of a peer as `to`, in every copy of the section.
    pub(crate) fn rename(&self, view: &View, section: &str, from: &str, to: &str) -> Option<Vec<Edit>> {
        let mut places: Vec<Location> = self.near(view).filter_map(|v| Some(self.section(v, section)?.peer(from)?.at)).collect();
        places.sort();
        places.dedup();
        let taken = self.near(view).any(|v| self.section(v, section).is_some_and(|s| s.peer(to).is_some()));
        let edit = |at: Location| self.line(at).filter(|l| l.text(l.place) == from)?.edit(self.line(at)?.place, to);
        (is_plain(to) && !taken && !places.is_empty()).then(|| places.into_iter().map(edit).collect::<Option<_>>()).flatten()
    }

    /// How many links of the mesh work.
    pub(crate) fn fine(&self) -> usize {
        self.matrix.links.iter().filter(|l| l.verdict == Verdict::Fine).count()
    }

    /// A manifest without the element or key that a scalar is in; a list or map that would then be empty goes too, if it is one
    /// of `keys`.
    pub(crate) fn without(&self, at: Location, keys: &[&str]) -> Option<Edit> {
        let around = self.around(at);
        let named = |depth: usize| {
            let Value::Map(pairs) = &around.get(depth)?.node.value else { return None };
            let inner = around.get(depth + 1)?.node;
            pairs.iter().find(|(_, v)| std::ptr::eq(&**v, inner)).and_then(|(k, _)| k.text())
        };
        let first = (0..around.len()).find(|depth| named(*depth).is_some_and(|key| keys.contains(&key)))?;
        // From the innermost element of these lists outwards, until something is left of what it stood in.
        let list = (first..around.len()).find(|depth| matches!(around[*depth].node.value, Value::List(_)))?;
        let item = around[list].items().iter().position(|i| std::ptr::eq(i.node, around[list + 1].node))?;
        let outer =
            || (0..list).rev().take_while(|d| named(*d).is_some_and(|k| keys.contains(&k))).find_map(|d| around[d].remove(named(d)?));
        around[list].remove_item(item).or_else(outer)
    }

    /// The first line of what a node reads that begins with `keyword`.
    pub(crate) fn line_of(&self, view: &View, keyword: &str) -> Option<Line<'_>> {
        let configuration = &self.topology.configurations[self.summary(view).configuration];
        configuration.files.iter().find_map(|file| Line::first(self.topology, file, keyword))
    }

    /// The word `transparent` behind an address.
    pub(crate) fn transparent(&self, listener: &Listener) -> Option<Vec<Edit>> {
        let line = self.line(listener.at)?;
        let end = line.place.end;
        Some(vec![line.edit(Span::new(end, end), " transparent")?])
    }

    /// A configuration without the line of a peer.
    pub(crate) fn delete_line(&self, peer: &PeerLine) -> Option<Vec<Edit>> {
        Some(vec![self.line(peer.at)?.delete()?])
    }

    /// Whether a place is in a section.
    fn holds(&self, section: &Section, at: Location) -> bool {
        section.at == Some(at)
            || section.bind.as_ref().is_some_and(|b| b.at == at)
            || section.peers.iter().any(|p| {
                p.at.file == at.file
                    && p.at.span.start <= at.span.end
                    && at.span.start <= p.address.as_ref().map_or(p.at, |a| a.at).span.end
            })
    }

    /// The lines of peers whose name is their address, with both.
    pub(crate) fn named(&self, section: &Section, lost: &[&View]) -> Option<Vec<Edit>> {
        let edit = |view: &&View| {
            let (local, addresses) = (view.local.as_deref().filter(|l| is_plain(l))?, self.node(view).addresses.as_ref()?);
            let is_it = |p: &&PeerLine| {
                p.address.is_none() && p.name.as_deref().and_then(|n| n.parse().ok()).is_some_and(|ip| addresses.contains(&ip))
            };
            let peer = section.peers.iter().find(is_it)?;
            let line = self.line(peer.at)?;
            line.edit(line.place, &format!("{local} {}:{PORT}", peer.shown))
        };
        lost.iter().map(edit).collect()
    }

    /// The line of a peer without an address, with one.
    pub(crate) fn addressed(&self, view: &View, section: &Section, peer: &PeerLine) -> Option<Vec<Edit>> {
        let to = self.called(view, peer.name.as_deref())?;
        let line = self.line(peer.at)?;
        let (local, address) = (to.local.as_deref().filter(|l| is_plain(l))?, self.address_of(to, &section.name)?);
        let reads = self.readers(view).any(|r| r.node == to.node);
        let [_, _] = line.words()[..] else { return None };
        let lines = match peer.kind {
            PeerKind::Server if reads => either(local, &address),
            PeerKind::Server => vec![format!("server {local} {address}")],
            PeerKind::Peer => vec![format!("peer {local} {address}")],
        };
        Some(vec![line.rewrite(&lines)?])
    }
}

/// The namespace that a full name of the cluster's DNS says.
fn said_namespace(host: &address::Host) -> Option<&str> {
    let address::Host::Name(name) = host else { return None };
    let labels: Vec<&str> = name.split('.').collect();
    let svc = labels.iter().position(|label| *label == "svc").filter(|at| (2..=3).contains(at))?;
    Some(labels[svc - 1])
}

/// A line that is a node's own on that node, and another one's on all others.
fn either(name: &str, address: &str) -> Vec<String> {
    let condition = format!(".if streq(\"$HAPROXY_LOCALPEER\",{name})");
    vec![condition, format!("server {name}"), ".else".to_owned(), format!("server {name} {address}"), ".endif".to_owned()]
}

/// Whether a name can stand in a condition, and anywhere else, as it is.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

impl Place {
    /// The file that it is in.
    fn file(&self) -> FileId {
        match self {
            Self::Embedded(embedded) => embedded.file,
            Self::File(file) => *file,
        }
    }

    /// Where in it.
    fn start(&self) -> u32 {
        match self {
            Self::Embedded(embedded) => embedded.map.whole().start,
            Self::File(_) => 0,
        }
    }
}

/// Whether a name is that of a pod of a StatefulSet.
pub(crate) fn is_pod_of_set(group: &Group, name: &str) -> bool {
    let ordinal = name.strip_prefix(&group.name).and_then(|rest| rest.strip_prefix('-'));
    group.kind == Kind::StatefulSet && ordinal.is_some_and(|n| n.parse::<u32>().is_ok())
}

/// Edits of which some put text in one and the same place: that becomes one edit.
pub(crate) fn together(edits: Vec<Edit>) -> Vec<Edit> {
    let mut all: Vec<Edit> = Vec::new();
    for edit in edits {
        match all.iter_mut().find(|e| e.location == edit.location) {
            Some(first) => first.text += &edit.text,
            None => all.push(edit),
        }
    }
    all
}

/// What the fix of a finding of one node needs to know: all nodes, and where the finding is.
pub struct Mending<'m> {
    pub(crate) mesh: &'m Mesh<'m>,
    /// The first node that it is true of.
    pub(crate) view: &'m View,
    /// The section that it is in.
    pub(crate) section: &'m Section,
    /// The peer on its line.
    pub(crate) peer: Option<&'m PeerLine>,
    /// The nodes that it is true of.
    nodes: &'m [usize],
}

impl<'m> Mending<'m> {
    /// The same for a finding at a place of a `peers` section, which is true of these nodes.
    pub(crate) fn new(mesh: &'m Mesh<'m>, at: Location, nodes: &'m [usize]) -> Option<Self> {
        let view = mesh.view_of(*nodes.first()?)?;
        let section = mesh.summary(view).sections.iter().find(|s| mesh.holds(s, at))?;
        let peer = section.peers.iter().find(|p| mesh.line(p.at).is_some_and(|line| mesh.line(at).is_some_and(|l| l.span == line.span)));
        Some(Self { mesh, view, section, peer, nodes })
    }

    /// What each of the nodes reads.
    pub(crate) fn views(&self) -> Vec<&'m View> {
        self.nodes.iter().filter_map(|n| self.mesh.view_of(*n)).collect()
    }

    /// The name of the node where a line has a longer one that begins with it, and nobody is dialled by that.
    pub(crate) fn cut_name(&self) -> Option<(&'m str, &'m str)> {
        let local = self.view.local.as_deref()?;
        let is_cut = |p: &&PeerLine| {
            let long = p.name.as_deref().filter(|n| n.len() > MAX_NAME && n.starts_with(local));
            long.is_some_and(|n| p.address.as_ref().is_none_or(|a| !a.text.contains(n)))
        };
        Some((self.section.peers.iter().find(is_cut)?.name.as_deref()?, local))
    }
}
