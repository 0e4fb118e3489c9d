//! Which lines can be folded away.

use gen_lsp_types as lsp;
use haproxy_lint::analysis::folds;

use crate::lsp::{
    handler::{Handler, Read},
    wire::Answer,
};

/// `textDocument/foldingRange`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::FoldingRangeRequest>(|params| params.text_document.uri.as_ref(), answer)
        .announced(|_, server| server.folding_range_provider = Some(true.into()))
}

fn answer(read: &Read<'_>, params: lsp::FoldingRangeParams) -> Answer<Option<Vec<lsp::FoldingRange>>> {
    let file = read.text.file(&params.text_document.uri)?;
    let range = |fold: haproxy_lint::analysis::Fold| lsp::FoldingRange {
        start_line: fold.first as u32,
        end_line: fold.last as u32,
        kind: fold.comment.then_some(lsp::FoldingRangeKind::Comment),
        ..Default::default()
    };
    Ok(Some(folds(read.view, file).into_iter().map(range).collect()))
}
