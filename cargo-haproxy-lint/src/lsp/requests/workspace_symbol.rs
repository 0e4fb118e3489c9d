//! What is declared somewhere in what is open.

use gen_lsp_types as lsp;
use haproxy_lint::analysis::declarations;

use super::document_symbol::of_name;
use crate::lsp::{
    handler::{Handler, Read},
    wire::Answer,
};

/// So many are told of one configuration.
const MOST: usize = 1000;

/// `workspace/symbol`.
pub(super) fn handler() -> Handler {
    Handler::everywhere::<lsp::WorkspaceSymbolRequest>(answer).announced(|_, server| server.workspace_symbol_provider = Some(true.into()))
}

fn answer(read: &Read<'_>, params: lsp::WorkspaceSymbolParams) -> Answer<Option<lsp::WorkspaceSymbolResponse>> {
    let query = params.query.to_lowercase();
    let all = declarations(read.view).into_iter().filter(|(_, _, name)| holds(&name.to_lowercase(), &query));
    let symbols = all.take(MOST).map(|(location, kind, name)| {
        let base = lsp::BaseSymbolInformation::new(name, of_name(kind), None, None);
        lsp::SymbolInformation::new(None, read.text.place(location), base)
    });
    Ok(Some(symbols.collect::<Vec<_>>().into()))
}

/// Whether the letters of `query` stand in a name, in their order.
fn holds(name: &str, query: &str) -> bool {
    let mut letters = name.chars();
    query.chars().all(|wanted| letters.any(|letter| letter == wanted))
}
