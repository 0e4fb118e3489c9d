//! Where a name is used.

use gen_lsp_types as lsp;
use haproxy_lint::analysis::{Access, define};

use crate::lsp::{
    handler::{Handler, Read},
    wire::Answer,
};

/// `textDocument/references`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::ReferencesRequest>(|params| params.text_document_position_params.text_document.uri.as_ref(), answer)
        .announced(|_, server| server.references_provider = Some(true.into()))
}

fn answer(read: &Read<'_>, params: lsp::ReferenceParams) -> Answer<Option<Vec<lsp::Location>>> {
    let cursor = read.text.cursor(&params.text_document_position_params)?;
    let wanted = |access| params.context.include_declaration || access != Access::Declares;
    Ok(define(read.view, cursor).map(|symbol| {
        let places = symbol.occurrences.iter().filter(|place| wanted(place.access));
        places.map(|place| read.text.place(place.location)).collect()
    }))
}
