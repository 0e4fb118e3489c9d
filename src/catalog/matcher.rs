//! Holds one statement against its signature.
//!
//! The matcher walks the signature once, for a set of versions that know it alike. Where a word is known to some of
//! them only it stops and says where to split the set, and both halves are judged again: a line that nothing divides is
//! walked once, whatever the number of versions.

mod choice;
mod expected;

use std::cell::Cell;

use crate::{
    cut::Cut,
    finding::{Help, Verdict},
    nearest::nearest_form,
    source::{Location, Span},
    syntax::{Statement, Text},
    version::VersionSet,
};

use super::{
    Alike, Fault, FaultKind, Mark, Role,
    line::Line,
    query::Query,
    signature::{Argument, Entry, Node, NoteKind, Place, TABLES, Table},
};

pub(in crate::catalog) use expected::{is_plural, with_article};

/// A word, or an argument in a word.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'r> {
    /// The number of the word it is, or stands in.
    pub at: usize,
    /// What it holds, where that is known.
    pub text: Option<&'r str>,
    /// Where it is.
    pub location: Location,
}

/// The state of a walk along one statement.
#[derive(Debug)]
pub struct Matcher<'m, 'r> {
    /// The statement.
    pub statement: Statement<'r>,
    /// What is known of the place it stands at.
    pub line: &'m Line<'m>,
    /// The versions that are judged.
    pub versions: VersionSet,
    /// What was found.
    pub faults: Vec<Fault>,
    /// Where the versions part; nothing else of the walk counts then.
    pub(super) split: Option<VersionSet>,
    /// The number of the keyword's word: behind `no` or `default` it is 1.
    pub(super) first: usize,
    /// The number of words; an empty one ends them.
    pub(super) end: usize,
    /// The words up to that end.
    pieces: Vec<Piece<'r>>,
    /// What its words are for, as far as they speak of other places.
    pub(crate) marks: Vec<Mark>,
    /// The words that might say something else.
    pub(super) alike: Vec<(u16, Alike)>,
    /// The first 64 words, a bit each: what they say has been looked at, and might lead elsewhere if it were something else.
    looked: Cell<u64>,
    /// How many words the walk has come to: what the others say leads to nothing.
    reached: Cell<usize>,
    /// Nothing more is said of the line: from here on the walk only looks for what it names.
    muted: bool,
    /// The number of the keyword or option that was met last.
    keyword: usize,
    /// Faults make HAProxy stop reading.
    pub(super) aborts: bool,
    /// HAProxy reads it in its first pass.
    first_pass: bool,
    /// The keywords that led here: `http-request deny`.
    pub(super) path: Vec<&'r str>,
    /// What is asked of the walk, where it is for an editor.
    pub(super) query: Option<Query>,
    /// Whether a condition may end the line, so that `if` is no value.
    conditional: bool,
    /// The word before which a repetition ended, and what could have gone on there.
    stopped: Option<(usize, &'static Node)>,
}

impl<'m, 'r> Matcher<'m, 'r> {
    pub(super) fn new(statement: Statement<'r>, first: usize, line: &'m Line<'m>, versions: VersionSet) -> Self {
        let mut pieces = Vec::with_capacity(statement.len());
        let words = statement.words().enumerate();
        let words = words.map(|(at, word)| Piece { at, text: word.known(), location: word.location });
        pieces.extend(words.take_while(|piece| piece.at < first || piece.text != Some("")));
        Self {
            statement,
            line,
            versions,
            faults: Vec::new(),
            split: None,
            first,
            end: pieces.len(),
            pieces,
            marks: Vec::new(),
            alike: Vec::new(),
            looked: Cell::new(0),
            reached: Cell::new(0),
            muted: false,
            keyword: first,
            aborts: false,
            first_pass: false,
            path: Vec::new(),
            query: None,
            conditional: false,
            stopped: None,
        }
    }

    /// The word number `at`, if there is one before the end. What it says will lead to something.
    pub fn piece(&self, at: usize) -> Option<Piece<'r>> {
        self.looked.set(self.looked.get() | 1u64.checked_shl(at as u32).unwrap_or(0));
        self.peek(at)
    }

    /// The same where all that is [`Alike`] leads to the same.
    pub fn peek(&self, at: usize) -> Option<Piece<'r>> {
        self.reached.set(self.reached.get().max(at + 1));
        self.pieces.get(at).copied()
    }

    /// Says that what these words say leads to something.
    pub(super) fn look_at(&self, words: std::ops::RangeInclusive<usize>) {
        for at in words {
            let _ = self.piece(at);
        }
    }

    /// Says that word number `at` might say anything else that is alike.
    pub fn alike(&mut self, at: usize, alike: Alike) {
        let text = self.pieces.get(at).and_then(|piece| piece.text);
        if self.query.is_none() && at < u64::BITS as usize && text.is_some_and(|text| alike.holds(text.as_bytes())) {
            self.alike.push((at as u16, alike));
        }
    }

    /// Says that the words behind a mistake that ended the walk might say anything.
    pub(super) fn rest_is_alike(&mut self) {
        (self.reached.get()..self.end).for_each(|at| self.alike(at, Alike::Text));
    }

    /// Whether what word number `at` says has been looked at.
    pub(super) fn has_looked_at(&self, at: u16) -> bool {
        self.looked.get() >> at & 1 == 1
    }

    /// Whether word number `at` is any number of words.
    fn is_many(&self, at: usize) -> bool {
        self.statement.word(at).is_some_and(|w| w.text == Text::Many)
    }

    /// The known text of word number `at`, or `""`.
    pub fn str(&self, at: usize) -> &'r str {
        self.piece(at).and_then(|p| p.text).unwrap_or("")
    }

    /// Says that the versions judged refuse this, and that nothing more can be said of the line.
    pub fn refuse<T>(&mut self, kind: FaultKind, location: Location, message: impl Into<String>) -> Option<T> {
        self.fault(Fault::refused(kind, location, message, self.versions));
        None
    }

    /// Says it in the name of the line: with its way of stopping.
    pub fn fault(&mut self, fault: Fault) {
        if self.muted || self.query.is_some() {
            return;
        }
        let refused = fault.verdict == Some(Verdict::Reject);
        self.faults.push(Fault { aborts: fault.aborts || refused && self.aborts, first_pass: self.first_pass, ..fault });
    }

    /// The keywords that led here, for messages: `http-request deny`.
    pub fn path(&self) -> String {
        self.path.join(" ")
    }

    /// The bytes `start..end` of a piece: its whole place where quotes or escapes moved them.
    pub fn part(&self, piece: Piece<'r>, start: usize, end: usize) -> Location {
        part(self.statement, piece, start, end)
    }

    /// Whether all versions judged are in `set`; asks for a split where only some are.
    pub fn all_in(&mut self, set: &VersionSet) -> bool {
        if set.covers(self.versions) {
            return true;
        }
        if self.muted {
            return set.meets(self.versions);
        }
        if set.meets(self.versions) {
            self.split.get_or_insert(*set);
        }
        false
    }

    /// Keeps what a piece is for, if it speaks of another place.
    pub fn mark(&mut self, role: Role, piece: Piece<'r>, place: Option<&'static Place>) {
        let asked = self.query.is_some();
        let Some(text) = piece.text.filter(|text| asked || role.points_elsewhere(text)) else { return };
        // In a word that is known, the piece is a part of its text.
        let word = self.statement.word(piece.at).and_then(|word| word.known()).unwrap_or(text);
        let start = (text.as_ptr() as usize).wrapping_sub(word.as_ptr() as usize);
        let start = if start <= word.len() { start } else { 0 };
        let end = start + text.len();
        let end = if end < word.len() { end as u32 } else { Mark::REST };
        let (word, keyword) = (piece.at as u16, self.keyword as u16);
        self.marks.push(Mark { word, keyword, start: start as u32, end, role, place });
    }

    /// Says nothing more of the line, and goes on looking for what it names.
    pub(super) fn mute(&mut self) {
        self.muted = true;
    }

    /// Whether nothing more is said of the line.
    pub(super) fn is_muted(&self) -> bool {
        self.muted
    }

    /// Judges the words from number `at` on against `node`. Where nothing more can be said of the line it is walked on, muted.
    pub fn node(&mut self, node: &'static Node, at: usize) -> Option<usize> {
        let next = self.walk(node, at);
        if next.is_some() || self.split.is_some() {
            return next;
        }
        self.mute();
        match node {
            Node::Place(place) if place.of.role == Role::Condition => {
                self.condition_behind(at);
                Some(self.end)
            }
            Node::Code(_) => Some(at),
            _ => Some((at + 1).min(self.end.max(at))),
        }
    }

    /// Marks the condition that begins at word `at` or behind it, where there is one.
    fn condition_behind(&mut self, at: usize) {
        let begins = (at..self.end).find(|at| matches!(self.str(*at), "if" | "unless"));
        if let Some(piece) = begins.and_then(|at| self.piece(at)) {
            self.mark(Role::Condition, piece, None);
            self.inside(Role::Condition, piece.at);
        }
    }

    fn walk(&mut self, node: &'static Node, at: usize) -> Option<usize> {
        if self.query.is_some() && at >= self.end {
            return self.open(node, at);
        }
        match node {
            Node::Literal(word) => self.literal(word, node, at),
            Node::Call(name, arguments) => self.call_word(name, arguments, node, at),
            Node::Place(place) => match self.peek(at) {
                Some(piece) if self.query.is_some() => self.place_asked(place, piece),
                Some(piece) if piece.text.is_some() || !self.is_many(at) => {
                    let known = self.marks.len();
                    self.mark(place.of.role, piece, Some(place));
                    let next = (place.of.judge)(self, piece, place);
                    if next.is_none() && place.of.role == Role::Condition {
                        self.marks.truncate(known);
                    }
                    place.of.alike.into_iter().for_each(|alike| self.alike(at, alike));
                    next
                }
                Some(_) => None,
                None if place.kind == "if" => Some(at),
                None => self.missing(node, at),
            },
            Node::Table(index) => self.table(&TABLES[*index], node, at),
            Node::Seq(nodes) => nodes.iter().try_fold(at, |at, node| if self.split.is_some() { None } else { self.node(node, at) }),
            Node::Choice(nodes) => match self.choose(nodes, at)? {
                Some(chosen) => self.node(chosen, at),
                None if at >= self.end => self.missing(node, at),
                None => self.unknown(node, at),
            },
            Node::Optional(inner) => {
                if self.goes_on(inner, at)? {
                    self.node(inner, at)
                } else {
                    self.stopped = Some((at, inner));
                    Some(at)
                }
            }
            Node::Repeat(inner, once) => self.repeat(inner, *once, at),
            Node::Guard(set, inner) => {
                if self.all_in(set) {
                    self.node(inner, at)
                } else if self.split.is_some() {
                    None
                } else {
                    Some(at)
                }
            }
            Node::Required(inner) => self.node(inner, at),
            Node::Rest => {
                self.ignored_words(at);
                Some(self.end)
            }
            Node::Code(judge) => judge(self, at),
        }
    }

    /// What follows is left out without a word: true, and worth saying.
    fn ignored_words(&mut self, at: usize) {
        let (Some(first), Some(last)) = (self.piece(at), self.piece(self.end.saturating_sub(1))) else { return };
        if first.text.is_none() {
            return;
        }
        let location = Location { file: first.location.file, span: first.location.span.to(last.location.span) };
        let what = if last.at == first.at { format!("`{}` is", self.str(at)) } else { "these words are".to_owned() };
        let message = format!("{what} left out: `{}` takes nothing more", self.path());
        self.fault(Fault::silent(FaultKind::IgnoredArgument, location, message, self.versions).help("delete what HAProxy does not read"));
    }

    fn literal(&mut self, word: &str, node: &'static Node, at: usize) -> Option<usize> {
        match self.piece(at) {
            None => self.missing(node, at),
            Some(Piece { text: None, .. }) => None,
            Some(piece) if piece.text == Some(word) => {
                self.keyword = at;
                self.mark_keyword(piece, word.len());
                Some(at + 1)
            }
            Some(_) => self.unknown(node, at),
        }
    }

    fn call_word(&mut self, name: &str, arguments: &'static [Argument], node: &'static Node, at: usize) -> Option<usize> {
        match self.piece(at) {
            None => self.missing(node, at),
            Some(Piece { text: None, .. }) => None,
            Some(piece) if piece.text.is_some_and(|t| t.starts_with(name)) => {
                self.mark_keyword(piece, name.len() - 1);
                self.arguments(piece, arguments).map(|()| at + 1)
            }
            Some(_) => self.unknown(node, at),
        }
    }

    /// Judges the arguments in parentheses of a word.
    fn arguments(&mut self, piece: Piece<'r>, arguments: &'static [Argument]) -> Option<()> {
        let text = piece.text?;
        let open = text.find('(')?;
        let name = text.cut(..open);
        let Some(close) = text.rfind(')').filter(|c| *c > open) else {
            return self.refuse(FaultKind::InvalidValue, piece.location, format!("`)` is missing at the end of `{text}`"));
        };
        let mut start = open + 1;
        for (number, argument) in arguments.iter().enumerate() {
            let last = number + 1 == arguments.len();
            let comma = if last { None } else { text.cut(start..close).find(',') };
            let end = comma.map_or(close, |c| start + c);
            let inner = text.cut(start..end);
            if inner.is_empty() {
                let needed = arguments[number..].iter().any(|a| !a.optional) && !argument.optional;
                if needed {
                    let message = format!("`{name}` needs {} in its parentheses", with_article(argument.place.label));
                    return self.refuse(FaultKind::MissingArgument, piece.location, message);
                }
            } else {
                let location = self.part(piece, start, end);
                let faults = self.faults.len();
                let inner = Piece { at: piece.at, text: Some(inner), location };
                self.mark(argument.place.of.role, inner, Some(&argument.place));
                (argument.place.of.judge)(self, inner, &argument.place);
                if self.faults[faults..].iter().any(|f| f.verdict.is_some()) {
                    return None;
                }
            }
            start = (end + 1).min(close);
        }
        Some(())
    }

    fn table(&mut self, table: &'static Table, node: &'static Node, at: usize) -> Option<usize> {
        let Some(piece) = self.piece(at) else { return self.missing(node, at) };
        let text = piece.text?;
        match self.find(table, text) {
            Found::Entry(entry) => self.entry(entry, piece),
            Found::Elsewhere(entries) => self.misplaced(entries, piece).or_else(|| self.look_on(entries, piece)),
            Found::OtherVersion(entries) => self.other_version(entries, piece).or_else(|| self.look_on(entries, piece)),
            Found::Split => None,
            Found::Nothing => {
                let next = self.unknown(node, at);
                if table.entries.iter().any(|entry| entry.arguments.ends_in_condition()) {
                    self.condition_behind(at);
                }
                next
            }
        }
    }

    /// Walks along a keyword that cannot stand here, for what it names.
    pub(super) fn look_on(&mut self, entries: &'static [Entry], piece: Piece<'r>) -> Option<usize> {
        if self.split.is_some() {
            return None;
        }
        self.mute();
        self.entry(entries.last()?, piece)
    }

    /// Judges one thing that a stick table stores.
    pub(super) fn stored(&mut self, table: &'static Table, piece: Piece<'r>) -> Option<()> {
        let text = piece.text?;
        let name = text.split('(').next().unwrap_or(text);
        let depth = self.path.len();
        match self.find(table, text) {
            Found::Entry(entry) => self.entry(entry, piece).map(drop)?,
            Found::OtherVersion(entries) => return self.other_version(entries, piece),
            Found::Split => return None,
            Found::Nothing | Found::Elsewhere(_) if !table.find(&format!("{name}(")).is_empty() => {
                let help = format!("write `{name}(ARGUMENT)`: rates need their period, arrays their length");
                let fault = Fault::refused(
                    FaultKind::MissingArgument,
                    piece.location,
                    format!("`{name}` needs an argument in parentheses"),
                    self.versions,
                );
                self.fault(fault.help(help));
                return None;
            }
            Found::Nothing | Found::Elsewhere(_) if !table.find(name).is_empty() => {
                return self.refuse(FaultKind::UnexpectedArgument, piece.location, format!("`{name}` takes no argument"));
            }
            Found::Nothing | Found::Elsewhere(_) => {
                let words: Vec<&'static str> = self.words_of_table(table).collect();
                let mut fault = Fault::refused(
                    FaultKind::UnknownArgument,
                    piece.location,
                    format!("a stick table cannot store `{name}`"),
                    self.versions,
                );
                fault.help = self.near(piece, words.iter().copied());
                self.fault(fault);
                return None;
            }
        }
        self.path.truncate(depth);
        Some(())
    }

    /// The entry of `table` for a word, as the versions judged and this section have it.
    pub(super) fn find(&mut self, table: &'static Table, text: &str) -> Found {
        let entries = table.find(text);
        if entries.is_empty() {
            return Found::Nothing;
        }
        let mut known = false;
        for entry in entries {
            let here = self.line.takes(entry) || self.line.ignores(entry);
            if self.all_in(&entry.taken_by()) {
                known = true;
                if here {
                    return Found::Entry(entry);
                }
            } else if self.split.is_some() {
                return Found::Split;
            }
        }
        if known { Found::Elsewhere(entries) } else { Found::OtherVersion(entries) }
    }

    /// Judges a word that is `entry`, and what follows.
    pub(super) fn entry(&mut self, entry: &'static Entry, piece: Piece<'r>) -> Option<usize> {
        let text = piece.text?;
        self.path.push(text);
        self.keyword = piece.at;
        self.enter(entry, piece);
        self.conditional |= entry.arguments.takes_condition();
        self.aborts |= entry.note(NoteKind::Aborts).is_some_and(|n| n.versions.covers(self.versions));
        self.first_pass |= entry.note(NoteKind::FirstPass).is_some();
        let sound =
            self.notes(entry, piece).and_then(|()| if entry.call.is_empty() { Some(()) } else { self.arguments(piece, entry.call) });
        if self.split.is_some() {
            return None;
        }
        if sound.is_none() {
            self.mute();
        }
        self.node(&entry.arguments, piece.at + 1)
    }
}

/// What a table knows of a word.
pub(super) enum Found {
    /// The entry for these versions and this section.
    Entry(&'static Entry),
    /// These versions know it, in other sections.
    Elsewhere(&'static [Entry]),
    /// Other versions know it.
    OtherVersion(&'static [Entry]),
    /// Some of the versions know it, and some do not.
    Split,
    /// No version knows it.
    Nothing,
}

/// The bytes `start..end` of a piece of `statement`: its whole place where quotes or escapes moved them.
pub(super) fn part(statement: Statement<'_>, piece: Piece<'_>, start: usize, end: usize) -> Location {
    let Location { file, span } = piece.location;
    // What means itself is no copy.
    let is_there = |text: &str| std::ptr::eq(statement.file().slice(span), text.as_bytes());
    let plain = piece.text.is_some_and(is_there);
    let inner = Span::new(span.start + start as u32, span.start + end as u32);
    Location { file, span: if plain { inner } else { span } }
}
