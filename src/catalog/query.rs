//! What an editor asks of a line: what each of its words is for, and what may stand behind them.
//!
//! The answer comes from the walk that judges lines. It is made for the words before the cursor: where the walk wants a word
//! and there is none left, it keeps the piece of the signature that would take it.

use crate::{expression::Places, syntax::Statement, version::VersionSet};

use super::{
    Mark, Role,
    explain::tables_in,
    line::Line,
    matcher::{Matcher, Piece},
    signature::{Argument, Entry, Node, Place, TABLES, Table},
    types,
};

/// What may stand behind the last word.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Open {
    /// A keyword of the section.
    Keyword(&'static Table),
    /// A word that begins this piece of a signature.
    Word(&'static Node),
    /// One more word of what began at word `from`, such as a condition.
    Inside {
        /// What it is.
        role: Role,
        /// The number of its first word.
        from: usize,
    },
}

/// What is asked of a walk, and what it found.
#[derive(Debug, Default)]
pub(super) struct Query {
    open: Vec<Open>,
    /// A word is needed here, so that nothing behind it can come next.
    closed: bool,
    entries: Vec<Met>,
}

/// A keyword that a walk went along.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Met {
    /// The number of its word.
    pub(crate) word: usize,
    /// Where in the text of the word its name begins, and where it ends.
    pub(crate) name: (u32, u32),
    /// What is known of it.
    pub(crate) entry: &'static Entry,
}

/// What is known of the words of a line.
#[derive(Debug)]
pub(crate) struct Answer {
    /// What may stand behind the last of them.
    pub(crate) open: Vec<Open>,
    /// What each word is for.
    pub(crate) marks: Vec<Mark>,
    /// The keywords among them, in their order.
    pub(crate) entries: Vec<Met>,
    /// Where an expression behind them is evaluated.
    pub(crate) places: Places,
}

impl Default for Answer {
    fn default() -> Self {
        Self { open: Vec::new(), marks: Vec::new(), entries: Vec::new(), places: Places::EVERYWHERE }
    }
}

/// Asks what the words of `statement` are for, and what may follow the last of them, in any of `versions`.
pub(crate) fn ask(statement: Statement<'_>, line: &Line<'_>, versions: VersionSet) -> Answer {
    let mut answer = Answer::default();
    add(statement, line, versions, &mut answer);
    answer
}

fn add(statement: Statement<'_>, line: &Line<'_>, versions: VersionSet, answer: &mut Answer) {
    let Some(table) = line.table else { return };
    let first = usize::from(matches!(statement.keyword(), "no" | "default"));
    if statement.len() <= first {
        answer.open.push(Open::Keyword(table));
        return;
    }
    let mut matcher = Matcher::new(statement, first, line, versions);
    matcher.query = Some(Query::default());
    matcher.statement(table);
    if let Some(set) = matcher.split {
        add(statement, line, versions & set, answer);
        add(statement, line, versions.minus(set), answer);
        return;
    }
    let places = types::scope(&matcher).places;
    let query = matcher.query.unwrap_or_default();
    let before = std::mem::take(answer);
    *answer = Answer {
        places,
        open: merged(before.open, query.open, |a, b| a.is(b)),
        marks: merged(before.marks, matcher.marks, |a, b| (a.word, a.start, a.end, a.role) == (b.word, b.start, b.end, b.role)),
        entries: merged(before.entries, query.entries, |a, b| (a.word, a.name) == (b.word, b.name) && std::ptr::eq(a.entry, b.entry)),
    };
}

/// Both, but what is the same once.
fn merged<T>(mut all: Vec<T>, more: Vec<T>, same: impl Fn(&T, &T) -> bool) -> Vec<T> {
    for one in more {
        if !all.iter().any(|known| same(known, &one)) {
            all.push(one);
        }
    }
    all
}

impl Answer {
    /// The keywords that lead to one of those that were met, without it: for an option those of its line, not the options before it.
    pub(crate) fn path(&self, of: &Met) -> Vec<Met> {
        let mut path: Vec<Met> = Vec::new();
        let (mut below, mut before) = (*of, self.entries.as_slice());
        loop {
            let place = |met: &Met| (met.word, met.name.0);
            before = &before[..before.iter().take_while(|met| place(met) < place(&below)).count()];
            let Some(at) = before.iter().rposition(|above| leads(above.entry, below.entry)) else { break };
            below = before[at];
            path.push(below);
        }
        path.reverse();
        path
    }
}

/// Whether a word of the table of `below` may stand behind `above`.
fn leads(above: &'static Entry, below: &'static Entry) -> bool {
    let mut tables = Vec::new();
    tables_in(&above.arguments, &mut tables);
    tables.iter().any(|table| table.holds(below))
}

impl Open {
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Keyword(a), Self::Keyword(b)) => std::ptr::eq(*a, *b),
            (Self::Word(a), Self::Word(b)) => std::ptr::eq(*a, *b),
            (Self::Inside { role, from }, Self::Inside { role: other, from: at }) => role == other && from == at,
            _ => false,
        }
    }
}

impl<'r> Matcher<'_, 'r> {
    /// The words are at their end, and `node` would take the next. Gives back where they end.
    pub(super) fn open(&mut self, node: &'static Node, at: usize) -> Option<usize> {
        match node {
            Node::Seq(nodes) => return nodes.iter().try_fold(at, |at, node| if self.split.is_some() { None } else { self.node(node, at) }),
            Node::Guard(set, inner) => {
                if self.all_in(set) {
                    return self.open(inner, at);
                }
                return self.split.is_none().then_some(at);
            }
            Node::Required(inner) => return self.open(inner, at),
            Node::Optional(inner) => self.record(inner, false),
            Node::Repeat(inner, once) => self.record(inner, *once),
            // The condition of most rules may be left out.
            Node::Place(place) => self.record(node, place.kind != "if"),
            Node::Literal(_) | Node::Call(..) | Node::Table(_) | Node::Choice(_) => self.record(node, true),
            Node::Rest | Node::Code(_) => {}
        }
        Some(at)
    }

    /// Keeps what would take the next word; `needed` if nothing behind it can take it.
    pub(super) fn record(&mut self, node: &'static Node, needed: bool) {
        let Some(query) = self.query.as_mut().filter(|query| !query.closed) else { return };
        query.open.push(Open::Word(node));
        query.closed = needed;
    }

    /// Keeps that the next word belongs to what began at word `from`.
    pub(super) fn inside(&mut self, role: Role, from: usize) {
        let Some(query) = self.query.as_mut().filter(|query| !query.closed) else { return };
        query.open.push(Open::Inside { role, from });
        query.closed = matches!(role, Role::Condition | Role::Acl);
    }

    /// Keeps the keyword that the walk goes along.
    pub(super) fn enter(&mut self, entry: &'static Entry, piece: Piece<'r>) {
        if self.query.is_none() {
            return;
        }
        let name = piece.text.map_or(0, |text| text.find('(').unwrap_or(text.len()));
        self.mark_keyword(piece, name);
        let name = self.marks.last().map_or((0, 0), |mark| (mark.start, mark.end));
        self.query.iter_mut().for_each(|query| query.entries.push(Met { word: piece.at, name, entry }));
    }

    /// Marks the first `length` bytes of a piece as a keyword, if somebody asks for such.
    pub(super) fn mark_keyword(&mut self, piece: Piece<'r>, length: usize) {
        if self.query.is_some() {
            let text = piece.text.and_then(|text| text.get(..length));
            self.mark(Role::Keyword, Piece { text, ..piece }, None);
        }
    }

    /// A word at a place: what it is for, and how many words belong to it.
    pub(super) fn place_asked(&mut self, place: &'static Place, piece: Piece<'r>) -> Option<usize> {
        let known = self.marks.len();
        self.mark(place.of.role, piece, Some(place));
        match place.of.role {
            Role::Condition if !matches!(piece.text, Some("if" | "unless")) => {
                self.marks.truncate(known);
                None
            }
            role @ (Role::Condition | Role::Acl) => {
                self.inside(role, piece.at);
                Some(self.end)
            }
            role => {
                let next = (place.of.judge)(self, piece, place).unwrap_or(piece.at + 1).clamp(piece.at + 1, self.end);
                if role == Role::Sample && next == self.end {
                    self.inside(role, piece.at);
                }
                Some(next)
            }
        }
    }
}

/// A word that may stand somewhere, or what it has to be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Possible {
    /// A keyword of a table.
    Entry(&'static Entry),
    /// A fixed word, with arguments in parentheses where there are any.
    Word(&'static str, &'static [Argument]),
    /// A word of a type.
    Place(&'static Place),
}

/// Finds the words that `node` can begin with, in any of `versions`, in the section of `line`.
pub(crate) fn possible(node: &'static Node, line: &Line<'_>, versions: VersionSet, found: &mut impl FnMut(Possible)) {
    match node {
        Node::Literal(word) => found(Possible::Word(word, &[])),
        Node::Call(name, arguments) => found(Possible::Word(name, arguments)),
        Node::Place(place) => found(Possible::Place(place)),
        Node::Table(index) => TABLES[*index].possible(line, versions, &mut |entry| found(Possible::Entry(entry))),
        Node::Seq(nodes) => {
            for node in *nodes {
                possible(node, line, versions, found);
                let left_out = match node {
                    Node::Optional(_) | Node::Repeat(_, false) | Node::Guard(..) | Node::Code(_) => true,
                    Node::Place(place) => place.kind == "if",
                    _ => false,
                };
                if !left_out {
                    break;
                }
            }
        }
        Node::Choice(nodes) => nodes.iter().for_each(|node| possible(node, line, versions, found)),
        Node::Optional(node) | Node::Repeat(node, _) | Node::Required(node) => possible(node, line, versions, found),
        Node::Guard(set, node) if set.meets(versions) => possible(node, line, versions, found),
        Node::Guard(..) | Node::Rest | Node::Code(_) => {}
    }
}

impl Table {
    /// Finds the keywords that any of `versions` takes in the section of `line`.
    pub(crate) fn possible(&'static self, line: &Line<'_>, versions: VersionSet, found: &mut impl FnMut(&'static Entry)) {
        let taken = |entry: &&'static Entry| entry.taken_by().meets(versions) && line.takes(entry);
        self.entries.iter().filter(taken).for_each(found);
    }
}
