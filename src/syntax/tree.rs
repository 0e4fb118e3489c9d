//! The lossless tree of one file: lines, the words in them, and what follows the words.

mod plain;
mod words;

use std::ops::Range;

use crate::{
    source::{SourceFile, Span},
    threads::both,
};

use super::grammar;
use plain::{Class, class_at, plain_words};
pub use words::{Piece, RawWord, RawWords};
pub(in crate::syntax) use words::{Quoted, length, near};

/// What ends the words of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// Nothing but blanks.
    End,
    /// A `#` and all that follows it.
    Comment,
    /// A carriage return in mid-line and all that follows it, which HAProxy never sees.
    Cut,
    /// A carriage return that only belongs to the end of the line.
    CrLf,
    /// A NUL byte and all that follows it, which HAProxy never sees.
    Nul,
    /// A `[scope]` line, which has no words.
    Scope,
}

/// A physical line.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// The bytes of the line, without its line feed.
    pub span: Span,
    /// Where the part after the words begins; the end of the line where there is none.
    pub tail_start: u32,
    /// What that part is.
    pub tail: Tail,
    /// Whether the line ends in a line feed.
    pub line_feed: bool,
}

/// What a token of the tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Spaces, tabs and the like.
    Blank,
    /// A word.
    Word,
    /// What is left of the line after its words.
    Tail(Tail),
    /// The line feed.
    LineFeed,
}

/// A token: the tokens of a tree tile its file without gap or overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes.
    pub span: Span,
    /// Its line, from 0.
    pub line: usize,
}

/// The lines and words of one file. Any bytes give a tree; nothing of them is lost.
///
/// ```
/// use haproxy_lint::{source::SourceFile, syntax::Tree};
/// let file = SourceFile::new("haproxy.cfg", b"global # all\n\tmaxconn 10\n".to_vec());
/// let tree = Tree::new(&file);
/// assert_eq!(tree.lines().len(), 2);
/// assert_eq!(tree.words(1).first().map(|word| file.slice(word.span())), Some(&b"maxconn"[..]));
/// ```
#[derive(Debug, Default)]
pub struct Tree {
    /// What two threads have cut stays apart: to join it costs more memory than all else that is kept of a line.
    halves: [Half; 2],
}

/// Lines that follow each other.
///
/// A line is kept in cells of two bytes, so that a tree takes less than its text: three are its head, which is where it begins and
/// what it is; then there is one for each word, and one for where its tail begins, unless that is its end. The words of a long line,
/// and of one that holds quotes, are kept apart, and two cells say where.
#[derive(Debug, Default)]
pub(super) struct Half {
    /// How many lines these are.
    count: usize,
    /// Where the cells of one line in [`STEP`] begin, from the first on: those of the others are found from there.
    steps: Vec<u32>,
    cells: Vec<u16>,
    far: Vec<Far>,
    words: Vec<RawWord>,
    quoted: Vec<Quoted>,
    pieces: Vec<Piece>,
    /// The tails of its lines, a bit each.
    tails: u8,
    /// Where the last line ends, and whether in a line feed.
    end: u32,
    line_feed: bool,
}

/// A line whose words are kept apart.
#[derive(Clone, Copy, Debug)]
struct Far {
    tail_start: u32,
    /// The number of its first word; the last one ends before those of the next such line.
    first_word: u32,
}

/// How long a line may be before its tail for its words to have cells.
const NEAR: usize = 0xFF;

/// How many cells the head of a line has.
const HEAD: usize = 3;

/// Of so many lines it is kept of one where its cells begin. With one in eight, the cells of a line are soon found, and four bytes for
/// each line are a half.
const STEP: usize = 8;

/// Marks a line whose words are kept apart.
const FAR: u8 = 1 << 7;

/// How many cells say where that is.
const PLACE: u32 = 2;

const TAILS: [Tail; 8] = [Tail::End, Tail::Comment, Tail::Cut, Tail::CrLf, Tail::Nul, Tail::Scope, Tail::End, Tail::End];

fn low_and_high(number: u32) -> [u16; 2] {
    [number as u16, (number >> 16) as u16]
}

fn whole([low, high]: [u16; 2]) -> u32 {
    u32::from(low) | u32::from(high) << 16
}

/// From how many bytes on a file is cut in two threads.
const WORTH_HALVES: usize = 1 << 20;

impl Half {
    /// Cuts the lines from byte `from` to byte `to`.
    fn of(bytes: &[u8], from: usize, to: usize) -> Self {
        let mut half = Self::default();
        half.steps.reserve((to - from) / 32 / STEP);
        half.cells.reserve((to - from) / 4);
        let mut at = from;
        while at < to {
            at = half.line(bytes, at);
        }
        // A tree is kept as long as its text.
        half.cells.shrink_to_fit();
        half.steps.shrink_to_fit();
        half
    }

    /// Reads the line that begins at `start`; gives the beginning of the next.
    fn line(&mut self, bytes: &[u8], start: usize) -> usize {
        if self.count.is_multiple_of(STEP) {
            self.steps.push(self.cells.len() as u32);
        }
        self.count += 1;
        let [low, high] = low_and_high(start as u32);
        self.cells.extend([low, high, 0]);
        let mut at = start;
        while matches!(class_at(bytes, at), Class::Blank | Class::Return) {
            at += 1;
        }
        let head = self.cells.len();
        let near = match bytes.get(at) {
            Some(b'[') => Ok((at, Tail::Scope)),
            _ => plain_words(bytes, at, start + NEAR, |begin, end| {
                self.cells.push(u16::from_le_bytes([begin.wrapping_sub(start) as u8, end.wrapping_sub(begin) as u8]));
            }),
        };
        let near = near.ok().filter(|(tail_start, _)| tail_start - start <= NEAR);
        let (tail_start, tail) = near.unwrap_or_else(|| self.far_line(bytes, at, head));
        let end = match class_at(bytes, tail_start) {
            Class::Feed => tail_start.min(bytes.len()),
            _ => memchr::memchr(b'\n', &bytes[tail_start..]).map_or(bytes.len(), |n| tail_start + n),
        };
        let tail = if tail == Tail::Cut && tail_start + 1 == end { Tail::CrLf } else { tail };
        let (words, far) = if near.is_some() { (self.cells.len() - head, 0) } else { (0, FAR) };
        self.cells[head - 1] = u16::from_le_bytes([tail as u8 | far, words as u8]);
        self.tails |= 1 << tail as u8;
        if near.is_some() && tail != Tail::End {
            self.cells.push((tail_start - start) as u16);
        }
        (self.end, self.line_feed) = (end as u32, end < bytes.len());
        end + 1
    }

    /// Keeps the words of a line apart whose cells end at number `head` for now: those from byte `from` on. Gives where its tail begins.
    #[cold]
    fn far_line(&mut self, bytes: &[u8], from: usize, head: usize) -> (usize, Tail) {
        self.cells.truncate(head);
        self.cells.extend(low_and_high(self.far.len() as u32));
        let first_word = self.words.len() as u32;
        let (tail_start, tail) = match bytes.get(from) {
            Some(b'[') => (from, Tail::Scope),
            _ => self.words_from(bytes, from),
        };
        self.far.push(Far { tail_start: tail_start as u32, first_word });
        (tail_start, tail)
    }

    /// Splits plain words by hand and gives the rest of the line to the grammar at the first quote or backslash;
    /// a property test holds both to the same result.
    fn words_from(&mut self, bytes: &[u8], at: usize) -> (usize, Tail) {
        let plain = plain_words(bytes, at, usize::MAX, |begin, end| self.words.push(RawWord::plain(begin as u32, end as u32)));
        plain.unwrap_or_else(|quoted| self.quoted_words_from(bytes, quoted))
    }

    fn quoted_words_from(&mut self, bytes: &[u8], start: usize) -> (usize, Tail) {
        let rest = &bytes[start..];
        let end = rest.iter().position(|b| matches!(b, b'\n' | 0)).unwrap_or(rest.len());
        let found = grammar::words(&rest[..end], start as u32);
        for word in found.words {
            let first = self.pieces.len() as u32;
            if let Some(pieces) = word.pieces {
                self.pieces.extend(pieces);
                self.quoted.push(Quoted { word: self.words.len() as u32, pieces: (first, self.pieces.len() as u32) });
                self.words.push(RawWord::quoted(word.span.start, word.span.end));
            } else {
                self.words.push(RawWord::plain(word.span.start, word.span.end));
            }
        }
        let ends_in_nul = rest.get(end) == Some(&0);
        match found.tail {
            Some((at, tail)) => (at as usize, tail),
            None if ends_in_nul => (start + end, Tail::Nul),
            None => (start + end, Tail::End),
        }
    }

    /// What a line is, and where the cells of the next one begin, if there is a line whose cells begin at number `first`.
    #[inline]
    fn step(&self, first: u32) -> Option<(u8, u32)> {
        let [kind, words] = self.cells.get(first as usize + HEAD - 1)?.to_le_bytes();
        let rest = if kind & FAR == 0 { u32::from(words) + u32::from(kind != Tail::End as u8) } else { PLACE };
        Some((kind, first + HEAD as u32 + rest))
    }

    /// Where the cells of the line begin that is behind the one whose cells begin at number `first`.
    #[inline]
    fn behind(&self, first: u32) -> u32 {
        self.step(first).map_or(first, |(_, next)| next)
    }

    /// Where the cells of each line are.
    #[inline]
    pub(super) fn lines(&self) -> impl Iterator<Item = Range<u32>> + '_ {
        let mut first = 0;
        std::iter::from_fn(move || {
            let (_, next) = self.step(first)?;
            Some(std::mem::replace(&mut first, next)..next)
        })
    }

    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Where the cells of line `number` begin.
    fn first_of(&self, number: usize) -> u32 {
        assert!(number < self.count, "there are not that many lines");
        (0..number % STEP).fold(self.steps[number / STEP], |first, _| self.behind(first))
    }

    /// The line whose cells begin at number `first`.
    pub(super) fn get(&self, first: u32) -> Line {
        self.line_of(first..self.behind(first))
    }

    /// The line whose cells are these.
    #[inline]
    pub(super) fn line_of(&self, Range { start: first, end: next }: Range<u32>) -> Line {
        let (end, line_feed) = match self.cells.get(next as usize..).and_then(<[u16]>::first_chunk) {
            Some(start) => (whole(*start) - 1, true),
            None => (self.end, self.line_feed),
        };
        let [low, high, head, ..] = &self.cells[first as usize..] else { unreachable!("each line has a head") };
        let span = Span::new(whole([*low, *high]), end);
        let (tail_start, tail) = if *head as u8 == Tail::End as u8 { (end, Tail::End) } else { self.tail(first) };
        Line { span, tail_start, tail, line_feed }
    }

    /// Where the tail of a line begins whose cells begin at number `first`, and what it is.
    fn tail(&self, first: u32) -> (u32, Tail) {
        let [low, high, head, rest @ ..] = &self.cells[first as usize..] else { unreachable!("each line has a head") };
        let [kind, words] = head.to_le_bytes();
        let tail = TAILS[usize::from(kind & !FAR) % TAILS.len()];
        let far = || self.far[whole([rest[0], rest[1]]) as usize].tail_start;
        let near = || whole([*low, *high]) + u32::from(rest[usize::from(words)]);
        (if kind & FAR != 0 { far() } else { near() }, tail)
    }

    /// The lines that have such a tail, with their numbers.
    fn ending_in(&self, tail: Tail) -> impl Iterator<Item = (usize, Line)> + '_ {
        let some = self.tails >> tail as u8 & 1 == 1;
        let (mut number, mut first) = (0, if some { 0 } else { self.cells.len() as u32 });
        std::iter::from_fn(move || {
            while let Some((kind, next)) = self.step(first) {
                let line = first..next;
                (number, first) = (number + 1, next);
                if kind & !FAR == tail as u8 {
                    return Some((number - 1, self.line_of(line)));
                }
            }
            None
        })
    }

    /// The cells of all lines.
    pub(super) fn cells(&self) -> &[u16] {
        &self.cells
    }

    /// The words of the line whose cells begin at number `first`.
    #[inline]
    pub(super) fn words_at(&self, first: u32) -> RawWords<'_> {
        let [low, high, head, rest @ ..] = &self.cells[first as usize..] else { unreachable!("each line has a head") };
        let start = whole([*low, *high]);
        let [kind, words] = head.to_le_bytes();
        if kind & FAR != 0 {
            return self.far_words(start, whole([rest[0], rest[1]]) as usize);
        }
        RawWords { start, near: &rest[..usize::from(words)], far: &[] }
    }

    #[cold]
    fn far_words(&self, start: u32, index: usize) -> RawWords<'_> {
        let last = self.far.get(index + 1).map_or(self.words.len(), |next| next.first_word as usize);
        RawWords { start, near: &[], far: &self.words[self.far[index].first_word as usize..last] }
    }

    /// Whether no word of it holds quotes or backslashes: each means itself.
    pub(super) fn is_plain(&self) -> bool {
        self.quoted.is_empty()
    }

    /// The number of the line whose cells begin at number `first`.
    pub(super) fn number_of(&self, first: u32) -> usize {
        let step = self.steps.partition_point(|step| *step <= first).saturating_sub(1);
        let from = std::iter::successors(Some(self.steps[step]), |first| Some(self.behind(*first)));
        step * STEP + from.take_while(|line| *line < first).count()
    }

    fn pieces(&self, number: usize, index: usize) -> &[Piece] {
        let cells = &self.cells[self.first_of(number) as usize..];
        if cells[2] as u8 & FAR == 0 {
            return &[];
        }
        let word = self.far[whole([cells[3], cells[4]]) as usize].first_word + index as u32;
        match self.quoted.binary_search_by_key(&word, |q| q.word) {
            Ok(at) => {
                let (first, last) = self.quoted[at].pieces;
                &self.pieces[first as usize..last as usize]
            }
            Err(_) => &[],
        }
    }
}

/// Where a line begins whose cells begin at number `first`, and the cells of its words, if it has so many `words` and none is kept
/// apart.
#[inline]
pub(super) fn near_words(cells: &[u16], first: u32, words: u8) -> (u32, &[u16]) {
    let first = first as usize;
    match &cells[first..first + HEAD + usize::from(words)] {
        [low, high, _, words @ ..] => (whole([*low, *high]), words),
        _ => (0, &[]),
    }
}

impl Tree {
    /// Cuts `file` into lines and words.
    pub fn new(file: &SourceFile) -> Self {
        let bytes = file.bytes();
        let much = bytes.len() >= WORTH_HALVES;
        let end_of_line = || memchr::memchr(b'\n', &bytes[bytes.len() / 2..]).map(|n| bytes.len() / 2 + n + 1);
        let middle = if much { end_of_line() } else { None }.unwrap_or(bytes.len());
        let (second, first) = both(much, || Half::of(bytes, middle, bytes.len()), || Half::of(bytes, 0, middle));
        Self { halves: [first, second] }
    }

    /// The half that line `line` is in, and its number there.
    #[inline]
    fn half(&self, line: usize) -> (&Half, usize) {
        let [first, second] = &self.halves;
        if line < first.len() { (first, line) } else { (second, line - first.len()) }
    }

    /// The physical lines, in order.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = Line> + ExactSizeIterator + '_ {
        let [first, second] = &self.halves;
        (0..first.len() + second.len()).map(|line| self.line(line))
    }

    /// The lines that have such a tail, with their numbers.
    pub fn ending_in(&self, tail: Tail) -> impl Iterator<Item = (usize, Line)> + '_ {
        let [first, second] = &self.halves;
        let before = first.len();
        first.ending_in(tail).chain(second.ending_in(tail).map(move |(number, line)| (before + number, line)))
    }

    /// Line `line`, from 0.
    ///
    /// # Panics
    /// If there are not that many.
    #[inline]
    pub fn line(&self, line: usize) -> Line {
        let (half, number) = self.half(line);
        half.get(half.first_of(number))
    }

    /// The words of line `line`, from 0.
    ///
    /// # Panics
    /// If there are not that many.
    #[inline]
    pub fn words(&self, line: usize) -> RawWords<'_> {
        let (half, number) = self.half(line);
        half.words_at(half.first_of(number))
    }

    /// The two halves, and how many lines are before each.
    pub(super) fn halves(&self) -> [(&Half, usize); 2] {
        let [first, second] = &self.halves;
        [(first, 0), (second, first.len())]
    }

    /// The pieces of a quoted word; `index` is its place among the words of `line`. Plain words have none.
    pub fn pieces(&self, line: usize, index: usize) -> &[Piece] {
        let (half, number) = self.half(line);
        half.pieces(number, index)
    }

    /// All tokens of the file, which tile it: blanks, words, tails and line feeds.
    pub fn tokens(&self) -> impl Iterator<Item = Token> + '_ {
        self.lines().enumerate().flat_map(move |(n, line)| {
            let mut tokens = Vec::new();
            let mut at = line.span.start;
            let mut push = |kind, start: u32, end: u32| {
                if start > at {
                    tokens.push(Token { kind: TokenKind::Blank, span: Span::new(at, start), line: n });
                }
                if end > start {
                    tokens.push(Token { kind, span: Span::new(start, end), line: n });
                }
                at = end;
            };
            for word in self.words(n).iter() {
                push(TokenKind::Word, word.span().start, word.span().end);
            }
            push(TokenKind::Tail(line.tail), line.tail_start, line.span.end);
            push(TokenKind::LineFeed, line.span.end, line.span.end + u32::from(line.line_feed));
            tokens
        })
    }
}
