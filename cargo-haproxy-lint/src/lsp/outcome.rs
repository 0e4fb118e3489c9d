//! A check of a configuration, alone or as its nodes read it, and what is told of it.

use std::{path::Path, sync::Arc};

use haproxy_lint::{
    analysis::{Lens, Snapshot, lenses, mesh_lenses},
    check::{Options, Report, nodes},
    project,
    source::{By, FileId, SourceFile},
    topology::{self, Topology, is_called},
};

use super::{
    place,
    text::{Name, Text, Way},
};
use crate::{live::files::largest, parallel::guarded};

/// What came of a check.
pub(super) struct Outcome {
    /// The files that places are in: those of the text, and the manifests that describe its nodes.
    pub(super) text: Arc<Text>,
    /// What was found.
    pub(super) report: Report,
    /// What is said above sections, where a topology tells.
    mesh: Option<Vec<Lens>>,
}

impl Outcome {
    /// Checks a text.
    pub(super) fn of(text: &Arc<Text>, options: &Options) -> Self {
        match &text.frame.way {
            Way::Alone => Self { text: Arc::clone(text), report: text.check(&text.sources, options), mesh: None },
            Way::Embedded => Self { text: Arc::clone(text), report: Report::default(), mesh: None },
            Way::Manifest => of_topology(text, topology::read(text.copy().into_files()).0, options),
            Way::Deployed(paths) => of_topology(text, deployed(text, paths), options),
        }
    }

    /// What is said above the sections of a file.
    pub(super) fn lenses(&self, file: FileId) -> Vec<Lens> {
        if let Some(mesh) = &self.mesh {
            return mesh.iter().filter(|lens| lens.location.file == file).cloned().collect();
        }
        let local = self.text.frame.options.local_name.as_deref();
        let snapshot = Snapshot::new(Arc::clone(&self.text.sources), self.text.frame.options.read_options());
        snapshot.with(|view| lenses(view, file, local))
    }
}

/// The nodes that these files describe, and others if they are mounted, with the configuration as one of them.
fn deployed(text: &Text, paths: &[std::path::PathBuf]) -> Topology {
    let reader = text.frame.project.reader();
    let mut manifests = Vec::new();
    for path in paths {
        let found = project::manifests(reader, path, false, &mut Vec::new()).unwrap_or_default();
        let by = |file: &Path| if file == path { By::User } else { By::Repository };
        manifests.extend(found.iter().filter_map(|file| SourceFile::read(reader, file, by(file), largest()).ok()));
    }
    let (mut topology, _) = topology::read(manifests);
    let given = topology.add_configuration(text.copy().into_files());
    // Where it cannot be told who reads it, nobody does.
    let _ = topology.distribute(&[given]);
    let fence = project::around(reader, paths, false);
    project::mounted(reader, &mut topology, &fence, largest(), &mut Vec::new());
    topology
}

fn of_topology(text: &Arc<Text>, topology: Topology, options: &Options) -> Outcome {
    let checked = guarded(|| {
        let checked = nodes::check(&topology, options);
        (checked.report, mesh_lenses(&checked.mesh))
    });
    let (mut report, mesh) = match checked {
        Ok((report, mesh)) => (report, Some(mesh)),
        Err(panic) => (Report::internal_error(&panic, &topology.sources), None),
    };
    let nodes = &text.frame.project.settings.node;
    if !nodes.is_empty() {
        report.findings.retain(|f| f.nodes.is_empty() || f.nodes.iter().any(|node| nodes.iter().any(|wanted| is_called(node, wanted))));
    }
    if text.frame.way == Way::Manifest {
        // Of what is around it in the manifest, others know more: Services stand in other files.
        report.findings.retain(|finding| finding.embedded.is_some());
    }
    text.frame.project.overrule(&topology.sources, &mut report);
    let documents = topology.sources.files().iter().map(|file| named(text, file)).collect();
    let (sources, frame) = (Arc::new(topology.sources), Arc::clone(&text.frame));
    let text = Arc::new(Text { number: text.number, sources, documents, manifest: None, frame });
    Outcome { text, report, mesh }
}

/// How the client names a file: as one of the configuration, or by its path.
fn named(text: &Text, file: &SourceFile) -> Name {
    let own = text.sources.files().iter().position(|own| own.name() == file.name());
    own.and_then(|at| text.documents.get(at).cloned()).unwrap_or_else(|| {
        let path = text.frame.project.reader().whole(Path::new(file.name()));
        Name { uri: place::uri(&path), version: None }
    })
}
