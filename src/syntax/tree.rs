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
    first_word: u32,
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
    lines: Vec<Line>,
    words: Vec<RawWord>,
    quoted: Vec<Quoted>,
    pieces: Vec<Piece>,
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

impl Tree {
    /// Cuts `file` into lines and words.
    pub fn new(file: &SourceFile) -> Self {
        let bytes = file.bytes();
        let much = bytes.len() >= WORTH_HALVES;
        let middle = if much { memchr::memchr(b'\n', &bytes[bytes.len() / 2..]).map_or(0, |n| bytes.len() / 2 + n + 1) } else { 0 };
        let half = |from: usize, to: usize, room: usize| {
            let mut tree = Self::default();
            tree.lines.reserve(room / 32);
            tree.words.reserve(room / 10);
            let mut at = from;
            while at < to {
                at = tree.line(bytes, at);
            }
            tree
        };
        let (second, mut tree) =
            both(much, || half(middle, bytes.len(), bytes.len() - middle), || half(0, middle, if much { bytes.len() } else { 0 }));
        tree.append(second);
        // A tree is kept as long as its text.
        tree.words.shrink_to_fit();
        tree.lines.shrink_to_fit();
        tree
    }

    /// Adds the lines that follow.
    fn append(&mut self, other: Self) {
        if self.lines.is_empty() {
            *self = other;
            return;
        }
        let (words, pieces) = (self.words.len() as u32, self.pieces.len() as u32);
        self.lines.extend(other.lines.iter().map(|line| Line { first_word: line.first_word + words, ..*line }));
        self.words.extend(&other.words);
        let moved = |(first, last): (u32, u32)| (first + pieces, last + pieces);
        self.quoted.extend(other.quoted.iter().map(|quoted| Quoted { word: quoted.word + words, pieces: moved(quoted.pieces) }));
        self.pieces.extend(other.pieces);
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
        self.lines.push(Line {
            span: Span::new(start as u32, end as u32),
            tail_start: tail_start as u32,
            tail,
            line_feed: end < bytes.len(),
            first_word,
        });
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

    /// The physical lines, in order.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The words of line `line`, from 0.
    pub fn words(&self, line: usize) -> &[RawWord] {
        let last = self.lines.get(line + 1).map_or(self.words.len(), |next| next.first_word as usize);
        &self.words[self.lines[line].first_word as usize..last]
    }

    /// Where the words of line `line` begin among [`Self::all_words`].
    pub(super) fn first_word(&self, line: usize) -> u32 {
        self.lines[line].first_word
    }

    /// The words of all lines.
    pub(super) fn all_words(&self) -> &[RawWord] {
        &self.words
    }

    /// The pieces of a quoted word; `index` is its place among the words of `line`. Plain words have none.
    pub fn pieces(&self, line: usize, index: usize) -> &[Piece] {
        let word = self.lines[line].first_word + index as u32;
        match self.quoted.binary_search_by_key(&word, |q| q.word) {
            Ok(at) => {
                let (first, last) = self.quoted[at].pieces;
                &self.pieces[first as usize..last as usize]
            }
            Err(_) => &[],
        }
    }

    /// All tokens of the file, which tile it: blanks, words, tails and line feeds.
    pub fn tokens(&self) -> impl Iterator<Item = Token> + '_ {
        self.lines.iter().enumerate().flat_map(move |(n, line)| {
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
