//! All places of a name in one document.

use gen_lsp_types as lsp;
use haproxy_lint::analysis::{Access, define};

use crate::lsp::{
    handler::{Handler, Read},
    wire::Answer,
};

/// `textDocument/documentHighlight`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::DocumentHighlightRequest>(|params| params.text_document_position_params.text_document.uri.as_ref(), answer)
        .announced(|_, server| server.document_highlight_provider = Some(true.into()))
}

fn answer(read: &Read<'_>, params: lsp::DocumentHighlightParams) -> Answer<Option<Vec<lsp::DocumentHighlight>>> {
    let cursor = read.text.cursor(&params.text_document_position_params)?;
    Ok(define(read.view, cursor).map(|symbol| {
        let places = symbol.occurrences.iter().filter(|place| place.location.file == cursor.file);
        let highlight = |access, range| {
            let kind = if access == Access::Reads { lsp::DocumentHighlightKind::Read } else { lsp::DocumentHighlightKind::Write };
            lsp::DocumentHighlight { range, kind: Some(kind) }
        };
        places.map(|place| highlight(place.access, read.text.range(place.location))).collect()
    }))
}
