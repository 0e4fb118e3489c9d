//! What is true of many lines because of one word: it is told once, at that word.

use rustc_hash::FxHashMap;

use crate::{
    finding::{Draft, Subject, SubjectKind},
    source::Location,
    syntax::Word,
};

/// How many of the lines are shown.
const SHOWN: usize = 2;

/// Lines of which the same is true, by the word that makes it so.
pub(super) struct Causes<'r, T> {
    found: Vec<(T, Lines<'r>)>,
    places: FxHashMap<Location, usize>,
}

impl<'r, T> Causes<'r, T> {
    pub(super) fn new() -> Self {
        Self { found: Vec::new(), places: FxHashMap::default() }
    }

    /// Adds a line, which goes by `name`: what is said of the first one with this cause is said of all.
    pub(super) fn add(&mut self, cause: Location, name: Word<'r>, line: Location, what: T) {
        let at = *self.places.entry(cause).or_insert_with(|| {
            self.found.push((what, Lines::default()));
            self.found.len() - 1
        });
        self.found[at].1.add(name, line);
    }

    /// The drafts, which `tell` makes of what is said and of the lines.
    pub(super) fn drafts(self, mut tell: impl FnMut(T, &Lines<'r>) -> Draft) -> impl Iterator<Item = Draft> {
        self.found.into_iter().map(move |(what, lines)| {
            let draft = tell(what, &lines);
            if lines.are_many() { lines.name_in(draft, SubjectKind::Server) } else { draft }
        })
    }
}

/// Lines that have one cause: their names, and their places.
#[derive(Default)]
pub(super) struct Lines<'r>(Vec<(Word<'r>, Location)>);

impl<'r> Lines<'r> {
    pub(super) fn add(&mut self, name: Word<'r>, line: Location) {
        self.0.push((name, line));
    }

    /// Shows the first of them, and names all: what HAProxy says of each is the same thing.
    pub(super) fn name_in(&self, mut draft: Draft, kind: SubjectKind) -> Draft {
        for (at, (name, line)) in self.0.iter().enumerate() {
            draft = draft.about(Subject::new(kind, name.display()).at(*line));
            if at < SHOWN {
                draft = draft.also(*line, "one of them");
            }
        }
        draft
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `server `a``, ``servers `a` and `b` ``, ``servers `a`, `b` and 3 more``.
    pub(super) fn called(&self, one: &str) -> String {
        let name = |at: usize| format!("`{}`", self.0[at].0.display());
        match self.0.len() {
            1 => format!("{one} {}", name(0)),
            2 => format!("{one}s {} and {}", name(0), name(1)),
            n => format!("{one}s {}, {} and {} more", name(0), name(1), n - 2),
        }
    }

    /// Whether there are several.
    pub(super) fn are_many(&self) -> bool {
        self.0.len() > 1
    }
}

/// Whether the word stands in this line, and not in one that the line inherits from.
pub(super) fn is_own(line: Location, word: Word<'_>) -> bool {
    let (span, word) = (line.span, word.location);
    line.file == word.file && span.start <= word.span.start && word.span.end <= span.end
}
