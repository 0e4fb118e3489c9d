//! The tokens of one line, but for the names in it.

use crate::{
    catalog::{Answer, Entry, Line, Mark, NoteKind, Role, alternative, ask, noun, section_table},
    expression::{ArgumentType, Meaning, Part, forms},
    rules::predefined_acls,
    source::Span,
    syntax::{SECTIONS, Statement},
    version::VersionSet,
};

use super::{
    super::{SymbolKind, at::spoken, hover::parts, variable::is_variable},
    Modifiers, Token, TokenKind, of_name,
};

/// The tokens of a line.
pub(super) fn tokens(line: Statement<'_>, place: &Line<'_>, versions: VersionSet) -> Vec<Token> {
    let answer = ask(line, place, versions);
    let of_mark = |mark: &Mark| {
        let word = line.word(mark.word.into())?;
        let known = word.known()?;
        let range = mark.within(known.len());
        let text = known.get(range.clone())?;
        let (kind, modifiers) = of_role(&answer, mark, text, versions)?;
        Some(Token { span: word.part(range).span, kind, modifiers })
    };
    let mut all: Vec<Token> = answer.marks.iter().filter_map(of_mark).collect();
    let prefix = line.word(0).filter(|word| word.is("no") || word.is("default"));
    all.extend(prefix.map(|word| Token::plain(word.location.span, TokenKind::Keyword)));
    let spoken: Vec<_> = answer.marks.iter().filter_map(|mark| spoken(line, mark)).collect();
    let parts = parts(line, &spoken);
    let unmoved = |part: &&Part<'_>| parts.iter().filter(|other| other.location == part.location).count() == 1;
    all.extend(parts.iter().filter(unmoved).filter_map(|part| of_part(line, part, versions)));
    all
}

fn of_role(answer: &Answer, mark: &Mark, text: &str, versions: VersionSet) -> Option<(TokenKind, Modifiers)> {
    let kind = match mark.role {
        Role::Keyword => return Some(of_keyword(answer, mark, text, versions)),
        Role::Number => TokenKind::Number,
        Role::Time => TokenKind::Time,
        Role::Size => TokenKind::Size,
        Role::Regex => TokenKind::Regex,
        Role::Variable => return Some((TokenKind::Variable, Modifiers::WRITES)),
        Role::Name(kind) => of_name(SymbolKind::Name(kind)),
        Role::Address => TokenKind::Address,
        Role::Outside(_) => TokenKind::Path,
        Role::Format => TokenKind::Text,
        Role::Value => plain(text),
        // Their parts are what they are.
        Role::Sample | Role::Acl | Role::Condition => return None,
    };
    Some((kind, Modifiers::NONE))
}

/// A value of which nothing is known.
fn plain(text: &str) -> TokenKind {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) { TokenKind::Number } else { TokenKind::Text }
}

fn of_keyword(answer: &Answer, mark: &Mark, text: &str, versions: VersionSet) -> (TokenKind, Modifiers) {
    let here = (usize::from(mark.word), mark.start);
    if let Some(met) = answer.entries.iter().find(|met| (met.word, met.name.0) == here) {
        let modifiers = if is_deprecated(met.entry, versions) { Modifiers::DEPRECATED } else { Modifiers::NONE };
        return (of_entry(met.entry), modifiers);
    }
    // A fixed word that more follows is as good as an option.
    let before = answer.entries.iter().rev().filter(|met| (met.word, met.name.0) < here);
    let node = { before }.find_map(|met| alternative(&met.entry.arguments, text));
    (if node.is_some_and(|(node, _)| node.leads()) { TokenKind::Option } else { TokenKind::Word }, Modifiers::NONE)
}

fn of_entry(entry: &'static Entry) -> TokenKind {
    let Some(table) = entry.table() else { return TokenKind::Keyword };
    let of_section = SECTIONS.iter().any(|section| section_table(section.kind).is_some_and(|own| std::ptr::eq(own, table)));
    match noun(table.name) {
        _ if of_section => TokenKind::Keyword,
        "action" => TokenKind::Action,
        "type" | "data" | "facility" | "level" | "algorithm" | "format" => TokenKind::Word,
        _ => TokenKind::Option,
    }
}

/// Whether all of these versions warn of a keyword, or have it no more.
fn is_deprecated(entry: &Entry, versions: VersionSet) -> bool {
    let old = entry.notes.iter().filter(|note| matches!(note.kind, NoteKind::Deprecated | NoteKind::Removed));
    let old = old.fold(VersionSet::NONE, |all, note| all | note.versions);
    !versions.is_empty() && old.covers(versions)
}

fn of_part(line: Statement<'_>, part: &Part<'_>, versions: VersionSet) -> Option<Token> {
    let span = part.location.span;
    let mut modifiers = Modifiers::NONE;
    let kind = match part.meaning {
        Meaning::Fetch(name) | Meaning::Criterion(name) if !forms(name, false).is_empty() => TokenKind::Fetch,
        Meaning::Converter(name) if !forms(name, true).is_empty() => TokenKind::Converter,
        Meaning::Fetch(_) | Meaning::Criterion(_) | Meaning::Converter(_) => return None,
        Meaning::Argument { call, converter, number } => of_argument(text(line, span), call, converter, number),
        Meaning::Alias(_) => TokenKind::Alias,
        Meaning::Named(name) => {
            if predefined_acls(versions).any(|known| known == name) {
                modifiers = Modifiers::READONLY;
            }
            TokenKind::Acl
        }
        Meaning::Joint("if" | "unless") => TokenKind::Keyword,
        Meaning::Joint(_) | Meaning::Operator(_) => TokenKind::Operator,
        Meaning::FormatFlags(_) | Meaning::Flag(_) => TokenKind::Flag,
        Meaning::Method(_) => TokenKind::Word,
        Meaning::File => TokenKind::Path,
        Meaning::Number => TokenKind::Number,
        Meaning::Pattern { method, .. } => match method {
            Some("ip") => TokenKind::Address,
            Some("int" | "len") => TokenKind::Number,
            Some("reg" | "regm") => TokenKind::Regex,
            _ => TokenKind::Text,
        },
    };
    Some(Token { span, kind, modifiers })
}

fn text<'r>(line: Statement<'r>, span: Span) -> &'r str {
    line.file().str(span).unwrap_or("")
}

fn of_argument(text: &str, call: &str, converter: bool, number: usize) -> TokenKind {
    if is_variable(text) {
        return TokenKind::Variable;
    }
    let kind = forms(call, converter).iter().rev().find_map(|form| form.arguments.as_ref()?.get(number).copied());
    match kind {
        Some(ArgumentType::Int | ArgumentType::Fields) => TokenKind::Number,
        Some(ArgumentType::Regex) => TokenKind::Regex,
        Some(ArgumentType::Ipv4 | ArgumentType::Ipv6) => TokenKind::Address,
        Some(ArgumentType::Mask4 | ArgumentType::Mask6) => TokenKind::Number,
        Some(ArgumentType::Backend | ArgumentType::Frontend | ArgumentType::Userlist | ArgumentType::Table) => TokenKind::Namespace,
        Some(ArgumentType::Server) => TokenKind::Name,
        _ => plain(text),
    }
}
