//! Looks keywords up, for people.

use crate::syntax::SECTIONS;

use super::signature::{Entry, Node, TABLES, Table, section_table};

/// A keyword as the tables have it.
#[derive(Clone, Debug)]
pub struct Keyword {
    /// The words that lead to it, and it: `http-request deny`.
    pub path: String,
    /// The table it is in.
    pub table: &'static Table,
    /// What is known of it; several for one word where versions differ.
    pub entry: &'static Entry,
}

/// Every keyword that `words` name: a keyword of a section, or one behind it, as in `http-request deny`, or an option
/// alone, as in `check`.
///
/// ```
/// let found = haproxy_lint::catalog::keywords("timeout mail");
/// assert!(found.iter().all(|k| k.path == "timeout mail"));
/// ```
pub fn keywords(words: &str) -> Vec<Keyword> {
    let words: Vec<&str> = words.split_whitespace().collect();
    let mut found = Vec::new();
    let Some((first, rest)) = words.split_first() else { return found };
    for table in &TABLES {
        for entry in lookup(table, first) {
            descend(Keyword { path: entry.word(), table, entry }, rest, &mut found);
        }
    }
    // One table can be reached from several keywords of the same name.
    let mut seen = Vec::new();
    found.retain(|keyword| {
        let known = (keyword.path.clone(), std::ptr::from_ref(keyword.entry));
        let new = !seen.contains(&known);
        seen.push(known);
        new
    });
    found
}

/// Whether statements that begin with `keyword` can end in `if` or `unless` and a condition.
pub(super) fn takes_condition(keyword: &str) -> bool {
    let tables = SECTIONS.iter().filter_map(|section| section_table(section.kind));
    takes_condition_by(tables.flat_map(|table| table.find(keyword)))
}

/// The same, of the entries of a keyword.
pub(super) fn takes_condition_by<'e>(mut entries: impl Iterator<Item = &'e Entry>) -> bool {
    entries.any(|entry| ends_in_condition(entry, &mut [false; TABLES.len()]))
}

/// Whether an entry, or one of those that may follow it, ends in a condition; `seen` are the tables that were looked at.
fn ends_in_condition(entry: &Entry, seen: &mut [bool]) -> bool {
    entry.arguments.ends_in_condition() || leads_to_condition(&entry.arguments, seen)
}

fn leads_to_condition(node: &Node, seen: &mut [bool]) -> bool {
    match node {
        Node::Table(table) if std::mem::replace(&mut seen[*table], true) => false,
        Node::Table(table) => TABLES[*table].entries.iter().any(|entry| ends_in_condition(entry, seen)),
        Node::Seq(nodes) | Node::Choice(nodes) => nodes.iter().any(|node| leads_to_condition(node, seen)),
        Node::Optional(node) | Node::Guard(_, node) | Node::Required(node) => leads_to_condition(node, seen),
        // What may be said again and again are options, and behind none of them is a condition.
        Node::Repeat(..) | Node::Literal(_) | Node::Call(..) | Node::Place(_) | Node::Rest | Node::Code(_) => false,
    }
}

/// Every keyword's name, for suggestions.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().flat_map(|t| t.entries).map(|e| e.key.trim_end_matches(['(', '#']))
}

/// People write `set-var` for `set-var(…)`.
fn lookup(table: &'static Table, word: &str) -> impl Iterator<Item = &'static Entry> + use<> {
    let exact = table.find(word);
    let called = if exact.is_empty() { table.find(&format!("{word}(")) } else { &[] };
    exact.iter().chain(called)
}

fn descend(keyword: Keyword, rest: &[&str], found: &mut Vec<Keyword>) {
    let Some((next, rest)) = rest.split_first() else {
        found.push(keyword);
        return;
    };
    let mut tables = Vec::new();
    tables_in(&keyword.entry.arguments, &mut tables);
    for table in tables {
        for entry in lookup(table, next) {
            descend(Keyword { path: format!("{} {}", keyword.path, entry.word()), table, entry }, rest, found);
        }
    }
}

/// The tables that may follow in a signature.
pub(crate) fn tables_in(node: &'static Node, tables: &mut Vec<&'static Table>) {
    match node {
        Node::Table(index) => tables.push(&TABLES[*index]),
        Node::Place(place) => tables.extend(place.of.table.and_then(super::table)),
        Node::Seq(nodes) | Node::Choice(nodes) => nodes.iter().for_each(|n| tables_in(n, tables)),
        Node::Optional(node) | Node::Repeat(node, _) | Node::Guard(_, node) | Node::Required(node) => tables_in(node, tables),
        Node::Literal(_) | Node::Call(..) | Node::Rest | Node::Code(_) => {}
    }
}
