//! The files that a configuration names.

use std::path::{Path, PathBuf};

use gen_lsp_types as lsp;
use haproxy_lint::{
    analysis::{Link, links},
    source::FileReader,
};

use crate::lsp::{
    handler::{Handler, Read},
    place,
    wire::Answer,
};

/// `textDocument/documentLink`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::DocumentLinkRequest>(|params| params.text_document.uri.as_ref(), answer)
        .announced(|_, server| server.document_link_provider = Some(lsp::DocumentLinkOptions::default()))
}

fn answer(read: &Read<'_>, params: lsp::DocumentLinkParams) -> Answer<Option<Vec<lsp::DocumentLink>>> {
    let files = read.text.files(&params.text_document.uri)?;
    let folder = place::path(params.text_document.uri.as_ref()).and_then(|path| path.parent().map(Path::to_owned));
    let reader = read.text.frame.project.reader();
    let link = |link: Link| {
        let target = target(&link.path, folder.as_deref(), reader)?;
        Some(lsp::DocumentLink { range: read.text.range(link.location), target: Some(lsp::Uri(place::uri(&target))), ..Default::default() })
    };
    Ok(Some(files.into_iter().flat_map(|file| links(read.view, file)).filter_map(link).collect()))
}

/// Where a link leads: where HAProxy is started nobody knows, so what is not absolute is looked for beside the configuration.
fn target(path: &Path, folder: Option<&Path>, reader: &dyn FileReader) -> Option<PathBuf> {
    if path.is_absolute() {
        return Some(path.to_owned());
    }
    Some(folder?.join(path)).filter(|beside| reader.entry(beside).is_ok())
}
