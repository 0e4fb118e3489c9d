//! What each word is, as clients are told: types and modifiers by number, places from one token to the next, and what has
//! changed since the last time.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use gen_lsp_types as lsp;
use haproxy_lint::{
    analysis::{Token, TokenKind, tokens},
    source::{Location, Span},
};
use serde_json::Value;

use super::{handler::Read, text::Text};

/// The types of tokens, as clients know them, in the order of their numbers.
const TYPES: [&str; 19] = [
    "comment",
    "class",
    "keyword",
    "parameter",
    "event",
    "enumMember",
    "namespace",
    "property",
    "type",
    "variable",
    "number",
    "struct",
    "regexp",
    "string",
    "function",
    "method",
    "decorator",
    "modifier",
    "operator",
];

/// `.if` and the like are told as what expands before anything is read.
const DIRECTIVE: &str = "macro";

/// In the order of the bits of `Modifiers`.
const MODIFIERS: [&str; 4] = ["declaration", "deprecated", "readonly", "modification"];

/// The tokens of more than this are not kept.
const KEPT: usize = 200_000;

/// What a kind is for a client.
fn name(kind: TokenKind) -> Option<&'static str> {
    Some(match kind {
        TokenKind::Comment => "comment",
        TokenKind::Section => "class",
        TokenKind::Keyword => "keyword",
        TokenKind::Option => "parameter",
        TokenKind::Action => "event",
        TokenKind::Word => "enumMember",
        TokenKind::Namespace => "namespace",
        TokenKind::Name => "property",
        TokenKind::Acl => "type",
        TokenKind::Variable => "variable",
        TokenKind::Number | TokenKind::Time | TokenKind::Size => "number",
        TokenKind::Address => "struct",
        TokenKind::Regex => "regexp",
        TokenKind::Path | TokenKind::Text => "string",
        TokenKind::Fetch => "function",
        TokenKind::Converter => "method",
        TokenKind::Alias => "decorator",
        TokenKind::Flag => "modifier",
        TokenKind::Operator => "operator",
        TokenKind::Directive => DIRECTIVE,
        _ => return None,
    })
}

/// What the numbers mean.
pub(super) fn legend() -> lsp::SemanticTokensLegend {
    let token_types = TYPES.into_iter().chain([DIRECTIVE]).map(str::to_owned).collect();
    lsp::SemanticTokensLegend { token_types, token_modifiers: MODIFIERS.map(str::to_owned).to_vec() }
}

fn number(kind: TokenKind) -> Option<u32> {
    let name = name(kind)?;
    TYPES.into_iter().chain([DIRECTIVE]).position(|known| known == name).map(|at| at as u32)
}

/// The tokens in these places, the first of them told from the beginning of the document.
pub(super) fn between(read: &Read<'_>, places: &[Location]) -> lsp::SemanticTokens {
    let found = places.iter().flat_map(|place| tokens(read.view, place.file, place.span).into_iter().map(|token| (place.file, token)));
    let found = found.filter_map(|(file, token)| absolute(read.text, Location { file, span: token.span }, &token));
    lsp::SemanticTokens { result_id: None, data: relative(found.collect()) }
}

/// A token whose place is told from the beginning of the document.
fn absolute(text: &Text, place: Location, token: &Token) -> Option<lsp::SemanticToken> {
    let token_type = number(token.kind)?;
    let lsp::Range { start, end } = text.range(place);
    let plain = start.line == end.line && start != end;
    let (delta_line, delta_start, length) = (start.line, start.character, end.character.saturating_sub(start.character));
    let token_modifiers_bitset = u32::from(token.modifiers.bits());
    plain.then_some(lsp::SemanticToken { delta_line, delta_start, length, token_type, token_modifiers_bitset })
}

/// The same with places from one to the next.
fn relative(mut all: Vec<lsp::SemanticToken>) -> Vec<lsp::SemanticToken> {
    all.sort_by_key(|token| (token.delta_line, token.delta_start));
    let (mut line, mut column) = (0, 0);
    for token in &mut all {
        let (own_line, own_column) = (token.delta_line, token.delta_start);
        token.delta_line = own_line - line;
        token.delta_start = if own_line == line { own_column - column } else { own_column };
        (line, column) = (own_line, own_column);
    }
    all
}

/// The tokens of several configurations of one document together.
pub(super) fn together(answers: Vec<Value>) -> lsp::SemanticTokens {
    let all: Vec<lsp::SemanticTokens> = answers.into_iter().filter_map(|answer| serde_json::from_value(answer).ok()).collect();
    if all.len() == 1 {
        return all.into_iter().next().unwrap_or_default();
    }
    let whole = |tokens: lsp::SemanticTokens| {
        let (mut line, mut column) = (0, 0);
        tokens.data.into_iter().map(move |token| {
            column = if token.delta_line == 0 { column + token.delta_start } else { token.delta_start };
            line += token.delta_line;
            lsp::SemanticToken { delta_line: line, delta_start: column, ..token }
        })
    };
    lsp::SemanticTokens { result_id: None, data: relative(all.into_iter().flat_map(whole).collect()) }
}

/// What clients were told last of each document.
#[derive(Default)]
pub(super) struct Colours(Mutex<Told>);

#[derive(Default)]
struct Told {
    count: u64,
    documents: HashMap<String, (String, Vec<lsp::SemanticToken>)>,
}

impl Colours {
    /// Keeps what a client is told of a document, under a name.
    pub(super) fn keep(&self, uri: &str, mut tokens: lsp::SemanticTokens) -> lsp::SemanticTokens {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.documents.remove(uri);
        if tokens.data.len() <= KEPT {
            told.count += 1;
            let id = told.count.to_string();
            told.documents.insert(uri.to_owned(), (id.clone(), tokens.data.clone()));
            tokens.result_id = Some(id);
        }
        tokens
    }

    /// What has changed since what was told under a name, where that is still known.
    pub(super) fn changes(&self, uri: &str, before: &str, new: &[lsp::SemanticToken]) -> Option<Vec<lsp::SemanticTokensEdit>> {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let old = told.documents.get(uri).filter(|(id, _)| id == before).map(|(_, old)| old.as_slice())?;
        Some(difference(old, new))
    }

    /// A document is shown no more.
    pub(super) fn forget(&self, uri: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).documents.remove(uri);
    }
}

/// What is between the tokens that begin both and those that end both, in numbers of which each token has five.
fn difference(old: &[lsp::SemanticToken], new: &[lsp::SemanticToken]) -> Vec<lsp::SemanticTokensEdit> {
    let first = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let last = old[first..].iter().rev().zip(new[first..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (gone, came) = (old.len() - first - last, &new[first..new.len() - last]);
    if gone == 0 && came.is_empty() {
        return Vec::new();
    }
    let numbers =
        |token: &lsp::SemanticToken| [token.delta_line, token.delta_start, token.length, token.token_type, token.token_modifiers_bitset];
    let data = (!came.is_empty()).then(|| came.iter().flat_map(numbers).collect());
    vec![lsp::SemanticTokensEdit { start: (first * 5) as u32, delete_count: (gone * 5) as u32, data }]
}

/// All of a document: each file that stands in it.
pub(super) fn whole(read: &Read<'_>, uri: &lsp::Uri) -> Result<Vec<Location>, super::wire::Fail> {
    let all = |file| Location { file, span: Span::new(0, read.text.sources.file(file).bytes().len() as u32) };
    Ok(read.text.files(uri)?.into_iter().map(all).collect())
}
