//! The words of a line as they are written, and the pieces of those that hold quotes.

use crate::source::Span;

const QUOTED: u32 = 1 << 31;

/// A word as it is written: quotes, escapes and variables still in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawWord {
    start: u32,
    end_and_flag: u32,
}

impl RawWord {
    pub(in crate::syntax) fn plain(start: u32, end: u32) -> Self {
        Self { start, end_and_flag: end }
    }

    pub(in crate::syntax) fn quoted(start: u32, end: u32) -> Self {
        Self { start, end_and_flag: end | QUOTED }
    }

    /// The bytes of the word in the file.
    pub fn span(self) -> Span {
        Span::new(self.start, self.end_and_flag & !QUOTED)
    }

    /// Whether the word holds a quote or a backslash, so that its value is not just its bytes.
    pub fn is_quoted(self) -> bool {
        self.end_and_flag & QUOTED != 0
    }
}

/// The words of a line, as they are written.
#[derive(Clone, Copy, Debug, Default)]
pub struct RawWords<'t> {
    /// Where the line begins.
    pub(in crate::syntax) start: u32,
    /// Words that are kept in a cell each; where there are some, there is no other.
    pub(in crate::syntax) near: &'t [u16],
    /// Words of lines that are long or hold quotes.
    pub(in crate::syntax) far: &'t [RawWord],
}

impl<'t> RawWords<'t> {
    /// How many there are.
    #[inline]
    pub fn len(self) -> usize {
        self.near.len() + self.far.len()
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The word number `index`.
    #[inline]
    pub fn get(self, index: usize) -> Option<RawWord> {
        self.near.get(index).map(|cell| near(self.start, *cell)).or_else(|| self.far.get(index).copied())
    }

    /// The first word.
    #[inline]
    pub fn first(self) -> Option<RawWord> {
        self.get(0)
    }

    /// The last word.
    #[inline]
    pub fn last(self) -> Option<RawWord> {
        self.get(self.len().checked_sub(1)?)
    }

    /// The bytes from the first word to the last.
    pub(in crate::syntax) fn span(self) -> Option<Span> {
        Some(self.first()?.span().to(self.last()?.span()))
    }

    /// The words, one after the other.
    #[inline]
    pub fn iter(self) -> impl DoubleEndedIterator<Item = RawWord> + ExactSizeIterator + Clone + use<'t> {
        Iter { start: self.start, near: self.near.iter(), far: self.far.iter() }
    }
}

#[derive(Clone)]
struct Iter<'t> {
    start: u32,
    near: std::slice::Iter<'t, u16>,
    far: std::slice::Iter<'t, RawWord>,
}

impl Iterator for Iter<'_> {
    type Item = RawWord;

    #[inline]
    fn next(&mut self) -> Option<RawWord> {
        self.near.next().map(|cell| near(self.start, *cell)).or_else(|| self.far.next().copied())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let count = self.near.len() + self.far.len();
        (count, Some(count))
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<RawWord> {
        self.near.next_back().map(|cell| near(self.start, *cell)).or_else(|| self.far.next_back().copied())
    }
}

impl ExactSizeIterator for Iter<'_> {}

/// The length of the word that a cell keeps.
#[inline]
pub(in crate::syntax) fn length(cell: u16) -> u8 {
    let [_, length] = cell.to_le_bytes();
    length
}

/// The word that a cell keeps: how far behind the beginning of its line it begins, and its length.
#[inline]
pub(in crate::syntax) fn near(start: u32, cell: u16) -> RawWord {
    let [begin, length] = cell.to_le_bytes();
    let begin = start + u32::from(begin);
    RawWord::plain(begin, begin + u32::from(length))
}

/// A part of a quoted word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Bytes that stand for themselves.
    Text(Span),
    /// An escape: what is written, and the byte that it stands for.
    Escape(Span, u8),
    /// `$NAME` in weak quotes.
    Variable {
        /// All of it, from the `$` on.
        span: Span,
        /// The name alone.
        name: Span,
        /// The text behind `-`, where there is one.
        default: Option<Span>,
        /// Whether it is `${NAME[*]}`, which becomes a word for each word of the value.
        expand: bool,
        /// Whether a closing quote follows at once.
        last: bool,
    },
    /// A quote that is never closed, from the quote to the end of the line.
    BrokenQuote(Span),
    /// `\x` without two hexadecimal digits, from the backslash to the end of the line.
    BrokenHex(Span),
    /// `$` in weak quotes that no name follows, from the `$` to the end of the line.
    BrokenName(Span),
    /// `${NAME` that no `}` follows, from the `$` to the end of the line.
    BrokenBrace(Span),
    /// `${NAME[` that no `*]}` follows, from the `$` to the end of the line.
    BrokenExpansion(Span),
}

/// The pieces of one quoted word.
#[derive(Clone, Copy, Debug)]
pub(in crate::syntax) struct Quoted {
    pub(in crate::syntax) word: u32,
    pub(in crate::syntax) pieces: (u32, u32),
}
