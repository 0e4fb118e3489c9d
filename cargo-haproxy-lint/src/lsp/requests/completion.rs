//! What may be written at a place.

use std::collections::HashSet;

use gen_lsp_types as lsp;
use haproxy_lint::analysis::{Item, ItemKind, complete};

use crate::lsp::{
    handler::{Handler, Read},
    wire::Answer,
};

/// `textDocument/completion`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::CompletionRequest>(|params| params.text_document_position_params.text_document.uri.as_ref(), answer).announced(
        |_, server| {
            let letters = [" ", "(", ",", "[", "%", ".", "/", "!", "{"].map(str::to_owned).to_vec();
            server.completion_provider = Some(lsp::CompletionOptions { trigger_characters: Some(letters), ..Default::default() });
        },
    )
}

fn answer(read: &Read<'_>, params: lsp::CompletionParams) -> Answer<Option<lsp::CompletionResponse>> {
    let cursor = read.text.cursor(&params.text_document_position_params)?;
    let mut seen = HashSet::new();
    let items = complete(read.view, cursor);
    let items = items.iter().filter(|item| seen.insert(item.text.clone())).map(|item| proposal(read, item));
    Ok(Some(items.collect::<Vec<_>>().into()))
}

fn proposal(read: &Read<'_>, item: &Item) -> lsp::CompletionItem {
    let label = item.text.trim_end_matches('(').to_owned();
    let called = item.text.ends_with('(');
    // What is written already is not written again.
    let behind = read.text.sources.file(item.replaces.file).bytes().get(item.replaces.span.end as usize);
    let snippets = read.text.client().can("/textDocument/completion/completionItem/snippetSupport");
    let (new_text, format) = match (called, behind == Some(&b'('), snippets) {
        (true, false, true) => (format!("{}($1)", escaped(&label)), lsp::InsertTextFormat::Snippet),
        (true, false, false) => (item.text.clone().into_owned(), lsp::InsertTextFormat::PlainText),
        _ => (label.clone(), lsp::InsertTextFormat::PlainText),
    };
    let detail = item.detail();
    lsp::CompletionItem {
        kind: Some(kind(item.kind)),
        detail: (!detail.is_empty()).then_some(detail),
        sort_text: Some(format!("{}{label}", rank(item.kind))),
        insert_text_format: Some(format),
        text_edit: Some(lsp::TextEdit { range: read.text.range(item.replaces), new_text }.into()),
        label,
        ..Default::default()
    }
}

/// A text in which nothing is a mark of snippets.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

fn kind(kind: ItemKind) -> lsp::CompletionItemKind {
    match kind {
        ItemKind::Section => lsp::CompletionItemKind::Class,
        ItemKind::Keyword => lsp::CompletionItemKind::Keyword,
        ItemKind::Word => lsp::CompletionItemKind::EnumMember,
        ItemKind::Name(_) => lsp::CompletionItemKind::Reference,
        ItemKind::Variable => lsp::CompletionItemKind::Variable,
        ItemKind::Fetch | ItemKind::Criterion => lsp::CompletionItemKind::Function,
        ItemKind::Converter => lsp::CompletionItemKind::Method,
        ItemKind::Alias => lsp::CompletionItemKind::Constant,
        _ => lsp::CompletionItemKind::Text,
    }
}

/// What comes first where several kinds may stand: what this configuration has made, then what the line takes.
fn rank(kind: ItemKind) -> u8 {
    match kind {
        ItemKind::Name(_) => 0,
        ItemKind::Variable => 1,
        ItemKind::Word => 2,
        ItemKind::Keyword | ItemKind::Alias => 3,
        ItemKind::Fetch | ItemKind::Converter => 4,
        ItemKind::Criterion => 5,
        _ => 6,
    }
}
