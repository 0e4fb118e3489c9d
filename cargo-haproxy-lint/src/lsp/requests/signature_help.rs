//! How the line at the cursor is written.

use gen_lsp_types as lsp;
use haproxy_lint::analysis::signature;

use crate::lsp::{
    handler::{Handler, Read},
    wire::Answer,
};

/// `textDocument/signatureHelp`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::SignatureHelpRequest>(|params| params.text_document_position_params.text_document.uri.as_ref(), answer).announced(
        |_, server| {
            let letters = [" ", "(", ","].map(str::to_owned).to_vec();
            server.signature_help_provider = Some(lsp::SignatureHelpOptions { trigger_characters: Some(letters), ..Default::default() });
        },
    )
}

fn answer(read: &Read<'_>, params: lsp::SignatureHelpParams) -> Answer<Option<lsp::SignatureHelp>> {
    let cursor = read.text.cursor(&params.text_document_position_params)?;
    let Some(help) = signature(read.view, cursor) else { return Ok(None) };
    // Labels are counted in UTF-16, whatever the positions are.
    let units = |at: usize| help.label.get(..at).map_or(0, |before| before.encode_utf16().count() as u32);
    let parameters = help.parameters.iter().map(|part| lsp::ParameterInformation {
        label: lsp::ParameterInformationLabel::Tuple((units(part.start), units(part.end))),
        documentation: None,
    });
    let active_parameter = help.active.map(|active| lsp::ActiveParameter::Int(active as u32));
    let signature = lsp::SignatureInformation { parameters: Some(parameters.collect()), label: help.label.clone(), ..Default::default() };
    Ok(Some(lsp::SignatureHelp { signatures: vec![signature], active_signature: Some(0), active_parameter }))
}
