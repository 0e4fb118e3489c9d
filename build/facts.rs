//! What is known of keywords in their places, as `src/catalog/facts.rs` has it: a tree of the words that lead to each keyword.

use std::{collections::BTreeSet, fmt::Write as _, fs};

use crate::{Entry, lookup};

/// Where the sections are listed, and how a line of the list begins.
const SECTIONS: (&str, &str) = ("src/syntax/section.rs", "section(\"");

/// The sections that have their keywords in one table.
const PROXIES: [&str; 4] = ["defaults", "frontend", "backend", "listen"];

/// The number of the table that a signature begins with, of its text in Rust.
pub(crate) fn behind(signature: &str) -> Option<usize> {
    let mut node = signature;
    while let Some(first) = node.strip_prefix("Node::Seq(&[") {
        node = first;
    }
    node.strip_prefix("Node::Table(")?.split(')').next()?.parse().ok()
}

/// The text of Rust: the keywords of each section, and which section has which.
pub(crate) fn generate(tables: &[(String, Vec<Entry>)]) -> Result<String, String> {
    let mut made = Made { tables, lists: Vec::new() };
    let (mut roots, mut arms): (Vec<(usize, List)>, String) = (Vec::new(), String::new());
    for (keyword, kind) in sections()? {
        let name = if PROXIES.contains(&keyword.as_str()) { "proxy" } else { &keyword };
        let Some(table) = tables.iter().position(|(table, _)| table == name) else { continue };
        let root = match roots.iter().position(|(known, _)| *known == table) {
            Some(root) => root,
            None => {
                roots.push((table, made.list(table, None)?));
                roots.len() - 1
            }
        };
        let _ = writeln!(arms, "        SectionKind::{kind} => {root},");
    }
    let mut out = made.lists.concat();
    let _ = writeln!(out, "/// The keywords of sections.\nstatic FACTS: [Facts; {}] = [", roots.len());
    roots.iter().for_each(|(_, list)| out += &format!("    {},\n", list.text));
    let _ = writeln!(
        out,
        "];\n\n/// Which of them are those of a section.\nfn number(kind: SectionKind) -> usize {{\n    match kind {{\n{arms}        _ => usize::MAX,\n    }}\n}}"
    );
    Ok(out)
}

/// The keyword of each section, and its name in Rust.
fn sections() -> Result<Vec<(String, String)>, String> {
    let (file, sign) = SECTIONS;
    let text = fs::read_to_string(file).map_err(|e| format!("{file}: {e}"))?;
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix(sign)?.split_once("\", K::"));
    let sections: Vec<_> = lines.filter_map(|(keyword, rest)| Some((keyword.to_owned(), rest.split(',').next()?.to_owned()))).collect();
    if sections.is_empty() { Err(format!("{file}: no line begins with `{sign}`")) } else { Ok(sections) }
}

/// A keyword that others stand behind.
struct Parent<'a> {
    /// The words that lead to it, and it.
    name: &'a str,
    /// Where it is.
    place: String,
    /// How many words it is.
    words: usize,
}

/// The keywords that may stand at a place.
struct List {
    /// The list in Rust.
    text: String,
    /// The kinds of all their notes, and of those that may stand behind them.
    kinds: BTreeSet<&'static str>,
}

/// The lists as they are made; each is a static of its own.
struct Made<'a> {
    tables: &'a [(String, Vec<Entry>)],
    lists: Vec<String>,
}

impl Made<'_> {
    /// The keywords of a table, behind another one.
    fn list(&mut self, table: usize, parent: Option<&Parent<'_>>) -> Result<List, String> {
        let number = self.lists.len();
        self.lists.push(String::new());
        let (tables, mut all) = (self.tables, BTreeSet::new());
        let entries = &tables[table].1;
        let (mut words, mut facts, mut from): (Vec<&str>, String, usize) = (Vec::new(), String::new(), 0);
        for group in entries.chunk_by(|a, b| word(a) == word(b)) {
            let key = word(&group[0]);
            if words.contains(&key) {
                return Err(format!("the entries of `{key}` do not stand together"));
            }
            let name = parent.map_or(key.to_owned(), |parent| format!("{} {key}", parent.name));
            let own =
                Parent { name: &name, place: format!("F{number}[{}]", words.len()), words: parent.map_or(1, |parent| parent.words + 1) };
            let inner = match group.iter().find_map(|entry| entry.behind) {
                Some(table) => self.list(table, Some(&own))?,
                None => List { text: "Facts::NONE".to_owned(), kinds: BTreeSet::new() },
            };
            let kinds: BTreeSet<&str> = group.iter().flat_map(|entry| entry.kinds.iter().copied()).collect();
            let all_kinds: BTreeSet<&str> = kinds.union(&inner.kinds).copied().collect();
            let _ = writeln!(
                facts,
                "    Fact {{ name: {name:?}, key: {key:?}, words: {}, parent: {}, entries: part({table}, {from}, {}), kinds: {}, all_kinds: {}, inner: {}, options: OnceLock::new(), conditional: OnceLock::new(), with_address: OnceLock::new(), with_format: OnceLock::new(), valued: OnceLock::new() }},",
                own.words,
                parent.map_or("None".to_owned(), |parent| format!("Some(&{})", parent.place)),
                group.len(),
                bits(&kinds),
                bits(&all_kinds),
                inner.text,
            );
            words.push(key);
            all.extend(all_kinds);
            from += group.len();
        }
        let slots = lookup::slots(words.iter().copied());
        self.lists[number] = format!("static F{number}: [Fact; {}] = [\n{facts}];\n", words.len());
        Ok(List { text: format!("Facts {{ list: &F{number}, index: Index::of(&{slots:?}) }}"), kinds: all })
    }
}

/// The word of an entry, without what stands for more of it.
fn word(entry: &Entry) -> &str {
    entry.key.trim_end_matches(['(', '#'])
}

/// A bit for each kind of notes, in Rust.
fn bits(kinds: &BTreeSet<&str>) -> String {
    let bits: Vec<String> = kinds.iter().map(|kind| format!("1 << NoteKind::{kind} as u32")).collect();
    if bits.is_empty() { "0".to_owned() } else { bits.join(" | ") }
}
