//! Another name for something.

use gen_lsp_types as lsp;
use haproxy_lint::analysis::rename;

use crate::lsp::{
    handler::{Handler, Read},
    wire::{Answer, Fail},
};

/// `textDocument/rename`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::RenameRequest>(|params| params.text_document_position_params.text_document.uri.as_ref(), answer).announced(
        |client, server| {
            let options = lsp::RenameOptions { prepare_provider: Some(true), ..Default::default() };
            let prepares = client.can("/textDocument/rename/prepareSupport");
            server.rename_provider = Some(if prepares { options.into() } else { true.into() });
        },
    )
}

fn answer(read: &Read<'_>, params: lsp::RenameParams) -> Answer<Option<lsp::WorkspaceEdit>> {
    let cursor = read.text.cursor(&params.text_document_position_params)?;
    let edits = rename(read.view, cursor, &params.new_name).map_err(|refusal| Fail::refused(refusal.to_string()))?;
    let edits = read.text.edits(&edits);
    edits.map(Some).ok_or_else(|| Fail::refused("in the scalar that this stands in, the new name cannot be written"))
}
