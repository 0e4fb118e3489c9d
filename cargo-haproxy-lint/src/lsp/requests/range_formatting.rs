//! How some lines of a document are laid out.

use gen_lsp_types as lsp;

use crate::lsp::{
    handler::{Handler, Read},
    layout,
    wire::Answer,
};

/// `textDocument/rangeFormatting`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::DocumentRangeFormattingRequest>(|params| params.text_document.uri.as_ref(), answer)
        .announced(|_, server| server.document_range_formatting_provider = Some(true.into()))
}

fn answer(read: &Read<'_>, params: lsp::DocumentRangeFormattingParams) -> Answer<Option<Vec<lsp::TextEdit>>> {
    let lsp::Range { start, end } = params.range;
    // A selection of whole lines ends at the beginning of the next.
    let last = if end.character == 0 && end.line > start.line { end.line } else { end.line + 1 };
    layout::edits(read.text, &params.text_document.uri, Some(start.line as usize + 1..=last as usize)).map(Some)
}
