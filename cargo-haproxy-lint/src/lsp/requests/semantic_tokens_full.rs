//! What each word of a document is.

use gen_lsp_types as lsp;
use serde_json::Value;

use crate::lsp::{
    colours::{self, Colours},
    handler::{Handler, Read},
    wire::{Answer, Fail},
};

/// `textDocument/semanticTokens/full`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::SemanticTokensRequest>(|params| params.text_document.uri.as_ref(), answer).then(kept).announced(|_, server| {
        let full = lsp::SemanticTokensFullDelta { delta: Some(true) };
        let options = lsp::SemanticTokensOptions {
            legend: colours::legend(),
            range: Some(true.into()),
            full: Some(full.into()),
            ..Default::default()
        };
        server.semantic_tokens_provider = Some(options.into());
    })
}

fn answer(read: &Read<'_>, params: lsp::SemanticTokensParams) -> Answer<Option<lsp::SemanticTokens>> {
    Ok(Some(colours::between(read, &colours::whole(read, &params.text_document.uri)?)))
}

/// All of a document, kept so that the next time only what has changed is told.
fn kept(colours: &Colours, params: &Value, answers: Vec<Value>) -> Answer {
    let tokens = colours.keep(uri(params), colours::together(answers));
    serde_json::to_value(tokens).map_err(|error| Fail::internal(&error.to_string()))
}

/// The document that parameters name.
pub(super) fn uri(params: &Value) -> &str {
    params.pointer("/textDocument/uri").and_then(Value::as_str).unwrap_or("")
}
