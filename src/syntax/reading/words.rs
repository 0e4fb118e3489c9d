//! Goes through the words of a statement, wherever they are kept: as words, as texts, as bytes.

use super::{
    super::tree::{RawWord, near},
    Evaluated, Origin, Word,
};

/// The words of a statement.
#[derive(Clone)]
pub(super) enum Words<'r> {
    Near(NearWords<'r>),
    Far(&'r Origin<'r>, std::slice::Iter<'r, RawWord>),
    Evaluated(&'r Origin<'r>, std::slice::Iter<'r, Evaluated>),
}

/// Words that are cells of the tree, as most are.
#[derive(Clone)]
pub(super) struct NearWords<'r> {
    pub(super) origin: &'r Origin<'r>,
    /// Where the line begins.
    pub(super) start: u32,
    pub(super) cells: std::slice::Iter<'r, u16>,
}

impl<'r> Words<'r> {
    #[cold]
    fn rare(
        &mut self,
        raw: impl FnOnce(&mut std::slice::Iter<'r, RawWord>) -> Option<&'r RawWord>,
        value: impl FnOnce(&mut std::slice::Iter<'r, Evaluated>) -> Option<&'r Evaluated>,
    ) -> Option<Word<'r>> {
        match self {
            Self::Near(_) => None,
            Self::Far(origin, words) => raw(words).map(|word| Word::plain(origin, *word)),
            Self::Evaluated(origin, words) => value(words).map(|word| Word::evaluated(origin, word)),
        }
    }
}

impl<'r> Iterator for Words<'r> {
    type Item = Word<'r>;

    #[inline]
    fn next(&mut self) -> Option<Word<'r>> {
        match self {
            Self::Near(words) => words.cells.next().map(|cell| Word::plain(words.origin, near(words.start, *cell))),
            _ => self.rare(Iterator::next, Iterator::next),
        }
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<Word<'r>> {
        match self {
            Self::Near(words) => words.cells.nth(n).map(|cell| Word::plain(words.origin, near(words.start, *cell))),
            _ => self.rare(|raw| raw.nth(n), |value| value.nth(n)),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let count = match self {
            Self::Near(words) => words.cells.len(),
            Self::Far(_, words) => words.len(),
            Self::Evaluated(_, words) => words.len(),
        };
        (count, Some(count))
    }
}

/// The values of words.
pub(super) struct Texts<'r>(pub(super) Words<'r>);

impl<'r> Iterator for Texts<'r> {
    type Item = Option<&'r str>;

    #[inline]
    fn next(&mut self) -> Option<Option<&'r str>> {
        match &mut self.0 {
            Words::Near(words) => words.cells.next().map(|cell| Some(words.origin.str(near(words.start, *cell)))),
            rare => rare.rare(Iterator::next, Iterator::next).map(Word::known),
        }
    }
}

/// The bytes of words.
pub(super) struct Bytes<'r>(pub(super) Words<'r>);

impl<'r> Iterator for Bytes<'r> {
    type Item = &'r [u8];

    #[inline]
    fn next(&mut self) -> Option<&'r [u8]> {
        match &mut self.0 {
            Words::Near(words) => words.cells.next().map(|cell| words.origin.file.slice(near(words.start, *cell).span())),
            rare => rare.rare(Iterator::next, Iterator::next).map(|word| word.known().unwrap_or("").as_bytes()),
        }
    }
}

impl DoubleEndedIterator for Words<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        match self {
            Self::Near(words) => words.cells.next_back().map(|cell| Word::plain(words.origin, near(words.start, *cell))),
            _ => self.rare(DoubleEndedIterator::next_back, DoubleEndedIterator::next_back),
        }
    }
}
