//! Where a configuration runs: pods, containers and hosts, read from the files that describe them.
//!
//! [`read`] makes a [`Topology`] of files, [`Mesh`] has what its nodes see of each other. `check::nodes` checks every configuration
//! in it as each of its nodes reads it, and the nodes against each other.

mod assign;
pub(crate) mod cure;
pub(crate) mod edit;
pub mod embedded;
pub(crate) mod excerpt;
mod heredoc;
mod image;
mod line;
pub mod matrix;
mod merge;
pub(crate) mod mesh;
mod model;
pub(crate) mod needed;
mod netns;
pub mod picture;
pub mod policy;
mod quantity;
mod readers;
pub(crate) mod received;
mod resolve;
pub(crate) mod sockets;
pub(crate) mod starts;
pub(crate) mod summary;
mod variables;
mod words;

pub use assign::Undecided;
pub use cure::Mending;
pub use mesh::{Dialled, Mesh, View};
pub use model::*;
pub(crate) use readers::kubernetes::is_configuration;
pub use resolve::Target;
pub use summary::{BindLine, ClientTable, Listener, LogTarget, NamedFile, PeerLine, Section, Summary, Table};
pub use variables::Variables;

use std::rc::Rc;

pub use crate::yaml;
use readers::{Reading, compose, hosts, kubernetes, sysctl, systemd};
use yaml::Yaml;

use crate::source::{FileId, SourceFile, Sources};

/// What keeps a file of a topology from being used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: FileId,
    /// The place in it, as a byte offset.
    pub offset: u32,
    /// In plain words.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Whether a file of that name is a source of topologies, whatever its ending.
pub fn is_known_name(path: &std::path::Path) -> bool {
    readers::named(path)
}

/// The formats that are read, each with what is taken from it; docs/topology.md has them.
pub fn formats() -> impl Iterator<Item = (&'static str, &'static str)> {
    readers::about()
}

/// The largest file that is read as a topology.
const MAX_BYTES: usize = 256 << 20;

/// How many problems of one kind are told of a file.
const MAX_PROBLEMS: usize = 20;

/// Reads the files of a topology together: what one says may be used by another.
///
/// ```
/// use haproxy_lint::{source::SourceFile, topology};
/// let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: lb}\nspec:\n  containers: [{name: haproxy, image: 'haproxy:2.8'}]\n";
/// let (topology, problems) = topology::read(vec![SourceFile::new("pod.yaml", pod.as_bytes().to_vec())]);
/// assert!(problems.is_empty());
/// assert_eq!(topology.nodes[0].host_name.known(), Some("lb"));
/// ```
pub fn read(files: Vec<SourceFile>) -> (Topology, Vec<Problem>) {
    let mut reading = Reading::default();
    reading.topology.sources = Sources::new(files);
    for at in 0..reading.topology.sources.files().len() {
        if let Err(problem) = one(FileId(at as u32), &mut reading) {
            reading.problems.push(problem);
        }
    }
    together(reading)
}

/// Reads one file, as far as it can be read without the others.
fn one(id: FileId, reading: &mut Reading) -> Result<(), Problem> {
    let problem = |offset, message: String, help: &str| Problem { file: id, offset, message, help: help.to_owned() };
    let file = reading.topology.sources.file(id);
    if file.bytes().len() > MAX_BYTES {
        return Err(problem(0, "this file is larger than 256 MB".to_owned(), "name the manifests of this HAProxy alone"));
    }
    let documents = if file.name().ends_with(".toml") {
        vec![yaml::toml(file).map_err(|b| problem(b.offset, b.message, "the guide shows what stands in a topology file"))?]
    } else {
        let plain = !is_yaml(file);
        // Of INI files only inventories say anything: `tox.ini` beside them belongs to another program.
        let ini = file.name().ends_with(".ini");
        if readers::text(id, plain, reading) || ini {
            return Ok(());
        }
        documents(id, reading)?
    };
    for document in &documents {
        let patches = patches(document, reading.topology.sources.file(id));
        reading.patches.extend(patches);
        match kustomization(document, id, reading.topology.sources.file(id)) {
            Some(problem) => reading.problems.push(problem),
            None => readers::document(document, id, reading),
        }
    }
    Ok(())
}

/// The documents of YAML or JSON in a file.
fn documents(id: FileId, reading: &mut Reading) -> Result<Vec<Rc<Yaml>>, Problem> {
    let problem = |offset, message: String, help: &str| Problem { file: id, offset, message, help: help.to_owned() };
    let file = reading.topology.sources.file(id);
    let parsed = yaml::documents(file);
    let in_text = |at| parsed.as_ref().is_ok_and(|documents| documents.list.iter().any(|d| d.has_block(at)));
    if let Some(offset) = helm(file, &in_text) {
        let help = "render it first: `helm template RELEASE CHART | haproxy-lint check --topology -`";
        return Err(problem(offset, "this is a Helm template that was not rendered".to_owned(), help));
    }
    let documents = parsed.map_err(|broken| {
        problem(broken.offset, broken.message, "give a manifest as `kubectl get -o yaml`, `helm template` or `kustomize build` prints it")
    })?;
    let twice = documents.twice.into_iter().map(|t| problem(t.offset, t.message, "leave one of them"));
    reading.problems.extend(twice.take(MAX_PROBLEMS));
    Ok(documents.list)
}

/// What the files say of each other.
fn together(reading: Reading) -> (Topology, Vec<Problem>) {
    let Reading { mut topology, mut problems, mut objects, compose, patches } = reading;
    objects.retain(|object| !patches.contains(&model::normal(topology.sources.file(object.file).name())));
    compose::read(&compose, &mut topology);
    kubernetes::renders::part(&mut objects, &mut topology);
    let cluster = kubernetes::Cluster::new(objects);
    kubernetes::read(&cluster, &mut topology, &mut problems);
    merge::hosts(&mut topology);
    hosts::share(&mut topology);
    let units = std::mem::take(&mut topology.units);
    systemd::apply(&units, &mut topology);
    topology.units = units;
    sysctl::apply(&mut topology);
    merge::titles(&mut topology);
    (topology, problems)
}

/// The files that a kustomization changes others by: what stands in them is no object, but a part of one.
fn patches(document: &Yaml, source: &SourceFile) -> Vec<String> {
    let folder = source.name().rsplit_once('/').map_or("", |(folder, _)| folder);
    let named = ["kustomization.yaml", "kustomization.yml", "Kustomization"].iter().any(|name| source.name().ends_with(name));
    let said = document.str_at(&["apiVersion"]).is_some_and(|v| v.starts_with("kustomize.config.k8s.io"));
    if !(said || named) {
        return Vec::new();
    }
    let entries = ["patches", "patchesStrategicMerge", "patchesJson6902"].iter().flat_map(|key| document.list_at(&[key]));
    // A patch may also stand there itself, with lines of its own.
    let paths = entries.filter_map(|entry| entry.str_at(&["path"]).or_else(|| entry.text()).filter(|path| !path.contains('\n')));
    let below = |path: &str| if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
    paths.map(|path| model::normal(&below(path))).collect()
}

/// What there is to say of a kustomization that changes what it names.
fn kustomization(document: &Yaml, file: FileId, source: &SourceFile) -> Option<Problem> {
    let kind = document.str_at(&["kind"]);
    let (folder, name) = source.name().rsplit_once('/').unwrap_or((".", source.name()));
    let named = matches!(name, "kustomization.yaml" | "kustomization.yml" | "Kustomization") && kind.is_none();
    let said = document.str_at(&["apiVersion"]).is_some_and(|v| v.starts_with("kustomize.config.k8s.io"));
    if !(said || named) {
        return None;
    }
    // One that only lists manifests changes nothing: they are read as they are.
    let plain = |key: &Yaml| matches!(key.text(), Some("apiVersion" | "kind" | "metadata" | "resources"));
    let is_file =
        |r: &Rc<Yaml>| r.text().is_some_and(|t| !t.contains("://") && [".yaml", ".yml", ".json"].iter().any(|end| t.ends_with(end)));
    if document.entries().iter().all(|(key, _)| plain(key)) && document.list_at(&["resources"]).iter().all(is_file) {
        return None;
    }
    Some(Problem {
        file,
        offset: document.span.start,
        message: "this is a kustomization that was not rendered".to_owned(),
        help: format!("render it first: `kubectl kustomize {folder} | haproxy-lint check --topology -`"),
    })
}

/// Whether a file is a map or a list of YAML, or JSON, as far as its first line tells.
fn is_yaml(file: &SourceFile) -> bool {
    let text = String::from_utf8_lossy(file.bytes());
    let text = text.trim_start_matches('\u{feff}');
    let Some(first) = text.lines().find(|l| !l.trim().is_empty() && !l.starts_with(['#', '%'])) else { return false };
    let key = |line: &str| {
        let name = line.trim_start_matches("- ").split_once(':');
        name.is_some_and(|(name, rest)| {
            let plain = name.trim_matches(['"', '\'']).chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c));
            !name.is_empty() && plain && (rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
        })
    };
    first.starts_with("---") || first.trim_start().starts_with('{') || key(first)
}

/// The folder of a file, without a `/` at its end.
fn file_folder(topology: &Topology, file: FileId) -> &str {
    topology.sources.file(file).name().rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Where a file has an action of Helm's template language. What is no more than one of Go's may stand `in_text` of a manifest.
fn helm(file: &SourceFile, in_text: &dyn Fn(u32) -> bool) -> Option<u32> {
    let text = file.bytes();
    let words = [
        ".Values",
        ".Release",
        ".Chart",
        ".Capabilities",
        "include ",
        "template ",
        "if ",
        "range ",
        "with ",
        "define ",
        "toYaml",
        "end",
        "$",
    ];
    let mut at = 0;
    while let Some(found) = text[at..].windows(2).position(|w| w == b"{{").map(|i| at + i) {
        let rest = String::from_utf8_lossy(&text[found + 2..text.len().min(found + 40)]).into_owned();
        let rest = rest.trim_start_matches(['-', ' ']);
        // Only what begins a line, or stands behind a key, is Helm's: other languages write `{{` inside of texts.
        let line = text[..found].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        let before = String::from_utf8_lossy(&text[line..found]).into_owned();
        let helm =
            rest.starts_with(".Values") || rest.starts_with(".Release") || rest.starts_with(".Chart") || rest.starts_with("include ");
        if helm || (before.trim().is_empty() && words.iter().any(|w| rest.starts_with(w)) && !in_text(found as u32)) {
            return Some(found as u32);
        }
        at = found + 2;
    }
    None
}
