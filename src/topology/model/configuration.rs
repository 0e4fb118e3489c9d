//! Configurations that nodes read, and where they stand.

use crate::{
    finding::sentence::short_name,
    source::{line_end, with_line_ends},
};

use super::*;

/// Where a file of a configuration stands.
#[derive(Clone, Debug)]
pub enum Place {
    /// In a scalar of a manifest.
    Embedded(Box<Embedded>),
    /// A file of its own.
    File(FileId),
}

/// A text inside a manifest.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// The manifest.
    pub file: FileId,
    /// From the text to the manifest.
    pub map: SegmentMap,
    /// `ConfigMap` and the like.
    pub kind: String,
    /// The namespace of the object, where it is said.
    pub namespace: Option<String>,
    /// The name of the object.
    pub name: String,
    /// The key of the text.
    pub key: String,
    /// What it says is not to be shown.
    pub secret: bool,
    /// A shell reads it before HAProxy does, and replaces variables in it.
    pub in_shell: bool,
}

impl Embedded {
    /// The place of one of its lines, from 1, as findings tell it.
    pub(crate) fn in_manifest(&self, line: usize) -> InManifest {
        InManifest {
            kind: short_name(self.kind.as_str()),
            namespace: self.namespace.as_deref().map(short_name),
            name: short_name(self.name.as_str()),
            key: short_name(self.key.as_str()),
            line,
        }
    }

    /// What replaces `span` of `bytes`, which the manifest `file` holds, by `text`; `None` where that cannot be said
    /// without writing the scalar anew.
    pub fn edit(&self, file: &SourceFile, bytes: &[u8], span: Span, text: &str) -> Option<Edit> {
        let to_a_shell = self.in_shell && text.contains(['$', '`', '\\']);
        if !self.map.is_exact() || to_a_shell || speaks_of_filled(text, bytes, file) {
            return None;
        }
        let begins = |bytes: &[u8], at: u32| bytes[..at as usize].iter().rposition(|b| *b == b'\n').map_or(0, |feed| feed + 1);
        // YAML reads every end of a line as a line feed.
        let line = |bytes: &[u8], from: usize| {
            let line = bytes[from..].split(|b| *b == b'\n').next().unwrap_or_default();
            line.strip_suffix(b"\r").unwrap_or(line).to_vec()
        };
        let mut there = self.map.map(span);
        let (own, start) = (begins(bytes, span.start), begins(file.bytes(), there.start));
        let (own_line, outer) = (line(bytes, own), line(file.bytes(), start));
        // What is filled into a template has a variable of the same length in its place.
        let filled = own_line.windows(2).any(|at| at == b"\"$" || at == b"${");
        let lead = outer.len().checked_sub(own_line.len()).map(|len| outer.split_at(len));
        let lead = lead.filter(|(_, rest)| *rest == own_line || filled).map(|(lead, _)| lead);
        let indent = lead.filter(|lead| lead.iter().all(|b| *b == b' '));
        let Some(indent) = indent.and_then(|lead| std::str::from_utf8(lead).ok()) else {
            let folded = file.bytes()[there.start as usize..there.end as usize].contains(&b'\n');
            if self.map.has_escapes(file.bytes()) && !folded {
                let quoted = serde_json::Value::from(with_line_ends(text, line_end(bytes))).to_string();
                return Some(Edit::replace(Location { file: self.file, span: there }, quoted.cut(1..quoted.len() - 1)));
            }
            // In other quotes only what means itself can stand.
            let plain = there.len() == span.len() && !text.contains(['\n', '"', '\'', '\\', '#', ':', '{', '}']);
            return plain.then(|| Edit::replace(Location { file: self.file, span: there }, text));
        };
        let whole_lines = own == span.start as usize && (span.is_empty() || bytes.get(span.end as usize - 1) == Some(&b'\n'));
        // A blank line has no indentation, and what comes first in its line begins before that of the line.
        if own == span.start as usize && text.starts_with('\n') || whole_lines && text.is_empty() {
            there.start = start as u32;
        }
        let ends_line = !span.is_empty() && bytes.get(span.end as usize - 1) == Some(&b'\n') && text.ends_with('\n');
        let mut inner = String::with_capacity(text.len());
        let mut lines = text.split('\n').enumerate().peekable();
        while let Some((number, line)) = lines.next() {
            // Behind the last line of an edit stands the rest of its line, or the next one with its own indentation.
            let begins = if lines.peek().is_none() { !ends_line } else { !line.is_empty() };
            inner.push_str(if number > 0 { "\n" } else { "" });
            inner.push_str(if number > 0 && begins { indent } else { "" });
            inner.push_str(line);
        }
        // Whether a text ends in a line feed is said in its header.
        let at_the_end = span.start as usize >= bytes.len();
        (!at_the_end).then(|| {
            let mut edit = Edit::replace(Location { file: self.file, span: there }, inner);
            edit.end_lines(file);
            edit
        })
    }
}

/// Whether a text has a variable in it that stands for what is filled into a template, and so is not in the manifest.
fn speaks_of_filled(text: &str, bytes: &[u8], file: &SourceFile) -> bool {
    let has = |bytes: &[u8], variable: &str| memchr::memmem::find(bytes, variable.as_bytes()).is_some();
    let variables = text.match_indices("\"$").map(|(at, _)| text.cut(at..).split_inclusive('"').take(2).collect::<String>());
    variables.into_iter().any(|variable| has(bytes, &variable) && !has(file.bytes(), &variable))
}

/// One file that HAProxy reads.
#[derive(Clone, Debug)]
pub struct ConfigurationFile {
    /// What messages call it.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// Where it stands.
    pub place: Place,
}

/// How much of a configuration there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    #[default]
    Whole,
    /// A template of all of it: what is filled in when HAProxy starts is not known.
    Template,
    /// A template of all of it, and all that is filled in is known: what looks like a placeholder stays.
    Filled,
    /// Some sections; what they name may stand in others.
    Sections,
    /// Lines of such a section.
    Body(SectionKind),
}

/// The files that a node reads, in HAProxy's order.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// The files.
    pub files: Vec<ConfigurationFile>,
    /// How much of it they are.
    pub part: Part,
}

impl Configuration {
    /// The place in the topology's files of a place in the configuration's own.
    pub fn map(&self, location: Location) -> Option<Location> {
        match &self.files.get(location.file.0 as usize)?.place {
            Place::Embedded(embedded) => Some(Location { file: embedded.file, span: embedded.map.map(location.span) }),
            Place::File(file) => Some(Location { file: *file, span: location.span }),
        }
    }

    /// Its files as sources of their own.
    pub fn sources(&self) -> Sources {
        Sources::new(self.files.iter().map(|f| SourceFile::new(f.name.clone(), f.bytes.clone())).collect())
    }
}
