//! Lines that ingress controllers put into the configuration they write: values of their ConfigMaps, annotations, and the
//! values of their charts.

use crate::{source::FileId, syntax::SectionKind};

use super::{Object, is_configuration};
use crate::topology::{
    embedded::SegmentMap,
    model::{Configuration, ConfigurationFile, Embedded, Part, Place, Topology, rendered},
    yaml::{Value, Yaml},
};

/// A file of sections that a controller reads beside its own.
pub(super) const AUXILIARY: &str = "haproxy-auxiliary.cfg";

/// Where the lines of a key go: into the body of a section, or among the sections.
const KEYS: [(&str, Part); 17] = [
    // haproxytech/kubernetes-ingress
    ("global-config-snippet", Part::Body(SectionKind::Global)),
    ("frontend-config-snippet", Part::Body(SectionKind::Frontend)),
    ("stats-config-snippet", Part::Body(SectionKind::Frontend)),
    ("backend-config-snippet", Part::Body(SectionKind::Backend)),
    (AUXILIARY, Part::Sections),
    // jcmoraisjr/haproxy-ingress
    ("config-global", Part::Body(SectionKind::Global)),
    ("config-defaults", Part::Body(SectionKind::Defaults)),
    ("config-frontend", Part::Body(SectionKind::Frontend)),
    ("config-frontend-early", Part::Body(SectionKind::Frontend)),
    ("config-frontend-late", Part::Body(SectionKind::Frontend)),
    ("config-backend", Part::Body(SectionKind::Backend)),
    ("config-backend-early", Part::Body(SectionKind::Backend)),
    ("config-backend-late", Part::Body(SectionKind::Backend)),
    ("config-tcp", Part::Body(SectionKind::Listen)),
    ("config-tcp-service", Part::Body(SectionKind::Frontend)),
    ("config-peers", Part::Body(SectionKind::Peers)),
    ("config-sections", Part::Sections),
];

/// What stands before the `/` of the controllers' annotations.
const DOMAINS: [&str; 4] = ["haproxy.org", "haproxy.com", "haproxy-ingress.github.io", "ingress.kubernetes.io"];

/// How deep the values of a chart are looked through.
const MAX_DEPTH: usize = 8;

fn part(key: &str) -> Option<Part> {
    KEYS.iter().find(|(known, _)| *known == key).map(|(_, part)| *part)
}

/// Adds the snippets of an object, but for keys that a pod reads as its own configuration.
pub(super) fn of_object(object: &Object, is_read: &dyn Fn(&str) -> bool, topology: &mut Topology) {
    let data = object.node.get("data").filter(|_| object.kind == "ConfigMap");
    let values = data.map(Yaml::entries).unwrap_or_default().into_iter().filter_map(|(k, v)| Some((k.text()?, v, part(k.text()?)?)));
    let annotations = object.node.at(&["metadata", "annotations"]).map(Yaml::entries).unwrap_or_default();
    let annotations = annotations.into_iter().filter_map(|(k, v)| {
        let (domain, key) = k.text()?.split_once('/')?;
        Some((k.text()?, v, part(key).filter(|_| DOMAINS.contains(&domain))?))
    });
    for (key, value, part) in values.chain(annotations).filter(|(key, ..)| !is_read(key)) {
        let namespace = Some(rendered(&object.namespace).0.to_owned()).filter(|n| !n.is_empty());
        add(Origin { file: object.file, kind: &object.kind, namespace, name: &object.name, key }, value, part, topology);
    }
}

/// Adds what the values of a chart hold: snippets, and whole configurations.
pub(in crate::topology) fn of_values(document: &Yaml, file: FileId, topology: &mut Topology) {
    let name = topology.sources.file(file).name().to_owned();
    let mut waiting = vec![(document, 0)];
    while let Some((node, depth)) = waiting.pop() {
        for (key, value) in node.entries() {
            let (Some(key), Some(text)) = (key.text(), value.text()) else {
                if depth < MAX_DEPTH {
                    waiting.push((value, depth + 1));
                }
                continue;
            };
            let whole = || (key == "config" || key.ends_with(".cfg")) && is_configuration(text);
            if let Some(part) = part(key).or_else(|| whole().then_some(Part::Whole)) {
                add(Origin { file, kind: "values", namespace: None, name: &name, key }, value, part, topology);
            }
        }
    }
}

/// Where a snippet stands.
struct Origin<'a> {
    file: FileId,
    kind: &'a str,
    namespace: Option<String>,
    name: &'a str,
    key: &'a str,
}

fn add(origin: Origin<'_>, node: &Yaml, part: Part, topology: &mut Topology) {
    let Value::Scalar(text, style) = &node.value else { return };
    // The controllers replace these before HAProxy sees them.
    if text.trim().is_empty() || text.contains("%[peers_") {
        return;
    }
    let map = SegmentMap::new(topology.sources.file(origin.file).bytes(), node.span, *style, text);
    let mut bytes = text.clone().into_bytes();
    // More lines follow in the file that the controller writes.
    if !bytes.ends_with(b"\n") {
        bytes.push(b'\n');
    }
    let (kind, name, key) = (origin.kind.to_owned(), origin.name.to_owned(), origin.key.to_owned());
    let embedded = Embedded { file: origin.file, map, kind, namespace: origin.namespace, name, key, secret: false, in_shell: false };
    let name = format!("{}/{}:{}", embedded.kind, embedded.name, embedded.key);
    let files = vec![ConfigurationFile { name, bytes, place: Place::Embedded(Box::new(embedded)) }];
    topology.configurations.push(Configuration { files, part });
}
