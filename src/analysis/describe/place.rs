//! What is known of the word under the cursor: of a keyword with the words that lead to it, or of a value with the signature
//! that it stands in.

use std::ops::Range;

use crate::{
    catalog::{self, Answer, Entry, Mark, Met, Node, Place, Role, alternative, words},
    cut::Cut,
    syntax::{SectionKind, Statement},
    version::VersionSet,
};

use super::{
    super::{Cursor, View, at::touches},
    Description, Group,
};

/// What is known of the word under the cursor, or of the argument in it.
pub fn describe_at(view: &View<'_>, cursor: Cursor) -> Option<Description> {
    let (section, statement) = (view.section(cursor)?, view.statement(cursor)?);
    let answer = catalog::ask(statement, &view.place(Some(&section)), view.versions());
    let touched = |mark: &&Mark| {
        let part = statement.word(mark.word.into()).map(|word| word.part(mark.within(usize::MAX)));
        part.is_some_and(|part| touches(part.span, cursor.offset))
    };
    let mark = *answer.marks.iter().filter(touched).min_by_key(|mark| mark.end - mark.start)?;
    let word = statement.word(mark.word.into())?.known()?;
    let text = word.get(mark.within(word.len()))?;
    let asked = Asked { statement, answer: &answer, section: section.kind, versions: view.versions() };
    asked.describe(&mark, text)
}

/// Signatures of more bytes are not shown for the sake of one word in them.
const LONG: usize = 100;

/// What is known of a keyword of a table.
pub(in crate::analysis) fn describe_entry(
    table: &str,
    key: &str,
    section: Option<SectionKind>,
    versions: VersionSet,
) -> Option<Description> {
    let group = Group::of(table, key)?;
    group.describe(&[&group.word], section, versions)
}

/// What is known of a fixed word in the signature of a keyword.
pub(in crate::analysis) fn describe_word(
    table: &str,
    key: &str,
    word: &str,
    section: Option<SectionKind>,
    versions: VersionSet,
) -> Option<Description> {
    let group = Group::of(table, key)?;
    group.argument(&[&group.word], word, section, versions)
}

impl Group {
    fn of(table: &str, key: &str) -> Option<Self> {
        let table = catalog::table(table)?;
        let entries: Vec<&'static Entry> = table.entries.iter().filter(|entry| entry.key == key).collect();
        (!entries.is_empty()).then(|| Self { table, word: key.trim_end_matches(['(', '#']).to_owned(), entries })
    }
}

struct Asked<'a> {
    statement: Statement<'a>,
    answer: &'a Answer,
    section: SectionKind,
    versions: VersionSet,
}

impl Asked<'_> {
    fn describe(&self, mark: &Mark, text: &str) -> Option<Description> {
        let here = (usize::from(mark.word), mark.start);
        let is_here = |met: &&Met| (met.word, met.name.0) == here;
        if let Some(met) = self.answer.entries.iter().find(is_here).filter(|_| mark.role == Role::Keyword) {
            return self.whole(met);
        }
        let before = self.answer.entries.iter().rev().filter(|met| (met.word, met.name.0) < here);
        match (mark.place, mark.role) {
            (Some(place), _) => {
                let owner = { before }.find(|met| number_of(met.entry, place).is_some())?;
                self.value(owner, place, self.introduced(owner, place, here))
            }
            (None, Role::Keyword) => {
                let owner = { before }.find(|met| alternative(&met.entry.arguments, text).is_some())?;
                self.argument(owner, text)
            }
            _ => None,
        }
    }

    fn group(met: &Met) -> Option<Group> {
        Group::of(met.entry.table()?.name, met.entry.key)
    }

    /// The words that lead to a keyword, and it.
    fn path(&self, met: &Met) -> Vec<String> {
        self.answer.path(met).iter().chain([met]).map(|met| met.entry.word()).collect()
    }

    fn whole(&self, met: &Met) -> Option<Description> {
        let group = Self::group(met)?;
        let path = self.path(met);
        group.describe(&path.iter().map(String::as_str).collect::<Vec<_>>(), Some(self.section), self.versions)
    }

    /// The fixed word of `owner` that a place stands behind: of `size 1m` the first, where the place is that of the second.
    fn introduced(&self, owner: &Met, place: &'static Place, here: (usize, u32)) -> Option<&'static str> {
        let between = |mark: &&Mark| {
            let at = (usize::from(mark.word), mark.start);
            mark.role == Role::Keyword && mark.place.is_none() && (owner.word, owner.name.0) < at && at < here
        };
        let word = |mark: &Mark| {
            let word = self.statement.word(mark.word.into())?.known()?;
            word.get(mark.within(word.len()))
        };
        let (node, _) = self.answer.marks.iter().rev().filter(between).find_map(|mark| alternative(&owner.entry.arguments, word(mark)?))?;
        let mut found = false;
        node.places(&mut |known| found |= std::ptr::eq(known, place));
        first_word(node).filter(|_| found)
    }

    /// One of the words that may stand behind a keyword, with what follows it and nothing of the others.
    fn short(&self, owner: &Met, word: &str) -> Option<Description> {
        let path = self.path(owner);
        let before: Vec<&str> = path.iter().map(String::as_str).collect();
        Self::group(owner)?.argument(&before, word, Some(self.section), self.versions)
    }

    /// A word of a type: its place in the signature of its keyword, and what it has to be.
    fn value(&self, owner: &Met, place: &'static Place, introduced: Option<&str>) -> Option<Description> {
        let mut description = match introduced {
            Some(word) => self.short(owner, word)?,
            None => self.whole(owner)?,
        };
        let label = format!("<{}>", place.label);
        let number = if introduced.is_some() { 0 } else { number_of(owner.entry, place).unwrap_or_default() };
        description.mark(|text| text.match_indices(&label).map(|(at, label)| at..at + label.len()).take(number + 1).last());
        let is_own = |row: &str| row.starts_with(&format!("{label} is "));
        description.rows.retain(|(name, row)| matches!(*name, "versions" | "target") || *name == "argument" && is_own(row));
        description.rows.sort_by_key(|(name, _)| *name != "argument");
        description.narrow();
        Some(description)
    }

    /// A fixed word in the signature of a keyword.
    fn argument(&self, owner: &Met, text: &str) -> Option<Description> {
        let group = Self::group(owner)?;
        let mut description = self.whole(owner)?;
        let long = description.forms.iter().any(|form| form.text.len() > LONG);
        if long || words(group.table.name, &group.word, text).is_some() {
            return self.short(owner, text);
        }
        let word = description.path.len();
        description.mark(|form| word_in(form, text, word.min(form.len())));
        description.rows.retain(|(name, _)| matches!(*name, "versions" | "target"));
        description.narrow();
        Some(description)
    }
}

/// The fixed word that a piece of a signature begins with.
fn first_word(node: &'static Node) -> Option<&'static str> {
    match node {
        Node::Literal(word) => Some(word),
        Node::Call(name, _) => Some(name.trim_end_matches('(')),
        Node::Seq([first, ..]) => first_word(first),
        _ => None,
    }
}

/// How many places of the same name stand before this one in what a keyword takes; `None` where it is none of them.
fn number_of(entry: &'static Entry, place: &'static Place) -> Option<usize> {
    let (mut before, mut found) = (0, None);
    let mut look = |known: &'static Place| {
        if found.is_none() && std::ptr::eq(known, place) {
            found = Some(before);
        }
        before += usize::from(known.label == place.label);
    };
    entry.call.iter().for_each(|argument| look(&argument.place));
    entry.arguments.places(&mut look);
    found
}

/// Where a word stands in a signature, from byte `from` on.
fn word_in(form: &str, word: &str, from: usize) -> Option<Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '<');
    let alone = |range: &Range<usize>| !form.cut(..range.start).ends_with(is_part) && !form.cut(range.end..).starts_with(is_part);
    let found = form.match_indices(word).map(|(at, word)| at..at + word.len());
    { found }.filter(|range| range.start >= from).find(alone)
}

impl Description {
    /// Marks a part of the form that has it, and leaves the other forms out.
    fn mark(&mut self, part: impl Fn(&str) -> Option<Range<usize>>) {
        let Some(marked) = self.forms.iter().rev().find_map(|form| part(&form.text)) else { return };
        self.forms.retain(|form| part(&form.text).is_some());
        self.forms.reverse();
        self.forms.truncate(1);
        self.marked = Some(marked);
    }

    /// Leaves out what is about all of the keyword.
    fn narrow(&mut self) {
        self.lists.clear();
        self.examples.clear();
    }
}
