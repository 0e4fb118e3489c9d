//! What each line of a file is, and how deep it stands.

use std::borrow::Cow;

use crate::{
    catalog::section_table,
    source::SourceFile,
    syntax::{Piece, SECTIONS, Tail, Tree, section_kind},
};

use super::is_blank;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing but blanks.
    Blank,
    /// A comment without words before it.
    Comment,
    /// `[scope]`, which ends the section.
    Scope,
    /// It opens a section.
    Header,
    /// `.if`
    If,
    /// `.elif` and `.else`
    Else,
    /// `.endif`
    EndIf,
    /// Anything else.
    Statement,
}

/// A line and its place in the layout.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// What it is.
    pub(super) kind: Kind,
    /// Whether it stays as it is, byte for byte: HAProxy does not read all of it, so nobody knows what it is for.
    pub(super) copied: bool,
    /// How many steps it is indented; `None`: as it is.
    pub(super) depth: Option<usize>,
    /// Whether a blank line stands before it.
    pub(super) apart: bool,
    /// Whether it begins with a blank.
    indented: bool,
}

impl Row {
    /// Whether it is a line of a section under no condition, which shows what the file indents by.
    pub(super) fn is_plain(&self) -> bool {
        !self.copied && self.depth == Some(1) && matches!(self.kind, Kind::Statement | Kind::If)
    }

    /// Whether it is a comment that goes with what opens at `depth` below it.
    fn is_heading(&self, depth: usize) -> bool {
        self.kind == Kind::Comment && (!self.indented || depth > 0)
    }
}

/// The lines of a file.
pub(super) fn rows(file: &SourceFile, tree: &Tree) -> Vec<Row> {
    let mut rows: Vec<Row> = (0..tree.lines().len()).map(|line| row(file, tree, line)).collect();
    let whole = whole_blocks(&rows);
    depths(&mut rows, &whole, &|line| is_foreign(file, tree, line));
    headings(&mut rows, &whole);
    rows
}

fn row(file: &SourceFile, tree: &Tree, number: usize) -> Row {
    let bytes = file.slice(tree.line(number).span);
    let kind = kind(file, tree, number);
    let body = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let is_cut = || memchr::memchr2(0, b'\r', body).is_some();
    let copied = kind == Kind::Scope || kind != Kind::Blank && is_cut();
    Row { kind, copied, depth: None, apart: false, indented: bytes.first().is_some_and(|b| is_blank(*b)) }
}

fn kind(file: &SourceFile, tree: &Tree, number: usize) -> Kind {
    if tree.words(number).is_empty() {
        return match tree.line(number).tail {
            Tail::Comment => Kind::Comment,
            Tail::Scope => Kind::Scope,
            Tail::End | Tail::CrLf => Kind::Blank,
            Tail::Cut | Tail::Nul => Kind::Statement,
        };
    }
    match keyword(file, tree, number).as_deref() {
        Some(".if") => Kind::If,
        Some(".elif" | ".else") => Kind::Else,
        Some(".endif") => Kind::EndIf,
        Some(word) if section_kind(word).is_some() => Kind::Header,
        _ => Kind::Statement,
    }
}

/// The value of the first word, where it depends on nothing else.
fn keyword<'a>(file: &'a SourceFile, tree: &Tree, number: usize) -> Option<Cow<'a, str>> {
    let word = tree.words(number).first()?;
    if !word.is_quoted() {
        return file.str(word.span()).map(Cow::Borrowed);
    }
    let mut value = Vec::new();
    for piece in tree.pieces(number, 0) {
        match piece {
            Piece::Text(span) => value.extend_from_slice(file.slice(*span)),
            Piece::Escape(_, byte) => value.push(*byte),
            _ => return None,
        }
    }
    String::from_utf8(value).ok().map(Cow::Owned)
}

/// Whether a line looks like the header of a section that HAProxy does not have, as those of SPOE files and of other programs are:
/// a word or two at column 0, the first of which is no keyword.
fn is_foreign(file: &SourceFile, tree: &Tree, number: usize) -> bool {
    let Some(word) = keyword(file, tree, number) else { return false };
    let plain = word.starts_with(|c: char| c.is_ascii_lowercase()) && word.bytes().all(|b| b.is_ascii_lowercase() || b"-_".contains(&b));
    let known = || {
        matches!(&*word, "no" | "default")
            || SECTIONS.iter().filter_map(|s| section_table(s.kind)).any(|table| !table.find(&word).is_empty())
    };
    plain && tree.words(number).len() <= 2 && !known()
}

/// For each `.if` whether sections open before its `.endif`: then it stands outside of sections itself.
fn whole_blocks(rows: &[Row]) -> Vec<bool> {
    let mut whole = vec![false; rows.len()];
    let mut open: Vec<usize> = Vec::new();
    let close = |open: &mut Vec<usize>, whole: &mut Vec<bool>| {
        let Some(closed) = open.pop() else { return };
        if let Some(outer) = open.last() {
            whole[*outer] |= whole[closed];
        }
    };
    for (number, row) in rows.iter().enumerate() {
        match row.kind {
            Kind::If => open.push(number),
            Kind::EndIf => close(&mut open, &mut whole),
            Kind::Header => open.last().into_iter().for_each(|block| whole[*block] = true),
            _ => {}
        }
    }
    while !open.is_empty() {
        close(&mut open, &mut whole);
    }
    whole
}

/// Finds out how deep each line stands.
fn depths(rows: &mut [Row], whole: &[bool], is_foreign: &dyn Fn(usize) -> bool) {
    let mut in_section = false;
    // The depths of the `.if` lines that are open.
    let mut open: Vec<Option<usize>> = Vec::new();
    for number in 0..rows.len() {
        let row = rows[number];
        let body = in_section.then_some(open.len() + 1);
        rows[number].depth = match row.kind {
            Kind::Blank => None,
            Kind::Scope => {
                in_section = false;
                None
            }
            Kind::Header => {
                in_section = true;
                Some(open.len())
            }
            Kind::If => {
                let depth = if whole[number] { Some(open.len()) } else { body };
                open.push(depth);
                depth
            }
            Kind::Else => open.last().copied().unwrap_or(body),
            Kind::EndIf => open.pop().unwrap_or(body),
            Kind::Comment if !row.indented => None,
            Kind::Statement if open.is_empty() && has_body(rows, number) && is_foreign(number) => {
                in_section = true;
                rows[number].kind = Kind::Header;
                Some(0)
            }
            Kind::Comment | Kind::Statement => body,
        };
    }
}

/// Whether the line stands at column 0, and the next one with words does not.
fn has_body(rows: &[Row], number: usize) -> bool {
    let next = rows[number + 1..].iter().find(|row| !matches!(row.kind, Kind::Blank | Kind::Comment));
    !rows[number].indented && !rows[number].copied && next.is_some_and(|row| row.kind == Kind::Statement && row.indented)
}

/// Sets what opens a section apart from what stands before it, with the comments directly above.
fn headings(rows: &mut [Row], whole: &[bool]) {
    for number in 0..rows.len() {
        let opens = rows[number].kind == Kind::Header || whole[number];
        let Some(depth) = rows[number].depth.filter(|_| opens) else { continue };
        let mut first = number;
        while first > 0 && rows[first - 1].is_heading(depth) {
            first -= 1;
            if rows[first].indented {
                rows[first].depth = Some(depth);
            }
        }
        // The first of a branch stands directly below its condition, or below its scope.
        let before = rows[..first].iter().rfind(|row| row.kind != Kind::Blank);
        rows[first].apart = before.is_some_and(|row| !matches!(row.kind, Kind::If | Kind::Else | Kind::Scope));
    }
}
