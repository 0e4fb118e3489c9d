//! How a document is laid out.

use gen_lsp_types as lsp;

use crate::lsp::{
    handler::{Handler, Read},
    layout,
    wire::Answer,
};

/// `textDocument/formatting`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::DocumentFormattingRequest>(|params| params.text_document.uri.as_ref(), answer)
        .announced(|_, server| server.document_formatting_provider = Some(true.into()))
}

fn answer(read: &Read<'_>, params: lsp::DocumentFormattingParams) -> Answer<Option<Vec<lsp::TextEdit>>> {
    layout::edits(read.text, &params.text_document.uri, None).map(Some)
}
