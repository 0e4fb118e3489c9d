//! What comments in configurations silence, whichever node or rule brings it up: what all of them say decides whether one is unused.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    finding::{Finding, RuleInfo},
    rules::style::unused_ignore,
    source::{FileId, Location, Sources, Span},
    syntax::Tree,
    topology::{Configuration, Place, Topology},
};

use super::super::{Selection, suppress::Comments};

/// The comments of the configurations that have some, by their numbers.
#[derive(Default)]
pub(super) struct Silent {
    all: BTreeMap<usize, (Sources, Comments)>,
    /// Which of them stand in a file of the topology.
    by_file: HashMap<FileId, Vec<usize>>,
}

impl Silent {
    /// Reads the comments of the configuration number `index`.
    pub(super) fn read(&mut self, index: usize, configuration: &Configuration, trees: &[Tree], selection: &Selection) {
        let sources = configuration.sources();
        // What is wrong with them is told where the configuration is read.
        let comments = Comments::read(&sources, trees, selection, &mut Vec::new());
        if comments.is_empty() {
            return;
        }
        self.all.insert(index, (sources, comments));
        let files: BTreeSet<FileId> = configuration.files.iter().map(|file| file_of(&file.place)).collect();
        files.into_iter().for_each(|file| self.by_file.entry(file).or_default().push(index));
    }

    /// Whether comments silence what a rule says at places of a configuration.
    pub(super) fn takes(&mut self, index: usize, rule: &RuleInfo, places: impl Iterator<Item = Location>) -> bool {
        self.all.get_mut(&index).is_some_and(|(sources, comments)| comments.silence_at(sources, rule, places))
    }

    /// Whether comments silence a finding whose place is in the files of the topology.
    pub(super) fn takes_of_all(&mut self, topology: &Topology, finding: &Finding) -> bool {
        let mut taken = false;
        for at in [finding.location, finding.cause.as_ref().map(|cause| cause.location)].into_iter().flatten() {
            for index in self.by_file.get(&at.file).cloned().unwrap_or_default() {
                taken |= self.takes(index, finding.rule, inside(&topology.configurations[index], at).into_iter());
            }
        }
        taken
    }

    /// Whether a finding says of a comment that it is unused, and another node or rule has used it.
    pub(super) fn refutes(&self, topology: &Topology, finding: &Finding) -> bool {
        let Some(at) = finding.location.filter(|_| finding.rule.name == unused_ignore::RULE.name) else { return false };
        let is_used = |index: &usize| {
            let place = inside(&topology.configurations[*index], at);
            place.is_some_and(|place| self.all[index].1.is_used(place))
        };
        self.by_file.get(&at.file).into_iter().flatten().any(is_used)
    }
}

/// The file of the topology that a file of a configuration is, or stands in.
fn file_of(place: &Place) -> FileId {
    match place {
        Place::File(file) => *file,
        Place::Embedded(embedded) => embedded.file,
    }
}

/// Where a place in the files of a topology begins in a configuration that stands there.
fn inside(configuration: &Configuration, at: Location) -> Option<Location> {
    configuration.files.iter().zip(0..).find_map(|(file, number)| {
        let span = match &file.place {
            Place::File(file) if *file == at.file => Span::new(at.span.start, at.span.start),
            Place::Embedded(embedded) if embedded.file == at.file && embedded.map.is_exact() => {
                let start = embedded.map.text_of(at.span.start)?;
                Span::new(start, start)
            }
            _ => return None,
        };
        Some(Location { file: FileId(number), span })
    })
}
