//! What is known of a keyword, in sentences: for `explain`, and for an editor where the cursor rests.

use crate::{
    catalog::{
        self, Entry, Keyword, Node, NoteKind, Place, Route, TABLES, Table, Words, Written, alternative, arguments, keywords, noun, routes,
        words,
    },
    expression::{Signature, aliases, converter_names, fetch_names, lookup_acl, lookup_converter, lookup_fetch},
    syntax::{Naming, SECTIONS, SectionKind, Text, Word},
    version::VersionSet,
};

use super::{Cursor, View};

/// What is known of a keyword, an argument of it, a sample fetch or a converter, for some versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Description {
    /// The words that lead to it: `http-request deny`.
    pub path: String,
    /// How it is written, in each of the versions that write it differently.
    pub forms: Vec<Form>,
    /// What it does.
    pub text: &'static str,
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
    if whole.is_empty() { described_argument(&asked, section, versions) } else { whole }
}

/// What is known of the section that a keyword opens.
pub fn describe_section(keyword: &str, versions: VersionSet) -> Option<Description> {
    let section = SECTIONS.iter().find(|section| section.keyword == keyword)?;
    let said = words("section", keyword, "");
    let mut description = Description {
        path: keyword.to_owned(),
        forms: vec![Form { text: format!("{keyword}{}", named_as(section.naming)), versions: section.versions }],
        text: said.map_or("", |said| said.text),
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

/// What is known of the keyword under the cursor.
pub fn describe_at(view: &View<'_>, cursor: Cursor) -> Vec<Description> {
    let (Some(section), Some(statement)) = (view.section(cursor), view.statement(cursor)) else { return Vec::new() };
    let touched = |word: &Word<'_>| word.location.span.start <= cursor.offset && cursor.offset <= word.location.span.end;
    let Some(here) = statement.words().position(|word| touched(&word)) else { return Vec::new() };
    let answer = catalog::ask(statement, &view.place(Some(&section)), view.versions());
    let path: Vec<String> = answer.entries.iter().filter(|(at, _)| *at < here).map(|(_, entry)| entry.word()).collect();
    let entry = answer.entries.iter().find(|(at, _)| *at == here).map(|(_, entry)| entry.word());
    let argument = statement.word(here).and_then(|word| if let Text::Known(text) = word.text { Some(text.to_owned()) } else { None });
    let asked = path.into_iter().chain(entry.or(argument)).collect::<Vec<_>>().join(" ");
    describe(&asked, Some(section.kind), view.versions())
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
        let mut written = Written::default();
        let mut description = Description {
            forms: forms(way, &shown, versions, &mut written),
            text: said.map_or("", |said| said.text),
            examples: said.map_or(Vec::new(), |said| examples_of(said, &path)),
            manual: manual(said, &listed_as(&path, &self.entries), known, versions),
            path,
            ..Description::default()
        };
        description.rows.push(("where", place(&ways, &self.entries)));
        description.rows.push(("versions", in_words(known)));
        self.add_members(&shown, versions, &mut description, &mut written);
        description.rows.extend(parts(&written.parts, versions));
        shown.iter().for_each(|entry| description.add_arguments(&entry.arguments, versions));
        shown.iter().for_each(|entry| description.add_notes(entry));
        description.add_verdict(known, versions);
        Some(description)
    }

    /// The words that may stand behind it; those that no version takes that was asked about come to the parts.
    fn add_members(&self, entries: &[&'static Entry], versions: VersionSet, description: &mut Description, written: &mut Written) {
        let mut tables = Vec::new();
        entries.iter().for_each(|entry| catalog::tables_in(&entry.arguments, &mut tables));
        for entry in tables.iter().flat_map(|table| table.entries) {
            let of_word = |table: &&Table| known(&table.find(entry.key).iter().collect::<Vec<_>>());
            let set = tables.iter().find(|table| !table.find(entry.key).is_empty()).map_or(VersionSet::NONE, |table| of_word(table));
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
    let of_group = |group: &Group| {
        let way = ways(group.table, before, section).into_iter().next()?;
        let found = group.entries.iter().rev().find_map(|entry| alternative(&entry.arguments, last).map(|found| (*entry, found)))?;
        let (entry, (node, set)) = found;
        let said = words(group.table.name, &group.word, last);
        let whole = words(group.table.name, &group.word, "");
        let path = joined(&way.words, " ", &group.word);
        let mut written = Written::default();
        let text = written.node(node, versions)?;
        let known = set & entry.taken_by() & way.versions;
        let mut description = Description {
            path: format!("{path} {last}"),
            forms: vec![Form { text: format!("{path} {}", text.trim_end_matches(" ...")), versions: known }],
            text: said.or(whole).map_or("", |said| said.text),
            examples: said.map_or(Vec::new(), |said| examples_of(said, &path)),
            manual: manual(whole, &path, known, versions),
            ..Description::default()
        };
        description.rows.push(("versions", in_words(known)));
        description.add_arguments(node, versions);
        description.add_verdict(known, versions);
        Some(description)
    };
    groups(keywords(&before.join(" "))).iter().filter_map(of_group).collect()
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

/// The versions in words; a set that is all of them is not worth a range.
fn in_words(versions: VersionSet) -> String {
    match versions {
        VersionSet::ALL => "2.4 and later".to_owned(),
        VersionSet::NONE => "none from 2.4 on".to_owned(),
        some => some.to_string(),
    }
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

/// Where it stands: the sections, and where it does nothing.
fn place(ways: &[Route], entries: &[&Entry]) -> String {
    const PROXIES: [SectionKind; 4] = [SectionKind::Defaults, SectionKind::Frontend, SectionKind::Listen, SectionKind::Backend];
    let bits = |pick: fn(&Entry) -> u8| entries.iter().fold(0, |all, entry| all | pick(entry));
    let (taken, ignored) = (bits(|e| e.sections.taken), bits(|e| e.sections.ignored));
    let named = entries.iter().all(|entry| entry.sections.named_defaults_only) || ways.iter().all(|way| way.named);
    let (mut in_force, mut without_effect) = (Vec::new(), Vec::new());
    for kind in ways.iter().flat_map(|way| &way.sections) {
        let bit = PROXIES.iter().position(|proxy| proxy == kind);
        let name = if *kind == SectionKind::Defaults && named { "defaults with a name" } else { kind.keyword() };
        match bit {
            Some(bit) if taken >> bit & 1 == 0 && ignored >> bit & 1 == 1 => without_effect.push(name),
            Some(bit) if taken >> bit & 1 == 0 => {}
            _ if !in_force.contains(&name) => in_force.push(name),
            _ => {}
        }
    }
    let mut text = if in_force.is_empty() { "nowhere".to_owned() } else { in_force.join(", ") };
    if !without_effect.is_empty() {
        text += &format!("; without effect, and with a warning, in {}", without_effect.join(", "));
    }
    text
}

/// The examples of an action that are about this list of rules, and all others.
fn examples_of(said: &'static Words, path: &str) -> Vec<&'static str> {
    let list = path.split(' ').next().unwrap_or_default();
    let of_list = |line: &&str| !path.contains(' ') || line.starts_with(list);
    said.examples.iter().copied().filter(of_list).collect()
}

/// The parts that not all of the versions take, by the versions that do.
fn parts(parts: &[(String, VersionSet)], versions: VersionSet) -> Vec<(&'static str, String)> {
    let mut sets: Vec<(VersionSet, Vec<String>)> = Vec::new();
    for (part, set) in parts.iter().filter(|(_, set)| !set.covers(versions)) {
        let part = format!("`{}`", part.trim_end_matches(" ..."));
        match sets.iter_mut().find(|(known, _)| known == set) {
            Some((_, parts)) if parts.contains(&part) => {}
            Some((_, parts)) => parts.push(part),
            None => sets.push((*set, vec![part])),
        }
    }
    sets.sort_by_key(|(set, _)| set.iter().next());
    let row = |(set, parts): (VersionSet, Vec<String>)| {
        let name = match (set.meets(versions), set.iter().next() > versions.iter().next()) {
            (true, _) => "parts",
            (false, true) => "later",
            (false, false) => "earlier",
        };
        (name, format!("{set}: {}", parts.join(", ")))
    };
    sets.into_iter().map(row).collect()
}

/// The places for words in these versions, but for those in other tables.
fn places(node: &'static Node, versions: VersionSet, found: &mut Vec<&'static Place>) {
    match node {
        Node::Place(place) => found.push(place),
        Node::Call(_, arguments) => found.extend(arguments.iter().map(|argument| &argument.place)),
        Node::Seq(nodes) | Node::Choice(nodes) => nodes.iter().for_each(|node| places(node, versions, found)),
        Node::Optional(node) | Node::Repeat(node, _) | Node::Required(node) => places(node, versions, found),
        Node::Guard(set, node) if set.meets(versions) => places(node, versions, found),
        Node::Guard(..) | Node::Literal(_) | Node::Table(_) | Node::Rest | Node::Code(_) => {}
    }
}

/// What a word at a place has to be; nothing where any word will do.
fn said_of(place: &Place) -> Option<String> {
    let mut text = words("type", place.kind, "")?.text.trim_end_matches('.').to_owned();
    match place.range {
        Some((i64::MIN, to)) => text += &format!(", at most {to}"),
        Some((from, i64::MAX)) => text += &format!(", at least {from}"),
        Some((from, to)) => text += &format!(" from {from} to {to}"),
        None => {}
    }
    let parameters = place.parameter.split(' ').filter(|word| !word.is_empty() && !word.contains(".."));
    match place.kind {
        "time" | "delay" | "timer" => {
            text += if place.parameter == "s" { ", in seconds without a unit" } else { ", in milliseconds without a unit" }
        }
        "listed" | "anycase" | "decryption" => text += &format!(": {}", parameters.collect::<Vec<_>>().join(", ")),
        _ if place.parameter.ends_with("nonzero") => text += ", and not 0",
        _ => {}
    }
    Some(text)
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

    fn add_arguments(&mut self, node: &'static Node, versions: VersionSet) {
        let mut found = Vec::new();
        places(node, versions, &mut found);
        for place in found {
            let Some(text) = said_of(place) else { continue };
            let text = format!("<{}> is {text}", place.label);
            if !self.rows.iter().any(|(_, known)| *known == text) {
                self.rows.push(("argument", text));
            }
        }
    }

    fn add_notes(&mut self, entry: &Entry) {
        for note in entry.notes {
            let set = if note.versions == VersionSet::ALL { String::new() } else { format!("HAProxy {}: ", note.versions) };
            let Some((name, text)) = in_sentences(note.kind) else { continue };
            let text = match note.kind {
                NoteKind::Needs | NoteKind::Rare => note.feature.to_owned(),
                _ if text.is_empty() => note.advice.to_string(),
                _ => text.to_owned(),
            };
            let text = format!("{set}{text}").trim_end_matches([' ', ':']).to_owned();
            if !self.rows.contains(&(name, text.clone())) {
                self.rows.push((name, text));
            }
        }
    }

    /// What the one version says that is asked about.
    fn add_verdict(&mut self, known: VersionSet, versions: VersionSet) {
        let mut all = versions.iter();
        if let (Some(target), None) = (all.next(), all.next()) {
            let taken = if known.contains(target) { "takes it" } else { "refuses it" };
            self.rows.push(("target", format!("HAProxy {target} {taken}")));
        }
    }
}

impl Description {
    /// All of it in Markdown, as editors show it where the cursor rests.
    pub fn markdown(&self) -> String {
        let forms: Vec<&str> = self.forms.iter().map(|form| form.text.as_str()).collect();
        let mut text = format!("```haproxy\n{}\n```\n", forms.join("\n"));
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

/// What a note means, for people; with an empty text its advice is meant.
fn in_sentences(kind: NoteKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        NoteKind::Removed => ("removed", ""),
        NoteKind::Deprecated => ("deprecated", ""),
        NoteKind::Discouraged => ("successor", ""),
        NoteKind::Experimental => ("experimental", "wants `expose-experimental-directives` in `global`"),
        NoteKind::Exposed => ("exposed", "wants `expose-deprecated-directives` in `global`"),
        NoteKind::Warns => ("warning", ""),
        NoteKind::Aborts => ("errors", "stop HAProxy's reading at once: what comes later is not looked at"),
        NoteKind::NoDefaultServer => ("but not", "in `default-server` lines"),
        NoteKind::NoNegation => ("but not", "with `no` or `default` before it"),
        NoteKind::NoDefault => ("but not", "with `default` before it"),
        NoteKind::Prefix => ("beware", "HAProxy takes any word that begins so for this one"),
        NoteKind::Needs | NoteKind::Rare => ("needs", ""),
        NoteKind::LastCounts => ("repeated", "the last line counts"),
        NoteKind::FirstCounts => ("repeated", "the first line counts"),
        NoteKind::HttpOnly => ("mode", "does something in HTTP mode only"),
        NoteKind::Final => ("ends", "the list of rules that it stands in"),
        // What only rules ask for.
        _ => return None,
    })
}

/// What is known of a name in expressions and log formats: a sample fetch, a converter, an ACL criterion, an alias of log formats.
///
/// ```
/// use haproxy_lint::{analysis::describe_expression, version::VersionSet};
/// assert_eq!(describe_expression("path", VersionSet::ALL)[0].forms[0].text, "path");
/// ```
pub fn describe_expression(name: &str, versions: VersionSet) -> Vec<Description> {
    let bare = name.trim_start_matches('%').split('(').next().unwrap_or_default();
    let mut all = Vec::new();
    all.extend(of_sample("fetch", bare, lookup_fetch(bare), versions));
    all.extend(of_sample("converter", bare, lookup_converter(bare), versions));
    if let Some(acl) = lookup_acl(bare) {
        let text = format!("an ACL criterion: short for `{} -m {}`", acl.fetch, acl.method);
        let form = Form { text: acl.name.to_owned(), versions: VersionSet::ALL };
        all.push(Description { path: bare.to_owned(), forms: vec![form], rows: vec![("what", text)], ..Description::default() });
    }
    if let Some(alias) = aliases().iter().find(|alias| alias.name == bare) {
        let mut description = Description { path: format!("%{bare}"), ..Description::default() };
        description.forms.push(Form { text: format!("%{bare}"), versions: alias.versions });
        description.rows.push(("what", format!("a log-format alias{}", if alias.http { ", about HTTP" } else { "" })));
        description.rows.push(("value", alias.meaning.to_owned()));
        description.manual = manual(words("type", "fmt", ""), "", alias.versions, versions);
        description.rows.push(("versions", in_words(alias.versions)));
        description.add_verdict(alias.versions, versions);
        all.push(description);
    }
    all
}

fn of_sample(table: &str, name: &str, signatures: &'static [Signature], versions: VersionSet) -> Option<Description> {
    let taken: Vec<&Signature> = signatures.iter().filter(|signature| signature.versions.meets(versions)).collect();
    let shown = if taken.is_empty() { signatures.iter().collect() } else { taken };
    let newest = shown.last()?;
    let known = signatures.iter().fold(VersionSet::NONE, |all, signature| all | signature.versions);
    let said = words(table, name, "");
    // Of what a device detection may bring along, only some are fetches.
    said.map(|_| ()).or_else(|| name.starts_with("lua.").then_some(()))?;
    let form = |s: &&Signature| Form { text: if s.usage.is_empty() { name.to_owned() } else { s.usage.to_owned() }, versions: s.versions };
    let mut description = Description {
        path: name.to_owned(),
        forms: shown.iter().map(form).collect(),
        text: said.map_or("", |said| said.text),
        examples: said.map_or(Vec::new(), |said| said.examples.to_vec()),
        manual: manual(said, name, known, versions),
        ..Description::default()
    };
    description.forms.dedup_by(|b, a| a.text == b.text);
    let what = match newest.input {
        Some(input) => format!("a converter: {input} => {}", newest.output),
        None => format!("a sample fetch; it reads {}", newest.reads),
    };
    description.rows.push(("what", what));
    if newest.input.is_none() {
        description.rows.push(("gives", newest.output.noun().to_owned()));
    }
    description.rows.push(("versions", in_words(known)));
    description.add_verdict(known, versions);
    Some(description)
}

/// Every name of a keyword, an argument, a sample fetch or a converter, with the words that lead to it, that begins with `prefix`;
/// where none does, options and actions that begin so themselves.
///
/// ```
/// use haproxy_lint::{analysis::beginning, version::VersionSet};
/// assert_eq!(beginning("http-request den", VersionSet::ALL)[0].name, "http-request deny");
/// ```
pub fn beginning(prefix: &str, versions: VersionSet) -> Vec<Member> {
    let mut found = names(versions);
    found.retain(|member| member.name.starts_with(prefix));
    if found.is_empty() && !prefix.contains(' ') {
        found = named(versions, 1);
        found.retain(|member| member.name.rsplit(' ').next().is_some_and(|word| word.starts_with(prefix)));
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found.dedup_by(|b, a| {
        let same = a.name == b.name;
        if same {
            a.versions = a.versions | b.versions;
        }
        same
    });
    // What has more words only where nothing has as many.
    let words = |name: &str| name.split(' ').count();
    let fewest = found.iter().map(|member| words(&member.name)).min().unwrap_or_default();
    found.retain(|member| words(&member.name) == fewest);
    found
}

/// Every name of a keyword, an argument, a sample fetch or a converter that any of these versions has, with the words that lead to it.
pub fn names(versions: VersionSet) -> Vec<Member> {
    named(versions, usize::MAX)
}

/// The same, with so many of the ways to each word.
fn named(versions: VersionSet, most: usize) -> Vec<Member> {
    let mut all = Vec::new();
    for table in &TABLES {
        let mut routes = ways(table, &[], None);
        routes.truncate(most);
        for entry in table.entries.iter().filter(|entry| entry.taken_by().meets(versions)) {
            let text = words(table.name, entry.key, "").map_or("", Words::short);
            let names = routes.iter().map(|route| joined(&route.words, " ", entry.key.trim_end_matches(['(', '#'])));
            all.extend(names.map(|name| Member { name, text, versions: entry.taken_by() }));
            for said in arguments(table.name, entry.key) {
                let Some(versions) = known_argument(entry, said.argument).filter(|set| set.meets(versions)) else { continue };
                let argument = format!("{} {}", said.word, said.argument);
                all.extend(routes.first().map(|route| Member { name: joined(&route.words, " ", &argument), text: said.short(), versions }));
            }
        }
    }
    let known = |signatures: &[Signature]| signatures.iter().fold(VersionSet::NONE, |all, signature| all | signature.versions);
    let fetches = fetch_names().map(|name| ("fetch", name, known(lookup_fetch(name))));
    let converters = converter_names().map(|name| ("converter", name, known(lookup_converter(name))));
    let taken = fetches.chain(converters).filter(|(_, _, known)| known.meets(versions));
    all.extend(taken.map(|(table, name, versions)| {
        let text = words(table, name, "").map_or("", Words::short);
        Member { name: name.to_owned(), text, versions }
    }));
    all
}
