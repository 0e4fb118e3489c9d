//! How a configuration is laid out: the blanks between words, the indentation and the blank lines, and nothing else.
//!
//! `layout` says what each line is and how deep it stands, `indent` what the file itself indents by, `write` makes edits of
//! that, and `proof` reads the result: it has the same words in the same order, or nothing is edited. `embedded` does the same
//! inside of manifests.

mod embedded;
mod indent;
mod layout;
mod proof;
mod style;
mod write;

pub use embedded::{Left, Manifest, manifest};
pub use style::{Indent, Spacing, Style, Styles};

use std::{fmt, ops::RangeInclusive};

use crate::{
    finding::Edit,
    source::{FileId, SourceFile, Template, template},
    syntax::{Tail, Tree},
    topology,
};

/// Why a file is not laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// It is a template: blanks may mean something to what fills it in.
    Template(Template),
    /// Words of this line, from 1, would change. That is a fault of the formatter.
    Words(usize),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Template(_) => f.write_str("it is a template, and blanks may mean something to what fills it in"),
            Self::Words(line) => write!(f, "the words of line {line} would change, which is a fault of the formatter"),
        }
    }
}

impl std::error::Error for Refused {}

/// The edits that lay out `file`, in the order of their places; none where it is laid out well. With `lines`, counted from 1, only
/// those are touched.
///
/// ```
/// use haproxy_lint::{FileId, FormatStyle, SourceFile, format};
/// let file = SourceFile::new("haproxy.cfg", b"global\n  maxconn  10\ndefaults\n  mode http".to_vec());
/// let edits = format(FileId(0), &file, FormatStyle::default(), None).unwrap();
/// let texts: Vec<&str> = edits.iter().map(|edit| edit.text.as_str()).collect();
/// assert_eq!(texts, [" ", "\n", "\n"]);
/// ```
///
/// # Errors
/// If the file is a template, or if words would change.
pub fn format(id: FileId, file: &SourceFile, style: Style, lines: Option<RangeInclusive<usize>>) -> Result<Vec<Edit>, Refused> {
    if let Some(template) = template(file) {
        return Err(Refused::Template(template));
    }
    let tree = Tree::new(file);
    let rows = layout::rows(file, &tree);
    let edits = write::edits(&write::Text { id, file, tree: &tree, rows: &rows, style, lines });
    if !edits.is_empty() {
        proof::same_words(file, &tree, &SourceFile::new(file.name(), applied(file.bytes(), &edits)))?;
    }
    Ok(edits)
}

/// Whether a file is one of HAProxy's for certain: it opens a section, and has no `[scope]` as files of other programs do that end in
/// `.cfg` as well. Nothing else is laid out that nobody has named.
///
/// ```
/// use haproxy_lint::{SourceFile, format::is_configuration};
/// let file = |text: &str| SourceFile::new("setup.cfg", text.as_bytes().to_vec());
/// assert!(is_configuration(&file("global\n    daemon\n")));
/// assert!(!is_configuration(&file("[metadata]\nname = x\nbackend = y\n")));
/// ```
pub fn is_configuration(file: &SourceFile) -> bool {
    let is_scoped = || Tree::new(file).lines().any(|line| line.tail == Tail::Scope);
    topology::is_configuration(&String::from_utf8_lossy(file.bytes())) && !is_scoped()
}

/// What HAProxy takes for a blank between words, and for one at the end of a line.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0B | 0x0C | b'\r')
}

/// A text with edits made, which come in the order of their places.
pub fn applied(text: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut new = Vec::with_capacity(text.len() + edits.len() * 4);
    let mut done = 0;
    for edit in edits {
        new.extend_from_slice(&text[done..edit.location.span.start as usize]);
        new.extend_from_slice(edit.text.as_bytes());
        done = edit.location.span.end as usize;
    }
    new.extend_from_slice(&text[done..]);
    new
}

#[cfg(test)]
mod tests;
