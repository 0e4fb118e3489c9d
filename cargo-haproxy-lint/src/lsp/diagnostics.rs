//! Findings, as the protocol has them.

use std::collections::HashMap;

use gen_lsp_types as lsp;
use haproxy_lint::{
    check::Report,
    finding::{Finding, Severity},
    shown::line,
    source::{FileId, Location, Span},
};

use super::text::Text;

/// What was found, by file. What has no place stands at the beginning of the first file.
pub(super) fn all(text: &Text, report: &Report) -> HashMap<FileId, Vec<lsp::Diagnostic>> {
    let mut all: HashMap<FileId, Vec<lsp::Diagnostic>> = HashMap::new();
    for finding in &report.findings {
        let location = finding.location.unwrap_or(Location { file: FileId(0), span: Span::new(0, 0) });
        all.entry(location.file).or_default().push(diagnostic(text, finding, location));
    }
    all
}

/// One finding.
pub(super) fn diagnostic(text: &Text, finding: &Finding, location: Location) -> lsp::Diagnostic {
    let client = text.client();
    let can = |what: &str| {
        client.can(&format!("/textDocument/publishDiagnostics/{what}")) || client.can(&format!("/textDocument/diagnostic/{what}"))
    };
    let tags = client.knows("/textDocument/publishDiagnostics/tagSupport") || client.knows("/textDocument/diagnostic/tagSupport");
    let related = can("relatedInformation");
    let link = can("codeDescriptionSupport").then(|| lsp::CodeDescription { href: lsp::Uri(finding.rule.url()) });
    lsp::Diagnostic {
        range: text.range(location),
        severity: Some(severity(finding.severity)),
        code: Some(lsp::Code::String(finding.rule.name.to_owned())),
        code_description: link,
        source: Some("haproxy-lint".to_owned()),
        message: message(finding).into(),
        tags: tag(finding).filter(|_| tags).map(|tag| vec![tag]),
        related_information: (related && !finding.related.is_empty()).then(|| related_places(text, finding)),
        data: None,
    }
}

fn severity(severity: Severity) -> lsp::DiagnosticSeverity {
    match severity {
        Severity::Error => lsp::DiagnosticSeverity::Error,
        Severity::Warning => lsp::DiagnosticSeverity::Warning,
        Severity::Info => lsp::DiagnosticSeverity::Information,
    }
}

/// The sentence, and what to do in lines behind it.
fn message(finding: &Finding) -> String {
    let lines = finding.help.iter().chain(&finding.notes);
    lines.fold(line(&finding.message).into_owned(), |text, more| text + "\n" + &line(more))
}

/// What is not needed is shown pale, and what is on its way out with a line through it: the names of the rules say so.
fn tag(finding: &Finding) -> Option<lsp::DiagnosticTag> {
    let name = finding.rule.name.rsplit('/').next().unwrap_or_default();
    match name.split('-').next() {
        Some("unused" | "overwritten" | "unreachable" | "shadowed") => Some(lsp::DiagnosticTag::Unnecessary),
        Some("deprecated") => Some(lsp::DiagnosticTag::Deprecated),
        _ => None,
    }
}

fn related_places(text: &Text, finding: &Finding) -> Vec<lsp::DiagnosticRelatedInformation> {
    let place = |label: &haproxy_lint::finding::Label| lsp::DiagnosticRelatedInformation {
        location: text.place(label.location),
        message: line(&label.message).into_owned(),
    };
    finding.related.iter().map(place).collect()
}
