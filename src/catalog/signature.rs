//! What the data files say, as types: `build.rs` makes the tables, [`super::matcher`] holds statements against them.

use crate::{
    cut::Cut,
    lookup::Index,
    syntax::{SECTIONS, SectionKind},
    version::VersionSet,
};

use super::{
    Role,
    matcher::Matcher,
    special,
    types::{self, Type},
};

/// Short, for the generated tables.
const ALL: VersionSet = VersionSet::ALL;

include!(concat!(env!("OUT_DIR"), "/catalog.rs"));

/// A set of words of which one may stand in a certain place.
#[derive(Debug)]
pub struct Table {
    /// Its name in the data files: that of a section, or of the keyword it belongs to.
    pub name: &'static str,
    /// Where the first entry of each key is.
    index: Index,
    /// The entries that HAProxy takes any word for that begins like them.
    prefixes: &'static [usize],
    /// Its words, sorted by key.
    pub entries: &'static [Entry],
}

/// What is known of one keyword, in some versions.
#[derive(Debug)]
pub struct Entry {
    /// What it is found by: the word; up to `(` where arguments in parentheses follow; with `#` for digits behind it.
    pub key: &'static str,
    /// The arguments in parentheses.
    pub call: &'static [Argument],
    /// The proxy sections that take it.
    pub sections: Sections,
    /// The versions that know it.
    pub versions: VersionSet,
    /// What follows.
    pub arguments: Node,
    /// What else is known.
    pub notes: &'static [Note],
    /// The data file it is from.
    pub file: &'static str,
    /// The line in it, from 1.
    pub line: u32,
}

/// The proxy sections that take a keyword: a bit each for defaults, frontend, listen and backend.
#[derive(Clone, Copy, Debug)]
pub struct Sections {
    /// They take it.
    pub taken: u8,
    /// They take it, warn of it, and do nothing with it.
    pub ignored: u8,
    /// A `defaults` section takes it only if it has a name.
    pub named_defaults_only: bool,
}

/// A piece of a signature.
pub enum Node {
    /// This word.
    Literal(&'static str),
    /// One word: this, then arguments, then `)`.
    Call(&'static str, &'static [Argument]),
    /// A word of a type.
    Place(Place),
    /// A keyword of the table of this number, with its arguments.
    Table(usize),
    /// One after the other.
    Seq(&'static [Node]),
    /// One of these; the first word decides which.
    Choice(&'static [Node]),
    /// May be left out.
    Optional(&'static Node),
    /// Any number of times, or at least once.
    Repeat(&'static Node, bool),
    /// Only in these versions.
    Guard(VersionSet, &'static Node),
    /// In a repeated choice: must be there.
    Required(&'static Node),
    /// Whatever follows is left out by HAProxy without a word.
    Rest,
    /// What no signature can say.
    Code(Judge),
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_string())
    }
}

/// Judges the words from a number on; gives the number of the word behind the last one it took, or `None` where nothing
/// more can be said of the line.
pub type Judge = fn(&mut Matcher<'_, '_>, usize) -> Option<usize>;

/// A place for a word of a type.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// What it is, for messages.
    pub label: &'static str,
    /// The name of the type.
    pub kind: &'static str,
    /// The type.
    pub of: &'static Type,
    /// The type's parameter.
    pub parameter: &'static str,
    /// The parameter where it is a range of numbers.
    pub range: Option<(i64, i64)>,
}

/// An argument in parentheses.
#[derive(Debug)]
pub struct Argument {
    /// Its type.
    pub place: Place,
    /// Whether it may be left out.
    pub optional: bool,
}

/// A remark on an entry.
#[derive(Debug)]
pub struct Note {
    /// What kind of remark.
    pub kind: NoteKind,
    /// The versions it is about.
    pub versions: VersionSet,
    /// The word behind it, which says more; empty where none may stand there.
    pub word: &'static str,
    /// What to do instead.
    pub advice: Advice,
    /// What the build must have, as `haproxy -vv` calls it; empty for other kinds.
    pub feature: &'static str,
}

impl Note {
    /// What it says to people who ask for the keyword, under a short heading; `None` for what only rules ask for.
    pub fn remark(&self) -> Option<(&'static str, String)> {
        let set = if self.versions == VersionSet::ALL { String::new() } else { format!("HAProxy {}: ", self.versions) };
        let (name, text) = match self.kind {
            NoteKind::Removed => ("removed", self.advice.to_string()),
            NoteKind::Deprecated => ("deprecated", self.advice.to_string()),
            NoteKind::Discouraged => ("successor", self.advice.to_string()),
            NoteKind::Experimental => ("experimental", "wants `expose-experimental-directives` in `global`".to_owned()),
            NoteKind::Exposed => ("exposed", "wants `expose-deprecated-directives` in `global`".to_owned()),
            NoteKind::Warns => ("warning", self.advice.to_string()),
            NoteKind::Aborts => ("errors", "stop HAProxy's reading at once: what comes later is not looked at".to_owned()),
            NoteKind::NoDefaultServer => ("but not", "in `default-server` lines".to_owned()),
            NoteKind::NoNegation => ("but not", "with `no` or `default` before it".to_owned()),
            NoteKind::NoDefault => ("but not", "with `default` before it".to_owned()),
            NoteKind::Prefix => ("beware", "HAProxy takes any word that begins so for this one".to_owned()),
            NoteKind::Needs | NoteKind::Rare => ("needs", self.feature.to_owned()),
            NoteKind::LastCounts => ("repeated", "the last line counts".to_owned()),
            NoteKind::FirstCounts => ("repeated", "the first line counts".to_owned()),
            NoteKind::HttpOnly => ("mode", "does something in HTTP mode only".to_owned()),
            NoteKind::Final => ("ends", "the list of rules that it stands in".to_owned()),
            _ => return None,
        };
        Some((name, format!("{set}{text}").trim_end().to_owned()))
    }

    /// The text in quotes.
    pub fn text(&self) -> &'static str {
        match self.advice {
            Advice::Say(text) => text,
            _ => "",
        }
    }
}

/// What to do about a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Nothing is known.
    None,
    /// Delete the line.
    Delete {
        /// HAProxy does the same without it.
        sure: bool,
        /// Why, or what else can be done; may be empty.
        why: &'static str,
    },
    /// Write these words in its place; what follows it stays.
    Write(&'static str),
    /// In words.
    Say(&'static str),
}

impl std::fmt::Display for Advice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Delete { why: "", .. } => f.write_str("delete it"),
            Self::Delete { sure: true, why } => write!(f, "delete it: {why}"),
            Self::Delete { sure: false, why } => write!(f, "delete it, {why}"),
            Self::Write(words) => write!(f, "write `{words}`"),
            Self::Say(text) => f.write_str(text),
        }
    }
}

/// The kinds of [`Note`]; docs/catalog.md says what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "docs/catalog.md has a row for each")]
pub enum NoteKind {
    Removed,
    Deprecated,
    Discouraged,
    Experimental,
    Exposed,
    Warns,
    Aborts,
    FirstPass,
    NoDefaultServer,
    NoNegation,
    NoDefault,
    Needs,
    Rare,
    Negatable,
    LastCounts,
    FirstCounts,
    Twice,
    Family,
    OfFrontends,
    OfBackends,
    HttpOnly,
    Rules,
    Final,
    Answers,
    Before,
    NamesHeader,
    SetsVariables,
    Step,
    Hollow,
    ReadBy,
    RawTold,
    RawFormat,
    Fetches,
    Changes,
    Prefix,
}

/// The table of that name.
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.binary_search_by(|t| t.name.cmp(name)).ok().map(|at| &TABLES[at])
}

/// The table that holds the keywords of a section.
pub fn section_table(kind: SectionKind) -> Option<&'static Table> {
    table(if kind.is_proxy() { "proxy" } else { kind.keyword() })
}

/// The sections that a keyword is of, in words.
pub(super) fn home(keyword: &str) -> Option<String> {
    let takes = |kind: SectionKind| section_table(kind).is_some_and(|table| !table.find(keyword).is_empty());
    let name = |kind: SectionKind| if kind.is_proxy() { "proxies".to_owned() } else { format!("`{}`", kind.keyword()) };
    let mut homes: Vec<String> = SECTIONS.iter().map(|s| s.kind).filter(|kind| takes(*kind)).map(name).collect();
    homes.dedup();
    (!homes.is_empty()).then(|| format!("it is a keyword of {}", homes.join(" and ")))
}

impl Table {
    /// What is known of the word `word`: one entry for each range of versions.
    pub fn find(&self, word: &str) -> &'static [Entry] {
        let exact = self.run(word);
        if !exact.is_empty() {
            return exact;
        }
        if let Some(open) = word.find('(') {
            let called = self.run(word.cut(..=open));
            let whole = !called.is_empty() && word.contains(')');
            return Some(self.begins(word)).filter(|begins| !whole && !begins.is_empty()).unwrap_or(called);
        }
        // `lua.` stands for whatever a script has registered.
        let registered = word.split_once('.').map_or(&[] as &[Entry], |(prefix, _)| self.run(&format!("{prefix}.")));
        if !registered.is_empty() {
            return registered;
        }
        let name = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let numbered = if name.len() == word.len() { &[] } else { self.run(&format!("{name}#")) };
        if numbered.is_empty() { self.begins(word) } else { numbered }
    }

    /// The entries that HAProxy takes any word for that begins like them.
    fn begins(&self, word: &str) -> &'static [Entry] {
        let entry = self.prefixes.iter().map(|at| &self.entries[*at]).find(|entry| word.starts_with(entry.key));
        entry.map_or(&[], |entry| self.run(entry.key))
    }

    /// Whether an entry is one of its own.
    pub fn holds(&self, entry: &Entry) -> bool {
        self.entries.as_ptr_range().contains(&std::ptr::from_ref(entry))
    }

    fn run(&self, key: &str) -> &'static [Entry] {
        let Some(first) = self.index.find(key, |at| self.entries[at].key) else { return &[] };
        let count = self.entries[first..].iter().take_while(|entry| entry.key == key).count();
        &self.entries[first..first + count]
    }
}

impl Entry {
    /// The table that it is of.
    pub fn table(&self) -> Option<&'static Table> {
        TABLES.iter().find(|table| table.holds(self))
    }

    /// The note of this kind.
    pub fn note(&self, kind: NoteKind) -> Option<&'static Note> {
        self.notes.iter().find(|n| n.kind == kind)
    }

    /// The versions that take it: those that know it and have not removed it.
    pub fn taken_by(&self) -> VersionSet {
        self.note(NoteKind::Removed).map_or(self.versions, |removed| self.versions.minus(removed.versions))
    }

    /// The word as people write it: `name(…)`, `track-sc0`.
    pub fn word(&self) -> String {
        if let Some(name) = self.key.strip_suffix('#') {
            return format!("{name}0");
        }
        if self.key.ends_with('(') { format!("{}{})", self.key, arguments(self.call)) } else { self.key.to_owned() }
    }
}

impl Node {
    /// Whether its last words may be a condition, as far as it says itself: a table behind it says so in its entries.
    pub fn ends_in_condition(&self) -> bool {
        match self {
            Self::Place(place) => place.of.role == Role::Condition,
            Self::Seq(nodes) => nodes.last().is_some_and(Self::ends_in_condition),
            Self::Choice(nodes) => nodes.iter().any(Self::ends_in_condition),
            Self::Optional(node) | Self::Repeat(node, _) | Self::Guard(_, node) | Self::Required(node) => node.ends_in_condition(),
            Self::Literal(_) | Self::Call(..) | Self::Table(_) | Self::Rest | Self::Code(_) => false,
        }
    }

    /// Looks at each place for a word in it, but for those in other tables.
    pub fn places(&'static self, look: &mut impl FnMut(&'static Place)) {
        match self {
            Self::Place(place) => look(place),
            Self::Call(_, arguments) => arguments.iter().for_each(|argument| look(&argument.place)),
            Self::Seq(nodes) | Self::Choice(nodes) => nodes.iter().for_each(|node| node.places(look)),
            Self::Optional(node) | Self::Repeat(node, _) | Self::Guard(_, node) | Self::Required(node) => node.places(look),
            Self::Literal(_) | Self::Table(_) | Self::Rest | Self::Code(_) => {}
        }
    }

    /// Whether more than fixed words may stand in it.
    pub fn leads(&self) -> bool {
        match self {
            Self::Place(_) | Self::Table(_) => true,
            Self::Call(_, arguments) => !arguments.is_empty(),
            Self::Seq(nodes) | Self::Choice(nodes) => nodes.iter().any(Self::leads),
            Self::Optional(node) | Self::Repeat(node, _) | Self::Guard(_, node) | Self::Required(node) => node.leads(),
            Self::Literal(_) | Self::Code(_) | Self::Rest => false,
        }
    }

    /// Whether a condition may stand in it.
    pub(super) fn takes_condition(&self) -> bool {
        match self {
            Self::Place(place) => place.of.role == Role::Condition,
            Self::Seq(nodes) | Self::Choice(nodes) => nodes.iter().any(Self::takes_condition),
            Self::Optional(node) | Self::Repeat(node, _) | Self::Guard(_, node) | Self::Required(node) => node.takes_condition(),
            _ => false,
        }
    }

    /// Whether nothing can follow.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Seq([]))
    }
}

fn arguments(call: &[Argument]) -> String {
    let one = |a: &Argument| if a.optional { format!("[<{}>]", a.place.label) } else { format!("<{}>", a.place.label) };
    call.iter().map(one).collect::<Vec<_>>().join(",")
}

impl std::fmt::Display for Node {
    /// The signature as the data files have it, without types and versions.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let list = |f: &mut std::fmt::Formatter<'_>, nodes: &[Node], between: &str| {
            for (at, node) in nodes.iter().enumerate() {
                write!(f, "{}{node}", if at == 0 { "" } else { between })?;
            }
            Ok(())
        };
        match self {
            Self::Literal(word) => f.write_str(word),
            Self::Call(name, call) => write!(f, "{name}{})", arguments(call)),
            Self::Place(place) if place.kind == "if" => f.write_str("[ { if | unless } <condition> ]"),
            Self::Place(place) if place.of.role == Role::Condition => f.write_str("{ if | unless } <condition>"),
            Self::Place(place) => write!(f, "<{}>", place.label),
            Self::Table(index) => write!(f, "<{}>", super::words::noun(TABLES[*index].name)),
            Self::Seq(nodes) => list(f, nodes, " "),
            Self::Choice(nodes) => {
                f.write_str("{ ")?;
                list(f, nodes, " | ")?;
                f.write_str(" }")
            }
            Self::Optional(Self::Choice(nodes)) => {
                f.write_str("[ ")?;
                list(f, nodes, " | ")?;
                f.write_str(" ]")
            }
            Self::Optional(node) => write!(f, "[ {node} ]"),
            Self::Repeat(node, once) => write!(f, "{node}{}", if *once { "+" } else { "*" }),
            Self::Guard(_, node) | Self::Required(node) => node.fmt(f),
            Self::Rest | Self::Code(_) => f.write_str("..."),
        }
    }
}
