//! What the `order` rules share: which lists of rules run behind which.

use crate::{
    catalog::{Fact, NoteKind},
    syntax::SectionKind,
    version::VersionSet,
};

/// The kinds of rules that run behind those of `kind`: what its notes name, then what the notes of these do.
pub(super) fn later(kind: &'static Fact) -> Vec<(&'static Fact, VersionSet)> {
    let mut later: Vec<(&Fact, VersionSet)> = vec![(kind, VersionSet::ALL)];
    let mut at = 0;
    while let Some((fact, versions)) = later.get(at).copied() {
        for note in fact.notes(NoteKind::Before) {
            let words: Vec<&str> = note.text().split(' ').collect();
            let next = Fact::of_words(SectionKind::Listen, |at| words.get(at).copied().unwrap_or(""));
            let next = next.filter(|next| !later.iter().any(|(known, _)| std::ptr::eq(*known, *next)));
            later.extend(next.map(|next| (next, versions & note.versions)));
        }
        at += 1;
    }
    later.remove(0);
    later
}
