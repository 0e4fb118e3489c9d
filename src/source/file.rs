//! One file, and the set of files that one configuration is made of.

use std::{borrow::Cow, sync::OnceLock};

use super::written::Written;

/// A half-open range of byte offsets in one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte, from 0.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The span of the bytes `start..end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// How many bytes the span holds.
    pub const fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span holds no byte.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }
}

/// Names a file of a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A span in a file of a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The file.
    pub file: FileId,
    /// The bytes in it.
    pub span: Span,
}

/// A place in a file as people and editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line, from 1. Only a line feed ends a line, as in HAProxy.
    pub line: usize,
    /// The column, from 1, in Unicode scalars of the lossily decoded line.
    pub column: usize,
    /// The byte offset in the file, from 0.
    pub offset: usize,
}

/// Whether a file of that name holds manifests, and not a configuration of HAProxy alone: YAML or JSON.
pub fn is_manifest(name: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end))
}

const LF: &str = "\n";
const CR_LF: &str = "\r\n";

/// `text` with lines that end in `end`, however they end now.
pub(crate) fn with_line_ends(text: &str, end: &str) -> String {
    let plain = if text.contains('\r') { text.replace(CR_LF, LF) } else { text.to_owned() };
    if end == LF { plain } else { plain.replace('\n', end) }
}

/// How most lines of a text end.
pub(crate) fn line_end(text: &[u8]) -> &'static str {
    let (mut with, mut all) = (0usize, 0usize);
    for end in memchr::memchr_iter(b'\n', text) {
        with += usize::from(text[..end].ends_with(b"\r"));
        all += 1;
    }
    if with > all - with { CR_LF } else { LF }
}

/// One file: its name as it was given, its bytes, and where its lines begin.
#[derive(Debug)]
pub struct SourceFile {
    name: String,
    content: Content,
    lines: OnceLock<Vec<u32>>,
    /// How most of them end.
    line_end: OnceLock<&'static str>,
    /// Which words it may hold, once a rule has asked.
    written: OnceLock<Written>,
    /// What is not to be shown of it.
    secrets: OnceLock<Vec<Span>>,
}

/// What is in a file. Text that was found to be valid once is not looked at again for every word.
#[derive(Debug)]
enum Content {
    Text(String),
    Bytes(Vec<u8>),
}

impl SourceFile {
    /// The largest file that is read, in bytes: offsets are 31-bit, and a tree numbers its cells with 32, three for an empty line.
    pub const MAX_BYTES: usize = 1 << 30;

    /// A file named `name` that holds `bytes`; whatever is beyond [`Self::MAX_BYTES`] is cut off.
    pub fn new(name: impl Into<String>, mut bytes: Vec<u8>) -> Self {
        bytes.truncate(Self::MAX_BYTES);
        let content = String::from_utf8(bytes).map_or_else(|error| Content::Bytes(error.into_bytes()), Content::Text);
        Self {
            name: name.into(),
            content,
            lines: OnceLock::new(),
            line_end: OnceLock::new(),
            written: OnceLock::new(),
            secrets: OnceLock::new(),
        }
    }

    /// The path as the user gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Everything in the file.
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Text(text) => text.as_bytes(),
            Content::Bytes(bytes) => bytes,
        }
    }

    /// Whether the whole file is valid UTF-8.
    pub fn is_utf8(&self) -> bool {
        matches!(self.content, Content::Text(_))
    }

    /// The bytes of `span`.
    pub fn slice(&self, span: Span) -> &[u8] {
        &self.bytes()[span.start as usize..span.end as usize]
    }

    /// The text of `span`, with U+FFFD for what is not UTF-8.
    pub fn text(&self, span: Span) -> Cow<'_, str> {
        String::from_utf8_lossy(self.slice(span))
    }

    /// The text of `span` where it is valid UTF-8.
    #[inline]
    pub fn str(&self, span: Span) -> Option<&str> {
        match &self.content {
            Content::Text(text) => text.get(span.start as usize..span.end as usize),
            Content::Bytes(_) => std::str::from_utf8(self.slice(span)).ok(),
        }
    }

    /// Whether `text` stands in it: most words that are asked for do not, and are not looked for.
    pub(crate) fn holds(&self, text: &str) -> bool {
        self.written().may_hold(text.as_bytes()) && memchr::memmem::find(self.bytes(), text.as_bytes()).is_some()
    }

    /// Which words it may hold: found once, when first asked for.
    pub(crate) fn written(&self) -> &Written {
        self.written.get_or_init(|| Written::of(std::iter::once(self.bytes())))
    }

    /// The offset at which each line begins; there is always a first line. Found once, when first asked for.
    pub fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', self.bytes());
            std::iter::once(0).chain(ends.map(|end| end as u32 + 1)).collect()
        })
    }

    /// The values that are not to be shown, as `find` finds them once.
    pub(crate) fn secrets(&self, find: impl FnOnce(&Self) -> Vec<Span>) -> &[Span] {
        self.secrets.get_or_init(|| find(self))
    }

    /// Lets go of what only a check asks for.
    fn rest(&mut self) {
        self.written = OnceLock::new();
    }

    /// The line that holds `offset`, from 0.
    pub fn line_of(&self, offset: u32) -> usize {
        self.line_starts().partition_point(|start| *start <= offset) - 1
    }

    /// The bytes of line `line` (from 0), without its line feed. Lines past the end are empty.
    pub fn line_span(&self, line: usize) -> Span {
        let starts = self.line_starts();
        let Some(&start) = starts.get(line) else {
            let end = self.bytes().len() as u32;
            return Span::new(end, end);
        };
        let end = starts.get(line + 1).map_or(self.bytes().len() as u32, |next| next - 1);
        Span::new(start, end)
    }

    /// How most lines end, and so how one ends that is written here: with a carriage return before the line feed, or without. Found
    /// once, when first asked for.
    pub fn line_end(&self) -> &'static str {
        self.line_end.get_or_init(|| line_end(self.bytes()))
    }

    /// Where `offset` is for people; offsets past the end are at the end.
    pub fn position(&self, offset: u32) -> Position {
        let offset = offset.min(self.bytes().len() as u32);
        let line = self.line_of(offset);
        let start = self.line_starts()[line];
        let before = Span::new(start, offset);
        let column = 1 + self.str(before).map_or_else(|| self.text(before).chars().count(), |text| text.chars().count());
        Position { line: line + 1, column, offset: offset as usize }
    }
}

/// The files of one configuration, in the order HAProxy reads them.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// The files in reading order.
    pub fn new(files: Vec<SourceFile>) -> Self {
        Self { files }
    }

    /// One file named `name` that holds `text`.
    pub fn single(name: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        Self::new(vec![SourceFile::new(name, text.into())])
    }

    /// The files in reading order.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The files, to be used otherwise.
    pub fn into_files(self) -> Vec<SourceFile> {
        self.files
    }

    /// Adds a file behind the others.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        FileId(self.files.len() as u32 - 1)
    }

    /// Lets go of what only a check asks for, 16 kB for each file: who checks many files and keeps them all for a report has no use of it.
    pub fn rest(&mut self) {
        self.files.iter_mut().for_each(SourceFile::rest);
    }

    /// The files in reading order, each with its id.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(i, f)| (FileId(i as u32), f))
    }

    /// The file that `id` names.
    ///
    /// # Panics
    /// If `id` comes from another set of files.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// `file.cfg:12` for people: where `location` begins.
    pub fn at(&self, location: Location) -> String {
        let file = self.file(location.file);
        format!("{}:{}", file.name(), file.line_of(location.span.start) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_scalars_of_the_lossily_decoded_line() {
        let file = SourceFile::new("f", b"a\n\xff\xc3\xa9x\n".to_vec());
        assert_eq!(file.position(2).column, 1);
        assert_eq!(file.position(3).column, 2, "one replacement character");
        assert_eq!(file.position(5).column, 3, "one two-byte letter");
        assert_eq!(file.position(5).line, 2);
        assert_eq!(file.position(999), Position { line: 3, column: 1, offset: 7 });
        assert_eq!(file.line_span(1), Span::new(2, 6));
    }
}
