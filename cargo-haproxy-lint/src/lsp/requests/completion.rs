//! What may be written at a place.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use gen_lsp_types as lsp;
use haproxy_lint::{
    analysis::{About, Item, ItemKind, TypedPath, Weight, complete, complete_path},
    source::{Entry, Listed},
};

use serde_json::{Value, json};

use crate::lsp::{
    handler::{Handler, Read},
    place,
    wire::Answer,
};

/// `textDocument/completion`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::CompletionRequest>(|params| params.text_document_position_params.text_document.uri.as_ref(), answer).announced(
        |_, server| {
            let letters = [" ", "(", ",", "[", "%", ".", "/", "!", "{"].map(str::to_owned).to_vec();
            let options = lsp::CompletionOptions { trigger_characters: Some(letters), resolve_provider: Some(true), ..Default::default() };
            server.completion_provider = Some(options);
        },
    )
}

fn answer(read: &Read<'_>, params: lsp::CompletionParams) -> Answer<Option<lsp::CompletionResponse>> {
    let cursor = read.text.cursor(&params.text_document_position_params)?;
    let items = complete(read.view, cursor);
    let at =
        json!({"uri": params.text_document_position_params.text_document.uri.0, "position": params.text_document_position_params.position});
    let items = each_once(&items).into_iter().map(|item| proposal(read, item, &at));
    let paths = complete_path(read.view, cursor).map_or_else(Vec::new, |path| paths(read, &path, &at));
    Ok(Some(items.chain(paths).collect::<Vec<_>>().into()))
}

/// What looks the same once: a form with arguments says more than one without.
fn each_once(items: &[Item]) -> Vec<&Item> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut all: Vec<&Item> = Vec::new();
    for item in items {
        let label = item.text.trim_end_matches('(');
        match places.get(label) {
            Some(place) if item.text.ends_with('(') && all[*place].kind == item.kind => all[*place] = item,
            Some(_) => {}
            None => {
                places.insert(label, all.len());
                all.push(item);
            }
        }
    }
    all
}

/// So many files are shown of one folder.
const MOST: usize = 500;

/// The files and folders where a path leads so far. What is not absolute begins beside the configuration.
fn paths(read: &Read<'_>, path: &TypedPath, at: &Value) -> Vec<lsp::CompletionItem> {
    let (above, name) = path.typed.rsplit_once('/').map_or(("", path.typed.as_str()), |(above, name)| (above, name));
    let beside = place::path(&read.text.uri(path.replaces.file).0).and_then(|file| file.parent().map(Path::to_owned));
    let base = path.base.as_ref().map(PathBuf::from).or(beside).unwrap_or_default();
    let folder = if path.typed.starts_with('/') { Path::new("/").join(above.trim_start_matches('/')) } else { base.join(above) };
    if !folder.is_absolute() {
        return Vec::new();
    }
    let reader = read.text.frame.project.reader();
    let range = read.text.range(path.replaces);
    let item = |listed: Listed| {
        let label = listed.name.to_str().filter(|label| label.starts_with('.') == name.starts_with('.'))?.to_owned();
        let entry = reader.entry(&folder.join(&label)).ok()?;
        // Words that would have to be quoted are left to whoever types.
        let plain = label.chars().all(|c| c.is_ascii_graphic() && !"\"'\\#$".contains(c));
        let is_folder = entry == Entry::Directory;
        if !plain || path.directory && !is_folder || !is_folder && entry != Entry::File {
            return None;
        }
        let kind = Some(if is_folder { lsp::CompletionItemKind::Folder } else { lsp::CompletionItemKind::File });
        let text_edit = Some(lsp::TextEdit { range, new_text: label.clone() }.into());
        Some(lsp::CompletionItem {
            kind,
            sort_text: Some(format!("0{label}")),
            text_edit,
            label,
            data: Some(at.clone()),
            ..Default::default()
        })
    };
    reader.list(&folder).unwrap_or_default().into_iter().filter_map(item).take(MOST).collect()
}

fn proposal(read: &Read<'_>, item: &Item, at: &Value) -> lsp::CompletionItem {
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
    let tags = read.text.client().knows("/textDocument/completion/completionItem/tagSupport");
    lsp::CompletionItem {
        kind: Some(kind(item.kind)),
        detail: (!detail.is_empty()).then_some(detail),
        sort_text: Some(format!("{}{}{label}", rank(item.kind), weight(item.weight))),
        tags: (item.deprecated && tags).then(|| vec![lsp::CompletionItemTag::Deprecated]),
        data: Some(data(at, &item.about())),
        insert_text_format: Some(format),
        text_edit: Some(lsp::TextEdit { range: read.text.range(item.replaces), new_text }.into()),
        label,
        ..Default::default()
    }
}

/// What comes back when somebody wants to know more of a proposal.
fn data(at: &Value, about: &About) -> Value {
    let About { of, table, key, word } = about;
    let mut data = at.clone();
    data["about"] = json!([of, table, key, word]);
    data
}

/// What is likely first.
fn weight(weight: Weight) -> u8 {
    match weight {
        Weight::Usual => 0,
        Weight::Possible => 1,
        _ => 2,
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
