//! What each word of a document is.

use gen_lsp_types as lsp;
use haproxy_lint::{
    analysis::{Token, TokenKind, tokens},
    source::{FileId, Location, Span},
};

use crate::lsp::{
    handler::{Handler, Read},
    text::Text,
    wire::Answer,
};

/// The types of tokens, as clients know them, in the order of their numbers.
const TYPES: [(TokenKind, &str); 12] = [
    (TokenKind::Comment, "comment"),
    (TokenKind::Section, "class"),
    (TokenKind::Keyword, "keyword"),
    (TokenKind::Namespace, "namespace"),
    (TokenKind::Name, "property"),
    (TokenKind::Acl, "enumMember"),
    (TokenKind::Variable, "variable"),
    (TokenKind::Number, "number"),
    (TokenKind::Regex, "regexp"),
    (TokenKind::Text, "string"),
    (TokenKind::Expression, "function"),
    (TokenKind::Directive, "macro"),
];

/// `textDocument/semanticTokens/full`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::SemanticTokensRequest>(|params| params.text_document.uri.as_ref(), answer).announced(|_, server| {
        let token_types = TYPES.iter().map(|(_, name)| (*name).to_owned()).collect();
        let legend = lsp::SemanticTokensLegend { token_types, token_modifiers: vec!["declaration".to_owned()] };
        let options = lsp::SemanticTokensOptions { legend, range: Some(true.into()), full: Some(true.into()), ..Default::default() };
        server.semantic_tokens_provider = Some(options.into());
    })
}

fn answer(read: &Read<'_>, params: lsp::SemanticTokensParams) -> Answer<Option<lsp::SemanticTokens>> {
    let file = read.text.file(&params.text_document.uri)?;
    let all = Span::new(0, read.text.sources.file(file).bytes().len() as u32);
    Ok(Some(between(read, file, all)))
}

/// The tokens between two bytes of a file.
pub(super) fn between(read: &Read<'_>, file: FileId, within: Span) -> lsp::SemanticTokens {
    let mut before = lsp::Position::default();
    let data = tokens(read.view, file, within).iter().filter_map(|token| relative(read.text, file, token, &mut before)).collect();
    lsp::SemanticTokens { result_id: None, data }
}

/// A token with its place told from the one before it.
fn relative(text: &Text, file: FileId, token: &Token, before: &mut lsp::Position) -> Option<lsp::SemanticToken> {
    let token_type = TYPES.iter().position(|(kind, _)| *kind == token.kind)? as u32;
    let range = text.range(Location { file, span: token.span });
    if range.start.line != range.end.line || range.start == range.end {
        return None;
    }
    let delta_line = range.start.line - before.line;
    let delta_start = if delta_line == 0 { range.start.character - before.character } else { range.start.character };
    *before = range.start;
    let length = range.end.character - range.start.character;
    Some(lsp::SemanticToken { delta_line, delta_start, length, token_type, token_modifiers_bitset: u32::from(token.declares) })
}
