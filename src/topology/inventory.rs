//! Ansible inventories: names and addresses of machines.

use std::rc::Rc;

use crate::source::SourceFile;

use super::{
    model::{Machine, Topology},
    yaml::Yaml,
};

/// Whether a file is an inventory in the INI form.
pub(super) fn is_ini(file: &SourceFile) -> bool {
    let text = String::from_utf8_lossy(file.bytes());
    let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with(['#', ';']));
    lines.any(|l| l.contains("ansible_host=") || l.ends_with(":children]"))
}

/// Adds the machines of an inventory in the INI form.
pub(super) fn ini(file: &SourceFile, topology: &mut Topology) {
    let text = String::from_utf8_lossy(file.bytes()).into_owned();
    let mut hosts = true;
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with(['#', ';'])) {
        if let Some(header) = line.strip_prefix('[') {
            hosts = !header.contains(':');
            continue;
        }
        let mut words = line.split_ascii_whitespace();
        let Some(name) = words.next().filter(|_| hosts) else { continue };
        let value = words.find_map(|w| w.strip_prefix("ansible_host=").or_else(|| w.strip_prefix("ansible_ssh_host=")));
        machine(name, value, topology);
    }
}

fn machine(name: &str, address: Option<&str>, topology: &mut Topology) {
    let addresses = address.unwrap_or(name).trim_matches(['"', '\'']).parse().ok().into_iter().collect();
    topology.machines.push(Machine { names: vec![name.to_owned()], addresses, ..Machine::default() });
}

/// Whether a document is an inventory in the YAML form.
pub(super) fn is_inventory(document: &Yaml) -> bool {
    document.entries().iter().any(|(_, group)| {
        let hosts = group.get("hosts").map(Yaml::entries).unwrap_or_default();
        group.get("children").is_some() || hosts.iter().any(|(_, h)| h.get("ansible_host").is_some())
    })
}

/// Adds the machines of an inventory in the YAML form.
pub(super) fn yaml(document: &Rc<Yaml>, topology: &mut Topology) {
    for (_, group) in document.entries() {
        group_of(group, topology, 0);
    }
}

fn group_of(group: &Yaml, topology: &mut Topology, depth: usize) {
    for (name, host) in group.get("hosts").map(Yaml::entries).unwrap_or_default() {
        if let Some(name) = name.text() {
            machine(name, host.str_at(&["ansible_host"]), topology);
        }
    }
    for (_, child) in group.get("children").map(Yaml::entries).unwrap_or_default() {
        if depth < 16 {
            group_of(child, topology, depth + 1);
        }
    }
}
