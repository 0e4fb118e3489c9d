//! What stands at a place.

use std::ops::Range;

use crate::{
    catalog::{Mark, Place, Role, ask},
    config::SectionView,
    expression::{SampleType, output},
    source::{Location, Span},
    syntax::Statement,
    version::VersionSet,
};

use super::{Cursor, Symbol, View, define};

/// What stands at a place.
#[derive(Debug)]
#[non_exhaustive]
pub struct Here<'r> {
    /// The section.
    pub section: Option<SectionView<'r>>,
    /// The line.
    pub statement: Option<Statement<'r>>,
    /// The word; `None` between words.
    pub word: Option<Spoken>,
    /// What is declared or named here, with all places that do.
    pub symbol: Option<Symbol>,
}

/// A word of a line, and what it is for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Spoken {
    /// Its number, from 0.
    pub number: usize,
    /// The bytes that are meant: the word, or an argument in it.
    pub location: Location,
    /// The same in the text of the word.
    pub bytes: Range<usize>,
    /// What it is for. For a word of a condition, an ACL or an expression that is what it is a part of.
    pub role: Option<Role>,
    /// Its place in the signature: label, type, parameter.
    pub place: Option<&'static Place>,
    /// What the expression that begins here gives, and in which versions.
    pub gives: Vec<(VersionSet, SampleType)>,
}

/// Whether the cursor is in a span, or at one of its ends.
pub(super) fn touches(span: Span, offset: u32) -> bool {
    span.start <= offset && offset <= span.end
}

/// What stands at the cursor.
pub fn at<'r>(view: &View<'r>, cursor: Cursor) -> Here<'r> {
    let section = view.section(cursor);
    let statement = view.statement(cursor);
    Here { section, statement, word: word(view, cursor), symbol: define(view, cursor) }
}

/// The words of the line of the cursor that its signature knows, and arguments in them, in their order.
pub fn words(view: &View<'_>, cursor: Cursor) -> Vec<Spoken> {
    let Some(statement) = view.statement(cursor) else { return Vec::new() };
    let section = view.section(cursor);
    if is_header(section.as_ref(), statement) {
        return statement.word(0).map(|word| Spoken::plain(0, word.location, Some(Role::Keyword))).into_iter().collect();
    }
    let marks = ask(statement, &view.place(section.as_ref()), view.versions()).marks;
    marks.iter().filter_map(|mark| spoken(statement, mark)).collect()
}

/// A word of a line, or an argument in it, that its signature knows.
pub(super) fn spoken(statement: Statement<'_>, mark: &Mark) -> Option<Spoken> {
    let number = usize::from(mark.word);
    let word = statement.word(number)?;
    let bytes = mark.within(word.known().map_or(usize::MAX, str::len));
    let location = word.part(bytes.clone());
    Some(Spoken { place: mark.place, bytes, ..Spoken::plain(number, location, Some(mark.role)) })
}

fn is_header(section: Option<&SectionView<'_>>, statement: Statement<'_>) -> bool {
    section.and_then(|section| section.header()).is_some_and(|header| header.location() == statement.location())
}

impl Spoken {
    fn plain(number: usize, location: Location, role: Option<Role>) -> Self {
        Self { number, location, bytes: 0..0, role, place: None, gives: Vec::new() }
    }
}

fn word(view: &View<'_>, cursor: Cursor) -> Option<Spoken> {
    let (statement, offset) = (view.statement(cursor)?, cursor.offset);
    let (number, word) = statement.words().enumerate().find(|(_, word)| touches(word.location.span, offset))?;
    let all = words(view, cursor);
    // Of a word and an argument in it the argument is meant.
    let here = all.iter().filter(|spoken| spoken.number == number && touches(spoken.location.span, offset));
    if let Some(exact) = here.min_by_key(|spoken| spoken.location.span.len()) {
        let gives = if exact.role == Some(Role::Sample) { output(statement, number) } else { Vec::new() };
        return Some(Spoken { gives, ..exact.clone() });
    }
    let wide = |spoken: &&Spoken| matches!(spoken.role, Some(Role::Condition | Role::Acl | Role::Sample)) && spoken.number < number;
    Some(Spoken::plain(number, word.location, all.iter().rfind(wide).and_then(|spoken| spoken.role)))
}
