//! The texts of one configuration at one time, and what the protocol calls their places.

use std::{path::PathBuf, sync::Arc};

use gen_lsp_types as lsp;
use haproxy_lint::{
    analysis::{Cursor, Encoding},
    check::{Options, Report, check},
    finding::Edit,
    project::{Project, Set},
    source::{FileId, Location, SourceFile, Sources, Span},
};
use similar::{Algorithm, capture_diff_slices};

use super::{client::Client, place, wire::Fail};
use crate::commands::parallel::guarded;

/// One version of a configuration. Nothing in it ever changes.
pub(super) struct Text {
    /// Later texts of the same configuration have greater numbers.
    pub(super) number: u64,
    /// Its files.
    pub(super) sources: Arc<Sources>,
    /// The names of the documents that they are, in the same order.
    pub(super) documents: Vec<Name>,
    /// What is said of it.
    pub(super) frame: Arc<Frame>,
}

/// How the client names a file.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// Its name.
    pub(super) uri: String,
    /// The number of its text, if it is open.
    pub(super) version: Option<i32>,
}

/// What stays the same while somebody types.
pub(super) struct Frame {
    /// Its settings.
    pub(super) project: Arc<Project>,
    /// The files; none for a text that is on no disk.
    pub(super) set: Option<Set>,
    /// What they say of this configuration.
    pub(super) options: Options,
    /// What the client can do.
    pub(super) client: Arc<Client>,
    /// Where the configuration is.
    pub(super) paths: Vec<PathBuf>,
}

impl Text {
    /// What a column counts.
    pub(super) fn encoding(&self) -> Encoding {
        self.frame.client.encoding.0
    }

    /// What the client can do.
    pub(super) fn client(&self) -> &Client {
        &self.frame.client
    }

    /// The file that a document is.
    pub(super) fn file(&self, uri: &lsp::Uri) -> Result<FileId, Fail> {
        let found = self.documents.iter().position(|name| name.uri == uri.0);
        found.map(|at| FileId(at as u32)).ok_or_else(|| Fail::invalid(format!("`{}` is not open", uri.0)))
    }

    /// The place that a cursor stands at.
    pub(super) fn cursor(&self, at: &lsp::TextDocumentPositionParams) -> Result<Cursor, Fail> {
        let file = self.file(&at.text_document.uri)?;
        Ok(Cursor { file, offset: place::byte(self.sources.file(file), at.position, self.encoding()) })
    }

    /// The bytes between two places of a document.
    pub(super) fn location(&self, uri: &lsp::Uri, range: lsp::Range) -> Result<Location, Fail> {
        let file = self.file(uri)?;
        Ok(Location { file, span: place::span(self.sources.file(file), range, self.encoding()) })
    }

    /// The name of a document.
    pub(super) fn uri(&self, file: FileId) -> lsp::Uri {
        lsp::Uri(self.documents[file.0 as usize].uri.clone())
    }

    /// A place in its document.
    pub(super) fn range(&self, location: Location) -> lsp::Range {
        place::range(self.sources.file(location.file), location.span, self.encoding())
    }

    /// A place with the name of its document.
    pub(super) fn place(&self, location: Location) -> lsp::Location {
        lsp::Location { uri: self.uri(location.file), range: self.range(location) }
    }

    /// An edit in its document.
    pub(super) fn edit(&self, edit: &Edit) -> lsp::TextEdit {
        lsp::TextEdit { range: self.range(edit.location), new_text: edit.text.clone() }
    }

    /// Edits of several documents, which are made together.
    pub(super) fn edits(&self, edits: &[Edit]) -> lsp::WorkspaceEdit {
        let mut files: Vec<FileId> = edits.iter().map(|edit| edit.location.file).collect();
        files.sort_unstable();
        files.dedup();
        let of_file = |file: FileId| edits.iter().filter(move |edit| edit.location.file == file).map(|edit| self.edit(edit));
        if self.client().can("/workspace/workspaceEdit/documentChanges") {
            let change = |file: &FileId| {
                let text_document_identifier = lsp::TextDocumentIdentifier { uri: self.uri(*file) };
                let version = self.documents[file.0 as usize].version;
                let text_document = lsp::OptionalVersionedTextDocumentIdentifier { version, text_document_identifier };
                let edits = of_file(*file).map(lsp::Edit::TextEdit).collect();
                lsp::DocumentChange::TextDocumentEdit(lsp::TextDocumentEdit { text_document, edits })
            };
            return lsp::WorkspaceEdit { document_changes: Some(files.iter().map(change).collect()), ..Default::default() };
        }
        let changes = files.iter().map(|file| (self.uri(*file), of_file(*file).collect())).collect();
        lsp::WorkspaceEdit { changes: Some(changes), ..Default::default() }
    }

    /// What is found in these files, or in others that would take their places.
    pub(super) fn check(&self, sources: &Sources, options: &Options) -> Report {
        let mut report = guarded(|| check(sources, options)).unwrap_or_else(|panic| Report::internal_error(&panic, sources));
        if let Some(set) = &self.frame.set {
            report.findings.retain(|finding| finding.location.is_none_or(|place| set.shows(place.file)));
        }
        self.frame.project.overrule(sources, &mut report);
        report
    }
}

impl Text {
    /// The same files once more.
    pub(super) fn copy(&self) -> Sources {
        Sources::new(self.sources.files().iter().map(|file| SourceFile::new(file.name(), file.bytes().to_vec())).collect())
    }

    /// The edits that make other texts of these.
    pub(super) fn differences(&self, others: &Sources) -> Vec<Edit> {
        let mut edits = Vec::new();
        for ((file, before), after) in self.sources.iter().zip(others.files()) {
            for change in capture_diff_slices(Algorithm::Myers, &lines(before.bytes()), &lines(after.bytes())) {
                let (_, old, new) = change.as_tag_tuple();
                let start = |file: &SourceFile, line: usize| file.line_starts().get(line).map_or(file.bytes().len() as u32, |start| *start);
                let span = Span::new(start(before, old.start), start(before, old.end));
                let text = after.text(Span::new(start(after, new.start), start(after, new.end))).into_owned();
                if before.slice(span) != text.as_bytes() {
                    edits.push(Edit::replace(Location { file, span }, text));
                }
            }
        }
        edits
    }
}

/// The lines of a text, with their ends.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}
