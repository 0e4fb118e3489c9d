//! A check of a configuration, alone or as its nodes read it, and what is told of it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use haproxy_lint::{
    analysis::{Lens, Snapshot, lenses, mesh_lenses},
    check::{Options, Report, nodes},
    project,
    source::{By, FileId, Location, SourceFile, Sources},
    topology::{self, Place, Topology, is_called},
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
    /// How many of its files are manifests, which stand before the others.
    manifests: usize,
    /// What is said above sections, where a topology tells.
    mesh: Option<Vec<Lens>>,
    /// What the configurations of a manifest tell themselves, as not all of them run on a node that is known.
    alone: Vec<Lens>,
}

impl Outcome {
    /// Checks a text.
    pub(super) fn of(text: &Arc<Text>, options: &Options) -> Self {
        let plain = |report| Self { text: Arc::clone(text), report, manifests: 0, mesh: None, alone: Vec::new() };
        match &text.frame.way {
            Way::Alone => plain(text.check(&text.sources, options)),
            Way::Embedded => plain(Report::default()),
            Way::Manifest => of_topology(text, topology::read(text.copy().into_files()).0, 1, options),
            Way::Deployed(paths) => {
                let manifests = manifests(text, paths);
                let count = manifests.len();
                of_topology(text, deployed(text, paths, manifests, text.copy().into_files(), Vec::new()), count, options)
            }
        }
    }

    /// What is found if its files have other texts.
    pub(super) fn with(&self, sources: &Sources) -> Report {
        let (text, options) = (&self.text, &self.text.frame.options);
        let mut files = sources.files().iter().map(|file| SourceFile::new(file.name(), file.bytes().to_vec()));
        match &text.frame.way {
            Way::Alone | Way::Embedded => text.check(sources, options),
            Way::Manifest => checked(text, &topology::read(files.collect()).0, options).0,
            Way::Deployed(paths) => {
                let manifests = files.by_ref().take(self.manifests).collect();
                let own = files.by_ref().take(text.frame.paths.len()).collect();
                checked(text, &deployed(text, paths, manifests, own, files.collect()), options).0
            }
        }
    }

    /// What is said above the sections of a file.
    pub(super) fn lenses(&self, file: FileId) -> Vec<Lens> {
        if let Some(mesh) = &self.mesh {
            let of_mesh: Vec<Lens> = mesh.iter().filter(|lens| lens.location.file == file).cloned().collect();
            let said = |lens: &Lens| of_mesh.iter().any(|known| known.location == lens.location);
            let alone: Vec<Lens> = self.alone.iter().filter(|lens| lens.location.file == file && !said(lens)).cloned().collect();
            return of_mesh.into_iter().chain(alone).collect();
        }
        let local = self.text.frame.options.local_name.as_deref();
        let snapshot = Snapshot::new(Arc::clone(&self.text.sources), self.text.frame.options.read_options());
        snapshot.with(|view| lenses(view, file, local))
    }
}

/// The files that describe the nodes.
fn manifests(text: &Text, paths: &[PathBuf]) -> Vec<SourceFile> {
    let reader = text.frame.project.reader();
    let mut manifests = Vec::new();
    for path in paths {
        let found = project::manifests(reader, path, false, &mut Vec::new()).unwrap_or_default();
        let by = |file: &Path| if file == path { By::User } else { By::Repository };
        manifests.extend(found.iter().filter_map(|file| SourceFile::read(reader, file, by(file), largest()).ok()));
    }
    manifests
}

/// The nodes that manifests describe, and others if they are mounted, with the configuration as one of them. What is mounted has the
/// `texts` that are given, else those of the reader.
fn deployed(text: &Text, paths: &[PathBuf], manifests: Vec<SourceFile>, own: Vec<SourceFile>, texts: Vec<SourceFile>) -> Topology {
    let (mut topology, _) = topology::read(manifests);
    let others = beside(text, &topology, paths, &texts);
    let given: Vec<usize> = std::iter::once(own).chain(others).map(|files| topology.add_configuration(files)).collect();
    // Where it cannot be told who reads it, nobody does.
    let _ = topology.distribute(&given);
    let reader = text.frame.project.reader();
    let fence = project::around(reader, paths, false);
    project::mounted_as(reader, &mut topology, &fence, largest(), texts);
    topology
}

/// What lies beside the manifests for other hosts, where the configuration lies there for its own.
fn beside(text: &Text, topology: &Topology, paths: &[PathBuf], texts: &[SourceFile]) -> Vec<Vec<SourceFile>> {
    let project = &text.frame.project;
    let reader = project.reader();
    let sets: Vec<project::Set> = project.beside(topology, paths).into_iter().map(|(_, set)| set).collect();
    let is_own = |set: &&project::Set| set.parts().iter().any(|part| text.frame.paths.contains(&reader.whole(&part.path)));
    if !sets.iter().any(|set| is_own(&set)) {
        return Vec::new();
    }
    let read = |part: &project::Part| {
        let name = part.path.to_string_lossy();
        let known = texts.iter().find(|file| file.name() == name).map(|file| SourceFile::new(file.name(), file.bytes().to_vec()));
        known.map_or_else(|| SourceFile::read(reader, &part.path, part.by, largest()).ok(), Some)
    };
    // Without one of its files a configuration would be another one.
    sets.iter().filter(|set| !is_own(set)).filter_map(|set| set.parts().iter().map(read).collect()).collect()
}

/// What is found in a topology, and what is said above its sections.
fn checked(text: &Text, topology: &Topology, options: &Options) -> (Report, Option<Vec<Lens>>) {
    let checked = guarded(|| {
        let checked = nodes::check(topology, options);
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
    (report, mesh)
}

fn of_topology(text: &Arc<Text>, topology: Topology, manifests: usize, options: &Options) -> Outcome {
    let (report, mesh) = checked(text, &topology, options);
    let alone = if text.frame.way == Way::Manifest { embedded(&topology, options) } else { Vec::new() };
    let documents = topology.sources.files().iter().map(|file| named(text, file)).collect();
    let (sources, frame) = (Arc::new(topology.sources), Arc::clone(&text.frame));
    let text = Arc::new(Text { number: text.number, sources, documents, manifest: None, frame });
    Outcome { text, report, manifests, mesh, alone }
}

/// What the configurations in manifests tell of their peers, at their places in the manifests.
fn embedded(topology: &Topology, options: &Options) -> Vec<Lens> {
    let mut all = Vec::new();
    for configuration in &topology.configurations {
        let sources = configuration.sources();
        if !sources.files().iter().any(|file| file.bytes().windows(5).any(|word| word == b"peers")) {
            continue;
        }
        let snapshot = Snapshot::new(sources, options.read_options());
        for (number, file) in configuration.files.iter().enumerate() {
            let Place::Embedded(embedded) = &file.place else { continue };
            let found = snapshot.with(|view| lenses(view, FileId(number as u32), options.local_name.as_deref()));
            let there = |place: Location| Location { file: embedded.file, span: embedded.map.map(place.span) };
            let moved = |lens: Lens| {
                let place = there(lens.location);
                lens.moved(place)
            };
            all.extend(found.into_iter().map(moved));
        }
    }
    all
}

/// How the client names a file: as one of the configuration, or by its path.
fn named(text: &Text, file: &SourceFile) -> Name {
    let own = text.sources.files().iter().position(|own| own.name() == file.name());
    own.and_then(|at| text.documents.get(at).cloned()).unwrap_or_else(|| {
        let path = text.frame.project.reader().whole(Path::new(file.name()));
        Name { uri: place::uri(&path), version: None }
    })
}
