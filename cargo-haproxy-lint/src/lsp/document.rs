//! A text as the editor shows it, saved or not.

use gen_lsp_types as lsp;
use haproxy_lint::analysis::{Encoding, offset_in_line};

/// A document that is open.
#[derive(Debug)]
pub(super) struct Document {
    /// The number that the client gives to its text.
    pub(super) version: i32,
    text: String,
    /// Where each line begins.
    starts: Vec<usize>,
}

impl Document {
    /// A document with this text.
    pub(super) fn new(version: i32, text: String) -> Self {
        let mut document = Self { version, text: String::new(), starts: vec![0] };
        document.replace(0, 0, &text);
        document
    }

    /// All of it.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Does what the client did.
    pub(super) fn change(&mut self, change: lsp::TextDocumentContentChangeEvent, encoding: Encoding) {
        match change {
            lsp::TextDocumentContentChangeEvent::TextDocumentContentChangePartial(change) => {
                let (a, b) = (self.byte(change.range.start, encoding), self.byte(change.range.end, encoding));
                self.replace(a.min(b), a.max(b), &change.text);
            }
            lsp::TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(change) => {
                self.replace(0, self.text.len(), &change.text);
            }
        }
    }

    /// The byte at a place: what is past an end is the end.
    fn byte(&self, at: lsp::Position, encoding: Encoding) -> usize {
        let Some(start) = self.starts.get(at.line as usize).copied() else { return self.text.len() };
        let end = self.starts.get(at.line as usize + 1).map_or(self.text.len(), |next| next - 1);
        let line = self.text.as_bytes().get(start..end).unwrap_or_default();
        start + offset_in_line(line, at.character, encoding)
    }

    /// Puts `new` in the place of some bytes; the beginnings of lines behind them move along.
    fn replace(&mut self, from: usize, to: usize, new: &str) {
        self.text.replace_range(from..to, new);
        let first = self.starts.partition_point(|start| *start <= from);
        let last = self.starts.partition_point(|start| *start <= to);
        let moved = |start: &mut usize| *start = *start + new.len() - (to - from);
        self.starts.iter_mut().skip(last).for_each(moved);
        self.starts.splice(first..last, new.match_indices('\n').map(|(at, _)| from + at + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partial(from: (u32, u32), to: (u32, u32), text: &str) -> lsp::TextDocumentContentChangeEvent {
        let at = |(line, character)| lsp::Position { line, character };
        let range = lsp::Range { start: at(from), end: at(to) };
        lsp::TextDocumentContentChangePartial { range, text: text.to_owned(), ..Default::default() }.into()
    }

    fn starts(text: &str) -> Vec<usize> {
        std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
    }

    #[test]
    fn what_is_written_is_in_the_text() {
        let mut document = Document::new(1, "a😀b\r\nc\n".to_owned());
        for (change, text) in [
            (partial((0, 3), (0, 3), "x"), "a😀xb\r\nc\n"),
            (partial((0, 99), (1, 0), "\n"), "a😀xb\nc\n"),
            (partial((0, 1), (0, 2), ""), "a😀xb\nc\n"),
            (partial((1, 1), (0, 5), " "), "a😀xb \n"),
            (partial((9, 0), (9, 9), "d\ne\n\n"), "a😀xb \nd\ne\n\n"),
            (partial((0, 0), (3, 0), ""), "\n"),
        ] {
            document.change(change, Encoding::Utf16);
            assert_eq!(document.text(), text);
            assert_eq!(document.starts, starts(text));
        }
    }
}
