//! One node of several sources: what facts, topology files and inventories say of the same host.

use std::collections::{BTreeSet, HashMap};

use crate::finding::sentence::short_name;

use super::{
    model::{Group, HostFacts, Node, Platform, Topology, rendered},
    readers::cloud_init,
};

/// Makes one node of those that are the same host.
pub(super) fn hosts(topology: &mut Topology) {
    copied(topology);
    let mut at = 0;
    while at < topology.nodes.len() {
        let same = (0..at).find(|first| is_same(topology, *first, at));
        match same {
            Some(first) => join(topology, first, at),
            None => at += 1,
        }
    }
    for machine in &topology.machines {
        for node in topology.nodes.iter_mut().filter(|n| topology.groups[n.group].platform == Platform::Host) {
            let named = machine.names.iter().any(|name| node.names.iter().any(|own| alike(own, name)));
            let has = |ip| node.addresses.iter().flatten().any(|own| own == ip);
            if named || (!machine.addresses.is_empty() && machine.addresses.iter().all(has)) {
                let new: Vec<String> = machine.names.iter().filter(|name| !node.names.contains(name)).cloned().collect();
                node.names.extend(new);
            }
        }
    }
}

/// Tells hosts apart that were given one name when the file of one became that of the other: each brings its configuration, and the
/// peers are called as the files are.
fn copied(topology: &mut Topology) {
    let written = |topology: &Topology, at: usize| {
        let node = &topology.nodes[at];
        let path = topology.sources.file(topology.groups[node.group].at.file).name();
        let text = topology.configurations[node.configuration?].files.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned());
        Some((cloud_init::of_path(path)?.to_owned(), text.collect::<String>()))
    };
    let hosts = (0..topology.nodes.len()).filter(|at| topology.groups[topology.nodes[*at].group].platform == Platform::Host);
    let hosts: Vec<(usize, String, String)> = hosts.filter_map(|at| written(topology, at).map(|(name, text)| (at, name, text))).collect();
    for (at, file, text) in &hosts {
        let Some(own) = topology.nodes[*at].host_name.known().map(str::to_owned) else { continue };
        let lists = |name: &str| text.lines().any(|line| line.split_ascii_whitespace().skip(1).take(1).any(|word| word == name));
        let is_owner = |(other, name, _): &&(usize, String, String)| {
            other != at && *name == own && topology.nodes[*other].host_name.known() == Some(own.as_str())
        };
        if *file != own && lists(file) && lists(&own) && hosts.iter().any(|other| is_owner(&other)) {
            let node = &mut topology.nodes[*at];
            (node.name, node.names) = (file.clone(), vec![file.clone()]);
            topology.groups[node.group].name.clone_from(file);
        }
    }
}

/// Whether two names are those of one host: the same in full, or one is the short form of the other.
fn alike(one: &str, two: &str) -> bool {
    let short = |name: &str| name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    let is_short = !one.contains('.') || !two.contains('.');
    !one.eq_ignore_ascii_case("localhost") && (one.eq_ignore_ascii_case(two) || (is_short && short(one) == short(two)))
}

fn measured(node: &Node) -> bool {
    node.facts.as_ref().is_some_and(|f| f.measured)
}

/// Whether two nodes of different files are one host.
fn is_same(topology: &Topology, one: usize, two: usize) -> bool {
    let (a, b) = (&topology.nodes[one], &topology.nodes[two]);
    let (one, two) = (&topology.groups[a.group], &topology.groups[b.group]);
    if one.platform != Platform::Host || two.platform != Platform::Host || one.at.file == two.at.file {
        return false;
    }
    let moves = |ip: &&std::net::IpAddr| topology.vips.iter().any(|v| v.address == **ip);
    let own = |n: &Node| n.addresses.iter().flatten().filter(|ip| !moves(ip)).copied().collect::<Vec<_>>();
    let (mine, theirs) = (own(a), own(b));
    let named = a.names.iter().any(|name| b.names.iter().any(|other| alike(name, other)));
    if measured(a) && measured(b) {
        // Machines that were copied have one name. Networks of containers have one address on every machine.
        return named && (mine.is_empty() || theirs.is_empty() || mine.iter().any(|ip| theirs.contains(ip)));
    }
    let within = |few: &[_], many: &[_]| !few.is_empty() && few.iter().all(|ip| many.contains(ip));
    named || within(&mine, &theirs) || within(&theirs, &mine)
}

/// Joins the second node to the first. What is measured is true of the machine, and what people say is how they call it and
/// what it reads.
fn join(topology: &mut Topology, first: usize, second: usize) {
    let mut other = topology.nodes.remove(second);
    let mut group = topology.groups.remove(other.group);
    let gone = other.group;
    topology.nodes.iter_mut().filter(|n| n.group > gone).for_each(|n| n.group -= 1);
    let node = &mut topology.nodes[first];
    let own = &mut topology.groups[node.group];
    // The one that people wrote leads.
    if measured(node) && !measured(&other) {
        other.group = node.group;
        std::mem::swap(node, &mut other);
        std::mem::swap(own, &mut group);
    }
    let new: Vec<String> = other.names.into_iter().filter(|name| !node.names.contains(name)).collect();
    node.names.extend(new);
    let (facts, said) = (other.facts.filter(|f| f.measured), measured(node));
    if facts.is_some() {
        node.host_name = other.host_name;
        node.addresses = other.addresses.or(node.addresses.take());
    } else {
        node.addresses = node.addresses.take().or(other.addresses);
    }
    node.option_l = node.option_l.take().or(other.option_l);
    for (name, variable) in other.environment.iter() {
        if node.environment.get(name).is_none() {
            node.environment.insert(name.clone(), variable.clone());
        }
    }
    node.closed |= other.closed;
    node.configuration = node.configuration.or(other.configuration);
    if let (Some(facts), false) = (facts, said) {
        node.facts = Some(Box::new(filled(*facts, node.facts.take())));
    }
    fill(own, group);
}

/// What was measured, and what is said where nothing was.
fn filled(facts: HostFacts, said: Option<Box<HostFacts>>) -> HostFacts {
    let Some(said) = said else { return facts };
    let mut sysctls = said.sysctls;
    sysctls.extend(facts.sysctls);
    let mut persistent = said.persistent;
    persistent.extend(facts.persistent);
    HostFacts {
        listening: facts.listening.or(said.listening),
        inner: facts.inner.or(said.inner),
        haproxy_started: facts.haproxy_started.or(said.haproxy_started),
        persistence_known: facts.persistence_known || said.persistence_known,
        sysctls,
        persistent,
        ..facts
    }
}

/// Adds to a group what it does not say itself.
fn fill(own: &mut Group, other: Group) {
    own.version = own.version.or(other.version);
    own.option_l = own.option_l.take().or(other.option_l);
    if own.reads.is_empty() {
        (own.reads, own.reads_there) = (other.reads, other.reads_there);
    }
    let new: Vec<_> = other.sysctls.into_iter().filter(|s| own.sysctl(&s.name).is_none()).collect();
    own.sysctls.extend(new);
    if own.capabilities.is_empty() {
        own.capabilities = other.capabilities;
    }
    own.unprivileged |= other.unprivileged;
    own.unread = own.unread.take().or(other.unread);
}

/// What people call the nodes: once two of one name are in two namespaces, or in what two folders render, each is called with those.
pub(super) fn titles(topology: &mut Topology) {
    let mut by_name: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for node in &topology.nodes {
        by_name.entry(&node.name).or_default().insert(&topology.groups[node.group].namespace);
    }
    let same: Vec<&BTreeSet<&str>> = by_name.values().filter(|all| all.len() > 1).collect();
    let by_folder = same.iter().any(|all| all.iter().map(|n| rendered(n).0).collect::<BTreeSet<_>>().len() < all.len());
    let is_clear = same.is_empty();
    for node in &mut topology.nodes {
        let group = &topology.groups[node.group];
        let (namespace, folder) = rendered(&group.namespace);
        let place = folder.filter(|_| by_folder).unwrap_or(namespace);
        let plain = is_clear || place.is_empty() || group.platform != Platform::Kubernetes;
        // Each finding says the nodes it is true of.
        node.title = short_name(if plain { node.name.clone() } else { format!("{place}/{}", node.name) });
    }
}
