//! What a document consists of.

use gen_lsp_types as lsp;
use haproxy_lint::{
    analysis::{Outline, OutlineKind, SymbolKind, outline},
    catalog::NameKind,
    shown::line,
    syntax::SectionKind,
};

use crate::lsp::{
    handler::{Handler, Read},
    text::Text,
    wire::Answer,
};

/// `textDocument/documentSymbol`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::DocumentSymbolRequest>(|params| params.text_document.uri.as_ref(), answer)
        .announced(|_, server| server.document_symbol_provider = Some(true.into()))
}

fn answer(read: &Read<'_>, params: lsp::DocumentSymbolParams) -> Answer<Option<lsp::DocumentSymbolResponse>> {
    let files = read.text.files(&params.text_document.uri)?;
    let outline: Vec<Outline> = files.into_iter().flat_map(|file| outline(read.view, file)).collect();
    if read.text.client().can("/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport") {
        return Ok(Some(outline.iter().map(|part| nested(read.text, part)).collect::<Vec<_>>().into()));
    }
    let mut flat = Vec::new();
    for section in &outline {
        flat.push(alone(read.text, section, None));
        flat.extend(section.children.iter().map(|child| alone(read.text, child, Some(section.name.clone()))));
    }
    Ok(Some(flat.into()))
}

fn nested(text: &Text, part: &Outline) -> lsp::DocumentSymbol {
    let children: Vec<lsp::DocumentSymbol> = part.children.iter().map(|child| nested(text, child)).collect();
    let detail = (!part.detail.is_empty()).then(|| line(&part.detail).into_owned());
    let (whole, own) = (text.range(part.location), text.range(part.own));
    let children = (!children.is_empty()).then_some(children);
    lsp::DocumentSymbol::new(line(&part.name).into_owned(), detail, kind(part.kind), None, None, whole, own, children)
}

fn alone(text: &Text, part: &Outline, container_name: Option<String>) -> lsp::SymbolInformation {
    let base = lsp::BaseSymbolInformation::new(part.name.clone(), kind(part.kind), None, container_name);
    lsp::SymbolInformation::new(None, text.place(part.location), base)
}

fn kind(kind: OutlineKind) -> lsp::SymbolKind {
    match kind {
        OutlineKind::Section(SectionKind::Global | SectionKind::Defaults) => lsp::SymbolKind::Namespace,
        OutlineKind::Section(kind) if kind.is_proxy() => lsp::SymbolKind::Class,
        OutlineKind::Section(_) => lsp::SymbolKind::Module,
        OutlineKind::Name(kind) => of_name(kind),
        _ => lsp::SymbolKind::Event,
    }
}

/// What an editor shows a name as.
pub(super) fn of_name(kind: SymbolKind) -> lsp::SymbolKind {
    match kind {
        SymbolKind::Name(NameKind::Acl) => lsp::SymbolKind::Boolean,
        SymbolKind::Name(NameKind::Server | NameKind::ServerTemplate) | SymbolKind::Member(_) => lsp::SymbolKind::Field,
        SymbolKind::Name(NameKind::Table) => lsp::SymbolKind::Array,
        SymbolKind::Name(NameKind::Backend | NameKind::Frontend) => lsp::SymbolKind::Class,
        SymbolKind::Name(NameKind::Defaults) => lsp::SymbolKind::Namespace,
        SymbolKind::Name(_) => lsp::SymbolKind::Module,
        SymbolKind::Variable => lsp::SymbolKind::Variable,
        SymbolKind::Filter => lsp::SymbolKind::Operator,
        SymbolKind::User | SymbolKind::Group => lsp::SymbolKind::Object,
        _ => lsp::SymbolKind::Key,
    }
}
