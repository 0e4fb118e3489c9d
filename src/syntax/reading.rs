//! A configuration as it is read in one world: its statements, and the sections they stand in.

mod statement;
mod words;

use std::{collections::BTreeMap, ops::Range, sync::OnceLock};

use rustc_hash::FxHashMap;

use crate::{
    source::{FileId, SourceFile, Sources, Span, Written},
    threads::LARGE,
    version::VersionSet,
};

use super::{
    Environment, FirstWords, Problem, SectionKind, Tree, Value,
    tree::{Half, RawWord},
};
pub use statement::{Statement, Text, Word};

/// What is taken for true where a file can mean several things: a set of versions, and a truth value for each thing
/// that conditions ask and nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// The versions that read the file in this way.
    pub versions: VersionSet,
    /// The truth of each unknown that a condition depends on, such as `defined(POD_NAME)`.
    pub assumed: BTreeMap<String, bool>,
}

/// A section and the statements in it.
#[derive(Clone, Debug)]
pub struct Section {
    /// What it is.
    pub kind: SectionKind,
    /// Whether its first statement opens it.
    pub(super) opened: bool,
    /// All of its statements.
    pub(super) first: u32,
    pub(super) end: u32,
}

impl Section {
    /// The statement that opens it; `None` for a fragment, which is only a body.
    #[inline]
    pub fn header(&self) -> Option<usize> {
        self.opened.then_some(self.first as usize)
    }

    /// All of its statements, with the one that opens it.
    pub(crate) fn all(&self) -> Range<usize> {
        self.first as usize..self.body().end
    }

    /// The number of the statement behind its last one.
    #[inline]
    pub(crate) fn end(&self) -> u32 {
        self.end
    }

    /// The statements in it.
    #[inline]
    pub fn body(&self) -> Range<usize> {
        let first = self.first as usize + usize::from(self.opened);
        first..first.max(self.end as usize)
    }
}

/// A statement as it is kept.
#[derive(Clone, Copy, Debug)]
#[repr(Rust, packed)]
pub(super) struct Record {
    /// Where its line is kept in the tree; its place in `Reading::rare` where it is [`Record::RARE`].
    pub(super) first: u32,
    /// The first word: a place in `Reading::keywords`.
    pub(super) keyword: u32,
    /// The half of a file that it is in: a place in `Reading::origins`, or [`Record::LATER`] for those in `Reading::later`.
    pub(super) origin: u8,
    /// How many words it has; a line has 64 at most.
    pub(super) count: u8,
    /// The number of the first `if` or `unless`; 0 where there is none. With [`Record::RARE`] where the words are no cells of the tree.
    pub(super) mark: u8,
}

impl Record {
    /// Of so many halves it is not kept which one a statement is in.
    pub(super) const LATER: u8 = u8::MAX;
    pub(super) const RARE: u8 = 1 << 7;
}

/// A statement whose words are no cells of the tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rare {
    /// Where its line is kept in the tree.
    pub(super) line: u32,
    /// Its words: places in `Reading::evaluated`, where their values had to be worked out.
    pub(super) evaluated: Option<(u32, u32)>,
}

/// A word whose value had to be worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Evaluated {
    /// Where it is, quotes included.
    pub(super) span: Span,
    pub(super) value: Meant,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// The text that stands there, within quotes or without.
    Itself(Span),
    /// Another one.
    Value(Value),
}

impl Evaluated {
    pub(super) fn new(file: &SourceFile, (span, value): (Span, Value)) -> Self {
        let written = value.known().and_then(|known| {
            let bare = Span::new(span.start + 1, span.end.saturating_sub(1).max(span.start + 1));
            let is_quoted = || file.slice(span).starts_with(b"\"") || file.slice(span).starts_with(b"'");
            let is_there = |at: &Span| at.len() == known.len() && file.slice(*at) == known.as_bytes();
            Some(span).filter(is_there).or_else(|| Some(bare).filter(|at| is_quoted() && is_there(at)))
        });
        Self { span, value: written.map_or_else(|| Meant::Value(value), Meant::Itself) }
    }

    /// The value, where all of it is known.
    pub(super) fn known<'r>(&'r self, file: &'r SourceFile) -> Option<&'r str> {
        match &self.value {
            Meant::Itself(text) => file.str(*text),
            Meant::Value(value) => value.known(),
        }
    }
}

/// Where statements come from: half of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin<'a> {
    pub(super) half: &'a Half,
    /// The words of its lines.
    pub(super) cells: &'a [u16],
    /// The text of the file; where it is no text, all words are evaluated.
    pub(super) text: &'a str,
    pub(super) file: &'a SourceFile,
    pub(super) id: FileId,
    /// How many lines of the file are before it.
    pub(super) lines: usize,
    /// How many statements are before it.
    pub(super) statements: usize,
}

impl<'a> Origin<'a> {
    /// What a plain word is.
    #[inline]
    fn str(&self, raw: RawWord) -> &'a str {
        let span = raw.span();
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }
}

/// All statements of a configuration, in the order HAProxy reads them, as one world has them.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// The tree of each file.
    pub trees: &'a [Tree],
    /// The world.
    pub world: World,
    /// The sections in order.
    pub sections: Vec<Section>,
    /// What the tokenizer and the preprocessor met.
    pub problems: Vec<Problem>,
    /// Whether something was left out or is not known, so that a name that seems missing may well exist.
    pub opaque: bool,
    /// The environment as it is at the end.
    pub environment: Environment,
    pub(super) records: Vec<Record>,
    /// The halves of the files: as many as a record can name, and the rest.
    pub(super) origins: Box<[Origin<'a>]>,
    pub(super) later: Box<[Origin<'a>]>,
    pub(super) rare: Vec<Rare>,
    pub(super) evaluated: Vec<Evaluated>,
    /// Every first word once, `""` for the unknown ones: rules ask for them far more often than for all the rest.
    pub(super) keywords: Vec<Box<str>>,
    /// Where each first word stands in `keywords`.
    pub(super) numbers: FxHashMap<Box<str>, u32>,
    /// The same as a set, with [`PROBLEM`](super::PROBLEM) where reading met one.
    pub(super) met: FirstWords,
    /// What whoever knows keywords has found out of each of `keywords`, once somebody has asked.
    pub(super) known: OnceLock<Box<[u32]>>,
    /// What quotes, escapes and variables make of words may hold, once a rule has asked; `None`: anything.
    pub(super) written: OnceLock<Option<Written>>,
}

impl<'a> Reading<'a> {
    /// The statement number `index`.
    ///
    /// # Panics
    /// If there are not that many.
    #[inline]
    pub fn statement(&self, index: usize) -> Statement<'_> {
        Statement { reading: self, record: &self.records[index] }
    }

    /// Where statement number `index` comes from, if it is one of the later ones.
    #[cold]
    fn origin_of(&self, index: usize) -> &Origin<'a> {
        &self.later[self.later.partition_point(|origin| origin.statements <= index) - 1]
    }

    /// The statements numbered `range`.
    pub fn statements(&self, range: Range<usize>) -> impl DoubleEndedIterator<Item = Statement<'_>> + Clone {
        range.map(|index| self.statement(index))
    }

    /// How many statements there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether it pays to have two threads look at it.
    pub(crate) fn is_large(&self) -> bool {
        self.records.len() >= LARGE
    }

    /// Whether there is no statement.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Whether a statement may begin with one of `words`, as far as their bits tell.
    pub(crate) fn may_begin_with(&self, words: &FirstWords) -> bool {
        self.met.meets(words)
    }

    /// Whether a statement may begin with one of `keywords`: a quick answer for rules that are about rare ones.
    pub fn may_have(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.keyword_number(keyword).is_some())
    }

    /// Every first word of a statement once, as far as they are known.
    pub(crate) fn keywords(&self) -> impl Iterator<Item = &str> {
        self.keywords.iter().map(|keyword| &**keyword)
    }

    /// The number that `of` gives to each of them: each is asked once, and `of` must always be the same.
    pub(crate) fn keywords_known(&self, of: fn(&str) -> u32) -> &[u32] {
        self.known.get_or_init(|| self.keywords.iter().map(|keyword| of(keyword)).collect())
    }

    /// The number of a keyword, if a statement begins with it: numbers are compared faster than texts.
    pub(crate) fn keyword_number(&self, keyword: &str) -> Option<u32> {
        // Most keywords that are asked for are not there.
        if self.met.may_have(keyword) { self.numbers.get(keyword).copied() } else { None }
    }

    /// Whether `text` is written somewhere, or may be in what quotes, escapes and variables make of a word.
    pub fn may_mention(&self, text: &str) -> bool {
        self.sources.files().iter().any(|file| file.holds(text)) || self.may_make(text)
    }

    /// The same as far as a quick look tells, which is right where it says no.
    pub(crate) fn may_be_written(&self, text: &str) -> bool {
        let is_written = self.sources.files().iter().any(|file| file.written().may_hold(text.as_bytes()));
        is_written || !self.evaluated.is_empty() && self.made().is_none_or(|made| made.may_hold(text.as_bytes()))
    }

    /// What quotes, escapes and variables make of words that is not written so.
    fn values(&self) -> impl Iterator<Item = &Value> {
        self.evaluated.iter().filter_map(|word| match &word.value {
            Meant::Itself(_) => None,
            Meant::Value(value) => Some(value),
        })
    }

    /// What these may hold; `None`: anything.
    fn made(&self) -> Option<&Written> {
        let made = self.written.get_or_init(|| {
            let values: Option<Vec<&[u8]>> = self.values().map(|value| value.known().map(str::as_bytes)).collect();
            values.map(|values| Written::of(values.into_iter()))
        });
        made.as_ref()
    }

    /// Whether `text` is in what quotes, escapes and variables make of a word, or may be.
    fn may_make(&self, text: &str) -> bool {
        if self.evaluated.is_empty() {
            return false;
        }
        let Some(made) = self.made() else { return true };
        let finder = memchr::memmem::Finder::new(text);
        let holds = |value: &Value| value.known().is_some_and(|known| finder.find(known.as_bytes()).is_some());
        made.may_hold(text.as_bytes()) && self.values().any(holds)
    }
}
