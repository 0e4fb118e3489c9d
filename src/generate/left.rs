//! What is still wrong once the written objects are applied: they are read together with what is there, and all rules look at it.

use std::collections::HashSet;

use crate::{
    check::{Options, nodes},
    finding::{Finding, Severity, Verdict},
    source::SourceFile,
    topology::{self, is_called, yaml::documents},
};

use super::{Cluster, yaml::Node};

/// The name of what was written among the files of the topology.
const WRITTEN: &str = "manifests.yaml";

/// The errors that are left for the nodes of `cluster` with these objects, each in one sentence. `gone` is there no more.
pub(super) fn left(cluster: &Cluster<'_>, objects: &[Node], gone: Option<&Node>) -> Vec<String> {
    let sources = &cluster.mesh.topology.sources;
    let mut files: Vec<SourceFile> = sources.files().iter().map(|file| without(file, gone)).collect();
    let text: String = objects.iter().map(|object| format!("---\n{object}")).collect();
    // It is applied last: where an object stands twice, the last one counts.
    let folder = sources.file(cluster.group.at.file).name().rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    files.push(SourceFile::new(format!("{folder}{WRITTEN}"), text.into_bytes()));
    let (after, _) = topology::read(files);
    let checked = nodes::check(&after, &Options::default());
    let ours: HashSet<&str> = cluster.members.iter().map(|m| cluster.pod(m)).collect();
    let said = |f: &&Finding| f.nodes.is_empty() || f.nodes.iter().any(|node| ours.iter().any(|own| is_called(node, own)));
    let keeps_apart = |f: &&Finding| {
        let of_nodes = matches!(f.rule.group(), "peers" | "table" | "topology" | "host");
        f.severity == Severity::Error && (of_nodes || f.haproxy == Some(Verdict::Reject))
    };
    checked.report.findings.iter().filter(keeps_apart).filter(said).map(|f| format!("{} [{}]", f.message, f.rule.name)).collect()
}

/// A file of the topology without the object that another one takes the place of.
fn without(file: &SourceFile, gone: Option<&Node>) -> SourceFile {
    let same = || SourceFile::new(file.name(), file.bytes().to_vec());
    let (Some(gone), Ok(found)) = (gone, documents(file)) else { return same() };
    let identity = |node: &Node| [&["kind"][..], &["metadata", "name"], &["metadata", "namespace"]].map(|path| node.at(path).cloned());
    let items = |node: Node| match node.get("items") {
        Some(items) => items.list().to_vec(),
        None => vec![node],
    };
    let all: Vec<Node> = found.list.iter().flat_map(|document| items(Node::from(&**document))).collect();
    let is_gone = |node: &Node| identity(node) == identity(gone);
    if !all.iter().any(is_gone) {
        return same();
    }
    let kept: String = all.iter().filter(|node| !is_gone(node)).map(|node| format!("---\n{node}")).collect();
    SourceFile::new(file.name(), kept.into_bytes())
}
