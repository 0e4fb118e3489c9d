//! The edits that make a layout of a file.

use std::ops::RangeInclusive;

use crate::{
    finding::Edit,
    source::{FileId, Location, SourceFile, Span},
    syntax::{Line, Piece, Tail, Tree},
};

use super::{
    indent::Steps,
    is_blank,
    layout::{Kind, Row},
    style::{Spacing, Style},
};

/// What is laid out, and how.
pub(super) struct Text<'a> {
    pub(super) id: FileId,
    pub(super) file: &'a SourceFile,
    pub(super) tree: &'a Tree,
    pub(super) rows: &'a [Row],
    pub(super) style: Style,
    /// Only these lines are touched, counted from 1.
    pub(super) lines: Option<RangeInclusive<usize>>,
}

/// The edits, in the order of their places. Each is about blanks alone, and stands within its line.
pub(super) fn edits(text: &Text<'_>) -> Vec<Edit> {
    let steps = Steps::new(text.style.indent, text.file, text.tree, text.rows);
    let mut writer = Writer { text, steps, end: line_end(text), before: String::new(), edits: Vec::new() };
    let Some(last) = text.rows.iter().rposition(|row| row.kind != Kind::Blank) else {
        // Nothing but blank lines is nothing.
        (0..text.rows.len()).filter(|number| text.touches(*number)).for_each(|number| writer.remove(number));
        return writer.edits;
    };
    // How many blank lines stand before this one; at the beginning there is no need of any.
    let mut blanks = usize::MAX;
    for (number, row) in text.rows.iter().enumerate() {
        let is_blank = row.kind == Kind::Blank;
        if text.touches(number) {
            match (is_blank, blanks) {
                (true, 0) if number < last => writer.keep_blank(number),
                (true, _) => writer.remove(number),
                (false, _) => writer.line(number, row.apart && blanks == 0, number == last),
            }
        }
        blanks = if is_blank { blanks.saturating_add(1) } else { 0 };
    }
    writer.edits
}

impl Text<'_> {
    fn touches(&self, number: usize) -> bool {
        self.lines.as_ref().is_none_or(|lines| lines.contains(&(number + 1)))
    }

    /// Whether the last word of a line is broken: it goes on to the end of the line, with all blanks there.
    fn is_broken(&self, number: usize) -> bool {
        let words = self.tree.words(number);
        if !words.last().is_some_and(|word| word.is_quoted()) {
            return false;
        }
        let pieces = self.tree.pieces(number, words.len() - 1);
        matches!(
            pieces.last(),
            Some(Piece::BrokenQuote(_) | Piece::BrokenHex(_) | Piece::BrokenName(_) | Piece::BrokenBrace(_) | Piece::BrokenExpansion(_))
        )
    }

    /// Whether a word ends in a backslash that would make a part of the word of a blank behind it. A tab it leaves as it is.
    fn escapes(&self, number: usize, index: usize) -> bool {
        let word = self.tree.words(number).get(index);
        word.is_some_and(|word| self.file.slice(word.span()).ends_with(b"\\"))
            && matches!(self.tree.pieces(number, index).last(), Some(Piece::Text(_)))
    }

    fn ends_in_return(&self, number: usize) -> bool {
        self.file.slice(self.tree.line(number).span).ends_with(b"\r")
    }
}

/// How most lines end whose end may be written otherwise.
fn line_end(text: &Text<'_>) -> &'static str {
    let (mut with, mut without) = (0, 0);
    for (number, (row, line)) in text.rows.iter().zip(text.tree.lines()).enumerate() {
        if line.line_feed && !row.copied && !text.is_broken(number) {
            *(if text.ends_in_return(number) { &mut with } else { &mut without }) += 1;
        }
    }
    if with > without { "\r\n" } else { "\n" }
}

struct Writer<'a> {
    text: &'a Text<'a>,
    steps: Steps,
    end: &'static str,
    /// What is written before the first word of a line; kept for its memory.
    before: String,
    edits: Vec<Edit>,
}

impl Writer<'_> {
    /// `new` in the place of what is there, if that is something else.
    fn replace(&mut self, start: u32, end: u32, new: &str) {
        let span = Span::new(start, end);
        if self.text.file.slice(span) != new.as_bytes() {
            self.edits.push(Edit::replace(Location { file: self.text.id, span }, new));
        }
    }

    fn whole(&self, number: usize) -> Span {
        let line = self.text.tree.line(number);
        Span::new(line.span.start, line.span.end + u32::from(line.line_feed))
    }

    fn remove(&mut self, number: usize) {
        let span = self.whole(number);
        self.replace(span.start, span.end, "");
    }

    fn keep_blank(&mut self, number: usize) {
        let span = self.whole(number);
        self.replace(span.start, span.end, self.end);
    }

    /// A line that is not blank, with a blank line before it where it has to stand apart.
    fn line(&mut self, number: usize, apart: bool, last: bool) {
        let (row, line) = (self.text.rows[number], self.text.tree.line(number));
        self.beginning(row, line, number, apart);
        if !row.copied && self.text.style.spacing == Spacing::Single {
            self.gaps(line, number);
        }
        if row.copied || self.text.is_broken(number) {
            // What comes before the line feed belongs to the words, or to what HAProxy does not read.
            if last && !line.line_feed {
                self.replace(line.span.end, line.span.end, "\n");
            }
        } else {
            let span = self.whole(number);
            self.replace(self.content_end(line, number), span.end, self.end);
        }
    }

    fn beginning(&mut self, row: Row, line: Line, number: usize, apart: bool) {
        let first = self.text.tree.words(number).first().map_or(line.tail_start, |word| word.span().start);
        let mut before = std::mem::take(&mut self.before);
        before.clear();
        before.push_str(if apart { self.end } else { "" });
        match row.depth.filter(|_| !row.copied) {
            Some(depth) => {
                before.push_str(self.steps.of(depth));
                self.replace(line.span.start, first, &before);
            }
            None => self.replace(line.span.start, line.span.start, &before),
        }
        self.before = before;
    }

    /// One blank between two words, and before a comment behind them.
    fn gaps(&mut self, line: Line, number: usize) {
        let words = self.text.tree.words(number);
        let behind = (line.tail == Tail::Comment).then_some(line.tail_start);
        let next = words.iter().skip(1).map(|word| word.span().start).chain(behind);
        for (index, (word, next)) in words.iter().zip(next).enumerate() {
            if !self.text.escapes(number, index) {
                self.replace(word.span().end, next, " ");
            }
        }
    }

    /// Where the blanks at the end of a line begin.
    fn content_end(&self, line: Line, number: usize) -> u32 {
        match self.text.tree.words(number).last() {
            Some(word) if line.tail != Tail::Comment => word.span().end,
            _ => {
                let tail = self.text.file.slice(Span::new(line.tail_start, line.span.end));
                line.tail_start + tail.iter().rposition(|b| !is_blank(*b)).map_or(0, |at| at as u32 + 1)
            }
        }
    }
}
