//! Where a name is declared.

use gen_lsp_types as lsp;
use haproxy_lint::analysis::{Access, define};

use crate::lsp::{
    handler::{Handler, Read},
    wire::Answer,
};

/// `textDocument/definition`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::DefinitionRequest>(|params| params.text_document_position_params.text_document.uri.as_ref(), answer)
        .announced(|_, server| server.definition_provider = Some(true.into()))
}

fn answer(read: &Read<'_>, params: lsp::DefinitionParams) -> Answer<Option<lsp::DefinitionResponse>> {
    let cursor = read.text.cursor(&params.text_document_position_params)?;
    let Some(symbol) = define(read.view, cursor) else { return Ok(None) };
    // Variables are declared nowhere, and set in some places.
    let told = [Access::Declares, Access::Writes];
    let declared = told.map(|access| symbol.occurrences.iter().filter(move |place| place.access == access));
    let places: Vec<lsp::Location> = declared.into_iter().flatten().map(|place| read.text.place(place.location)).collect();
    Ok((!places.is_empty()).then(|| lsp::Definition::from(places).into()))
}
