//! A configuration as it is read in one world: statements, their words, and the sections they stand in.

use std::{borrow::Cow, collections::BTreeMap, ops::Range, sync::OnceLock};

use rustc_hash::FxHashMap;

use crate::{
    cut::Cut,
    source::{FileId, Location, SourceFile, Sources, Span, Written},
    threads::LARGE,
    version::VersionSet,
};

use super::{Environment, Part, Problem, SectionKind, Tree, Value, condition::UNKNOWN_MARK, tree::RawWord};

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
    /// The statement that opens it; `None` for a fragment, which is only a body.
    pub header: Option<usize>,
    /// The statements in it.
    pub body: Range<usize>,
}

/// A statement as it is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    /// The part of a file that it is in, each file having two: a place in `Reading::words`.
    pub(super) part: u32,
    pub(super) line: u32,
    /// The first word: a place in `Reading::keywords`.
    pub(super) keyword: u32,
    /// Where its words begin: in `Reading::words`, or in `Reading::evaluated`.
    pub(super) first: u32,
    /// How many there are; a line has 64 at most.
    pub(super) count: u8,
    /// Whether their values had to be worked out, and are in `Reading::evaluated`. Plain words are in the tree.
    pub(super) evaluated: bool,
    /// The number of the first `if` or `unless`; 0 where there is none.
    pub(super) mark: u8,
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
    /// The words of each part of each file, as they are written.
    pub(super) words: Box<[&'a [RawWord]]>,
    pub(super) evaluated: Vec<(Span, Value)>,
    /// Every first word once, `""` for the unknown ones: rules ask for them far more often than for all the rest.
    pub(super) keywords: Vec<Box<str>>,
    /// Where each first word stands in `keywords`.
    pub(super) numbers: FxHashMap<Box<str>, u32>,
    /// What whoever knows keywords has found out of each of `keywords`, once somebody has asked.
    pub(super) known: OnceLock<Box<[u32]>>,
    /// What quotes, escapes and variables make of words may hold, once a rule has asked; `None`: anything.
    pub(super) made: OnceLock<Option<Written>>,
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

    /// Whether a statement may begin with one of `keywords`: a quick answer for rules that are about rare ones.
    pub fn may_have(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.numbers.contains_key(*keyword))
    }

    /// Every first word of a statement once, as far as they are known.
    pub(crate) fn keywords(&self) -> impl Iterator<Item = &str> {
        self.keywords.iter().map(|keyword| &**keyword)
    }

    /// The number of a keyword, if a statement begins with it: numbers are compared faster than texts.
    pub(crate) fn keyword_number(&self, keyword: &str) -> Option<u32> {
        self.numbers.get(keyword).copied()
    }

    /// Whether `text` is written somewhere, or may be in what quotes, escapes and variables make of a word.
    pub fn may_mention(&self, text: &str) -> bool {
        self.sources.files().iter().any(|file| file.holds(text)) || self.may_make(text)
    }

    /// Whether `text` is in what quotes, escapes and variables make of a word, or may be.
    fn may_make(&self, text: &str) -> bool {
        if self.evaluated.is_empty() {
            return false;
        }
        let made = self.made.get_or_init(|| {
            let values: Option<Vec<&[u8]>> = self.evaluated.iter().map(|(_, value)| value.known().map(str::as_bytes)).collect();
            values.map(|values| Written::of(values.into_iter()))
        });
        let Some(made) = made else { return true };
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

/// The words of a statement: either all of them are plain, or none is kept as that.
#[derive(Clone)]
struct Words<'r> {
    file: &'r SourceFile,
    id: FileId,
    plain: std::slice::Iter<'r, RawWord>,
    evaluated: std::slice::Iter<'r, (Span, Value)>,
}

impl<'r> Words<'r> {
    #[inline]
    fn plain(&self, raw: &RawWord) -> Word<'r> {
        Word::plain(self.file, self.id, *raw)
    }

    fn evaluated(&self, kept: &'r (Span, Value)) -> Word<'r> {
        Word::evaluated(self.file, self.id, kept)
    }
}

impl<'r> Iterator for Words<'r> {
    type Item = Word<'r>;

    #[inline]
    fn next(&mut self) -> Option<Word<'r>> {
        match self.plain.next() {
            Some(raw) => Some(self.plain(raw)),
            None => self.evaluated.next().map(|kept| self.evaluated(kept)),
        }
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<Word<'r>> {
        if self.evaluated.as_slice().is_empty() {
            return self.plain.nth(n).map(|raw| self.plain(raw));
        }
        self.evaluated.nth(n).map(|kept| self.evaluated(kept))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let count = self.plain.len() + self.evaluated.len();
        (count, Some(count))
    }
}

impl DoubleEndedIterator for Words<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        match self.plain.next_back() {
            Some(raw) => Some(self.plain(raw)),
            None => self.evaluated.next_back().map(|kept| self.evaluated(kept)),
        }
    }
}

impl std::fmt::Debug for Statement<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.words().map(|w| w.display().into_owned())).finish()
    }
}

impl<'r> Statement<'r> {
    /// The file it is in.
    #[inline]
    pub fn file(&self) -> &'r SourceFile {
        self.reading.sources.file(self.file_id())
    }

    /// The id of the file it is in.
    pub fn file_id(&self) -> FileId {
        FileId(self.record.part / 2)
    }

    /// Its line, from 0.
    pub fn line(&self) -> usize {
        self.record.line as usize
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

    /// The words as they are kept: plain ones, or evaluated ones; one of the two is empty.
    #[inline]
    fn kept(&self) -> (&'r [RawWord], &'r [(Span, Value)]) {
        let (first, count) = (self.record.first as usize, self.len());
        if self.record.evaluated {
            return (&[], &self.reading.evaluated[first..first + count]);
        }
        (&self.reading.words[self.record.part as usize][first..first + count], &[])
    }

    /// The word number `index`, the keyword being 0.
    #[inline]
    pub fn word(&self, index: usize) -> Option<Word<'r>> {
        self.words().nth(index)
    }

    /// The words, the keyword first.
    #[inline]
    pub fn words(&self) -> impl DoubleEndedIterator<Item = Word<'r>> + Clone + use<'r> {
        let (plain, evaluated) = self.kept();
        Words { file: self.file(), id: self.file_id(), plain: plain.iter(), evaluated: evaluated.iter() }
    }

    /// The words from number `first` on.
    #[inline]
    pub(crate) fn words_from(&self, first: usize) -> impl DoubleEndedIterator<Item = Word<'r>> + Clone + use<'r> {
        let (plain, evaluated) = self.kept();
        let plain = plain.get(first..).unwrap_or_default().iter();
        let evaluated = evaluated.get(first..).unwrap_or_default().iter();
        Words { file: self.file(), id: self.file_id(), plain, evaluated }
    }

    /// The number of the first word that is `if` or `unless`, the keyword aside: a condition stands behind it, if the keyword takes
    /// one.
    #[inline]
    pub(crate) fn mark(&self) -> Option<usize> {
        (self.record.mark > 0).then_some(self.record.mark as usize)
    }

    /// The values of the words from number `first` on, where they are known.
    pub(crate) fn texts_from(&self, first: usize) -> impl Iterator<Item = Option<&'r str>> + use<'r> {
        let (plain, evaluated) = self.kept();
        let file = self.file();
        let evaluated = evaluated.get(first..).unwrap_or_default().iter().map(|(_, value)| match value {
            Value::Known(text) => Some(&**text),
            _ => None,
        });
        plain.get(first..).unwrap_or_default().iter().map(move |raw| file.str(raw.span())).chain(evaluated)
    }

    /// The bytes of the words from number `first` on; none of a word that is not known.
    pub(crate) fn bytes_from(&self, first: usize) -> impl Iterator<Item = &'r [u8]> + use<'r> {
        let (plain, evaluated) = self.kept();
        let file = self.file();
        let evaluated = evaluated.get(first..).unwrap_or_default().iter().map(|(_, value)| value.known().unwrap_or("").as_bytes());
        plain.get(first..).unwrap_or_default().iter().map(move |raw| file.slice(raw.span())).chain(evaluated)
    }

    /// Whether the values of all its words are certainly known.
    pub fn is_known(&self) -> bool {
        self.kept().1.iter().all(|(_, value)| matches!(value, Value::Known(_)))
    }

    /// Whether some of its words may be any number of words.
    pub fn is_open(&self) -> bool {
        self.kept().1.iter().any(|(_, value)| matches!(value, Value::Many))
    }

    /// Whether `byte` is written in it, or may be in the value of one of its words.
    pub(crate) fn may_contain(&self, byte: u8) -> bool {
        self.plain_text().is_none_or(|text| memchr::memchr(byte, text).is_some())
    }

    /// All of it as it is written, where that is what it means: without quotes, escapes and variables.
    pub(crate) fn plain_text(&self) -> Option<&'r [u8]> {
        let (first, last) = (self.kept().0.first()?.span(), self.kept().0.last()?.span());
        Some(self.file().slice(first.to(last)))
    }

    /// The known text of word number `index`, or `""`.
    #[inline]
    pub fn str(&self, index: usize) -> &'r str {
        match self.kept() {
            (&[], evaluated) => match evaluated.get(index) {
                Some((_, Value::Known(text))) => text,
                _ => "",
            },
            (plain, _) => plain.get(index).and_then(|raw| self.file().str(raw.span())).unwrap_or(""),
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

    /// The number that `of` gives to the keyword: it is asked once for each keyword of the reading, and must always be the same.
    pub(crate) fn keyword_known(&self, of: fn(&str) -> u32) -> u32 {
        let known = self.reading.known.get_or_init(|| self.reading.keywords.iter().map(|keyword| of(keyword)).collect());
        known[self.record.keyword as usize]
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
        let mut span = self.file().line_span(self.line());
        span.end = (span.end + 1).min(self.file().bytes().len() as u32);
        Location { file: self.file_id(), span }
    }

    /// From the first word to the last.
    pub fn location(&self) -> Location {
        let mut words = self.words();
        let first = words.next().map(|w| w.location);
        let last = words.next_back().map(|w| w.location);
        let line = || Location { file: self.file_id(), span: self.file().line_span(self.line()) };
        let first = first.unwrap_or_else(line);
        Location { file: first.file, span: first.span.to(last.unwrap_or(first).span) }
    }
}

impl<'r> Word<'r> {
    /// A word that means itself; where there is one, the whole file is text.
    #[inline]
    fn plain(file: &'r SourceFile, id: FileId, raw: RawWord) -> Self {
        let span = raw.span();
        Self { file, location: Location { file: id, span }, text: Text::Known(file.str(span).unwrap_or("")) }
    }

    fn evaluated(file: &'r SourceFile, id: FileId, (span, value): &'r (Span, Value)) -> Self {
        let text = match value {
            Value::Known(text) => Text::Known(text),
            Value::Parts(parts) => Text::Parts(parts),
            Value::Many => Text::Many,
        };
        Self { file, location: Location { file: id, span: *span }, text }
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
