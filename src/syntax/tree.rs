//! The lossless tree of one file: lines, the words in them, and what follows the words.

use crate::{
    source::{SourceFile, Span},
    threads::both,
};

use super::grammar;

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

/// A [`Line`] as it is kept: it ends where the next one begins.
#[derive(Clone, Copy, Debug)]
#[repr(Rust, packed)]
struct Kept {
    start: u32,
    tail_start: u32,
    /// The number of its first word among those of its part.
    first_word: u32,
    tail: Tail,
}

const QUOTED: u32 = 1 << 31;

/// A word as it is written: quotes, escapes and variables still in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawWord {
    start: u32,
    end_and_flag: u32,
}

impl RawWord {
    pub(super) fn plain(start: u32, end: u32) -> Self {
        Self { start, end_and_flag: end }
    }

    pub(super) fn quoted(start: u32, end: u32) -> Self {
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
pub(super) struct Quoted {
    pub(super) word: u32,
    pub(super) pieces: (u32, u32),
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
/// assert_eq!(file.slice(tree.words(1)[0].span()), b"maxconn");
/// ```
#[derive(Debug, Default)]
pub struct Tree {
    /// What two threads have cut stays apart: to join it costs more memory than all else that is kept of a line.
    parts: [Part; 2],
}

/// Lines that follow each other.
#[derive(Debug, Default)]
struct Part {
    lines: Vec<Kept>,
    words: Vec<RawWord>,
    quoted: Vec<Quoted>,
    pieces: Vec<Piece>,
    /// Where the last line ends, and whether in a line feed.
    end: u32,
    line_feed: bool,
}

/// From how many bytes on a file is cut in two threads.
const WORTH_HALVES: usize = 1 << 20;

/// What a byte means to the splitter of plain words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Blank,
    Return,
    Feed,
    Nul,
    Hash,
    Quote,
}

const CLASS: [Class; 256] = {
    let mut class = [Class::Word; 256];
    class[b' ' as usize] = Class::Blank;
    class[b'\t' as usize] = Class::Blank;
    class[0x0B] = Class::Blank;
    class[0x0C] = Class::Blank;
    class[b'\r' as usize] = Class::Return;
    class[b'\n' as usize] = Class::Feed;
    class[0] = Class::Nul;
    class[b'#' as usize] = Class::Hash;
    class[b'"' as usize] = Class::Quote;
    class[b'\'' as usize] = Class::Quote;
    class[b'\\' as usize] = Class::Quote;
    class
};

fn class_at(bytes: &[u8], at: usize) -> Class {
    bytes.get(at).map_or(Class::Feed, |b| CLASS[*b as usize])
}

impl Part {
    /// Cuts the lines from byte `from` to byte `to`.
    fn of(bytes: &[u8], from: usize, to: usize) -> Self {
        let mut part = Self::default();
        part.lines.reserve((to - from) / 32);
        part.words.reserve((to - from) / 8);
        let mut at = from;
        while at < to {
            at = part.line(bytes, at);
        }
        // A tree is kept as long as its text.
        part.words.shrink_to_fit();
        part.lines.shrink_to_fit();
        part
    }

    /// Reads the line that begins at `start`; gives the beginning of the next.
    fn line(&mut self, bytes: &[u8], start: usize) -> usize {
        let first_word = self.words.len() as u32;
        let mut at = start;
        while matches!(class_at(bytes, at), Class::Blank | Class::Return) {
            at += 1;
        }
        let (tail_start, tail) = if bytes.get(at) == Some(&b'[') { (at, Tail::Scope) } else { self.words_from(bytes, at) };
        let end = match class_at(bytes, tail_start) {
            Class::Feed => tail_start.min(bytes.len()),
            _ => memchr::memchr(b'\n', &bytes[tail_start..]).map_or(bytes.len(), |n| tail_start + n),
        };
        let tail = if tail == Tail::Cut && tail_start + 1 == end { Tail::CrLf } else { tail };
        self.lines.push(Kept { start: start as u32, tail_start: tail_start as u32, first_word, tail });
        (self.end, self.line_feed) = (end as u32, end < bytes.len());
        end + 1
    }

    /// Splits plain words by hand and gives the rest of the line to the grammar at the first quote or backslash;
    /// a property test holds both to the same result.
    fn words_from(&mut self, bytes: &[u8], mut at: usize) -> (usize, Tail) {
        loop {
            let start = at;
            at += bytes[at..].iter().take_while(|b| CLASS[**b as usize] == Class::Word).count();
            let class = class_at(bytes, at);
            if class == Class::Quote {
                return self.quoted_words_from(bytes, start);
            }
            if at > start {
                self.words.push(RawWord::plain(start as u32, at as u32));
            }
            match class {
                Class::Blank => {
                    while matches!(class_at(bytes, at), Class::Blank | Class::Return) {
                        at += 1;
                    }
                }
                Class::Feed => return (at.min(bytes.len()), Tail::End),
                Class::Hash => return (at, Tail::Comment),
                Class::Return => return (at, Tail::Cut),
                _ => return (at, Tail::Nul),
            }
        }
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

    fn get(&self, number: usize) -> Line {
        let Kept { start, tail_start, tail, .. } = self.lines[number];
        let next = self.lines.get(number + 1).map(|next| next.start - 1);
        Line { span: Span::new(start, next.unwrap_or(self.end)), tail_start, tail, line_feed: next.is_some() || self.line_feed }
    }

    fn words(&self, number: usize) -> &[RawWord] {
        let last = self.lines.get(number + 1).map_or(self.words.len(), |next| next.first_word as usize);
        &self.words[self.lines[number].first_word as usize..last]
    }

    fn pieces(&self, number: usize, index: usize) -> &[Piece] {
        let word = self.lines[number].first_word + index as u32;
        match self.quoted.binary_search_by_key(&word, |q| q.word) {
            Ok(at) => {
                let (first, last) = self.quoted[at].pieces;
                &self.pieces[first as usize..last as usize]
            }
            Err(_) => &[],
        }
    }
}

impl Tree {
    /// Cuts `file` into lines and words.
    pub fn new(file: &SourceFile) -> Self {
        let bytes = file.bytes();
        let much = bytes.len() >= WORTH_HALVES;
        let end_of_line = || memchr::memchr(b'\n', &bytes[bytes.len() / 2..]).map(|n| bytes.len() / 2 + n + 1);
        let middle = if much { end_of_line() } else { None }.unwrap_or(bytes.len());
        let (second, first) = both(much, || Part::of(bytes, middle, bytes.len()), || Part::of(bytes, 0, middle));
        Self { parts: [first, second] }
    }

    /// The part that line `line` is in, and its number there.
    #[inline]
    fn part(&self, line: usize) -> (&Part, usize) {
        let [first, second] = &self.parts;
        if line < first.lines.len() { (first, line) } else { (second, line - first.lines.len()) }
    }

    /// The physical lines, in order.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = Line> + ExactSizeIterator + '_ {
        let [first, second] = &self.parts;
        (0..first.lines.len() + second.lines.len()).map(|line| self.line(line))
    }

    /// Line `line`, from 0.
    ///
    /// # Panics
    /// If there are not that many.
    #[inline]
    pub fn line(&self, line: usize) -> Line {
        let (part, number) = self.part(line);
        part.get(number)
    }

    /// The words of line `line`, from 0.
    ///
    /// # Panics
    /// If there are not that many.
    #[inline]
    pub fn words(&self, line: usize) -> &[RawWord] {
        let (part, number) = self.part(line);
        part.words(number)
    }

    /// Line `line` with its words; whether it is in the second part, and the number of its first word there.
    #[inline]
    pub(super) fn whole(&self, line: usize) -> (Line, &[RawWord], bool, u32) {
        let second = line >= self.parts[0].lines.len();
        let (part, number) = self.part(line);
        (part.get(number), part.words(number), second, part.lines[number].first_word)
    }

    /// The words of all lines of each part.
    pub(super) fn words_of_parts(&self) -> [&[RawWord]; 2] {
        let [first, second] = &self.parts;
        [&first.words, &second.words]
    }

    /// The pieces of a quoted word; `index` is its place among the words of `line`. Plain words have none.
    pub fn pieces(&self, line: usize, index: usize) -> &[Piece] {
        let (part, number) = self.part(line);
        part.pieces(number, index)
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
            for word in self.words(n) {
                push(TokenKind::Word, word.span().start, word.span().end);
            }
            push(TokenKind::Tail(line.tail), line.tail_start, line.span.end);
            push(TokenKind::LineFeed, line.span.end, line.span.end + u32::from(line.line_feed));
            tokens
        })
    }
}
