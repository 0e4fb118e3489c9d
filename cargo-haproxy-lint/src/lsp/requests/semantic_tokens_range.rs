//! What each word of a part of a document is.

use gen_lsp_types as lsp;

use super::semantic_tokens_full::between;
use crate::lsp::{
    handler::{Handler, Read},
    wire::Answer,
};

/// `textDocument/semanticTokens/range`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::SemanticTokensRangeRequest>(|params| params.text_document.uri.as_ref(), answer)
}

fn answer(read: &Read<'_>, params: lsp::SemanticTokensRangeParams) -> Answer<Option<lsp::SemanticTokens>> {
    let place = read.text.location(&params.text_document.uri, params.range)?;
    Ok(Some(between(read, place.file, place.span)))
}
