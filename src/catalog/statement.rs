//! Holds a whole statement against the table of its section.

use crate::{
    finding::Help,
    syntax::{SectionKind, Statement},
    version::VersionSet,
};

use super::{
    Alike, Fault, FaultKind, Mark,
    line::Line,
    matcher::{Found, Matcher, Piece},
    signature::{Entry, Table, home},
};

/// What is known of a line beyond its faults.
#[derive(Debug, Default)]
pub(crate) struct Understood {
    /// The words that speak of other places.
    pub(crate) marks: Vec<Mark>,
    /// The words that might say something else, and what.
    pub(crate) alike: Vec<(u16, Alike)>,
    /// Whether versions know it differently.
    pub(crate) is_split: bool,
}

impl Understood {
    /// Makes room for the next line.
    pub(crate) fn forget(&mut self) {
        self.marks.clear();
        self.alike.clear();
        self.is_split = false;
    }
}

/// Understands one statement for `versions`, in parts where they know it differently: what is wrong with it, and what it speaks of.
pub(crate) fn understand<'r>(
    statement: Statement<'r>,
    line: &Line<'_>,
    versions: VersionSet,
    faults: &mut Vec<Fault>,
    understood: &mut Understood,
) {
    let first = usize::from(matches!(statement.keyword(), "no" | "default") && statement.len() > 1);
    let Some(table) = line.table else { return };
    if statement.word(first).and_then(|w| w.known()).is_none_or(|w| w.is_empty() || w.starts_with('.')) {
        return;
    }
    let mut matcher = Matcher::new(statement, first, line, versions);
    matcher.statement(table);
    let Some(set) = matcher.split else {
        if !matcher.faults.is_empty() {
            matcher.rest_is_alike();
        }
        faults.append(&mut matcher.faults);
        add(&mut understood.marks, &mut matcher.marks);
        let mut alike = std::mem::take(&mut matcher.alike);
        alike.retain(|(at, _)| !matcher.has_looked_at(*at));
        understood.alike.append(&mut alike);
        return;
    };
    understood.is_split = true;
    let mut parts = Vec::new();
    understand(statement, line, versions & set, &mut parts, understood);
    understand(statement, line, versions.minus(set), &mut parts, understood);
    for fault in parts {
        let same = |other: &&mut Fault| Fault { versions: fault.versions, ..(**other).clone() } == fault;
        match faults.iter_mut().rev().take(8).find(same) {
            Some(other) => other.versions = other.versions | fault.versions,
            None => faults.push(fault),
        }
    }
}

/// Adds what other versions did not mark before.
fn add(marks: &mut Vec<Mark>, more: &mut Vec<Mark>) {
    if marks.is_empty() {
        marks.append(more);
        return;
    }
    for mark in more.drain(..) {
        let same = |known: &Mark| (known.word, known.start, known.end, known.role) == (mark.word, mark.start, mark.end, mark.role);
        if !marks.iter().any(same) {
            marks.push(mark);
        }
    }
}

impl<'r> Matcher<'_, 'r> {
    pub(super) fn statement(&mut self, table: &'static Table) -> Option<()> {
        let piece = self.piece(self.first)?;
        let text = piece.text?;
        let entry = match self.find(table, text) {
            Found::Entry(entry) => entry,
            Found::Elsewhere(entries) => {
                self.misplaced::<()>(entries, piece);
                return self.look_on(entries, piece).map(drop);
            }
            Found::OtherVersion(entries) => {
                self.other_version::<()>(entries, piece);
                return self.look_on(entries, piece).map(drop);
            }
            Found::Nothing => return self.unknown_keyword(table, piece),
            Found::Split => return None,
        };
        if self.first == 1 && text == "log" && self.str(0) == "no" {
            return self.negated_log();
        }
        let next = self.entry(entry, piece)?;
        if self.is_muted() {
            return None;
        }
        // Of options alone the words behind are looked at.
        if self.first == 1 && self.str(0) == "no" && text != "option" { None } else { self.behind(next) }
    }

    /// `no log` forgets the targets inherited so far, and takes nothing.
    fn negated_log<T>(&mut self) -> Option<T> {
        let extra = self.piece(2)?;
        let text = extra.text?;
        self.refuse(FaultKind::UnexpectedArgument, extra.location, format!("`no log` takes no argument, and here is `{text}`"))
    }

    fn unknown_keyword<T>(&mut self, table: &'static Table, piece: Piece<'r>) -> Option<T> {
        let text = piece.text?;
        let message = format!("`{text}` is no keyword of a `{}` section", self.line.kind.keyword());
        let mut fault = Fault::refused(FaultKind::UnknownKeyword, piece.location, message, self.versions);
        let words: Vec<&'static str> = self.words_of_table(table).collect();
        // A word that is right elsewhere is no slip of the pen: `mode` in `global` does not mean `node`.
        fault.help = home(text).map(Help::from).or_else(|| self.near(piece, words.iter().copied()));
        self.fault(fault);
        None
    }

    /// A keyword that other sections take.
    pub(super) fn misplaced<T>(&mut self, entries: &'static [Entry], piece: Piece<'r>) -> Option<T> {
        let text = piece.text?;
        let taken = entries
            .iter()
            .filter(|e| e.taken_by().meets(self.versions))
            .fold((0, false), |all, e| (all.0 | e.sections.taken, all.1 | e.sections.named_defaults_only));
        let path = if self.path.is_empty() { text.to_owned() } else { format!("{} {text}", self.path()) };
        let nameless = self.line.kind == SectionKind::Defaults && taken.1;
        let message = if nameless {
            format!("`{path}` needs a `defaults` section with a name")
        } else {
            format!("`{path}` cannot stand in a `{}` section", self.line.kind.keyword())
        };
        let proxies = ["`defaults`", "`frontend`", "`listen`", "`backend`"];
        let sections: Vec<&str> = proxies.into_iter().enumerate().filter(|(bit, _)| taken.0 >> bit & 1 == 1).map(|(_, s)| s).collect();
        let help = if nameless {
            "give the section a name, and let the proxies that want its rules say `from` that name".to_owned()
        } else {
            let sections = match sections.as_slice() {
                [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
                one => one.concat(),
            };
            format!("move it to a {sections} section")
        };
        self.fault(Fault::refused(FaultKind::Misplaced, piece.location, message, self.versions).help(help));
        None
    }
}
