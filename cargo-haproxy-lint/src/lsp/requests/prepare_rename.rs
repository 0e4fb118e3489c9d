//! Whether something can have another name.

use gen_lsp_types as lsp;
use haproxy_lint::analysis::renamable;

use crate::lsp::{
    handler::{Handler, Read},
    wire::{Answer, Fail},
};

/// `textDocument/prepareRename`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::PrepareRenameRequest>(|params| params.text_document_position_params.text_document.uri.as_ref(), answer)
}

fn answer(read: &Read<'_>, params: lsp::PrepareRenameParams) -> Answer<Option<lsp::PrepareRenameResult>> {
    let cursor = read.text.cursor(&params.text_document_position_params)?;
    let symbol = renamable(read.view, cursor).map_err(|refusal| Fail::refused(refusal.to_string()))?;
    Ok(Some(lsp::PrepareRenamePlaceholder { range: read.text.range(symbol.location), placeholder: symbol.name }.into()))
}
