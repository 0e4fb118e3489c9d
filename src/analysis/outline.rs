//! What a file consists of: its sections, and what they declare.

use crate::{
    catalog::NameKind,
    config::SectionView,
    source::{FileId, Location, Span},
    syntax::{SECTIONS, SectionKind, Statement},
};

use super::{SymbolKind, View, define::declared};

/// A section, or something that is declared in one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outline {
    /// What it is.
    pub kind: OutlineKind,
    /// Its name; for a section without one its keyword.
    pub name: String,
    /// The line that declares it, without its name where that is all of it.
    pub detail: String,
    /// All of it.
    pub location: Location,
    /// Where the name stands.
    pub own: Location,
    /// What is in it.
    pub children: Vec<Outline>,
}

/// What a part of an outline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutlineKind {
    /// A section.
    Section(SectionKind),
    /// What a line of a section declares.
    Name(SymbolKind),
    /// A place that connections come in at.
    Bind,
}

/// The outline of a file, in its order.
pub fn outline(view: &View<'_>, file: FileId) -> Vec<Outline> {
    let of_file = |section: &SectionView<'_>| section.header().is_some_and(|header| header.file_id() == file);
    let sections: Vec<SectionView<'_>> = view.config().sections().filter(of_file).collect();
    let mut names: Vec<(Location, SymbolKind, String)> = declared(view).into_iter().filter(|(place, ..)| place.file == file).collect();
    names.sort_by_key(|(place, ..)| *place);
    // The prefix of a template stands for servers, and a listen section for two things: one is shown.
    names.dedup_by_key(|(place, ..)| *place);
    let mut names = names.into_iter().peekable();
    sections
        .iter()
        .filter_map(|section| {
            let header = section.header()?;
            let whole = whole(section, header);
            let mut children = Vec::new();
            while let Some((place, kind, name)) = names.next_if(|(place, ..)| place.span.start < whole.span.end) {
                if place.span.start >= header.location().span.end {
                    children.push(leaf(view, OutlineKind::Name(kind), name, place));
                }
            }
            children.extend(binds(view, section));
            children.sort_by_key(|child| child.own);
            Some(of_section(section, header, whole, children))
        })
        .collect()
}

/// A section from its header to the end of its last line.
fn whole(section: &SectionView<'_>, header: Statement<'_>) -> Location {
    let last = section.statements().next_back().filter(|last| last.file_id() == header.file_id());
    let end = last.map_or(header.location().span.end, |last| last.location().span.end);
    let start = header.location();
    Location { span: Span::new(start.span.start, end.max(start.span.end)), ..start }
}

fn of_section(section: &SectionView<'_>, header: Statement<'_>, location: Location, children: Vec<Outline>) -> Outline {
    let keyword = header.keyword().to_owned();
    let name = section.name().map(|word| (word.display().into_owned(), word.location));
    let (name, own, detail) = match name {
        Some((name, own)) if !name.is_empty() => (name, own, keyword),
        _ => (keyword, header.location(), String::new()),
    };
    Outline { kind: OutlineKind::Section(section.kind), name, detail, location, own, children }
}

/// What one line declares.
fn leaf(view: &View<'_>, kind: OutlineKind, name: String, own: Location) -> Outline {
    let file = view.snapshot.sources.file(own.file);
    let line = file.line_span(file.line_of(own.span.start));
    let text = file.text(line);
    let start = line.start + (text.len() - text.trim_start().len()) as u32;
    let location = Location { span: Span::new(start.min(own.span.start), line.start + text.trim_end().len() as u32), ..own };
    let location = Location { span: location.span.to(own.span), ..location };
    Outline { kind, name, detail: text.trim().to_owned(), location, own, children: Vec::new() }
}

/// The `bind` lines of a section, named after their addresses.
fn binds(view: &View<'_>, section: &SectionView<'_>) -> Vec<Outline> {
    let lines = section.statements().filter(|line| line.keyword() == "bind");
    lines.filter_map(|line| line.word(1)).map(|word| leaf(view, OutlineKind::Bind, word.display().into_owned(), word.location)).collect()
}

/// All that is declared, with its place: what a search by name goes through.
pub fn declarations(view: &View<'_>) -> Vec<(Location, SymbolKind, String)> {
    let mut all = declared(view);
    all.sort_by_key(|(place, ..)| *place);
    all.dedup_by_key(|(place, ..)| *place);
    all
}

impl SymbolKind {
    /// The section whose header declares names of this kind, if one does.
    pub fn section(self) -> Option<SectionKind> {
        let Self::Name(kind) = self else { return None };
        Some(match kind {
            NameKind::Backend => SectionKind::Backend,
            NameKind::Frontend => SectionKind::Frontend,
            NameKind::Defaults => SectionKind::Defaults,
            _ => return SECTIONS.iter().map(|section| section.kind).find(|section| NameKind::of_section(*section) == Some(kind)),
        })
    }
}
