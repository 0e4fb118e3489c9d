//! Ansible inventories: names and addresses of machines, and those of them that run HAProxy.

use std::{net::IpAddr, rc::Rc};

use crate::source::{FileId, Location, SourceFile};

use super::{Document, Reader, Text, file_name};
use crate::topology::{
    model::{Group, Kind, Machine, Name, Node, Origin, Platform, Topology, Variable},
    readers::{sysctl, systemd},
    variables::Variables,
    words::short_host_name,
    yaml::Yaml,
};

pub(super) static READER: Reader = Reader {
    rank: 60,
    about: &[("Ansible inventories", "names and addresses of machines")],
    named: |path| file_name(path) == "inventory" || path.ends_with(".ini"),
    text: Some(Text { is: |file, plain| plain && is_ini(file), read: |file, id, reading| ini(file, id, &mut reading.topology) }),
    document: Some(Document {
        is: |document, _| is_inventory(document),
        read: |document, id, reading| yaml(document, id, &mut reading.topology),
    }),
};

/// Whether a file is an inventory in the INI form.
pub(in crate::topology) fn is_ini(file: &SourceFile) -> bool {
    let text = String::from_utf8_lossy(file.bytes());
    let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with(['#', ';']));
    lines.any(|l| l.contains("ansible_host=") || l.ends_with(":children]"))
}

/// Adds the machines of an inventory in the INI form.
pub(in crate::topology) fn ini(file: &SourceFile, id: FileId, topology: &mut Topology) {
    let mut hosts = true;
    for number in 0..file.line_starts().len() {
        let span = file.line_span(number);
        let text = file.text(span);
        let line = text.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(header) = line.strip_prefix('[') {
            hosts = !header.contains(':');
            continue;
        }
        let mut words = line.split_ascii_whitespace();
        let Some(name) = words.next().filter(|_| hosts) else { continue };
        let value = words.find_map(|w| w.strip_prefix("ansible_host=").or_else(|| w.strip_prefix("ansible_ssh_host=")));
        machine(name, value, Location { file: id, span }, topology);
    }
}

fn machine(name: &str, address: Option<&str>, at: Location, topology: &mut Topology) {
    let addresses = address.unwrap_or(name).trim_matches(['"', '\'']).parse().ok().into_iter().collect();
    topology.machines.push(Machine { names: vec![name.to_owned()], addresses, inventory: Some(at), ..Machine::default() });
}

/// Whether a document is an inventory in the YAML form.
pub(in crate::topology) fn is_inventory(document: &Yaml) -> bool {
    document.entries().iter().any(|(_, group)| {
        let hosts = group.get("hosts").map(Yaml::entries).unwrap_or_default();
        group.get("children").is_some() || hosts.iter().any(|(_, h)| h.get("ansible_host").is_some())
    })
}

/// Adds the machines of an inventory in the YAML form.
pub(in crate::topology) fn yaml(document: &Rc<Yaml>, file: FileId, topology: &mut Topology) {
    for (_, group) in document.entries() {
        group_of(group, file, topology, 0);
    }
}

fn group_of(group: &Yaml, file: FileId, topology: &mut Topology, depth: usize) {
    for (name, host) in group.get("hosts").map(Yaml::entries).unwrap_or_default() {
        if let Some(text) = name.text() {
            machine(text, host.str_at(&["ansible_host"]), Location { file, span: name.span }, topology);
        }
    }
    for (_, child) in group.get("children").map(Yaml::entries).unwrap_or_default() {
        if depth < 16 {
            group_of(child, file, topology, depth + 1);
        }
    }
}

/// Makes nodes of those machines that the peers of `given` name, or whose address one of them has: they run it. How many there are.
pub(in crate::topology) fn nodes(topology: &mut Topology, given: &[usize]) -> usize {
    let files = given.iter().flat_map(|at| &topology.configurations[*at].files);
    let peers: Vec<(String, Option<IpAddr>)> = files.flat_map(|f| peers(&String::from_utf8_lossy(&f.bytes))).collect();
    let machines: Vec<Machine> = topology.machines.iter().filter(|m| m.inventory.is_some()).cloned().collect();
    for machine in &machines {
        let (Some(name), Some(at)) = (machine.names.first(), machine.inventory) else { continue };
        let called = own_peer(name, &peers, &machines);
        let named = called.is_some();
        let dialled = peers.iter().any(|(_, ip)| ip.is_some_and(|ip| machine.addresses.contains(&ip)));
        let again = topology.nodes.iter().any(|n| n.name == *name);
        if again || !(named || dialled) {
            continue;
        }
        // An inventory may call a host otherwise than it calls itself: only the name that is also a peer's is taken for that.
        let host_name = called.map_or(Name::Unknown, |name| Name::Known(short_host_name(&name)));
        let mut environment = Variables::default();
        environment.insert("HOSTNAME".to_owned(), Variable { value: host_name.known().map(str::to_owned), origin: Origin::HostName });
        topology.nodes.push(Node {
            name: name.clone(),
            group: topology.groups.len(),
            host_name,
            option_l: None,
            // It may have more than the one that Ansible uses.
            addresses: None,
            names: machine.names.clone(),
            environment,
            closed: false,
            title: String::new(),
            configuration: None,
            facts: None,
        });
        topology.groups.push(Group::new(Platform::Host, Kind::Host, "", name, at));
    }
    let units = std::mem::take(&mut topology.units);
    systemd::apply(&units, topology);
    topology.units = units;
    sysctl::apply(topology);
    // Who cannot be told from the others is asked for by name.
    if topology.nodes.iter().any(|n| n.local_name().known().is_none()) {
        topology.nodes.clear();
        topology.groups.clear();
    }
    topology.nodes.len()
}

/// The peers that no machine of the inventory was matched with, and the machines that no peer was, where others were.
pub(in crate::topology) fn unmatched(topology: &Topology) -> (Vec<String>, Vec<String>) {
    let files = topology.configurations.iter().flat_map(|configuration| &configuration.files);
    let peers: Vec<(String, Option<IpAddr>)> = files.flat_map(|f| peers(&String::from_utf8_lossy(&f.bytes))).collect();
    let machines: Vec<Machine> = topology.machines.iter().filter(|m| m.inventory.is_some()).cloned().collect();
    let name = |machine: &Machine| machine.names.first().cloned();
    let is_peer = |machine: &Machine, (peer, ip): &(String, Option<IpAddr>)| {
        let called = name(machine).and_then(|name| own_peer(&name, &peers, &machines));
        called.as_ref() == Some(peer) || ip.is_some_and(|ip| machine.addresses.contains(&ip))
    };
    let mut lost: Vec<String> = peers.iter().filter(|peer| !machines.iter().any(|m| is_peer(m, peer))).map(|peer| peer.0.clone()).collect();
    lost.sort();
    lost.dedup();
    let alone = machines.iter().filter(|m| !peers.iter().any(|peer| is_peer(m, peer))).filter_map(name).collect();
    (lost, alone)
}

/// The peer that a machine is, by its name: the one that is called so, or by the first part of it where no other machine is.
fn own_peer(name: &str, peers: &[(String, Option<IpAddr>)], machines: &[Machine]) -> Option<String> {
    let short = |name: &str| name.split('.').next().unwrap_or(name).to_owned();
    let is_peer = |name: &str| peers.iter().any(|(peer, _)| peer == name);
    if is_peer(name) {
        return Some(name.to_owned());
    }
    let own = short(name);
    let other = |m: &Machine| m.names.first().is_some_and(|other| other != name && short(other) == own);
    (name.parse::<IpAddr>().is_err() && is_peer(&own) && !machines.iter().any(other)).then_some(own)
}

/// The names and addresses that stand in the sections of peers.
fn peers(text: &str) -> Vec<(String, Option<IpAddr>)> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        match (words.next(), words.next()) {
            (Some("peer" | "server"), Some(name)) if inside => {
                let host = words.next().and_then(|address| Some(address.rsplit_once(':')?.0));
                let host = host.map(|h| h.rsplit('@').next().unwrap_or(h).trim_matches(['[', ']']));
                found.push((name.to_owned(), host.and_then(|h| h.parse().ok())));
            }
            (Some("peers"), Some(_)) => inside = true,
            (Some("global" | "defaults" | "frontend" | "backend" | "listen" | "resolvers" | "userlist" | "cache" | "ring"), _) => {
                inside = false
            }
            _ => {}
        }
    }
    found
}
