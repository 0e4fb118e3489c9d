//! What is known of a line through its keyword, without holding the line against its signature: the notes of the data files,
//! by the words that lead to a keyword.
//!
//! The words are looked up in a tree that the build has made (`build/facts.rs`): rules ask for each line of large files.

use std::sync::OnceLock;

use crate::{
    cut::Cut,
    lookup::Index,
    syntax::{Reading, SectionKind, Statement},
    version::VersionSet,
};

use super::{
    options::Valued,
    signature::{Entry, Node, Note, NoteKind, Place, Sections, TABLES, Table},
};

include!(concat!(env!("OUT_DIR"), "/facts.rs"));

/// What is known of a keyword in its place: `timeout client`, `http-request deny`.
///
/// ```
/// use haproxy_lint::{catalog::{Fact, NoteKind}, syntax::SectionKind};
/// let words = ["http-request", "deny", "if", "TRUE"];
/// let deny = Fact::of_words(SectionKind::Frontend, |at| words.get(at).copied().unwrap_or("")).unwrap();
/// assert_eq!((deny.name, deny.has(NoteKind::Final)), ("http-request deny", true));
/// ```
#[derive(Debug)]
pub struct Fact {
    /// The words that lead to it, and it.
    pub name: &'static str,
    /// The last of these words: the keyword alone.
    key: &'static str,
    /// How many words these are.
    pub words: usize,
    /// The keyword that it stands behind: `timeout` for `timeout client`.
    pub parent: Option<&'static Self>,
    /// Its entries in the catalog: one for each range of versions, and for each form.
    pub entries: &'static [Entry],
    /// The kinds of its notes, a bit each.
    kinds: u64,
    /// The kinds of its notes and of those of what may stand behind it.
    all_kinds: u64,
    /// What may stand behind it, where that is one of a table.
    inner: Facts,
    options: OnceLock<Option<(&'static Table, usize)>>,
    conditional: OnceLock<bool>,
    with_address: OnceLock<bool>,
    with_format: OnceLock<bool>,
    valued: OnceLock<Valued>,
}

/// The keyword of a line in a proxy. Lines have few of them, so they are looked up once for a reading.
fn of_proxy(line: &Statement<'_>) -> Option<&'static Fact> {
    let facts = Facts::of_section(PROXY)?;
    facts.list.get(line.keyword_known(proxies_number) as usize)
}

fn proxies_number(keyword: &str) -> u32 {
    Facts::of_section(PROXY).and_then(|facts| facts.number(keyword)).map_or(u32::MAX, |number| number as u32)
}

/// Whether a statement can end in `if` or `unless` and a condition, as far as its keyword tells.
pub(crate) fn takes_condition(line: &Statement<'_>) -> bool {
    of_proxy(line).map_or_else(|| super::explain::takes_condition(line.keyword()), Fact::takes_condition)
}

/// Keywords by their word: up to `(` where arguments follow in parentheses, without the digits where any may follow.
#[derive(Debug)]
struct Facts {
    list: &'static [Fact],
    index: Index,
}

/// All proxies have the same keywords.
const PROXY: SectionKind = SectionKind::Listen;

/// Entries of a table: so many, from that number on.
const fn part(table: usize, from: usize, count: usize) -> &'static [Entry] {
    TABLES[table].entries.split_at(from).1.split_at(count).0
}

impl Facts {
    /// Nothing known may stand there.
    const NONE: Self = Self { list: &[], index: Index::EMPTY };

    fn of_section(kind: SectionKind) -> Option<&'static Self> {
        FACTS.get(number(kind))
    }

    /// The keyword that is just this word.
    fn get(&self, word: &str) -> Option<usize> {
        self.index.find(word, |number| self.list[number].key)
    }

    /// The number of the keyword that a word is.
    fn number(&self, word: &str) -> Option<usize> {
        let written = |name: &str, mark: char| self.get(name).filter(|number| self.list[*number].is_written_with(mark));
        let called = || word.find('(').and_then(|open| written(word.cut(..open), '('));
        let registered = || word.find('.').and_then(|dot| written(word.cut(..=dot), '.'));
        let numbered = || written(word.trim_end_matches(|c: char| c.is_ascii_digit()), '#');
        self.get(word).or_else(called).or_else(registered).or_else(numbered)
    }

    fn find(&'static self, word: &str) -> Option<&'static Fact> {
        self.number(word).map(|number| &self.list[number])
    }
}

impl Fact {
    /// Whether the data files write it with this mark at its end, as a word that goes on.
    fn is_written_with(&self, mark: char) -> bool {
        self.entries.iter().any(|entry| entry.key.ends_with(mark))
    }

    /// The keyword of a line, and of the words behind it as far as they are keywords too. `first` is the number of its first word:
    /// 1 where a `no` stands before it.
    pub fn of(kind: SectionKind, line: &Statement<'_>, first: usize) -> Option<&'static Self> {
        Some(Self::first(kind, line, first)?.deepest(|at| line.str(first + at)))
    }

    /// The same, if it or what it stands behind or before may have one of these notes: most lines of large files are soon done with.
    pub fn noted(kind: SectionKind, line: &Statement<'_>, first: usize, notes: &[NoteKind]) -> Option<&'static Self> {
        let keyword = Self::first(kind, line, first)?;
        let may_have = notes.iter().any(|note| keyword.may_have(*note));
        if may_have { Some(keyword.deepest(|at| line.str(first + at))) } else { None }
    }

    /// The keyword that word number `first` of a line is.
    fn first(kind: SectionKind, line: &Statement<'_>, first: usize) -> Option<&'static Self> {
        match first {
            0 if kind.is_proxy() => of_proxy(line),
            0 => Facts::of_section(kind)?.find(line.keyword()),
            _ => Facts::of_section(kind)?.find(line.str(first)),
        }
    }

    /// The same, of words by their numbers.
    pub fn of_words<'w>(kind: SectionKind, word: impl Fn(usize) -> &'w str) -> Option<&'static Self> {
        Some(Facts::of_section(kind)?.find(word(0))?.deepest(word))
    }

    /// The keyword behind it, and behind that, as far as the words are keywords.
    fn deepest<'w>(&'static self, word: impl Fn(usize) -> &'w str) -> &'static Self {
        let mut found = self;
        loop {
            // Most keywords have no table behind them.
            let next = if found.inner.list.is_empty() { None } else { found.inner.find(word(found.words)) };
            match next {
                Some(next) => found = next,
                None => return found,
            }
        }
    }

    /// What is known of a keyword that can have `no` before it; HAProxy does not ask for the section.
    pub fn negatable(keyword: &str) -> Option<&'static Self> {
        let mut facts = FACTS.iter().filter_map(|facts| facts.get(keyword).map(|number| &facts.list[number]));
        facts.find(|fact| fact.has(NoteKind::Negatable))
    }

    /// Every keyword of a section with such a note, sorted by name.
    pub fn with(kind: SectionKind, note: NoteKind) -> Vec<&'static Self> {
        let mut found = Vec::new();
        if let Some(facts) = Facts::of_section(kind) {
            facts.list.iter().for_each(|fact| fact.collect(note, &mut found));
        }
        found.sort_by_key(|fact| fact.name);
        found
    }

    /// The same, of the keywords that a configuration has: to look through all of them takes longer than to check a small one.
    pub(crate) fn with_in(reading: &Reading<'_>, kind: SectionKind, note: NoteKind) -> Vec<&'static Self> {
        // Behind a prefix any may stand.
        if reading.may_have(&["no", "default"]) {
            return Self::with(kind, note);
        }
        let mut found = Vec::new();
        let Some(facts) = Facts::of_section(kind) else { return found };
        let mut numbers: Vec<usize> = match kind.is_proxy() {
            true => reading.keywords_known(proxies_number).iter().map(|number| *number as usize).collect(),
            false => reading.keywords().filter_map(|keyword| facts.number(keyword)).collect(),
        };
        numbers.retain(|number| facts.list.get(*number).is_some_and(|fact| fact.may_have(note)));
        // Several keywords may be one with other words in parentheses.
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().for_each(|number| facts.list[number].collect(note, &mut found));
        found.sort_by_key(|fact| fact.name);
        found
    }

    /// Whether a line that begins with this first keyword can end in `if` or `unless` and a condition.
    pub(crate) fn takes_condition(&'static self) -> bool {
        *self.conditional.get_or_init(|| super::explain::takes_condition_by(self.entries.iter()))
    }

    fn collect(&'static self, note: NoteKind, found: &mut Vec<&'static Self>) {
        if self.may_have(note) {
            found.extend(self.has(note).then_some(self));
            self.inner.list.iter().for_each(|fact| fact.collect(note, found));
        }
    }

    /// Whether it, or what may stand behind it, has such a note.
    pub(crate) fn may_have(&self, note: NoteKind) -> bool {
        self.all_kinds & 1 << note as u32 != 0
    }

    /// The keywords that may stand right behind it.
    pub fn following(&'static self) -> impl Iterator<Item = &'static Self> {
        self.inner.list.iter()
    }

    /// It, and the keywords that it stands behind, the nearest first.
    pub fn path(&'static self) -> impl Iterator<Item = &'static Self> {
        std::iter::successors(Some(self), |fact| fact.parent)
    }

    /// The notes of this kind.
    pub fn notes(&self, kind: NoteKind) -> impl Iterator<Item = &'static Note> {
        let entries = if self.has(kind) { self.entries } else { &[] };
        entries.iter().flat_map(|entry| entry.notes).filter(move |note| note.kind == kind)
    }

    /// The note of this kind.
    pub fn note(&self, kind: NoteKind) -> Option<&'static Note> {
        self.notes(kind).next()
    }

    /// Whether there is such a note.
    pub fn has(&self, kind: NoteKind) -> bool {
        self.kinds & 1 << kind as u32 != 0
    }

    /// Whether there is such a note with this word behind it.
    pub fn says(&self, kind: NoteKind, word: &str) -> bool {
        self.notes(kind).any(|note| note.word == word)
    }

    /// The versions that the notes of this kind, and with this word behind them, are about.
    pub fn versions(&self, kind: NoteKind, word: &str) -> VersionSet {
        self.notes(kind).filter(|note| note.word == word).fold(VersionSet::NONE, |all, note| all | note.versions)
    }

    /// Whether one of these proxy sections takes it.
    pub fn is_of(&self, sections: u8) -> bool {
        self.entries.iter().any(|entry| entry.sections.taken & sections != 0)
    }

    /// The list of rules that a line is of: it adds one to it.
    pub fn list(&'static self) -> Option<&'static Self> {
        self.path().find(|fact| fact.has(NoteKind::Rules))
    }

    /// The setting that a line makes, if it is one of which the last line counts.
    pub fn setting(&'static self) -> Option<&'static Self> {
        self.path().find(|fact| fact.has(NoteKind::LastCounts))
    }

    /// Whether its lines make one setting, of which the last counts.
    pub fn is_one_setting(&'static self) -> bool {
        self.setting().is_some_and(|setting| !setting.has_each() || self.words > 1)
    }

    /// Whether each word behind it is a setting of its own.
    pub fn has_each(&self) -> bool {
        self.says(NoteKind::LastCounts, "each")
    }

    /// Whether the words behind it are listed in full, so that HAProxy refuses one too many.
    pub fn is_strict(&self) -> bool {
        !self.entries.iter().any(|entry| matches!(entry.arguments, Node::Rest))
    }

    /// Whether one of its words is an address.
    pub fn takes_address(&self) -> bool {
        *self.with_address.get_or_init(|| self.has_place("address", 4))
    }

    /// Whether a format of the log is one of its words.
    pub fn takes_format(&self) -> bool {
        *self.with_format.get_or_init(|| self.has_place("fmt", 0))
    }

    /// Whether one of its words, so many tables deep, is of this kind.
    fn has_place(&self, kind: &str, depth: usize) -> bool {
        self.entries.iter().any(|entry| any_place(&entry.arguments, &|place| place.kind == kind, depth))
    }

    /// The words behind it that take a value.
    pub(super) fn valued(&'static self) -> &'static Valued {
        self.valued.get_or_init(|| Valued::of(self.entries))
    }

    /// The table of the options that follow, and the number of the word that may be the first of them.
    pub fn options(&self) -> Option<(&'static Table, usize)> {
        *self.options.get_or_init(|| self.entries.iter().find_map(|entry| options_in(&entry.arguments, self.words)))
    }
}

impl Sections {
    /// The bit of frontends, which listen sections have in common with them.
    pub const FRONTEND: u8 = 1 << 1;
    /// The bit of backends.
    pub const BACKEND: u8 = 1 << 3;
}

/// The table whose keywords stand in a signature any number of times, and the word that the first may be if the signature begins
/// at this one.
fn options_in(node: &Node, at: usize) -> Option<(&'static Table, usize)> {
    match node {
        Node::Repeat(Node::Table(table), _) => Some((&TABLES[*table], at)),
        Node::Seq(nodes) => {
            // What may be left out, and what takes no word, comes before none.
            let takes_none = |node: &Node| matches!(node, Node::Optional(_) | Node::Code(_) | Node::Repeat(_, false));
            let mut at = at;
            nodes.iter().find_map(|node| {
                let found = options_in(node, at);
                at += usize::from(!takes_none(node));
                found
            })
        }
        Node::Optional(node) | Node::Guard(_, node) => options_in(node, at),
        _ => None,
    }
}

/// Whether a word of a signature, so many tables deep, is of this kind.
fn any_place(node: &Node, is: &impl Fn(&Place) -> bool, depth: usize) -> bool {
    match node {
        Node::Place(place) => is(place),
        Node::Seq(nodes) | Node::Choice(nodes) => nodes.iter().any(|node| any_place(node, is, depth)),
        Node::Optional(node) | Node::Repeat(node, _) | Node::Guard(_, node) | Node::Required(node) => any_place(node, is, depth),
        Node::Table(index) => depth > 0 && TABLES[*index].entries.iter().any(|entry| any_place(&entry.arguments, is, depth - 1)),
        Node::Literal(_) | Node::Call(..) | Node::Rest | Node::Code(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(words: &[&str]) -> Option<&'static str> {
        Fact::of_words(SectionKind::Frontend, |at| words.get(at).copied().unwrap_or("")).map(|fact| fact.name)
    }

    #[test]
    fn words_lead_to_their_keyword_and_no_others_do() {
        assert_eq!(name(&["tcp-request", "content", "track-sc1", "src"]), Some("tcp-request content track-sc"));
        assert_eq!(name(&["http-request", "set-var(txn.x)", "src"]), Some("http-request set-var"));
        assert_eq!(name(&["http-request", "lua.mine"]), Some("http-request lua."));
        assert_eq!(name(&["option", "httplog2"]), Some("option"));
        assert_eq!(name(&["http-request", "deny(1)"]), Some("http-request"));
        assert_eq!(name(&["errorloc302", "503"]), Some("errorloc302"));
        assert_eq!([name(&[""]), name(&["no"]), name(&["nothing"])], [None; 3]);
    }

    #[test]
    fn a_keyword_takes_a_condition_where_one_stands_in_its_signature() {
        /// Whether a condition stands anywhere in it, options included.
        fn holds(node: &Node, seen: &mut Vec<usize>) -> bool {
            match node {
                Node::Table(table) if seen.contains(table) => false,
                Node::Table(table) => {
                    seen.push(*table);
                    TABLES[*table].entries.iter().any(|entry| holds(&entry.arguments, seen))
                }
                Node::Seq(nodes) | Node::Choice(nodes) => nodes.iter().any(|node| holds(node, seen)),
                Node::Optional(node) | Node::Repeat(node, _) | Node::Guard(_, node) | Node::Required(node) => holds(node, seen),
                _ => node.ends_in_condition(),
            }
        }
        let by_signature = |fact: &Fact| fact.entries.iter().any(|entry| holds(&entry.arguments, &mut Vec::new()));
        let keywords = Facts::of_section(PROXY).unwrap().list;
        let wrong: Vec<_> = keywords.iter().filter(|fact| fact.takes_condition() != by_signature(fact)).map(|fact| fact.name).collect();
        assert_eq!(wrong, [""; 0]);
    }

    #[test]
    fn what_many_lines_ask_for_is_the_same_as_what_the_words_say() {
        let lists = Fact::with(SectionKind::Frontend, NoteKind::Rules);
        assert!(lists.iter().all(|list| list.path().last().is_some_and(|first| first.all_kinds & 1 << NoteKind::Rules as u32 != 0)));
        assert!(Fact::with(SectionKind::Frontend, NoteKind::Final).iter().all(|action| action.list().is_some()));
    }
}
