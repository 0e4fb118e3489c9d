//! What a section does without saying so.

use gen_lsp_types as lsp;
use haproxy_lint::{
    analysis::hints,
    shown::line,
    source::{Location, Span},
};

use crate::lsp::{
    handler::{Handler, Read},
    wire::Answer,
};

/// `textDocument/inlayHint`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::InlayHintRequest>(|params| params.text_document.uri.as_ref(), answer)
        .announced(|_, server| server.inlay_hint_provider = Some(true.into()))
}

fn answer(read: &Read<'_>, params: lsp::InlayHintParams) -> Answer<Option<Vec<lsp::InlayHint>>> {
    let within = read.text.locations(&params.text_document.uri, params.range)?;
    let of_file = |place: Location| hints(read.view, place.file, place.span).into_iter().map(move |hint| (place.file, hint));
    let hints = within.into_iter().flat_map(of_file).map(|(file, hint)| lsp::InlayHint {
        position: read.text.range(Location { file, span: Span::new(hint.offset, hint.offset) }).start,
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
