//! What is said above peers sections: which node this is, and whether the nodes reach each other.

use gen_lsp_types as lsp;

use haproxy_lint::shown::line;

use crate::lsp::{
    handler::{Checked, Handler},
    wire::Answer,
};

/// `textDocument/codeLens`.
pub(super) fn handler() -> Handler {
    Handler::checked::<lsp::CodeLensRequest>(|params| params.text_document.uri.as_ref(), answer)
        .announced(|_, server| server.code_lens_provider = Some(lsp::CodeLensOptions::default()))
}

fn answer(checked: &Checked<'_>, params: lsp::CodeLensParams) -> Answer<Option<Vec<lsp::CodeLens>>> {
    let file = checked.text.file(&params.text_document.uri)?;
    let lens = |lens: haproxy_lint::analysis::Lens| {
        let tooltip = (!lens.whole.is_empty()).then_some(lens.whole);
        // It tells something, and does nothing.
        let command = lsp::Command { title: line(&lens.title).into_owned(), tooltip, command: String::new(), arguments: None };
        lsp::CodeLens { range: checked.text.range(lens.location), command: Some(command), data: None }
    };
    Ok(Some(checked.outcome.lenses(file).into_iter().map(lens).collect()))
}
