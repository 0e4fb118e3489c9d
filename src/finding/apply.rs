//! Makes edits, and ends the lines that they write.

use std::collections::BTreeMap;

use crate::source::{FileId, SourceFile, Sources, Span, with_line_ends};

use super::Edit;

impl Edit {
    /// Ends the lines of the new text as those of the file end that it is of.
    pub(crate) fn end_lines(&mut self, file: &SourceFile) {
        if !self.text.contains('\n') {
            return;
        }
        self.text = with_line_ends(&self.text, file.line_end());
        // Behind a carriage return that stays, the line feed alone is missing.
        let Span { start, end } = self.location.span;
        if start == end && self.text.starts_with("\r\n") && file.bytes()[..start as usize].ends_with(b"\r") {
            self.text.remove(0);
        }
    }
}

/// The files with the edits made. Edits must not overlap.
pub fn apply(sources: &Sources, edits: &[&Edit]) -> Sources {
    let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    edits.iter().for_each(|edit| by_file.entry(edit.location.file).or_default().push(edit));
    let file = |(id, file): (FileId, &SourceFile)| {
        let mut bytes = Vec::with_capacity(file.bytes().len());
        let mut done = 0;
        let mut here = by_file.remove(&id).unwrap_or_default();
        here.sort_by_key(|edit| edit.location.span);
        for edit in here {
            bytes.extend_from_slice(&file.bytes()[done..edit.location.span.start as usize]);
            bytes.extend_from_slice(edit.text.as_bytes());
            done = edit.location.span.end as usize;
        }
        bytes.extend_from_slice(&file.bytes()[done..]);
        SourceFile::new(file.name(), bytes)
    };
    Sources::new(sources.iter().map(file).collect())
}
