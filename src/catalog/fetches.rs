//! Where the expressions of a line fetch: the note `fetches` of its keyword says it.

use crate::{
    expression::Places,
    syntax::{SectionKind, Statement},
};

use super::{Fact, NoteKind};

impl Places {
    /// Where a rule fetches: `keyword` in a section of `kind`, `detail` being the second word where that matters (the
    /// `connection` of `tcp-request connection`, the `store-response` of `stick store-response`). `None`: this keyword
    /// takes no samples, or it depends on more than that.
    pub fn of_rule(keyword: &str, detail: &str, kind: SectionKind) -> Option<Self> {
        // The name is compiled as one of a request of the frontend, the condition is not.
        if detail == "name" {
            return Some(Self::FRONTEND_HTTP_REQUEST);
        }
        let words = [keyword, detail];
        Self::of_fact(Fact::of_words(kind, |at| words.get(at).copied().unwrap_or(""))?, kind)
    }

    /// Where a rule fetches that stands in a section of `kind`.
    pub(crate) fn of_line(line: &Statement<'_>, kind: SectionKind) -> Option<Self> {
        Self::of_fact(Fact::of(kind, line, 0)?, kind)
    }

    /// Where rules with this keyword fetch, in a section of `kind`.
    pub(crate) fn of_fact(fact: &'static Fact, kind: SectionKind) -> Option<Self> {
        let note = fact.path().find_map(|fact| fact.note(NoteKind::Fetches))?;
        Self::named(note.word, kind)
    }
}
