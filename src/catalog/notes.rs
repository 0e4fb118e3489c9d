//! What the notes of an entry have to say of a line, and what can be done about it.

use crate::{
    finding::{Applicability, Edit, Fix, Verdict},
    source::Location,
    syntax::SectionKind,
    version::VersionSet,
};

use super::{
    Fault, FaultKind,
    matcher::{Matcher, Piece},
    signature::{Advice, Entry, NoteKind},
    successor,
};

impl NoteKind {
    /// Whether it may be said of a line; most notes are for rules alone.
    fn is_of_lines(self) -> bool {
        use NoteKind as N;
        matches!(self, N::Deprecated | N::Discouraged | N::Warns | N::Experimental | N::Exposed | N::Needs | N::Rare)
            || matches!(self, N::NoDefaultServer | N::NoNegation | N::NoDefault)
    }
}

/// Versions that are all in the past, in words: the one that is asked for is later.
fn until(known: VersionSet) -> String {
    let words = known.to_string();
    let last = known.iter().last().map(|last| format!("{}.{}", last.major, last.minor));
    match (words.strip_suffix(" and later"), last) {
        (Some(first), Some(last)) if first == last => last,
        (Some(first), Some(last)) => format!("{first} to {last}"),
        // All but the preview.
        (None, Some(last)) if words == VersionSet::ALL.to_string() => format!("{last} and earlier"),
        _ => words,
    }
}

impl<'r> Matcher<'_, 'r> {
    /// What the advice of a note does to the line, if the keyword begins it or follows `option` and the like.
    fn remedy(&self, advice: Advice, piece: Piece<'r>) -> Option<Fix> {
        if let Some(fix) = successor::option(&self.statement, piece.at) {
            return Some(fix);
        }
        let begins = piece.at == self.first || piece.at == self.first + 1 && !self.path.is_empty();
        if !begins || self.first > 0 {
            return None;
        }
        if let Advice::Delete { sure, .. } = advice {
            let applicability = if sure { Applicability::Safe } else { Applicability::Unsafe };
            let edits = vec![Edit::delete(self.statement.whole_line())];
            return Some(Fix { title: "delete the line".to_owned(), applicability, edits });
        }
        if let Some(line) = successor::line(&self.statement) {
            let edits = vec![Edit::replace(self.statement.location(), line.as_str())];
            return Some(Fix { title: format!("write `{line}`"), applicability: Applicability::Unsafe, edits });
        }
        let Advice::Write(successor) = advice else { return None };
        // A word of a rule, or all words up to this one.
        let inner = piece.at > self.first && successor.split(' ').next() != Some(self.statement.keyword());
        let first = if inner { piece.at } else { self.first };
        let span = self.statement.word(first)?.location.span.to(piece.location.span);
        let edit = Edit::replace(Location { span, ..piece.location }, successor);
        Some(Fix { title: format!("write `{successor}`"), applicability: Applicability::Unsafe, edits: vec![edit] })
    }

    /// A keyword that only other versions know.
    pub(super) fn other_version<T>(&mut self, entries: &'static [Entry], piece: Piece<'r>) -> Option<T> {
        let text = piece.text?;
        let known = entries.iter().fold(VersionSet::NONE, |all, e| all | e.taken_by());
        let advice = entries.iter().find_map(|e| e.note(NoteKind::Removed)).map(|n| n.advice).filter(|a| *a != Advice::None);
        let path = if self.path.is_empty() { text.to_owned() } else { format!("{} {text}", self.path()) };
        let past = known.is_empty() || known.iter().last() < self.versions.iter().next();
        let (kind, message) = match (past, known.is_empty()) {
            (true, true) => (FaultKind::Removed, format!("`{path}` was removed from HAProxy long ago")),
            (true, false) => (FaultKind::Removed, format!("`{path}` is not known any more: HAProxy {} had it", until(known))),
            (false, _) => (FaultKind::TooNew, format!("`{path}` is not known yet: HAProxy {known} has it")),
        };
        let mut fault = Fault::refused(kind, piece.location, message, self.versions);
        let past = kind == FaultKind::Removed;
        let gone = Advice::Delete { sure: false, why: "as its effect is gone" };
        fault.fix = advice.or(past.then_some(gone)).and_then(|advice| self.remedy(advice, piece));
        self.fault(match (advice, kind) {
            (Some(advice), _) => fault.help(advice.to_string()),
            (None, FaultKind::TooNew) => fault.help("delete it, or check for the HAProxy that will run it with `--target`"),
            (None, _) => fault.help("delete it"),
        });
        None
    }

    /// What the notes of an entry, and its section, have to say.
    pub(super) fn notes(&mut self, entry: &'static Entry, piece: Piece<'r>) -> Option<()> {
        if !self.line.takes(entry) && self.line.ignores(entry) {
            let side = if self.line.kind == SectionKind::Backend { "takes no connections" } else { "sends nothing to servers" };
            let message = format!("`{}` does nothing in {}, which {side}", self.path(), self.line.title());
            let mut fault = Fault::warned(FaultKind::Ignored, piece.location, message, self.versions)
                .help("delete it, or move it to a section that uses it");
            // HAProxy calls some things ignored that are not: only where nothing but a frontend looks is it the same without.
            let is_looked_at = self.line.kind != SectionKind::Backend || !entry.notes.iter().any(|n| n.kind == NoteKind::OfFrontends);
            fault.fix = (!is_looked_at).then_some(Advice::Delete { sure: true, why: "" }).and_then(|advice| self.remedy(advice, piece));
            self.fault(fault);
        }
        let judged = self.versions;
        for note in entry.notes.iter().filter(|n| n.kind.is_of_lines() && n.versions.meets(judged)) {
            let versions = self.versions & note.versions;
            let path = self.path();
            let (kind, verdict, message) = match note.kind {
                NoteKind::Deprecated => (FaultKind::Deprecated, Some(Verdict::Warning), format!("`{path}` is deprecated")),
                NoteKind::Discouraged => (FaultKind::Deprecated, None, format!("`{path}` has a successor")),
                NoteKind::Warns => (FaultKind::Ignored, Some(Verdict::Warning), format!("`{path}`: {}", note.advice)),
                NoteKind::Experimental if !self.line.exposes_experimental => {
                    (FaultKind::Experimental, Some(Verdict::Reject), format!("`{path}` is experimental"))
                }
                NoteKind::Exposed if !self.line.exposes_deprecated => (
                    FaultKind::Experimental,
                    Some(Verdict::Reject),
                    format!("`{path}` is deprecated, and refused as long as that is not said to be wanted"),
                ),
                NoteKind::NoDefaultServer if self.statement.str(self.first) == "default-server" => {
                    (FaultKind::Misplaced, Some(Verdict::Alert), format!("`{}` cannot stand in a `default-server` line", piece.text?))
                }
                NoteKind::Needs if self.line.build.and_then(|b| b.has(note.feature)) == Some(false) => {
                    (FaultKind::NotBuilt, Some(Verdict::Reject), format!("`{path}` needs a HAProxy that was built with {}", note.feature))
                }
                NoteKind::Rare if self.line.build.and_then(|b| b.has(note.feature)) != Some(true) => (
                    FaultKind::NotBuilt,
                    Some(Verdict::Reject),
                    format!("`{path}` needs a HAProxy that was built with {}, which hardly any is", note.feature),
                ),
                NoteKind::NoNegation if self.first == 1 => {
                    (FaultKind::UnexpectedArgument, Some(Verdict::Reject), format!("`{path}` cannot be negated"))
                }
                NoteKind::NoDefault if self.first == 1 && self.statement.str(0) == "default" => {
                    let message = format!("`{path}` can be negated with `no`, but not set back with `default`");
                    (FaultKind::UnexpectedArgument, Some(Verdict::Reject), message)
                }
                _ => continue,
            };
            if kind == FaultKind::Deprecated && verdict.is_some() && self.line.exposes_deprecated {
                continue;
            }
            let help = match note.kind {
                NoteKind::Experimental => Advice::Say("write `expose-experimental-directives` in `global` before it"),
                NoteKind::Exposed => Advice::Say("write `expose-deprecated-directives` in `global` before it"),
                NoteKind::NoDefaultServer => Advice::Say("write it on each `server` line"),
                NoteKind::Warns => Advice::Delete { sure: true, why: "" },
                NoteKind::Needs | NoteKind::Rare => {
                    Advice::Delete { sure: false, why: "or run a build that has it: `haproxy -vv` shows a `Feature list`" }
                }
                _ => note.advice,
            };
            let mut fault = Fault { verdict, ..Fault::refused(kind, piece.location, message, versions) };
            fault.help = (help != Advice::None).then(|| help.to_string().into());
            fault.fix = self.remedy(help, piece);
            self.fault(fault);
            if matches!(verdict, Some(Verdict::Reject | Verdict::Alert)) && versions == self.versions {
                return None;
            }
        }
        Some(())
    }
}
