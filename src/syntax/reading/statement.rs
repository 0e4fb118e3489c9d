//! A statement and its words.

use std::{borrow::Cow, ops::Range};

use crate::source::{FileId, Location, SourceFile, Span};

use super::{
    super::{
        Environment, Part, Value,
        condition::UNKNOWN_MARK,
        tree::{RawWord, near, near_words},
    },
    Evaluated, Meant, Origin, Rare, Reading, Record,
    words::{Bytes, NearWords, Texts, Words},
};

/// A line that HAProxy interprets: a keyword and its arguments.
#[derive(Clone, Copy)]
pub struct Statement<'r> {
    pub(super) reading: &'r Reading<'r>,
    pub(super) record: &'r Record,
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

    /// Whether it is, word by word, a statement of another reading of the same files.
    pub(crate) fn is_same(&self, other: &Statement<'_>) -> bool {
        let (own, others) = (self.record, other.record);
        // Of later halves it is not kept which one it is.
        let same_half = own.origin == others.origin && own.origin != Record::LATER;
        same_half && self.kept_at() == other.kept_at() && own.count == others.count && self.evaluated() == other.evaluated()
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
    fn evaluated(&self) -> &'r [Evaluated] {
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
        self.evaluated().iter().all(|word| matches!(word.value, Meant::Itself(_) | Meant::Value(Value::Known(_))))
    }

    /// Whether some of its words may be any number of words.
    pub fn is_open(&self) -> bool {
        self.evaluated().iter().any(|word| matches!(word.value, Meant::Value(Value::Many)))
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
    pub(super) fn plain(origin: &'r Origin<'r>, raw: RawWord) -> Self {
        let span = raw.span();
        Self { file: origin.file, location: Location { file: origin.id, span }, text: Text::Known(origin.str(raw)) }
    }

    pub(super) fn evaluated(origin: &'r Origin<'r>, word: &'r Evaluated) -> Self {
        let text = match &word.value {
            Meant::Itself(text) => Text::Known(origin.file.str(*text).unwrap_or("")),
            Meant::Value(Value::Known(text)) => Text::Known(text),
            Meant::Value(Value::Parts(parts)) => Text::Parts(parts),
            Meant::Value(Value::Many) => Text::Many,
        };
        Self { file: origin.file, location: Location { file: origin.id, span: word.span }, text }
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
        let length = self.known().unwrap_or("").len();
        let (from, to) = (range.start.min(length) as u32, range.end.min(length) as u32);
        let span = self.shown().filter(|_| from < to).map(|start| Span::new(start + from, start + to));
        Location { span: span.unwrap_or(self.location.span), ..self.location }
    }

    /// Where the value begins, if the file shows it as it is: then it is no copy.
    fn shown(self) -> Option<u32> {
        let span = self.location.span;
        let at = self.known()?.as_ptr().addr().checked_sub(self.file.bytes().as_ptr().addr())? as u64;
        (u64::from(span.start)..u64::from(span.end)).contains(&at).then_some(at as u32)
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
