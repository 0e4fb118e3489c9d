//! Which lines can be folded away.

use gen_lsp_types as lsp;
use haproxy_lint::{
    analysis::{Fold, folds},
    source::{FileId, Location, Span},
};

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
    let of_file = |file: FileId| {
        let line = |number: usize| {
            let source = read.text.sources.file(file);
            let start = source.line_span(number).start;
            read.text.range(Location { file, span: Span::new(start, start) }).start.line
        };
        let range = |fold: Fold| lsp::FoldingRange {
            start_line: line(fold.first),
            end_line: line(fold.last),
            kind: fold.comment.then_some(lsp::FoldingRangeKind::Comment),
            ..Default::default()
        };
        folds(read.view, file).into_iter().map(range).collect::<Vec<_>>()
    };
    Ok(Some(read.text.files(&params.text_document.uri)?.into_iter().flat_map(of_file).collect()))
}
