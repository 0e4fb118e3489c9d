//! The types of words. A data file names one as `<label:type>`, and each is a file here, which the build finds: what a word
//! of it is for ([`Role`]), whether a word is one, and which words are always possible.
//!
//! The function of a type takes the piece at hand and gives the number of the word behind it, or `None` where nothing more
//! can be said of the line.

use crate::{
    cut::Cut,
    expression::{Places, Scope},
    finding::{Help, Verdict},
    nearest::nearest,
    syntax::SectionKind,
};

use super::{Alike, Fault, FaultKind, Matcher, Piece, Place, Role};

/// A type of words.
pub struct Type {
    /// What a word of this type is for.
    pub role: Role,
    /// Holds a piece against the type.
    pub judge: for<'r> fn(&mut Matcher<'_, 'r>, Piece<'r>, &Place) -> Option<usize>,
    /// The words that a place of this type always takes, for completion; other words may fit, too.
    pub words: fn(&Place) -> Vec<&'static str>,
    /// The words that its parameter may have, beside a range of numbers; `None`: any.
    pub parameters: Option<&'static [&'static str]>,
    /// The texts that are judged alike: what is right of one is right of all, and they mark the whole word or nothing.
    pub alike: Option<Alike>,
    /// The table that its words are of, where they are keywords of their own.
    pub table: Option<&'static str>,
}

impl Type {
    const fn new(role: Role, judge: for<'r> fn(&mut Matcher<'_, 'r>, Piece<'r>, &Place) -> Option<usize>) -> Self {
        Self { role, judge, words: |_| Vec::new(), parameters: Some(&[]), alike: None, table: None }
    }

    /// The same with a parameter of these words.
    const fn with(self, parameters: &'static [&'static str]) -> Self {
        Self { parameters: Some(parameters), ..self }
    }

    /// The same with words of a table.
    const fn of_table(self, table: &'static str) -> Self {
        Self { table: Some(table), ..self }
    }

    /// A type whose words are names: HAProxy looks them up later, and takes any for now.
    const fn naming(role: Role) -> Self {
        Self::new(role, |_, piece, _| Some(piece.at + 1)).alike(Alike::Name)
    }

    /// The same with texts that are judged alike.
    const fn alike(self, alike: Alike) -> Self {
        Self { alike: Some(alike), ..self }
    }
}

impl std::fmt::Debug for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.role.fmt(f)
    }
}

// Every file of `src/catalog/types/` is a type: `build.rs` finds them, and makes the modules.
include!(concat!(env!("OUT_DIR"), "/types.rs"));

/// Everything a type needs.
mod prelude {
    #[allow(unused_imports, reason = "not every type needs all of them")]
    pub(super) use super::{
        super::{Alike, Fault, FaultKind, Matcher, Piece, Place, Role},
        Type, as_c_int, c_int, c_number, in_range, leading_number, number_of, number_range, scope, take, the,
    };
    #[allow(unused_imports, reason = "not every type needs all of them")]
    pub(super) use crate::{
        cut::Cut,
        expression,
        finding::Help,
        nearest::nearest,
        syntax::{SectionKind, is_name_char},
        version::VersionSet,
    };
}

/// The number at the beginning of `text` as C reads it, and where it ends; 0 where there is none.
pub(super) fn leading_number(text: &str) -> (i64, usize) {
    let blank = text.len() - text.trim_start().len();
    let sign = usize::from(text.cut(blank..).starts_with(['+', '-']));
    let digits = text.cut(blank + sign..).bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return (0, 0);
    }
    let end = blank + sign + digits;
    let least_or_most = if text.cut(blank..).starts_with('-') { i64::MIN } else { i64::MAX };
    (text.cut(blank..end).trim_start_matches('+').parse().unwrap_or(least_or_most), end)
}

/// What is left of a number in C's `int`.
#[allow(clippy::cast_possible_truncation, reason = "this is what C does")]
fn as_c_int(value: i64) -> i64 {
    i64::from(value as i32)
}

fn in_range<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, value: i64, place: &Place) -> Option<usize> {
    if place.parameter.contains("nonzero") && value == 0 {
        return m.refuse(FaultKind::InvalidNumber, piece.location, format!("{} must not be 0", number_of(m, place.label)));
    }
    let Some((from, to)) = place.range else { return Some(piece.at + 1) };
    // What is beyond one end says nothing of the other, which versions may have otherwise.
    let (wrong, bound) = match value {
        _ if value < from => ("small", format!("at least {from}")),
        _ if value > to => ("large", format!("at most {to}")),
        _ => return Some(piece.at + 1),
    };
    let text = piece.text?;
    let counted = if text.parse::<i64>().is_ok_and(|n| n == value) { "is" } else { &format!("counts as {value}, which is") };
    let message = format!("`{text}` {counted} too {wrong}: {} must be {bound}", number_of(m, place.label));
    m.refuse(FaultKind::InvalidNumber, piece.location, message)
}

fn number_range(place: &Place) -> String {
    match place.range {
        Some((from, i64::MAX)) => format!("a number from {from} on"),
        Some((i64::MIN, to)) => format!("a number up to {to}"),
        Some((from, to)) => format!("a number from {from} to {to}"),
        None => "a whole number".to_owned(),
    }
}

fn the(label: &str) -> String {
    format!("the {label}")
}

/// What a number stands for: what there is of it where its label is a plural, and its keyword where the label says no more than that.
fn number_of(m: &Matcher<'_, '_>, label: &str) -> String {
    match label {
        "number" | "value" if !m.path.is_empty() => format!("`{}`", m.path()),
        "percent" => "the percentage".to_owned(),
        _ if super::matcher::is_plural(label) => format!("the number of {label}"),
        _ => the(label),
    }
}

/// Where an expression at this word is evaluated.
pub(super) fn scope(m: &Matcher<'_, '_>) -> Scope {
    let keyword = |at: usize| m.path.get(at).copied().unwrap_or("");
    // Addresses and marks are set from what a request holds, whatever list the rule stands in.
    let of_request = |word: &&str| {
        matches!(*word, "set-src" | "set-src-port" | "set-dst" | "set-dst-port" | "set-fc-mark" | "set-fc-tos" | "set-mark" | "set-tos")
    };
    let rules = if m.path.iter().any(of_request) { ["http-request", ""] } else { [keyword(0), keyword(1)] };
    let places = Places::of_rule(rules[0], rules[1], m.line.kind).unwrap_or(Places::EVERYWHERE);
    let at_the_end =
        matches!(keyword(0), "log-format" | "log-format-sd" | "unique-id-format" | "error-log-format" | "balance") || of_forwarded(m);
    Scope { versions: m.versions, places, aborts: m.aborts, at_the_end, http: m.line.http }
}

/// Whether this is a line of `option forwarded`, whose expressions are read once all lines are.
fn of_forwarded(m: &Matcher<'_, '_>) -> bool {
    m.path.get(1) == Some(&"forwarded")
}

/// Whether HAProxy reads the expression that is word `at` of an `option forwarded` line: only in HTTP mode, for the backends that
/// inherit it, and if no later word of the line says something else.
fn is_read_of_forwarded(m: &Matcher<'_, '_>, at: usize) -> bool {
    let name = |at: usize| m.str(at).trim_end_matches("-expr");
    let said_again = (at + 1..m.end).any(|later| name(later) == name(at - 1));
    m.line.kind != SectionKind::Defaults && m.line.http == Some(true) && !said_again
}

/// Takes over what an expression brought up; what is refused ends the line.
fn take(m: &mut Matcher<'_, '_>, faults: Vec<Fault>) -> Option<()> {
    let refused = faults.iter().any(|f| f.verdict == Some(Verdict::Reject) && !f.at_the_end);
    for fault in faults {
        m.fault(fault);
    }
    (!refused).then_some(())
}

/// C's `atoi`.
pub(super) fn c_number(text: &str) -> i64 {
    as_c_int(leading_number(text).0)
}

/// Says that a part of a word is none of the words of `known`.
fn unlisted(m: &mut Matcher<'_, '_>, piece: Piece<'_>, range: std::ops::Range<usize>, known: &'static str, comma: &str) -> Option<usize> {
    let wrong = piece.text?.cut(range.clone());
    let location = m.part(piece, range.start, range.end);
    let message = format!("`{}` does not know `{wrong}`", m.path());
    let near = nearest(wrong, known.split(' '));
    let help = Help::near(location, wrong, near, || format!("write some of {}", known.replace(' ', comma)));
    m.fault(Fault::refused(FaultKind::UnknownArgument, location, message, m.versions).help(help));
    None
}

/// What C's `atoi` makes of a number that is kept as an `int`.
pub(super) fn c_int(text: &str) -> i64 {
    as_c_int(leading_number(text).0)
}

#[cfg(test)]
mod tests {
    use super::super::TABLES;

    #[test]
    fn every_parameter_in_the_data_files_is_one_that_its_type_knows() {
        let mut wrong = Vec::new();
        for entry in TABLES.iter().flat_map(|table| table.entries) {
            let mut look = |place: &'static super::Place| {
                let known = |word: &str| word.contains("..") || place.of.parameters.is_none_or(|words| words.contains(&word));
                if !place.parameter.split_whitespace().all(known) {
                    wrong.push(format!("{}:{}: <{} {}>", entry.file, entry.line, place.kind, place.parameter));
                }
            };
            entry.call.iter().for_each(|argument| look(&argument.place));
            entry.arguments.places(&mut look);
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
