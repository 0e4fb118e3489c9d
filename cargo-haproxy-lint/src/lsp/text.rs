//! The texts of one configuration at one time, and what the protocol calls their places.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use gen_lsp_types as lsp;
use haproxy_lint::{
    analysis::{Cursor, Encoding},
    check::{Options, Report, check},
    finding::Edit,
    project::{Project, Set},
    source::{FileId, Location, SourceFile, Sources, Span},
    topology::Embedded,
};
use similar::{Algorithm, capture_diff_slices};

use super::{client::Client, place, wire::Fail};
use crate::parallel::guarded;

/// One version of a configuration. Nothing in it ever changes.
pub(super) struct Text {
    /// Later texts of the same configuration have greater numbers.
    pub(super) number: u64,
    /// Its files.
    pub(super) sources: Arc<Sources>,
    /// The names of the documents that they are, in the same order.
    pub(super) documents: Vec<Name>,
    /// The manifest that they stand in, where they are no files of their own.
    pub(super) manifest: Option<Manifest>,
    /// What is said of it.
    pub(super) frame: Arc<Frame>,
}

/// A manifest with configurations in it.
pub(super) struct Manifest {
    /// All of it.
    pub(super) file: SourceFile,
    /// Where each file of one configuration stands in it.
    pub(super) places: Vec<Embedded>,
}

/// How a configuration is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// As it is.
    Alone,
    /// As its nodes read it, which these files describe.
    Deployed(Vec<PathBuf>),
    /// It is a manifest: what is checked are the configurations in it.
    Manifest,
    /// It stands in a manifest, which is checked as a whole.
    Embedded,
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
    /// How it is checked.
    pub(super) way: Way,
}

impl Manifest {
    /// The place in its configuration of a byte of it; the end of a text is a place, too.
    pub(super) fn cursor(&self, byte: u32) -> Option<Cursor> {
        let at = |(file, place): (usize, &Embedded)| {
            let inner = place.map.text_of(byte).or_else(|| Some(place.map.text_of(byte.checked_sub(1)?)? + 1))?;
            Some(Cursor { file: FileId(file as u32), offset: inner })
        };
        self.places.iter().enumerate().find_map(at)
    }
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

    /// The file that a document is; of a manifest the first that stands in it.
    pub(super) fn file(&self, uri: &lsp::Uri) -> Result<FileId, Fail> {
        let found = self.documents.iter().position(|name| name.uri == uri.0);
        found.map(|at| FileId(at as u32)).ok_or_else(|| Fail::invalid(format!("`{}` is not open", uri.0)))
    }

    /// The files that a document is: several may stand in a manifest.
    pub(super) fn files(&self, uri: &lsp::Uri) -> Result<Vec<FileId>, Fail> {
        let first = self.file(uri)?;
        let own = |at: &u32| self.documents[*at as usize].uri == uri.0;
        Ok((first.0..self.documents.len() as u32).filter(own).map(FileId).collect())
    }

    /// The place that a cursor stands at.
    pub(super) fn cursor(&self, at: &lsp::TextDocumentPositionParams) -> Result<Cursor, Fail> {
        let file = self.file(&at.text_document.uri)?;
        let Some(manifest) = &self.manifest else {
            return Ok(Cursor { file, offset: place::byte(self.sources.file(file), at.position, self.encoding()) });
        };
        let byte = place::byte(&manifest.file, at.position, self.encoding());
        manifest.cursor(byte).ok_or_else(|| Fail::invalid("no configuration stands here"))
    }

    /// The bytes between two places of a document: of each of its files that something of it stands in.
    pub(super) fn locations(&self, uri: &lsp::Uri, range: lsp::Range) -> Result<Vec<Location>, Fail> {
        let files = self.files(uri)?;
        let Some(manifest) = &self.manifest else {
            let place = |file: FileId| Location { file, span: place::span(self.sources.file(file), range, self.encoding()) };
            return Ok(files.into_iter().map(place).collect());
        };
        let span = place::span(&manifest.file, range, self.encoding());
        Ok(files.into_iter().filter_map(|file| self.within(manifest, file, span)).collect())
    }

    /// The part of a file that stands in these bytes of its manifest.
    fn within(&self, manifest: &Manifest, file: FileId, span: Span) -> Option<Location> {
        let length = self.sources.file(file).bytes().len() as u32;
        let extent = manifest.places[file.0 as usize].map.map(Span::new(0, length));
        if span.end < extent.start || extent.end < span.start {
            return None;
        }
        let inner = |byte: u32, otherwise: u32| manifest.cursor(byte).filter(|at| at.file == file).map_or(otherwise, |at| at.offset);
        let (start, end) = (inner(span.start, 0), inner(span.end, length));
        Some(Location { file, span: Span::new(start.min(end), end.max(start)) })
    }

    /// The name of a document.
    pub(super) fn uri(&self, file: FileId) -> lsp::Uri {
        lsp::Uri(self.documents[file.0 as usize].uri.clone())
    }

    /// The path of a document, as settings name it; its name where it is on no disk.
    pub(super) fn path_of(&self, file: FileId) -> String {
        let uri = self.uri(file).0;
        place::path(&uri).map_or(uri, |path| path.display().to_string())
    }

    /// A place in its document.
    pub(super) fn range(&self, location: Location) -> lsp::Range {
        match &self.manifest {
            Some(manifest) => {
                let span = manifest.places[location.file.0 as usize].map.map(location.span);
                place::range(&manifest.file, span, self.encoding())
            }
            None => place::range(self.sources.file(location.file), location.span, self.encoding()),
        }
    }

    /// A place with the name of its document.
    pub(super) fn place(&self, location: Location) -> lsp::Location {
        lsp::Location { uri: self.uri(location.file), range: self.range(location) }
    }

    /// An edit in its document; `None` where it cannot be said in the scalar that it stands in.
    pub(super) fn edit(&self, edit: &Edit) -> Option<lsp::TextEdit> {
        let Some(manifest) = &self.manifest else {
            return Some(lsp::TextEdit { range: self.range(edit.location), new_text: edit.text.clone() });
        };
        let (file, bytes) = (edit.location.file.0 as usize, self.sources.file(edit.location.file).bytes());
        let there = manifest.places[file].edit(&manifest.file, bytes, edit.location.span, &edit.text)?;
        Some(lsp::TextEdit { range: place::range(&manifest.file, there.location.span, self.encoding()), new_text: there.text })
    }

    /// Edits of several documents, which are made together or not at all.
    pub(super) fn edits(&self, edits: &[Edit]) -> Option<lsp::WorkspaceEdit> {
        let made: Vec<(FileId, lsp::TextEdit)> =
            edits.iter().map(|edit| Some((edit.location.file, self.edit(edit)?))).collect::<Option<_>>()?;
        // Several files of a configuration can stand in one document.
        let mut documents: BTreeMap<&str, (Option<i32>, Vec<lsp::TextEdit>)> = BTreeMap::new();
        for (file, edit) in made {
            let name = &self.documents[file.0 as usize];
            documents.entry(&name.uri).or_insert((name.version, Vec::new())).1.push(edit);
        }
        let uri = |uri: &str| lsp::Uri(uri.to_owned());
        if self.client().can("/workspace/workspaceEdit/documentChanges") {
            let change = |(name, (version, edits)): (&str, (Option<i32>, Vec<lsp::TextEdit>))| {
                let text_document_identifier = lsp::TextDocumentIdentifier { uri: uri(name) };
                let text_document = lsp::OptionalVersionedTextDocumentIdentifier { version, text_document_identifier };
                let edits = edits.into_iter().map(lsp::Edit::TextEdit).collect();
                lsp::DocumentChange::TextDocumentEdit(lsp::TextDocumentEdit { text_document, edits })
            };
            return Some(lsp::WorkspaceEdit { document_changes: Some(documents.into_iter().map(change).collect()), ..Default::default() });
        }
        let changes = documents.into_iter().map(|(name, (_, edits))| (uri(name), edits)).collect();
        Some(lsp::WorkspaceEdit { changes: Some(changes), ..Default::default() })
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
