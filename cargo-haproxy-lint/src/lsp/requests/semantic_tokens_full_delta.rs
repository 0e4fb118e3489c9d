//! What each word of a document is, as far as that has changed.

use gen_lsp_types as lsp;
use serde_json::Value;

use super::semantic_tokens_full::uri;
use crate::lsp::{
    colours::{self, Colours},
    handler::{Handler, Read},
    wire::{Answer, Fail},
};

/// `textDocument/semanticTokens/full/delta`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::SemanticTokensDeltaRequest>(|params| params.text_document.uri.as_ref(), answer).then(changed)
}

fn answer(read: &Read<'_>, params: lsp::SemanticTokensDeltaParams) -> Answer<Option<lsp::SemanticTokensDeltaResponse>> {
    let tokens = colours::between(read, &colours::whole(read, &params.text_document.uri)?);
    Ok(Some(tokens.into()))
}

/// What has changed since the last time; all of it where nobody knows what was told then.
fn changed(colours: &Colours, params: &Value, answers: Vec<Value>) -> Answer {
    let tokens = colours::together(answers);
    let before = params.get("previousResultId").and_then(Value::as_str).unwrap_or("");
    let edits = colours.changes(uri(params), before, &tokens.data);
    let tokens = colours.keep(uri(params), tokens);
    let answer: lsp::SemanticTokensDeltaResponse = match edits {
        Some(edits) => lsp::SemanticTokensDelta { result_id: tokens.result_id, edits }.into(),
        None => tokens.into(),
    };
    serde_json::to_value(answer).map_err(|error| Fail::internal(&error.to_string()))
}
