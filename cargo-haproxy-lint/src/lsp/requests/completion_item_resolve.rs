//! What is to be told of a proposal, once somebody looks at it.

use gen_lsp_types as lsp;
use haproxy_lint::analysis::{About, documented};
use serde_json::Value;

use super::hover::written;
use crate::lsp::{
    handler::{Handler, Read},
    wire::Answer,
};

/// `completionItem/resolve`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::CompletionResolveRequest>(document, answer)
}

/// The document that it was proposed in.
fn document(item: &lsp::CompletionItem) -> &str {
    item.data.as_ref().and_then(|data| data.get("uri")).and_then(Value::as_str).unwrap_or("")
}

fn answer(read: &Read<'_>, item: lsp::CompletionItem) -> Answer<lsp::CompletionItem> {
    let Some((about, at)) = item.data.as_ref().and_then(asked) else { return Ok(item) };
    // The text may have changed since: then less is known.
    let Ok(cursor) = read.text.cursor(&at) else { return Ok(item) };
    let parts = documented(read.view, cursor, &about);
    if parts.is_empty() {
        return Ok(item);
    }
    let markdown = read.text.client().lists("/textDocument/completion/completionItem/documentationFormat", "markdown");
    let kind = if markdown { lsp::MarkupKind::Markdown } else { lsp::MarkupKind::PlainText };
    let value = parts.iter().map(|part| written(read.text, part, markdown)).collect::<Vec<_>>().join("\n\n");
    Ok(lsp::CompletionItem { documentation: Some(lsp::MarkupContent { kind, value }.into()), ..item })
}

/// What was sent with the proposal.
fn asked(data: &Value) -> Option<(About, lsp::TextDocumentPositionParams)> {
    let word = |number: usize| data.pointer(&format!("/about/{number}")).and_then(Value::as_str).map(str::to_owned);
    let mut about = About::default();
    (about.of, about.table, about.key, about.word) = (word(0)?, word(1)?, word(2)?, word(3)?);
    let position = serde_json::from_value(data.get("position")?.clone()).ok()?;
    let uri = lsp::Uri(data.get("uri")?.as_str()?.to_owned());
    Some((about, lsp::TextDocumentPositionParams { text_document: lsp::TextDocumentIdentifier { uri }, position }))
}
