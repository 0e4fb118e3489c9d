//! The lines of a configuration, which may stand inside of a manifest, and their edits.

use crate::{
    cut::Cut,
    finding::Edit,
    source::{FileId, Location, SourceFile, Span},
    syntax::section_kind,
};

use super::model::{ConfigurationFile, Place, Topology};

/// A line of a configuration, which may stand inside of a manifest.
#[derive(Clone, Copy)]
pub(crate) struct Line<'m> {
    topology: &'m Topology,
    file: &'m ConfigurationFile,
    /// The place that was asked for.
    pub(crate) place: Span,
    /// The line, without its end.
    pub(super) span: Span,
}

impl<'m> Line<'m> {
    pub(super) fn of(topology: &'m Topology, file: &'m ConfigurationFile, there: Span) -> Option<Self> {
        let place = match &file.place {
            Place::File(_) => there,
            Place::Embedded(embedded) if embedded.secret || !embedded.map.is_exact() => return None,
            Place::Embedded(embedded) => {
                let start = embedded.map.text_of(there.start)?;
                let last = embedded.map.text_of(there.end.max(there.start + 1) - 1)?;
                Span::new(start, if there.is_empty() { start } else { last + 1 })
            }
        };
        let start = file.bytes.get(..place.start as usize)?.iter().rposition(|b| *b == b'\n').map_or(0, |feed| feed + 1);
        let len = file.bytes[start..].iter().position(|b| *b == b'\n').unwrap_or(file.bytes.len() - start);
        let len = if file.bytes[start..start + len].ends_with(b"\r") { len - 1 } else { len };
        Some(Self { topology, file, place, span: Span::new(start as u32, (start + len) as u32) })
    }

    pub(super) fn text(&self, span: Span) -> &'m str {
        std::str::from_utf8(&self.file.bytes[span.start as usize..span.end as usize]).unwrap_or("")
    }

    fn indent(&self) -> &'m str {
        let text = self.text(self.span);
        text.cut(..text.len() - text.trim_ascii_start().len())
    }

    /// Its words as they are written; nothing where there are escapes, a comment, or quotes with blanks in them.
    pub(super) fn words(&self) -> Vec<&'m str> {
        let text = self.text(self.span);
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let plain = |w: &&str| w.matches('"').count().is_multiple_of(2) && !w.contains(['\\', '\'', '#']);
        if words.iter().all(plain) { words } else { Vec::new() }
    }

    /// `text` in the place of `span`.
    pub(crate) fn edit(&self, span: Span, text: &str) -> Option<Edit> {
        match &self.file.place {
            Place::File(file) => Some(Edit::replace(Location { file: *file, span }, text)),
            Place::Embedded(embedded) => embedded.edit(self.source(embedded.file), &self.file.bytes, span, text),
        }
    }

    fn source(&self, file: FileId) -> &'m SourceFile {
        self.topology.sources.file(file)
    }

    /// Other lines in its place, indented as it is.
    pub(super) fn rewrite(&self, lines: &[String]) -> Option<Edit> {
        let start = self.span.start + self.indent().len() as u32;
        self.edit(Span::new(start, self.span.end), &lines.join(&format!("\n{}", self.indent())))
    }

    /// More words at its end, where no comment stands there.
    pub(crate) fn words_behind(&self, text: &str) -> Option<Vec<Edit>> {
        let last = self.spans().last()?.0;
        Some(vec![self.edit(Span::new(last.end, last.end), text)?])
    }

    /// Its words with their places, where they are plain.
    fn spans(&self) -> Vec<(Span, &'m str)> {
        let start = |word: &str| self.span.start + (word.as_ptr() as usize - self.text(self.span).as_ptr() as usize) as u32;
        self.words().into_iter().map(|w| (Span::new(start(w), start(w) + w.len() as u32), w)).collect()
    }

    /// Another value behind the word `name`. That of `type` may have a length behind it.
    pub(crate) fn option(&self, name: &str, value: &str) -> Option<Edit> {
        let words = self.spans();
        let at = words.iter().position(|(_, w)| *w == name)? + 1;
        let len = name == "type" && words.get(at + 1).is_some_and(|(_, w)| *w == "len");
        let last = words.get(if len { at + 2 } else { at })?.0;
        self.edit(Span::new(words.get(at)?.0.start, last.end), value)
    }

    /// Whether it is a line of that file.
    pub(super) fn is_of(&self, file: &ConfigurationFile) -> bool {
        std::ptr::eq(self.file, file)
    }

    /// Its place, in the file of that number of its configuration.
    pub(super) fn location(&self, file: u32) -> Location {
        Location { file: FileId(file), span: Span::new(self.span.start + self.indent().len() as u32, self.span.end) }
    }

    /// Another first argument.
    pub(super) fn argument(&self, text: &str) -> Option<Edit> {
        self.edit(self.spans().get(1)?.0, text)
    }

    /// Another argument of a data type that a table stores.
    pub(crate) fn argument_of(&self, stored: &str, argument: &str) -> Option<Edit> {
        let words = self.spans();
        let lists = words.windows(2).filter(|pair| pair[0].1 == "store").map(|pair| pair[1]);
        let mut found = lists.filter_map(|(span, list)| {
            let is_whole = |at: &usize| *at == 0 || list.cut(..*at).ends_with(',');
            let open = list.match_indices(&format!("{stored}(")).map(|(at, _)| at).find(is_whole)? + stored.len() + 1;
            let len = list.cut(open..).find(')')?;
            Some(Span::new(span.start + open as u32, span.start + (open + len) as u32))
        });
        self.edit(found.next()?, argument)
    }

    /// Whether a list of what the table stores is there, to which more can be added.
    pub(crate) fn has_store(&self) -> bool {
        self.words().contains(&"store")
    }

    /// More that a table stores.
    pub(crate) fn store(&self, more: &[String]) -> Option<Edit> {
        let words = self.spans();
        let (end, text) = match words.iter().position(|(_, w)| *w == "store") {
            Some(at) => (words.get(at + 1)?.0.end, format!(",{}", more.join(","))),
            None => (words.last()?.0.end, format!(" store {}", more.join(","))),
        };
        self.edit(Span::new(end, end), &text)
    }

    /// Nothing in its place.
    pub(crate) fn delete(&self) -> Option<Edit> {
        let feed = self.file.bytes[self.span.end as usize..].iter().position(|b| *b == b'\n')?;
        self.edit(Span::new(self.span.start, self.span.end + feed as u32 + 1), "")
    }

    /// The lines behind this one up to the next section, with their places.
    fn section(&self) -> impl Iterator<Item = (Span, &'m str)> {
        let mut start = self.span.start as usize;
        let lines = self.file.bytes[start..].split_inclusive(|b| *b == b'\n').map(move |line| {
            let here = Span::new(start as u32, (start + line.trim_ascii_end().len()) as u32);
            start += line.len();
            here
        });
        let lines = lines.skip(1).map(|span| (span, self.text(span)));
        lines.take_while(|(_, text)| section_kind(text.split_ascii_whitespace().next().unwrap_or("")).is_none())
    }

    /// More lines at the end of the section that this is the header of.
    pub(crate) fn append(&self, lines: &[String]) -> Option<Edit> {
        let (mut end, mut indent, mut depth) = (self.span.end, None, 0i32);
        for (span, text) in self.section() {
            let word = text.split_ascii_whitespace().next().unwrap_or("#");
            depth += i32::from(word == ".if") - i32::from(word == ".endif");
            if depth < 0 {
                break;
            }
            if depth == 0 && !word.starts_with('#') {
                end = span.end;
            }
            if !word.starts_with(['#', '.']) {
                indent.get_or_insert(text.cut(..text.len() - text.trim_ascii_start().len()));
            }
        }
        let own = format!("{}    ", self.indent());
        let indent = indent.filter(|i| !i.is_empty()).unwrap_or(&own);
        self.edit(Span::new(end, end), &lines.iter().map(|line| format!("\n{indent}{line}")).collect::<String>())
    }

    /// The first line of the whole file whose first word is `keyword`.
    pub(crate) fn first(topology: &'m Topology, file: &'m ConfigurationFile, keyword: &str) -> Option<Self> {
        let mut start = 0;
        for line in file.bytes.split_inclusive(|b| *b == b'\n') {
            let own = line.trim_ascii_start();
            if own.starts_with(keyword.as_bytes()) && own.get(keyword.len()).is_none_or(u8::is_ascii_whitespace) {
                let span = Span::new(start, start + line.trim_ascii_end().len() as u32);
                return Some(Self { topology, file, place: span, span });
            }
            start += line.len() as u32;
        }
        None
    }
}
