//! The ways that lead to the words of a table: `http-request` for its actions, `bind` for its options.

use std::sync::LazyLock;

use crate::{
    syntax::{SECTIONS, SectionKind},
    version::VersionSet,
};

use super::{
    explain::tables_in,
    signature::{Entry, Node, TABLES, Table, section_table},
};

/// A way to the words of a table.
#[derive(Clone, Debug)]
pub struct Route {
    /// The words that lead there, none for the keywords of a section.
    pub words: Vec<String>,
    /// Whether other words stand before those of the table, as behind `server`.
    pub gap: bool,
    /// Whether a `defaults` section takes the first of them only if it has a name.
    pub named: bool,
    /// The sections.
    pub sections: Vec<SectionKind>,
    /// The versions that know the sections and the words.
    pub versions: VersionSet,
}

/// Every way to the words of a table, those of one name together.
///
/// ```
/// use haproxy_lint::catalog::{routes, table};
/// assert_eq!(routes(table("http-request").unwrap())[0].words, ["http-request"]);
/// ```
pub fn routes(table: &'static Table) -> &'static [Route] {
    static KNOWN: LazyLock<Vec<Vec<Route>>> = LazyLock::new(|| TABLES.iter().map(find).collect());
    TABLES.iter().position(|known| std::ptr::eq(known, table)).map_or(&[], |at| &KNOWN[at])
}

fn find(table: &'static Table) -> Vec<Route> {
    let mut all: Vec<Route> = Vec::new();
    for route in walk(table, &mut Vec::new()) {
        match all.iter_mut().find(|known| known.words == route.words) {
            Some(known) => {
                known.sections.extend(route.sections);
                known.versions = known.versions | route.versions;
            }
            None => all.push(route),
        }
    }
    for route in &mut all {
        route.sections.sort_by_key(|kind| SECTIONS.iter().position(|s| s.kind == *kind));
        route.sections.dedup();
    }
    all
}

fn walk(table: &'static Table, seen: &mut Vec<&'static str>) -> Vec<Route> {
    let of_sections: Vec<SectionKind> =
        SECTIONS.iter().map(|s| s.kind).filter(|kind| section_table(*kind).is_some_and(|t| t.name == table.name)).collect();
    if !of_sections.is_empty() {
        let versions = of_sections.iter().fold(VersionSet::NONE, |all, kind| all | kind.spec().versions);
        return vec![Route { sections: of_sections, versions, words: Vec::new(), gap: false, named: false }];
    }
    if seen.contains(&table.name) {
        return Vec::new();
    }
    seen.push(table.name);
    let mut all = Vec::new();
    for above in &TABLES {
        for entry in above.entries.iter().filter(|entry| leads_to(entry, table)) {
            let gap = !begins_with(&entry.arguments, table);
            let up = walk(above, seen).into_iter().map(|mut route| {
                route.sections.retain(|kind| takes(entry, *kind));
                route.words.push(entry.word());
                route.gap |= gap;
                route.versions = route.versions & entry.taken_by();
                route.named |= entry.sections.named_defaults_only;
                route
            });
            all.extend(up.filter(|route| !route.sections.is_empty()));
        }
    }
    seen.pop();
    all
}

fn leads_to(entry: &'static Entry, table: &'static Table) -> bool {
    let mut tables = Vec::new();
    tables_in(&entry.arguments, &mut tables);
    tables.iter().any(|t| t.name == table.name)
}

/// Whether the first word may be one of the table.
fn begins_with(node: &Node, table: &'static Table) -> bool {
    match node {
        Node::Table(index) => TABLES[*index].name == table.name,
        Node::Seq(nodes) => nodes.iter().find(|node| !matches!(node, Node::Code(_))).is_some_and(|node| begins_with(node, table)),
        Node::Choice(nodes) => nodes.iter().any(|node| begins_with(node, table)),
        Node::Optional(node) | Node::Repeat(node, _) | Node::Guard(_, node) | Node::Required(node) => begins_with(node, table),
        _ => false,
    }
}

/// Whether the lines of a section may begin with a keyword, without a warning.
pub(crate) fn takes(entry: &Entry, kind: SectionKind) -> bool {
    let bit = [SectionKind::Defaults, SectionKind::Frontend, SectionKind::Listen, SectionKind::Backend].iter().position(|k| *k == kind);
    bit.is_none_or(|bit| entry.sections.taken >> bit & 1 == 1)
}
