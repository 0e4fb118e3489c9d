//! Variables, which are where they are set and read: no line declares them.

use std::collections::BTreeSet;

use memchr::memmem;

use crate::{
    cut::Cut,
    expression::lookup_fetch,
    source::{FileId, Location, SourceFile, Span},
    syntax::{RawWord, Tree},
};

use super::{Access, Cursor, Occurrence, Symbol, SymbolKind, View, at::touches};

const SCOPES: [&str; 6] = ["proc.", "sess.", "txn.", "req.", "res.", "check."];

/// Whether a text is the name of a variable with its scope.
pub(super) fn is_variable(text: &str) -> bool {
    SCOPES.iter().any(|scope| text.len() > scope.len() && text.starts_with(scope)) && text.bytes().all(is_part)
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')
}

/// The variable at the cursor, with the places that set it and those that read it.
pub(super) fn define(view: &View<'_>, cursor: Cursor) -> Option<Symbol> {
    let file = view.file(cursor)?;
    let (bytes, at) = (file.bytes(), (cursor.offset as usize).min(file.bytes().len()));
    let start = at - bytes[..at].iter().rev().take_while(|byte| is_part(**byte)).count();
    let end = at + bytes[at..].iter().take_while(|byte| is_part(**byte)).count();
    let span = Span::new(start as u32, end as u32);
    let name = file.str(span)?;
    access(file, view.tree(cursor)?, span)?;
    let mut occurrences = Vec::new();
    for (id, file) in view.snapshot.sources.iter() {
        places(file, &view.snapshot.trees[id.0 as usize], name, &mut |span, access| {
            occurrences.push(Occurrence { location: Location { file: id, span }, access });
        });
    }
    Some(Symbol { kind: SymbolKind::Variable, name: name.to_owned(), location: Location { file: cursor.file, span }, occurrences })
}

/// The names of all variables.
pub(super) fn names<'r>(view: &View<'r>) -> BTreeSet<&'r str> {
    let mut names = BTreeSet::new();
    for (id, file) in view.snapshot.sources.iter() {
        let tree = &view.snapshot.trees[FileId(id.0).0 as usize];
        for scope in SCOPES {
            for start in memmem::find_iter(file.bytes(), scope) {
                let end = start + file.bytes()[start..].iter().take_while(|byte| is_part(**byte)).count();
                let span = Span::new(start as u32, end as u32);
                if access(file, tree, span).is_some() {
                    names.extend(file.str(span));
                }
            }
        }
    }
    names
}

/// Finds the places of one variable.
fn places(file: &SourceFile, tree: &Tree, name: &str, found: &mut impl FnMut(Span, Access)) {
    for start in memmem::find_iter(file.bytes(), name) {
        let span = Span::new(start as u32, (start + name.len()) as u32);
        if let Some(access) = access(file, tree, span) {
            found(span, access);
        }
    }
}

/// What happens to the variable that these bytes are; `None` where they are none: in a comment, in a longer name, in a call that
/// takes no variable.
fn access(file: &SourceFile, tree: &Tree, span: Span) -> Option<Access> {
    let (bytes, text) = (file.bytes(), file.str(span)?);
    let scope = SCOPES.iter().find(|scope| text.starts_with(**scope))?;
    let ends = bytes.get(span.end as usize).is_none_or(|byte| !is_part(*byte));
    let begins = span.start.checked_sub(1).is_none_or(|before| !is_part(bytes[before as usize]));
    if text.len() == scope.len() || !ends || !begins {
        return None;
    }
    let line = file.line_of(span.start);
    let words = tree.words(line);
    let touched = |word: &RawWord| touches(word.span(), span.start) && word.span().end > span.start;
    let (number, word) = words.iter().enumerate().find(|(_, word)| touched(word))?;
    let before = file.str(Span::new(word.span().start, span.start))?.trim_start_matches(['"', '\'']);
    if before.is_empty() {
        // `set-var proc.name …`, in a line of its own.
        let keyword = number.checked_sub(1).and_then(|number| file.str(words.get(number)?.span()))?;
        return (writes(keyword) && !keyword.contains('(')).then_some(Access::Writes);
    }
    let call = before.strip_suffix('(').map(called);
    match call {
        Some(call) if writes(call) => Some(Access::Writes),
        Some(call) if !call.starts_with("var") && !lookup_fetch(call).is_empty() => None,
        Some(_) => Some(Access::Reads),
        None => before.ends_with(',').then_some(Access::Reads),
    }
}

fn writes(call: &str) -> bool {
    call.starts_with("set-var") || call == "unset-var"
}

/// The name at the end of what stands before a parenthesis.
fn called(before: &str) -> &str {
    let start = before.rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).map_or(0, |at| at + 1);
    before.cut(start..)
}
