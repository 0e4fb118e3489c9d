//! The part of a configuration that nodes may read differently: what depends on variables, and what concerns peers.
//!
//! A thousand pods that read one file of ten thousand lines differ in a few of them. For the first pods the whole file is
//! checked; for the others only what may be otherwise.

use crate::{
    source::{Location, SourceFile, Sources, Span},
    syntax::{SectionKind, section_kind},
};

/// Files without the sections that are the same for every node.
pub(crate) struct Excerpt {
    /// What is left of the files.
    pub(crate) sources: Sources,
    /// Whether what depends on variables may concern peers and sockets.
    pub(crate) differs: bool,
    /// For each file: from which offset of the excerpt on how many bytes are missing before it.
    cuts: Vec<Vec<(u32, u32)>>,
    /// For each file: what was left out, in order.
    gone: Vec<Vec<Span>>,
}

impl Excerpt {
    /// Leaves out the sections that name no variable, stand under no condition, and open no socket.
    pub(crate) fn new(sources: &Sources) -> Self {
        let mut files = Vec::new();
        let (mut cuts, mut gone, mut differs) = (Vec::new(), Vec::new(), false);
        for file in sources.files() {
            let (mut kept, mut cut, mut left_out) = (Vec::new(), vec![(0, 0)], Vec::new());
            let (mut missing, mut conditions) = (0, 0);
            for section in sections(file) {
                let bytes = file.slice(section);
                let conditional = conditions > 0;
                conditions += opened(bytes);
                differs |= (conditional || is_symbolic(bytes)) && concerns(bytes);
                if conditional || is_own(bytes) {
                    cut.push((kept.len() as u32, missing));
                    kept.extend_from_slice(bytes);
                } else {
                    missing += bytes.len() as u32;
                    left_out.push(section);
                }
            }
            files.push(SourceFile::new(file.name(), kept));
            cuts.push(cut);
            gone.push(left_out);
        }
        Self { sources: Sources::new(files), differs, cuts, gone }
    }

    /// Whether a place of the whole file is left out here.
    pub(crate) fn lacks(&self, location: Location) -> bool {
        let Some(gone) = self.gone.get(location.file.0 as usize) else { return false };
        let at = location.span.start;
        gone.partition_point(|s| s.start <= at).checked_sub(1).is_some_and(|last| at < gone[last].end)
    }

    /// The place in the whole file.
    pub(crate) fn whole(&self, location: Location) -> Location {
        let Some(cuts) = self.cuts.get(location.file.0 as usize) else { return location };
        let shift = |at: u32| cuts[cuts.partition_point(|c| c.0 <= at).max(1) - 1].1;
        // A span stands in one section, so both ends move alike.
        let by = shift(location.span.start);
        Location { file: location.file, span: Span::new(location.span.start + by, location.span.end + by) }
    }
}

/// The sections of a file, with what stands before the first.
fn sections(file: &SourceFile) -> Vec<Span> {
    let mut starts = vec![0];
    for line in 0..file.line_starts().len() {
        let span = file.line_span(line);
        let bytes = file.slice(span);
        let word = bytes.split(u8::is_ascii_whitespace).find(|w| !w.is_empty()).unwrap_or(&[]);
        if std::str::from_utf8(word).is_ok_and(|w| section_kind(w).is_some()) {
            starts.push(span.start);
        }
    }
    starts.push(file.bytes().len() as u32);
    starts.windows(2).map(|pair| Span::new(pair[0], pair[1])).collect()
}

/// How many conditions a section opens, less those that it closes.
fn opened(section: &[u8]) -> i32 {
    lines(section).map(|line| i32::from(line.starts_with(b".if")) - i32::from(line.starts_with(b".endif"))).sum()
}

/// The lines of a section, from their first word on.
fn lines(section: &[u8]) -> impl Iterator<Item = &[u8]> {
    section.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_start)
}

/// Whether a section may be read differently, or is about peers and sockets.
fn is_own(section: &[u8]) -> bool {
    let first = section.split(u8::is_ascii_whitespace).find(|w| !w.is_empty()).unwrap_or(&[]);
    let kind = std::str::from_utf8(first).ok().and_then(section_kind).map(|s| s.kind);
    matches!(kind, Some(SectionKind::Global | SectionKind::Peers)) || is_symbolic(section) || lines(section).any(|l| l.starts_with(b"bind"))
}

/// Whether a section depends on variables or conditions.
fn is_symbolic(section: &[u8]) -> bool {
    section.contains(&b'$') || lines(section).any(|line| line.starts_with(b"."))
}

/// Whether a section has anything to do with peers, names and sockets, or with variables that others use.
fn concerns(section: &[u8]) -> bool {
    let words: [&[u8]; 5] = [b"peers", b"bind", b"localpeer", b"setenv", b"presetenv"];
    lines(section).any(|line| line.starts_with(b".") || words.iter().any(|w| line.windows(w.len()).any(|part| part == *w)))
}

#[cfg(test)]
mod tests {
    use crate::source::FileId;

    use super::*;

    #[test]
    fn places_are_those_of_the_whole() {
        let text = "# top\nglobal\n daemon\nbackend a\n server s 10.0.0.1\npeers p\n peer x :1\nbackend b\n server s ${X}:1\nbackend c\n balance source\n";
        let sources = Sources::single("f", text);
        let excerpt = Excerpt::new(&sources);
        let left = String::from_utf8(excerpt.sources.files()[0].bytes().to_vec()).unwrap();
        assert!(!left.contains("10.0.0.1") && !left.contains("balance") && left.contains("daemon"));
        for word in ["daemon", "peer x", "${X}"] {
            let at = left.find(word).unwrap() as u32;
            let whole = excerpt.whole(Location { file: FileId(0), span: Span::new(at, at + word.len() as u32) });
            assert_eq!(sources.files()[0].text(whole.span), word);
            assert!(!excerpt.lacks(whole));
        }
        let at = text.find("10.0.0.1").unwrap() as u32;
        assert!(excerpt.lacks(Location { file: FileId(0), span: Span::new(at, at + 1) }));
    }

    #[test]
    fn what_stands_under_a_condition_stays() {
        let text = "global\n daemon\n.if defined(X)\nbackend a\n balance source\n.endif\nbackend b\n balance source\n";
        let excerpt = Excerpt::new(&Sources::single("f", text));
        let left = String::from_utf8(excerpt.sources.files()[0].bytes().to_vec()).unwrap();
        assert!(left.contains("backend a") && !left.contains("backend b"), "{left}");
    }
}
