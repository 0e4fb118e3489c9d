//! `keepalived.conf` as words in blocks.

use crate::{
    cut::Cut,
    source::{FileId, Location, SourceFile, Span},
};

/// A word, and its place.
pub(super) struct Word {
    pub(super) text: String,
    pub(super) at: Location,
}

/// The words of a line, and the first words of the blocks around it.
pub(super) struct Statement {
    pub(super) blocks: Vec<String>,
    pub(super) words: Vec<Word>,
    /// The line, from 0.
    pub(super) line: usize,
}

impl Statement {
    /// The text of word number `at`, or `""`.
    pub(super) fn str(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &word.text)
    }
}

/// The lines of a file without comments. The line that opens a block is one of them, and stands outside of it.
pub(super) fn statements(file: &SourceFile, id: FileId) -> Vec<Statement> {
    let mut cutting = Cutting::default();
    for line in 0..file.line_starts().len() {
        let span = file.line_span(line);
        let text = file.text(span);
        let plain = without_comment(&text);
        // A brace on a line of its own opens the block of the line above.
        if !plain.trim_start().starts_with('{') {
            cutting.end();
        }
        for (text, at) in pieces(plain) {
            // What is no UTF-8 is longer as text.
            let start = (span.start + at as u32).min(span.end);
            let end = (start + text.len() as u32).min(span.end);
            cutting.take(text, Location { file: id, span: Span::new(start, end) }, line);
        }
    }
    cutting.end();
    cutting.found
}

#[derive(Default)]
struct Cutting {
    found: Vec<Statement>,
    blocks: Vec<String>,
    words: Vec<Word>,
    line: usize,
}

impl Cutting {
    fn take(&mut self, text: &str, at: Location, line: usize) {
        match text {
            "{" => {
                let first = self.words.first().map_or(String::new(), |word| word.text.clone());
                self.end();
                self.blocks.push(first);
            }
            "}" => {
                self.end();
                self.blocks.pop();
            }
            _ => {
                if self.words.is_empty() {
                    self.line = line;
                }
                self.words.push(Word { text: text.to_owned(), at });
            }
        }
    }

    fn end(&mut self) {
        if !self.words.is_empty() {
            let words = std::mem::take(&mut self.words);
            self.found.push(Statement { blocks: self.blocks.clone(), words, line: self.line });
        }
    }
}

/// A line up to the `#` or `!` that stands in no quotes.
fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    let begins = |&(_, c): &(usize, char)| {
        quoted ^= c == '"';
        !quoted && matches!(c, '#' | '!')
    };
    let end = line.char_indices().find(begins).map_or(line.len(), |(at, _)| at);
    line.cut(..end)
}

/// Words and braces outside of quotes, each with the byte that it begins at.
fn pieces(line: &str) -> Vec<(&str, usize)> {
    let mut pieces = Vec::new();
    let (mut begun, mut quoted) = (None, false);
    for (at, c) in line.char_indices() {
        quoted ^= c == '"';
        let ends = !quoted && (c.is_whitespace() || matches!(c, '{' | '}'));
        if let (true, Some(from)) = (ends, begun) {
            pieces.push((line.cut(from..at), from));
            begun = None;
        }
        match c {
            '{' | '}' if !quoted => pieces.push((line.cut(at..=at), at)),
            _ if !ends && begun.is_none() => begun = Some(at),
            _ => {}
        }
    }
    pieces.extend(begun.map(|from| (line.cut(from..), from)));
    pieces
}
