//! The options of a line: `bind :80 name ssl` has the option `name`, and `ssl` is its value. The catalog says which words take
//! a value behind them.

use rustc_hash::FxHashSet;

use crate::{
    cut::Cut,
    syntax::{SectionKind, Statement, Word},
};

use super::{
    Fact,
    signature::{Entry, Node, TABLES},
};

/// The words of a signature that take a value behind them.
#[derive(Debug, Default)]
pub(super) struct Valued(FxHashSet<&'static str>);

/// The options of a line, which begin with word number `first`. Whether a word is an option or a value is found out for the words
/// that are asked for alone.
#[derive(Clone, Copy, Debug)]
pub struct Options<'r> {
    line: Statement<'r>,
    first: usize,
    valued: Option<&'static Valued>,
}

impl<'r> Options<'r> {
    /// Those of a line of a proxy, by what its own first words say.
    pub fn of(line: Statement<'r>, first: usize) -> Self {
        let fact = Fact::of(SectionKind::Listen, &line, 0);
        Self { line, first, valued: fact.map(Fact::valued) }
    }

    /// Those of a line that takes what `bind` takes.
    pub fn of_bind(line: Statement<'r>, first: usize) -> Self {
        Self { line, first, valued: like("bind") }
    }

    /// Those of a line that takes what `server` takes.
    pub fn of_server(line: Statement<'r>, first: usize) -> Self {
        Self { line, first, valued: like("server") }
    }

    /// All of them, in order, without their values.
    pub fn words(self) -> impl Iterator<Item = Word<'r>> {
        self.numbers().filter_map(move |at| self.line.word(at))
    }

    /// The numbers of the words that they are.
    pub fn numbers(self) -> impl DoubleEndedIterator<Item = usize> {
        (self.first..self.line.len()).filter(move |at| self.is_option(*at))
    }

    /// The first that is `name`.
    pub fn find(self, name: &str) -> Option<Word<'r>> {
        let words = (self.first..).zip(self.line.words_from(self.first));
        let mut named = words.filter(|(_, word)| word.is(name));
        named.find(|(at, _)| self.is_option(*at)).map(|(_, word)| word)
    }

    /// Whether there is one that is `name`.
    pub fn has(self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The value of the last that is `name`: that one counts.
    pub fn value(self, name: &str) -> Option<Word<'r>> {
        let named = (self.first..self.line.len()).rev().filter(|at| self.line.str(*at) == name);
        named.into_iter().find(|at| self.is_option(*at)).and_then(|at| self.line.word(at + 1))
    }

    /// Whether a word takes a value behind it.
    pub(super) fn takes_value(self, word: &str) -> bool {
        self.valued.is_some_and(|valued| valued.holds(word))
    }

    /// Whether word number `at` is no value. Of words that take a value, one behind the other, each second one is the value of that
    /// before it.
    fn is_option(self, at: usize) -> bool {
        let takes_value = |at: &usize| self.takes_value(self.line.str(*at));
        (self.first..at).rev().take_while(takes_value).count() % 2 == 0
    }
}

/// What takes a value in lines with this keyword.
fn like(keyword: &'static str) -> Option<&'static Valued> {
    Fact::of_words(SectionKind::Listen, |at| if at == 0 { keyword } else { "" }).map(Fact::valued)
}

/// The words that take a value in lines with this keyword, as the data files write them.
pub(crate) fn takes_values(keyword: &'static str) -> impl Iterator<Item = &'static str> {
    like(keyword).into_iter().flat_map(|valued| valued.0.iter().copied())
}

impl Valued {
    pub(super) fn of(entries: &'static [Entry]) -> Self {
        let mut all = Self::default();
        entries.iter().for_each(|entry| all.collect(&entry.arguments, 2));
        all
    }

    fn holds(&self, word: &str) -> bool {
        self.0.contains(word) || word.find('(').is_some_and(|open| self.0.contains(word.cut(..=open)))
    }

    /// Adds those of a node, and of tables in it, so many of them deep.
    fn collect(&mut self, node: &'static Node, depth: usize) {
        match node {
            Node::Seq(nodes) => {
                let pairs = nodes.iter().zip(nodes.iter().skip(1)).filter(|(_, next)| is_value(next));
                pairs.for_each(|(node, _)| self.words_of(node));
                nodes.iter().for_each(|node| self.collect(node, depth));
            }
            Node::Choice(nodes) => nodes.iter().for_each(|node| self.collect(node, depth)),
            Node::Optional(node) | Node::Repeat(node, _) | Node::Guard(_, node) | Node::Required(node) => self.collect(node, depth),
            Node::Table(index) if depth > 0 => {
                for entry in TABLES[*index].entries.iter().filter(|entry| !entry.arguments.is_empty()) {
                    self.0.insert(entry.key);
                    self.collect(&entry.arguments, depth - 1);
                }
            }
            _ => {}
        }
    }

    /// Adds the fixed words that a node is.
    fn words_of(&mut self, node: &'static Node) {
        match node {
            Node::Literal(word) => _ = self.0.insert(word),
            Node::Choice(nodes) => nodes.iter().for_each(|node| self.words_of(node)),
            Node::Guard(_, node) | Node::Required(node) => self.words_of(node),
            _ => {}
        }
    }
}

/// Whether a word must stand there.
pub(super) fn is_value(node: &Node) -> bool {
    match node {
        Node::Literal(_) | Node::Call(..) | Node::Table(_) | Node::Choice(_) | Node::Seq(_) => true,
        Node::Place(place) => place.kind != "if",
        Node::Repeat(_, once) => *once,
        Node::Guard(_, node) | Node::Required(node) => is_value(node),
        Node::Optional(_) | Node::Rest | Node::Code(_) => false,
    }
}
