//! What a selection grows to.

use gen_lsp_types as lsp;
use haproxy_lint::{
    analysis::selections,
    source::{Location, Span},
};

use crate::lsp::{
    handler::{Handler, Read},
    wire::Answer,
};

/// `textDocument/selectionRange`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::SelectionRangeRequest>(|params| params.text_document.uri.as_ref(), answer)
        .announced(|_, server| server.selection_range_provider = Some(true.into()))
}

fn answer(read: &Read<'_>, params: lsp::SelectionRangeParams) -> Answer<Option<Vec<lsp::SelectionRange>>> {
    let uri = params.text_document.uri;
    let at = |position: lsp::Position| {
        let cursor = lsp::TextDocumentPositionParams { text_document: lsp::TextDocumentIdentifier { uri: uri.clone() }, position };
        let cursor = read.text.cursor(&cursor)?;
        let range = |span: Span| read.text.range(Location { file: cursor.file, span });
        let around = selections(read.view, cursor).into_iter().rev();
        let nested = around.fold(None, |parent, span| Some(lsp::SelectionRange { range: range(span), parent: parent.map(Box::new) }));
        Ok(nested.unwrap_or_default())
    };
    params.positions.into_iter().map(at).collect::<Result<Vec<_>, _>>().map(Some)
}
