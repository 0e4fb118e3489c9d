//! What is likely, among all that is possible: what lines of the same kind say elsewhere in the configuration, and not what is old
//! or rare.

use std::collections::HashSet;

use crate::{
    catalog::{Entry, NoteKind},
    config::SectionView,
    syntax::Statement,
    version::VersionSet,
};

use super::super::View;

/// How likely something is meant, the likeliest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Weight {
    /// Other lines of this kind say it.
    Usual,
    /// It may be.
    Possible,
    /// It stands on the line already, is old or experimental, or a backend without servers.
    Unlikely,
}

/// The words that lines of a kind hold.
#[derive(Debug, Default)]
pub(super) struct Usual<'r>(HashSet<&'r str>);

/// More lines than this say nothing new.
const LOOKED_AT: usize = 20_000;

impl<'r> Usual<'r> {
    /// The words of all lines that begin as this one does; where it has no word yet, the first words of sections of its kind.
    pub(super) fn of(view: &View<'r>, section: Option<&SectionView<'r>>, before: &str, own: Option<usize>) -> Self {
        let first = before.split_ascii_whitespace().next();
        let lines = view.config().sections().filter(|other| section.is_none_or(|section| other.kind == section.kind));
        let lines = lines.flat_map(|section| section.statements().collect::<Vec<_>>());
        let lines = lines.take(LOOKED_AT).filter(|line| Some(line.line()) != own);
        let words = |line: Statement<'r>| -> Vec<&'r str> {
            match first {
                None => vec![line.keyword()],
                Some(first) if line.keyword() == first => line.words().skip(1).filter_map(|word| word.known()).collect(),
                Some(_) => Vec::new(),
            }
        };
        Self(lines.flat_map(words).map(|word| word.split('(').next().unwrap_or(word)).collect())
    }

    /// Whether one of the lines has a word; what follows in parentheses counts for nothing.
    pub(super) fn has(&self, word: &str) -> bool {
        self.0.contains(word.trim_end_matches('('))
    }
}

/// Whether all of these versions warn of a keyword; and how likely that, or what else is known of it, makes it.
pub(super) fn weight_of(entry: &Entry, versions: VersionSet) -> (bool, Option<Weight>) {
    let noted = |kinds: &[NoteKind]| {
        let notes = entry.notes.iter().filter(|note| kinds.contains(&note.kind));
        let set = notes.fold(VersionSet::NONE, |all, note| all | note.versions);
        !versions.is_empty() && set.covers(versions & entry.taken_by())
    };
    let deprecated = noted(&[NoteKind::Deprecated]);
    let unlikely = deprecated || noted(&[NoteKind::Discouraged, NoteKind::Experimental, NoteKind::Exposed, NoteKind::Rare]);
    (deprecated, unlikely.then_some(Weight::Unlikely))
}
