//! What each word of a part of a document is.

use gen_lsp_types as lsp;

use crate::lsp::{
    colours,
    handler::{Handler, Read},
    wire::{Answer, Fail},
};

/// `textDocument/semanticTokens/range`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::SemanticTokensRangeRequest>(|params| params.text_document.uri.as_ref(), answer)
        .then(|_, _, answers| serde_json::to_value(colours::together(answers)).map_err(|error| Fail::internal(&error.to_string())))
}

fn answer(read: &Read<'_>, params: lsp::SemanticTokensRangeParams) -> Answer<Option<lsp::SemanticTokens>> {
    let places = read.text.locations(&params.text_document.uri, params.range)?;
    Ok(Some(colours::between(read, &places)))
}
