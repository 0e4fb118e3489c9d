//! How a document is laid out: as the settings say, or as the file itself is written. What an editor would indent by counts for
//! nothing: whoever looks after the file has said it, or the file says it.

use std::{ops::RangeInclusive, path::Path};

use gen_lsp_types as lsp;
use haproxy_lint::{
    finding::Edit,
    format::{self, format},
};

use super::{
    place,
    text::Text,
    wire::{Answer, Fail},
};

/// The edits that lay out a document, or some lines of it, counted from 1.
pub(super) fn edits(text: &Text, uri: &lsp::Uri, lines: Option<RangeInclusive<usize>>) -> Answer<Vec<lsp::TextEdit>> {
    let file = text.file(uri)?;
    let path = text.path_of(file);
    let style = text.frame.project.style_of(Path::new(&path));
    let shown = |source, edit: &Edit| lsp::TextEdit {
        range: place::range(source, edit.location.span, text.encoding()),
        new_text: edit.text.clone(),
    };
    if let Some(manifest) = &text.manifest {
        let found = format::manifest(file, &manifest.file, style, lines).map_err(|problem| Fail::refused(problem.message))?;
        return Ok(found.edits.iter().map(|edit| shown(&manifest.file, edit)).collect());
    }
    let source = text.sources.file(file);
    let edits = format(file, source, style, lines).map_err(|refused| Fail::refused(refused.to_string()))?;
    Ok(edits.iter().map(|edit| shown(source, edit)).collect())
}
