//! What is known of a keyword, in sentences: for `explain`, and for an editor where the cursor rests.

use crate::{
    catalog::{
        self, Entry, Keyword, Node, NoteKind, Place, Route, TABLES, Table, Words, Written, alternative, arguments, keywords, noun, routes,
        words,
    },
    expression::{Signature, aliases, lookup_acl, lookup_converter, lookup_fetch},
    syntax::{SECTIONS, SectionKind, Text, Word},
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
    pub examples: &'static [&'static str],
    /// What else is known: a name and a sentence each.
    pub rows: Vec<(&'static str, String)>,
    /// What the members are called.
    pub noun: &'static str,
    /// The words that may stand behind it.
    pub members: Vec<Member>,
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

/// A word, and the beginning of what is said of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Member {
    /// The word, with those that lead to it where it stands in a list of its own.
    pub name: String,
    /// What it does, in a few words.
    pub text: &'static str,
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
    all.sort_by_key(|group| !SECTIONS.iter().any(|s| catalog::section_table(s.kind).is_some_and(|t| t.name == group.table.name)));
    all
}

/// The ways to a table that what was asked goes, without its last word, and that are in the section.
fn ways(table: &'static Table, asked: &[&str], section: Option<SectionKind>) -> Vec<Route> {
    let before = asked.split_last().map_or(&[][..], |(_, before)| before);
    let mut all = routes(table);
    for route in &mut all {
        route.sections.retain(|kind| section.is_none_or(|section| section == *kind));
    }
    let goes = |route: &Route| before.is_empty() || route.words.iter().rev().zip(before.iter().rev()).all(|(a, b)| a == b);
    all.retain(|route| !route.sections.is_empty());
    let (exact, rest): (Vec<Route>, Vec<Route>) = all.into_iter().partition(goes);
    if exact.is_empty() { rest } else { exact }
}

impl Group {
    fn describe(&self, asked: &[&str], section: Option<SectionKind>, versions: VersionSet) -> Option<Description> {
        let ways = ways(self.table, asked, section);
        let way = ways.first()?;
        let taken: Vec<&Entry> = self.entries.iter().copied().filter(|entry| entry.taken_by().meets(versions)).collect();
        let shown = if taken.is_empty() { &self.entries } else { &taken };
        let said = words(self.table.name, &self.word, "");
        let path = joined(&way.words, " ", &self.word);
        let mut written = Written::default();
        let mut description = Description {
            forms: forms(way, shown, versions, &mut written),
            text: said.map_or("", |said| said.text),
            examples: said.map_or(&[], |said| said.examples),
            manual: manual(said, &path, known(&self.entries), versions),
            path,
            ..Description::default()
        };
        description.rows.push(("where", place(&ways, shown)));
        description.rows.push(("versions", in_words(known(&self.entries))));
        description.rows.extend(parts(&written.parts, versions));
        shown.iter().for_each(|entry| description.add_arguments(&entry.arguments, versions));
        shown.iter().for_each(|entry| description.add_notes(entry));
        description.add_verdict(known(&self.entries), versions);
        self.add_members(shown, versions, &mut description);
        Some(description)
    }

    fn add_members(&self, entries: &[&'static Entry], versions: VersionSet, description: &mut Description) {
        let mut tables = Vec::new();
        entries.iter().for_each(|entry| catalog::tables_in(&entry.arguments, &mut tables));
        description.noun = tables.first().map_or("argument", |table| noun(table.name));
        for table in tables {
            for entry in table.entries.iter().filter(|entry| entry.taken_by().meets(versions)) {
                let text = words(table.name, entry.key, "").map_or("", Words::short);
                description.members.push(Member { name: entry.word(), text });
            }
        }
        for said in arguments(self.table.name, &self.word) {
            let takes = |entry: &'static Entry| known_argument(&entry.arguments, said.argument).is_some_and(|set| set.meets(versions));
            if entries.iter().any(|entry| takes(entry)) {
                description.members.push(Member { name: said.argument.to_owned(), text: said.short() });
            }
        }
        let mut seen = Vec::new();
        description.members.retain(|member| {
            let name = member.name.split('(').next().unwrap_or_default().to_owned();
            let new = !seen.contains(&name);
            seen.push(name);
            new
        });
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
        let known = set & entry.taken_by();
        let mut description = Description {
            path: format!("{path} {last}"),
            forms: vec![Form { text: format!("{path} {}", text.trim_end_matches(" ...")), versions: known }],
            text: said.or(whole).map_or("", |said| said.text),
            examples: said.map_or(&[], |said| said.examples),
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

fn known_argument(node: &'static Node, argument: &str) -> Option<VersionSet> {
    argument.split(' ').map(|word| alternative(node, word).map(|(_, set)| set)).try_fold(VersionSet::ALL, |all, set| Some(all & set?))
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

/// The parts that not all of the versions take, by when they come.
fn parts(parts: &[(String, VersionSet)], versions: VersionSet) -> Vec<(&'static str, String)> {
    let mut rows: Vec<(&'static str, String)> = Vec::new();
    for (part, set) in parts.iter().filter(|(_, set)| !set.covers(versions)) {
        let name = match (set.meets(versions), set.iter().next() > versions.iter().next()) {
            (true, _) => "parts",
            (false, true) => "later",
            (false, false) => "earlier",
        };
        let text = format!("`{part}` in {set}");
        match rows.iter_mut().find(|(row, _)| *row == name) {
            Some((_, row)) => *row += &format!(", {text}"),
            None => rows.push((name, text)),
        }
    }
    rows
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
        "time" | "delay" | "timer" => text += if place.parameter == "s" { ", in seconds without a unit" } else { ", in milliseconds without a unit" },
        "listed" | "anycase" | "decryption" => text += &format!(": {}", parameters.collect::<Vec<_>>().join(", ")),
        _ if place.parameter.ends_with("nonzero") => text += ", and not 0",
        _ => {}
    }
    Some(text)
}

impl Description {
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
    let form = |s: &&Signature| Form { text: if s.usage.is_empty() { name.to_owned() } else { s.usage.to_owned() }, versions: s.versions };
    let mut description = Description {
        path: name.to_owned(),
        forms: shown.iter().map(form).collect(),
        text: said.map_or("", |said| said.text),
        examples: said.map_or(&[], |said| said.examples),
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

/// Every name of keywords, sample fetches and converters that begins with `prefix`.
pub fn beginning(prefix: &str, versions: VersionSet) -> Vec<Member> {
    let mut all = Vec::new();
    for table in &TABLES {
        let routes = routes(table);
        for entry in table.entries.iter().filter(|entry| entry.taken_by().meets(versions)) {
            let text = words(table.name, entry.key, "").map_or("", Words::short);
            let names = routes.iter().map(|route| joined(&route.words, " ", entry.key.trim_end_matches(['(', '#'])));
            all.extend(names.filter(|name| name.starts_with(prefix)).map(|name| Member { name, text }));
        }
    }
    let known = |signatures: &[Signature]| signatures.iter().any(|signature| signature.versions.meets(versions));
    let fetches = crate::expression::fetch_names().filter(|name| known(lookup_fetch(name))).map(|name| ("fetch", name));
    let converters = crate::expression::converter_names().filter(|name| known(lookup_converter(name))).map(|name| ("converter", name));
    let named = fetches.chain(converters).filter(|(_, name)| name.starts_with(prefix));
    all.extend(named.map(|(table, name)| Member { name: name.to_owned(), text: words(table, name, "").map_or("", Words::short) }));
    all.sort();
    all.dedup_by(|b, a| a.name == b.name);
    all
}
