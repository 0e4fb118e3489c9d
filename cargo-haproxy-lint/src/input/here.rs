//! What `--host` adds to a check: this machine as the node, with its addresses, sysctls and sockets.

use std::{path::Path, sync::OnceLock};

use haproxy_lint::{
    check::Options,
    finding::Finding,
    rules::Rule,
    source::{By, FileId, SourceFile, Sources},
    topology::{self, Name, Origin, Variable},
};

use crate::live::{
    self,
    files::{Disk, largest},
};

/// Where keepalived says which addresses move.
const KEEPALIVED: &str = "/etc/keepalived/keepalived.conf";

/// What describes this machine, as files of a topology: measured once.
pub(crate) fn files() -> Vec<SourceFile> {
    static FACTS: OnceLock<String> = OnceLock::new();
    let facts = FACTS.get_or_init(|| live::facts::facts().to_string());
    let mut files = vec![SourceFile::new("this host", facts.clone().into_bytes())];
    files.extend(SourceFile::read(&Disk, Path::new(KEEPALIVED), By::Repository, largest()).ok());
    files
}

/// What the rules about hosts say of these files on this machine.
pub(crate) fn findings(sources: &Sources, options: &Options) -> Vec<Finding> {
    let files = files();
    let ours = files.len() as u32;
    let (mut topology, _) = topology::read(files);
    let copies = sources.files().iter().map(|f| SourceFile::new(f.name(), f.bytes().to_vec())).collect();
    let configuration = topology.add_configuration(copies);
    for node in &mut topology.nodes {
        node.configuration = Some(configuration);
        node.closed = options.environment.is_closed();
        for (name, value) in options.environment.values() {
            node.environment.insert(name.to_owned(), Variable { value: Some(value.to_owned()), origin: Origin::Literal });
        }
        if let Some(name) = &options.local_name {
            node.option_l = Some(Name::Known(name.clone()));
        }
    }
    let of_hosts = |f: &Finding| f.rule.group() == "host" && Rule::by_name(f.rule.name).is_some_and(Rule::sees_all_nodes);
    let found = haproxy_lint::check::nodes::check(&topology, options).report.findings;
    found.into_iter().filter(of_hosts).map(|finding| placed(finding, ours)).collect()
}

/// The finding with its places among the files of the configuration: what `ours` files of the machine say has none.
fn placed(mut finding: Finding, ours: u32) -> Finding {
    let shift = |id: &mut FileId| id.0 -= ours;
    finding.related.retain(|label| label.location.file.0 >= ours);
    finding.related.iter_mut().for_each(|label| shift(&mut label.location.file));
    finding.location = finding.location.filter(|l| l.file.0 >= ours);
    finding.location.iter_mut().for_each(|l| shift(&mut l.file));
    if finding.location.is_none() && !finding.related.is_empty() {
        let label = finding.related.remove(0);
        (finding.location, finding.label) = (Some(label.location), label.message);
    }
    finding.fix = finding.fix.filter(|fix| fix.edits.iter().all(|e| e.location.file.0 >= ours));
    finding.fix.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|e| shift(&mut e.location.file));
    finding.nodes.clear();
    finding
}
