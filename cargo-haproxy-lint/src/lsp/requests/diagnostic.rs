//! What is found in a document, for clients that ask for it.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use gen_lsp_types as lsp;
use haproxy_lint::source::FileId;

use crate::lsp::{
    diagnostics,
    handler::{Checked, Handler},
    wire::Answer,
};

/// `textDocument/diagnostic`.
pub(super) fn handler() -> Handler {
    Handler::checked::<lsp::DocumentDiagnosticRequest>(|params| params.text_document.uri.as_ref(), answer).announced(|client, server| {
        let options = lsp::DiagnosticOptions { inter_file_dependencies: true, workspace_diagnostics: false, ..Default::default() };
        server.diagnostic_provider = client.pulls().then(|| options.into());
    })
}

fn answer(checked: &Checked<'_>, params: lsp::DocumentDiagnosticParams) -> Answer<lsp::DocumentDiagnosticReport> {
    let text = checked.text;
    let own = text.file(&params.text_document.uri)?;
    let mut all = diagnostics::all(text, checked.report);
    let items = all.remove(&own).unwrap_or_default();
    let related = text.client().can("/textDocument/diagnostic/relatedDocumentSupport");
    let others = (0..text.documents.len() as u32).map(FileId).filter(|file| related && *file != own);
    // What else is open is asked for by itself.
    let others = others.filter(|file| text.documents[file.0 as usize].version.is_none());
    let others: HashMap<lsp::Uri, lsp::RelatedDocument> =
        others.map(|file| (text.uri(file), full(all.remove(&file).unwrap_or_default()).into())).collect();
    let others = (!others.is_empty()).then_some(others);
    let report = full(items);
    Ok(match report.result_id {
        Some(same) if params.previous_result_id.as_ref() == Some(&same) => lsp::RelatedUnchangedDocumentDiagnosticReport {
            related_documents: others,
            unchanged_document_diagnostic_report: lsp::UnchangedDocumentDiagnosticReport { result_id: same },
        }
        .into(),
        _ => lsp::RelatedFullDocumentDiagnosticReport { related_documents: others, full_document_diagnostic_report: report }.into(),
    })
}

/// Diagnostics with a word that is another one if they are others.
fn full(items: Vec<lsp::Diagnostic>) -> lsp::FullDocumentDiagnosticReport {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(&items).unwrap_or_default().hash(&mut hasher);
    lsp::FullDocumentDiagnosticReport { result_id: Some(format!("{:x}", hasher.finish())), items }
}
