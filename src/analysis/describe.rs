//! What is known of a keyword, in sentences: for `explain`, and for an editor where the cursor rests.

mod names;
mod place;
mod rows;
mod sample;

pub use names::{beginning, names};
pub use place::describe_at;
pub(super) use place::{describe_entry, describe_word};
pub(super) use sample::describe_call;
pub use sample::describe_expression;

use std::{borrow::Cow, ops::Range};

use rows::{in_words, parts, place};

use crate::{
    catalog::{self, Entry, Keyword, Node, Route, Table, Words, Written, alternative, arguments, keywords, noun, routes, words},
    syntax::{Naming, SECTIONS, SectionKind, section_kind},
    version::VersionSet,
};

/// What is known of a keyword, an argument of it, a sample fetch or a converter, for some versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Description {
    /// The words that lead to it: `http-request deny`.
    pub path: String,
    /// How it is written, in each of the versions that write it differently.
    pub forms: Vec<Form>,
    /// The bytes of the first form that are meant, where that is a part of it.
    pub marked: Option<Range<usize>>,
    /// What it does.
    pub text: Cow<'static, str>,
    /// Lines that use it.
    pub examples: Vec<&'static str>,
    /// What else is known: a name and a sentence each.
    pub rows: Vec<(&'static str, String)>,
    /// The words that may stand behind it.
    pub lists: Vec<List>,
    /// The address of what HAProxy's manual says of it; empty where it says nothing.
    pub manual: String,
}

/// How something is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Form {
    /// All of it: `http-request deny [ deny_status <status> ]`.
    pub text: String,
    /// The versions.
    pub versions: VersionSet,
}

/// Words of which one may stand in a place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct List {
    /// What one of them is called: an `option`, an `action`.
    pub noun: &'static str,
    /// The words.
    pub members: Vec<Member>,
}

/// A word, and the beginning of what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// The word, with those that lead to it where it stands in a list of its own.
    pub name: String,
    /// What it does, in a few words.
    pub text: &'static str,
    /// The versions that take it.
    pub versions: VersionSet,
}

/// Entries of one word of one table.
struct Group {
    table: &'static Table,
    word: String,
    entries: Vec<&'static Entry>,
}

/// What is known of `words` in `versions`: of a keyword with the words that lead to it (`http-request deny`), of an option alone
/// (`check`), or of an argument (`balance leastconn`). Those of `section` only, if one is named.
///
/// ```
/// use haproxy_lint::{analysis::describe, version::{Version, VersionSet}};
/// let of_2_6 = describe("mode", None, VersionSet::only(Version::new(2, 6, 12)));
/// assert_eq!(of_2_6[0].forms[0].text, "mode { tcp | http }");
/// assert_eq!(of_2_6[0].manual, "https://docs.haproxy.org/2.6/configuration.html#4.2-mode");
/// ```
pub fn describe(words: &str, section: Option<SectionKind>, versions: VersionSet) -> Vec<Description> {
    let asked: Vec<&str> = words.split_whitespace().collect();
    let groups = groups(keywords(words));
    let whole = groups.iter().filter_map(|group| group.describe(&asked, section, versions)).collect::<Vec<_>>();
    if !whole.is_empty() {
        return whole;
    }
    // The section may be said, too: `backend mode`.
    match asked.split_first().and_then(|(first, rest)| Some((section_kind(first)?.kind, rest.join(" ")))) {
        Some((kind, rest)) if section.is_none() => describe(&rest, Some(kind), versions),
        _ => described_argument(&asked, section, versions),
    }
}

/// What is known of the section that a keyword opens.
pub fn describe_section(keyword: &str, versions: VersionSet) -> Option<Description> {
    let section = SECTIONS.iter().find(|section| section.keyword == keyword)?;
    let said = words("section", keyword, "");
    let mut description = Description {
        path: keyword.to_owned(),
        forms: vec![Form { text: format!("{keyword}{}", named_as(section.naming)), versions: section.versions }],
        text: said.map_or("", |said| said.text).into(),
        manual: manual(said, keyword, section.versions, versions),
        ..Description::default()
    };
    description.rows.push(("what", "a section".to_owned()));
    description.rows.push(("versions", in_words(section.versions)));
    description.add_verdict(section.versions, versions);
    let table = catalog::section_table(section.kind);
    let entries = table.into_iter().flat_map(|table| table.entries.iter().map(move |entry| (table, entry)));
    for (table, entry) in entries.filter(|(_, entry)| entry.taken_by().meets(versions) && catalog::takes(entry, section.kind)) {
        let text = words(table.name, entry.key, "").map_or("", Words::short);
        description.add_member("keyword", Member { name: entry.word(), text, versions: entry.taken_by() });
    }
    Some(description)
}

/// What stands behind the keyword of a section.
fn named_as(naming: Naming) -> &'static str {
    match naming {
        Naming::Required => " <name>",
        Naming::Optional => " [ <name> ]",
        Naming::None | Naming::Ignored => "",
    }
}

fn groups(keywords: Vec<Keyword>) -> Vec<Group> {
    let mut all: Vec<Group> = Vec::new();
    for keyword in keywords {
        let word = keyword.entry.key.trim_end_matches(['(', '#']).to_owned();
        match all.iter_mut().find(|group| group.table.name == keyword.table.name && group.word == word) {
            Some(group) => group.entries.push(keyword.entry),
            None => all.push(Group { table: keyword.table, word, entries: vec![keyword.entry] }),
        }
    }
    // A keyword of a section is meant before an option of the same name.
    let section = |group: &Group| {
        let of = |kind| catalog::section_table(kind).is_some_and(|table| table.name == group.table.name);
        SECTIONS.iter().position(|section| of(section.kind)).unwrap_or(SECTIONS.len())
    };
    all.sort_by_key(section);
    all
}

/// The ways to a table that what was asked goes, without its last word, and that are in the section.
fn ways(table: &'static Table, asked: &[&str], section: Option<SectionKind>) -> Vec<Route> {
    let before = asked.split_last().map_or(&[][..], |(_, before)| before);
    let mut all = routes(table).to_vec();
    for route in &mut all {
        route.sections.retain(|kind| section.is_none_or(|section| section == *kind));
    }
    let goes = |route: &Route| before.is_empty() || route.words.iter().rev().zip(before.iter().rev()).all(|(a, b)| a == b);
    all.retain(|route| !route.sections.is_empty());
    let (mut exact, rest): (Vec<Route>, Vec<Route>) = all.into_iter().partition(goes);
    // Options of `server` are known by it, not by `default-server`.
    exact.sort_by_key(|route| route.words.last().is_some_and(|word| word != table.name));
    if exact.is_empty() && before.is_empty() { rest } else { exact }
}

impl Group {
    fn describe(&self, asked: &[&str], section: Option<SectionKind>, versions: VersionSet) -> Option<Description> {
        let ways = ways(self.table, asked, section);
        let way = ways.first()?;
        let known = known(&self.entries) & ways.iter().fold(VersionSet::NONE, |all, way| all | way.versions);
        let taken: Vec<&Entry> = self.entries.iter().copied().filter(|entry| entry.taken_by().meets(versions)).collect();
        let mut shown = if taken.is_empty() { self.entries.clone() } else { taken };
        // What does nothing in some sections is no other way to write it.
        if shown.iter().any(|entry| entry.sections.taken != 0) {
            shown.retain(|entry| entry.sections.taken != 0);
        }
        let said = words(self.table.name, &self.word, "");
        let path = joined(&way.words, " ", &self.word);
        if known.is_empty() {
            return Some(self.gone(said, path, versions));
        }
        let mut written = Written::default();
        let mut description = Description {
            forms: forms(way, &shown, versions, &mut written),
            text: said.map_or("", |said| said.text).into(),
            examples: said.map_or(Vec::new(), |said| examples_of(said, &path)),
            manual: manual(said, &listed_as(&path, &self.entries), known, versions),
            path,
            ..Description::default()
        };
        description.rows.push(("where", place(&ways, &self.entries, versions)));
        description.rows.push(("versions", in_words(known)));
        self.add_members(&shown, versions, &mut description, &mut written);
        description.rows.extend(parts(&written.parts, versions));
        shown.iter().for_each(|entry| description.add_arguments(&entry.arguments, versions));
        shown.iter().for_each(|entry| description.add_notes(entry));
        description.add_verdict(known, versions);
        Some(description)
    }

    /// What is said of one of the words that may stand behind it.
    fn argument(&self, before: &[&str], last: &str, section: Option<SectionKind>, versions: VersionSet) -> Option<Description> {
        let way = ways(self.table, before, section).into_iter().next()?;
        let found = self.entries.iter().rev().find_map(|entry| alternative(&entry.arguments, last).map(|found| (*entry, found)))?;
        let (entry, (node, set)) = found;
        let said = words(self.table.name, &self.word, last);
        let whole = words(self.table.name, &self.word, "");
        let path = joined(&way.words, " ", &self.word);
        let mut written = Written::default();
        let text = written.node(node, versions)?;
        let known = set & entry.taken_by() & way.versions;
        let mut description = Description {
            path: format!("{path} {last}"),
            forms: vec![Form { text: format!("{path} {}", text.trim_end_matches(" ...")), versions: known }],
            text: said.or(whole).map_or("", |said| said.text).into(),
            examples: said.map_or(Vec::new(), |said| examples_of(said, &path)),
            manual: manual(whole, &path, known, versions),
            ..Description::default()
        };
        description.rows.push(("versions", in_words(known)));
        description.add_arguments(node, versions);
        description.add_verdict(known, versions);
        Some(description)
    }

    /// What is left to say of a keyword that no version takes.
    fn gone(&self, said: Option<&'static Words>, path: String, versions: VersionSet) -> Description {
        let mut description = Description {
            forms: vec![Form { text: path.clone(), versions: VersionSet::NONE }],
            text: said.map_or("", |said| said.text).into(),
            manual: manual(said, &path, VersionSet::NONE, versions),
            path,
            ..Description::default()
        };
        description.rows.push(("versions", in_words(VersionSet::NONE)));
        self.entries.iter().for_each(|entry| description.add_notes(entry));
        description.add_verdict(VersionSet::NONE, versions);
        description
    }

    /// The words that may stand behind it; those that no version takes that was asked about come to the parts.
    fn add_members(&self, entries: &[&'static Entry], versions: VersionSet, description: &mut Description, written: &mut Written) {
        let mut tables = Vec::new();
        entries.iter().for_each(|entry| catalog::tables_in(&entry.arguments, &mut tables));
        for entry in tables.iter().flat_map(|table| table.entries) {
            let of_word = |table: &&Table| known(&table.find(entry.key).iter().collect::<Vec<_>>());
            let set = tables.iter().find(|table| !table.find(entry.key).is_empty()).map_or(VersionSet::NONE, of_word);
            if !set.is_empty() && !set.meets(versions) {
                written.parts.push((entry.word(), set));
            }
        }
        for table in tables {
            for entry in table.entries.iter().filter(|entry| entry.taken_by().meets(versions)) {
                let text = words(table.name, entry.key, "").map_or("", Words::short);
                let member = Member { name: entry.word(), text, versions: entry.taken_by() };
                description.add_member(noun(table.name), member);
            }
        }
        for said in arguments(self.table.name, &self.word) {
            let set = entries.iter().filter_map(|entry| known_argument(entry, said.argument)).fold(VersionSet::NONE, |all, set| all | set);
            if set.meets(versions) {
                let name = entries.iter().find_map(|entry| alternative(&entry.arguments, said.argument)).map(|(node, _)| head(node));
                let name = name.unwrap_or_else(|| said.argument.to_owned());
                description.add_member("argument", Member { name, text: said.short(), versions: set });
            }
        }
    }
}

/// An argument of a keyword, such as `balance leastconn`.
fn described_argument(asked: &[&str], section: Option<SectionKind>, versions: VersionSet) -> Vec<Description> {
    let Some((last, before)) = asked.split_last().filter(|(_, before)| !before.is_empty()) else { return Vec::new() };
    groups(keywords(&before.join(" "))).iter().filter_map(|group| group.argument(before, last, section, versions)).collect()
}

/// The first word of a piece of a signature.
fn head(node: &Node) -> String {
    match node {
        Node::Seq([first, ..]) => head(first),
        node => node.to_string(),
    }
}

/// The versions that take an argument of an entry.
fn known_argument(entry: &'static Entry, argument: &str) -> Option<VersionSet> {
    let known = |word| alternative(&entry.arguments, word).map(|(_, set)| set);
    argument.split(' ').map(known).try_fold(entry.taken_by(), |all, set| Some(all & set?))
}

fn joined(words: &[String], between: &str, word: &str) -> String {
    words.iter().map(String::as_str).chain([word]).collect::<Vec<_>>().join(between)
}

/// How the entries are written; those that are written alike together.
fn forms(way: &Route, entries: &[&'static Entry], versions: VersionSet, all: &mut Written) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    for entry in entries {
        let arguments = all.node(&entry.arguments, versions).unwrap_or_default();
        let text = format!("{} {arguments}", joined(&way.words, if way.gap { " ... " } else { " " }, &entry.word()));
        // HAProxy looks at nothing behind it: that is no argument.
        let text = text.trim_end().trim_end_matches(" ...").to_owned();
        match forms.iter_mut().find(|form| form.text == text) {
            Some(form) => form.versions = form.versions | entry.taken_by(),
            None => forms.push(Form { text, versions: entry.taken_by() }),
        }
    }
    forms
}

fn known(entries: &[&Entry]) -> VersionSet {
    entries.iter().fold(VersionSet::NONE, |all, entry| all | entry.taken_by())
}

/// The manual of the newest version that is asked about and knows it, or of the newest one that knows it.
fn manual(said: Option<&Words>, path: &str, known: VersionSet, versions: VersionSet) -> String {
    let newest = |set: VersionSet| {
        let released = set & VersionSet::supported();
        if released.is_empty() { set.iter().last() } else { released.iter().last() }
    };
    let version = newest(known & versions).or_else(|| newest(known)).or_else(|| newest(versions));
    version.and_then(|version| said?.manual(path, version)).unwrap_or_default()
}

/// How the manual lists it: a word with a number behind it with the first one, as `track-sc0`.
fn listed_as(path: &str, entries: &[&Entry]) -> String {
    let numbered = entries.iter().any(|entry| entry.key.ends_with('#'));
    if numbered { format!("{path}0") } else { path.to_owned() }
}

/// The examples of an action that are about this list of rules, and all others.
fn examples_of(said: &'static Words, path: &str) -> Vec<&'static str> {
    let list = path.split(' ').next().unwrap_or_default();
    let of_list = |line: &&str| !path.contains(' ') || line.starts_with(list);
    said.examples.iter().copied().filter(of_list).collect()
}

impl Description {
    /// Adds a member to its list; one of the same name becomes known to these versions, too.
    fn add_member(&mut self, noun: &'static str, member: Member) {
        if !self.lists.iter().any(|list| list.noun == noun) {
            self.lists.push(List { noun, members: Vec::new() });
        }
        let bare = |name: &str| name.split('(').next().unwrap_or_default().to_owned();
        for list in self.lists.iter_mut().filter(|list| list.noun == noun) {
            match list.members.iter_mut().find(|known| bare(&known.name) == bare(&member.name)) {
                Some(known) => known.versions = known.versions | member.versions,
                None => list.members.push(member.clone()),
            }
        }
    }
}

impl Description {
    /// A line below the form that points at what is meant of it.
    pub fn carets(&self) -> String {
        let columns = |range: Range<usize>| self.forms.first().and_then(|form| form.text.get(range)).map_or(0, |text| text.chars().count());
        self.marked
            .clone()
            .map_or_else(String::new, |marked| format!("\n{}{}", " ".repeat(columns(0..marked.start)), "^".repeat(columns(marked))))
    }

    /// All of it in Markdown, as editors show it where the cursor rests.
    pub fn markdown(&self) -> String {
        let forms: Vec<&str> = self.forms.iter().map(|form| form.text.as_str()).collect();
        let mut text = format!("```haproxy\n{}{}\n```\n", forms.join("\n"), self.carets());
        if !self.text.is_empty() {
            text += &format!("\n{}\n", self.text);
        }
        text.push('\n');
        for (name, row) in &self.rows {
            text += &format!("- *{name}:* {row}\n");
        }
        if !self.examples.is_empty() {
            text += &format!("\n```haproxy\n{}\n```\n", self.examples.join("\n"));
        }
        if !self.manual.is_empty() {
            text += &format!("\n[HAProxy's manual]({})\n", self.manual);
        }
        text
    }
}
