//! A configuration as it is read in one world: statements, their words, and the sections they stand in.

mod words;

use std::{borrow::Cow, collections::BTreeMap, ops::Range, sync::OnceLock};

use rustc_hash::FxHashMap;

use crate::{
    cut::Cut,
    source::{FileId, Location, SourceFile, Sources, Span, Written},
    threads::LARGE,
    version::VersionSet,
};

use super::{
    Environment, FirstWords, Part, Problem, SectionKind, Tree, Value,
    condition::UNKNOWN_MARK,
    tree::{Half, RawWord, near, near_words},
};
use words::{Bytes, NearWords, Texts, Words};

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
    pub(super) evaluated: Vec<(Span, Value)>,
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

    /// Whether these statements are, word by word, those of another reading of the same files.
    pub(crate) fn is_alike(&self, here: Range<usize>, other: &Reading<'_>, there: Range<usize>) -> bool {
        let same = |here: usize, there: usize| {
            let (a, b) = (self.records[here], other.records[there]);
            let same_place = match (self.rare_of(&a), other.rare_of(&b)) {
                (None, None) => a.first == b.first,
                (Some(a), Some(b)) => a.line == b.line && self.values(a) == other.values(b),
                _ => false,
            };
            // Of later halves it is not kept which one it is.
            a.origin == b.origin && a.origin != Record::LATER && same_place
        };
        here.len() == there.len() && here.zip(there).all(|(here, there)| same(here, there))
    }

    fn rare_of(&self, record: &Record) -> Option<Rare> {
        (record.mark & Record::RARE > 0).then(|| self.rare[record.first as usize])
    }

    /// The words of a statement whose values had to be worked out.
    fn values(&self, rare: Rare) -> &[(Span, Value)] {
        rare.evaluated.map_or(&[], |(first, end)| &self.evaluated[first as usize..end as usize])
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

    /// What quotes, escapes and variables make of words may hold; `None`: anything.
    fn made(&self) -> Option<&Written> {
        let made = self.written.get_or_init(|| {
            let values: Option<Vec<&[u8]>> = self.evaluated.iter().map(|(_, value)| value.known().map(str::as_bytes)).collect();
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
        made.may_hold(text.as_bytes()) && self.evaluated.iter().any(|(_, value)| holds(value))
    }
}

/// A line that HAProxy interprets: a keyword and its arguments.
#[derive(Clone, Copy)]
pub struct Statement<'r> {
    reading: &'r Reading<'r>,
    record: &'r Record,
}

/// The value of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text<'r> {
    /// All of it is known.
    Known(&'r str),
    /// It depends on variables.
    Parts(&'r [Part]),
    /// Any number of words.
    Many,
}

/// A word of a statement.
#[derive(Clone, Copy, Debug)]
pub struct Word<'r> {
    /// The file it is in.
    pub file: &'r SourceFile,
    /// Where it is, quotes included.
    pub location: Location,
    /// What it holds.
    pub text: Text<'r>,
}

impl std::fmt::Debug for Statement<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.words().map(|w| w.display().into_owned())).finish()
    }
}

impl<'r> Statement<'r> {
    /// Where it comes from.
    #[inline]
    fn origin(&self) -> &'r Origin<'r> {
        match self.reading.origins.get(usize::from(self.record.origin)) {
            Some(origin) => origin,
            None => self.reading.origin_of(self.number()),
        }
    }

    /// Its number among the statements of its reading.
    #[inline]
    pub(crate) fn number(&self) -> usize {
        let (first, own) = (self.reading.records.as_ptr(), std::ptr::from_ref(self.record));
        (own.addr() - first.addr()) / size_of::<Record>()
    }

    /// What it was read in.
    pub(crate) fn reading(&self) -> &'r Reading<'r> {
        self.reading
    }

    /// Another statement of its reading, by its number.
    #[inline]
    pub(crate) fn sibling(&self, number: usize) -> Self {
        self.reading.statement(number)
    }

    /// The file it is in.
    #[inline]
    pub fn file(&self) -> &'r SourceFile {
        self.origin().file
    }

    /// The id of the file it is in.
    pub fn file_id(&self) -> FileId {
        self.origin().id
    }

    /// Where its line is kept.
    fn kept_at(&self) -> u32 {
        self.rare().map_or(self.record.first, |rare| rare.line)
    }

    /// Its line, from 0.
    pub fn line(&self) -> usize {
        let origin = self.origin();
        origin.lines + origin.half.number_of(self.kept_at())
    }

    /// The bytes of its line, without the line feed.
    fn line_span(&self) -> Span {
        self.origin().half.get(self.kept_at()).span
    }

    /// The environment as it is at the end of the configuration.
    pub fn environment(&self) -> &'r Environment {
        &self.reading.environment
    }

    /// How many words it has.
    pub fn len(&self) -> usize {
        self.record.count as usize
    }

    /// Whether it has no word at all; reading gives no such statement.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline]
    fn rare(&self) -> Option<&'r Rare> {
        (self.record.mark & Record::RARE != 0).then(|| &self.reading.rare[self.record.first as usize])
    }

    /// The words of which the values had to be worked out: all, or none.
    fn evaluated(&self) -> &'r [(Span, Value)] {
        let evaluated = self.rare().and_then(|rare| rare.evaluated);
        evaluated.map_or(&[], |(first, last)| &self.reading.evaluated[first as usize..last as usize])
    }

    /// Where its line begins, and the cells of its words, unless it is rare.
    #[inline]
    fn near(&self, origin: &'r Origin<'r>) -> Option<(u32, &'r [u16])> {
        let common = self.record.mark & Record::RARE == 0;
        common.then(|| near_words(origin.cells, self.record.first, self.record.count))
    }

    /// The word number `index`, the keyword being 0.
    #[inline]
    pub fn word(&self, index: usize) -> Option<Word<'r>> {
        let origin = self.origin();
        match self.near(origin) {
            Some((start, cells)) => cells.get(index).map(|cell| Word::plain(origin, near(start, *cell))),
            None => self.rare_from(index).next(),
        }
    }

    /// The words, the keyword first.
    #[inline]
    pub fn words(&self) -> impl DoubleEndedIterator<Item = Word<'r>> + Clone + use<'r> {
        self.kept_from(0)
    }

    /// The words from number `first` on.
    #[inline]
    pub(crate) fn words_from(&self, first: usize) -> impl DoubleEndedIterator<Item = Word<'r>> + Clone + use<'r> {
        self.kept_from(first)
    }

    #[inline]
    fn kept_from(&self, first: usize) -> Words<'r> {
        let origin = self.origin();
        match self.near(origin) {
            Some((start, cells)) => Words::Near(NearWords { origin, start, cells: cells.get(first..).unwrap_or_default().iter() }),
            None => self.rare_from(first),
        }
    }

    #[cold]
    fn rare_from(&self, first: usize) -> Words<'r> {
        let (origin, rare) = (self.origin(), self.reading.rare[self.record.first as usize]);
        match rare.evaluated {
            Some(_) => Words::Evaluated(origin, self.evaluated().get(first..).unwrap_or_default().iter()),
            None => Words::Far(origin, origin.half.words_at(rare.line).far.get(first..).unwrap_or_default().iter()),
        }
    }

    /// The number of the first word that is `if` or `unless`, the keyword aside: a condition stands behind it, if the keyword takes
    /// one.
    #[inline]
    pub(crate) fn mark(&self) -> Option<usize> {
        let mark = self.record.mark & !Record::RARE;
        (mark > 0).then_some(mark as usize)
    }

    /// The values of the words from number `first` on, where they are known.
    pub(crate) fn texts_from(&self, first: usize) -> impl Iterator<Item = Option<&'r str>> + use<'r> {
        Texts(self.kept_from(first))
    }

    /// The bytes of the words from number `first` on; none of a word that is not known.
    pub(crate) fn bytes_from(&self, first: usize) -> impl Iterator<Item = &'r [u8]> + use<'r> {
        Bytes(self.kept_from(first))
    }

    /// Whether the values of all its words are certainly known.
    pub fn is_known(&self) -> bool {
        self.evaluated().iter().all(|(_, value)| matches!(value, Value::Known(_)))
    }

    /// Whether some of its words may be any number of words.
    pub fn is_open(&self) -> bool {
        self.evaluated().iter().any(|(_, value)| matches!(value, Value::Many))
    }

    /// Whether `byte` is written in it, or may be in the value of one of its words.
    pub(crate) fn may_contain(&self, byte: u8) -> bool {
        self.plain_text().is_none_or(|text| memchr::memchr(byte, text).is_some())
    }

    /// All of it as it is written, where that is what it means: without quotes, escapes and variables.
    pub(crate) fn plain_text(&self) -> Option<&'r [u8]> {
        match self.rare() {
            None => self.plain_part(0..self.len()),
            Some(Rare { line, evaluated: None }) => {
                let origin = self.origin();
                Some(origin.file.slice(origin.half.words_at(*line).span()?))
            }
            Some(_) => None,
        }
    }

    /// These words with the blanks between them as they are written, where that is what they mean; of few lines nobody knows it soon.
    #[inline]
    pub(crate) fn plain_part(&self, words: Range<usize>) -> Option<&'r [u8]> {
        let origin = self.origin();
        let (start, cells) = self.near(origin)?;
        let (first, last) = (cells.get(words.start)?, cells.get(words.end.checked_sub(1)?)?);
        let (first, last) = (near(start, *first).span(), near(start, *last).span());
        (first.start <= last.end).then(|| origin.file.slice(Span::new(first.start, last.end)))
    }

    /// The known text of word number `index`, or `""`.
    #[inline]
    pub fn str(&self, index: usize) -> &'r str {
        let origin = self.origin();
        match self.near(origin) {
            Some((start, cells)) => cells.get(index).map_or("", |cell| origin.str(near(start, *cell))),
            None => self.rare_from(index).next().and_then(Word::known).unwrap_or(""),
        }
    }

    /// The keyword, or `""` where it is not known.
    #[inline]
    pub fn keyword(&self) -> &'r str {
        &self.reading.keywords[self.record.keyword as usize]
    }

    /// The number of its keyword, as [`Reading::keyword_number`] has it.
    pub(crate) fn keyword_number(&self) -> u32 {
        self.record.keyword
    }

    /// The number that `of` gives to the keyword, as [`Reading::keywords_known`] has it.
    pub(crate) fn keyword_known(&self, of: fn(&str) -> u32) -> u32 {
        self.reading.keywords_known(of)[self.record.keyword as usize]
    }

    /// Whether the first words are `words`.
    pub fn starts_with(&self, words: &[&str]) -> bool {
        let Some((keyword, rest)) = words.split_first() else { return true };
        self.keyword() == *keyword && rest.iter().zip(1..).all(|(w, i)| self.word(i).is_some_and(|word| word.is(w)))
    }

    /// The place of the word that follows the argument `name`, searched from word number `from` on.
    pub fn after(&self, name: &str, from: usize) -> Option<Word<'r>> {
        (from..self.len()).find(|i| self.str(*i) == name).and_then(|i| self.word(i + 1))
    }

    /// The words `first` to `last` with the blanks before them: what is to go where they are to go.
    pub fn cut(&self, first: usize, last: usize) -> Option<Location> {
        let (before, last) = (self.word(first.checked_sub(1)?)?.location, self.word(last)?.location);
        Some(Location { span: Span::new(before.span.end, last.span.end), ..before })
    }

    /// The empty place behind its last word.
    pub fn end(&self) -> Location {
        let all = self.location();
        Location { span: Span::new(all.span.end, all.span.end), ..all }
    }

    /// All of its line, with the line feed: what goes where the line is deleted.
    pub fn whole_line(&self) -> Location {
        let mut span = self.line_span();
        span.end = (span.end + 1).min(self.file().bytes().len() as u32);
        Location { file: self.file_id(), span }
    }

    /// From the first word to the last.
    pub fn location(&self) -> Location {
        let mut words = self.words();
        let first = words.next().map(|w| w.location);
        let last = words.next_back().map(|w| w.location);
        let line = || Location { file: self.file_id(), span: self.line_span() };
        let first = first.unwrap_or_else(line);
        Location { file: first.file, span: first.span.to(last.unwrap_or(first).span) }
    }
}

impl<'r> Word<'r> {
    /// A word that means itself; where there is one, the whole file is text.
    #[inline]
    fn plain(origin: &'r Origin<'r>, raw: RawWord) -> Self {
        let span = raw.span();
        Self { file: origin.file, location: Location { file: origin.id, span }, text: Text::Known(origin.str(raw)) }
    }

    fn evaluated(origin: &'r Origin<'r>, (span, value): &'r (Span, Value)) -> Self {
        let text = match value {
            Value::Known(text) => Text::Known(text),
            Value::Parts(parts) => Text::Parts(parts),
            Value::Many => Text::Many,
        };
        Self { file: origin.file, location: Location { file: origin.id, span: *span }, text }
    }

    /// The value, where all of it is known.
    pub fn known(self) -> Option<&'r str> {
        match self.text {
            Text::Known(text) => Some(text),
            _ => None,
        }
    }

    /// Where `range` of the value is written, if the file shows the value as it is; the whole word otherwise.
    pub fn part(self, range: Range<usize>) -> Location {
        let Location { file, span } = self.location;
        let text = self.known().unwrap_or("");
        let quoted = |raw: &str| raw.len() == text.len() + 2 && raw.starts_with(['"', '\'']) && raw.cut(1..).starts_with(text);
        let start = match self.file.str(span) {
            Some(raw) if raw == text => span.start,
            Some(raw) if quoted(raw) => span.start + 1,
            _ => return self.location,
        };
        let (from, to) = (range.start.min(text.len()) as u32, range.end.min(text.len()) as u32);
        Location { file, span: if from < to { Span::new(start + from, start + to) } else { span } }
    }

    /// Whether it is certainly `text`.
    pub fn is(self, text: &str) -> bool {
        self.known() == Some(text)
    }

    /// The value for people: unknown variables as `${NAME}`.
    pub fn display(self) -> Cow<'r, str> {
        match self.text {
            Text::Known(text) => Cow::Borrowed(text),
            Text::Many => Cow::Borrowed("…"),
            Text::Parts(parts) => Cow::Owned(
                parts
                    .iter()
                    .map(|part| match part {
                        Part::Text(text) => text.clone(),
                        Part::Variable { name, .. } => format!("${{{name}}}"),
                    })
                    .collect(),
            ),
        }
    }

    /// The value with each unknown variable between [`UNKNOWN_MARK`]s, as conditions and addresses take it.
    pub fn marked(self) -> Cow<'r, str> {
        match self.text {
            Text::Known(text) => Cow::Borrowed(text),
            Text::Parts(parts) => Cow::Owned(Value::Parts(parts.to_vec()).marked()),
            Text::Many => Cow::Owned(format!("{UNKNOWN_MARK}{UNKNOWN_MARK}")),
        }
    }
}
