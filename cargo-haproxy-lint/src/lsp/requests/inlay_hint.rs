//! What a section does without saying so.

use gen_lsp_types as lsp;
use haproxy_lint::{analysis::hints, shown::line};

use crate::lsp::{
    handler::{Handler, Read},
    place,
    wire::Answer,
};

/// `textDocument/inlayHint`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::InlayHintRequest>(|params| params.text_document.uri.as_ref(), answer)
        .announced(|_, server| server.inlay_hint_provider = Some(true.into()))
}

fn answer(read: &Read<'_>, params: lsp::InlayHintParams) -> Answer<Option<Vec<lsp::InlayHint>>> {
    let within = read.text.location(&params.text_document.uri, params.range)?;
    let file = read.text.sources.file(within.file);
    let hints = hints(read.view, within.file, within.span).into_iter().map(|hint| lsp::InlayHint {
        position: place::position(file, hint.offset, read.text.encoding()),
        label: line(&hint.text).into_owned().into(),
        tooltip: Some(hint.whole.lines().map(line).collect::<Vec<_>>().join("\n").into()),
        padding_left: Some(true),
        kind: None,
        text_edits: None,
        padding_right: None,
        data: None,
    });
    Ok(Some(hints.collect()))
}
