//! systemd units: what HAProxy is started with on every host that says nothing else itself.

use std::collections::BTreeMap;

use crate::source::{FileId, Location, SourceFile};

use super::{
    model::{Name, Origin, Platform, Said, Topology, Variable},
    words::{arguments, split},
};

/// What a unit or a file of variables says.
#[derive(Debug, Default)]
pub(super) struct Unit {
    environment: BTreeMap<String, String>,
    start: Option<Said<String>>,
}

/// Whether a file is a unit that starts HAProxy.
pub(super) fn is_unit(file: &SourceFile) -> bool {
    let text = String::from_utf8_lossy(file.bytes());
    text.lines().any(|l| l.trim() == "[Service]") && text.contains("haproxy")
}

/// Whether a file holds variables for such a unit, as `/etc/default/haproxy` does.
pub(super) fn is_defaults(name: &str) -> bool {
    ["default/haproxy", "sysconfig/haproxy", "haproxy.env", "haproxy.default"].iter().any(|end| name.ends_with(end))
}

/// Reads a unit.
pub(super) fn unit(file: &SourceFile, id: FileId, unit: &mut Unit) {
    for line in 0..file.line_starts().len() {
        let span = file.line_span(line);
        let text = file.text(span).into_owned();
        let text = text.trim();
        if let Some(value) = text.strip_prefix("Environment=") {
            for word in split(value) {
                unit.environment.extend(word.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())));
            }
        } else if let Some(value) = text.strip_prefix("ExecStart=").filter(|v| v.contains("haproxy")) {
            unit.start = Some(Said { value: value.to_owned(), at: Location { file: id, span } });
        }
    }
}

/// Reads a file of variables; its values win over those of the unit.
pub(super) fn defaults(file: &SourceFile, unit: &mut Unit) {
    for line in String::from_utf8_lossy(file.bytes()).lines() {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        if let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
            unit.environment.insert(name.trim().to_owned(), value.trim().trim_matches(['"', '\'']).to_owned());
        }
    }
}

/// Tells every host what the unit says; a host that says it itself is right.
pub(super) fn apply(unit: &Unit, topology: &mut Topology) {
    if unit.start.is_none() && unit.environment.is_empty() {
        return;
    }
    let mut words = Vec::new();
    for word in unit.start.iter().flat_map(|s| split(&s.value)) {
        let name = word.trim_start_matches('$').trim_matches(['{', '}']);
        match unit.environment.get(name).filter(|_| word.starts_with('$')) {
            Some(value) => words.extend(split(value)),
            None => words.push(word),
        }
    }
    let Some(at) = unit.start.as_ref().map(|s| s.at) else { return environment(unit, topology) };
    let words: Vec<Said<String>> = words.into_iter().map(|value| Said { value, at }).collect();
    let parsed = arguments(&words, &|_| None);
    for node in &mut topology.nodes {
        let group = &mut topology.groups[node.group];
        if group.platform != Platform::Host || group.option_l.is_some() {
            continue;
        }
        group.option_l = parsed.local_name.clone();
        node.option_l = parsed.local_name.as_ref().map(|l| match l.value.as_str() {
            // systemd's own words for the host name.
            "%H" => node.host_name.clone(),
            text if text.contains(['$', '%']) => Name::Unknown,
            text => Name::Known(text.to_owned()),
        });
    }
    environment(unit, topology);
}

fn environment(unit: &Unit, topology: &mut Topology) {
    for node in topology.nodes.iter_mut().filter(|n| topology.groups[n.group].platform == Platform::Host) {
        for (name, value) in &unit.environment {
            if node.environment.get(name).is_none() {
                node.environment.insert(name.clone(), Variable { value: Some(value.clone()), origin: Origin::Literal });
            }
        }
    }
}
