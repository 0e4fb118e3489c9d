//! The languages inside words: sample expressions, log-format strings, ACLs and conditions.
//!
//! What a word says is taken apart by `grammar/expression.pest`; what HAProxy knows is in `data/`, one line for each
//! form of a fetch or converter. A judgement is made for all versions at once: where they differ, it goes on in *lanes*,
//! one for each type that an expression has so far.

mod acl;
mod arguments;
mod catalog;
pub(crate) mod inclusion;
mod log_format;
mod parts;
mod pattern;
mod places;
mod plain_regex;
mod sample;
mod text;
mod values;

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::{
    finding::{Fault, FaultKind, Help},
    source::Location,
    syntax::{Statement, Word},
    version::VersionSet,
};

pub use catalog::{
    AclKeyword, Alias, ArgumentType, SampleType, Signature, acl_names, aliases, condition_meaning, converter_names, fetch_names,
    lookup_acl, lookup_converter, lookup_fetch, method_meaning,
};
pub use parts::{Language, Meaning, Part, forms, parts};
pub(crate) use pattern::METHODS;
pub use places::Places;

/// Where an expression is evaluated, and by which versions.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// The versions to judge for.
    pub versions: VersionSet,
    /// The places at which it may be evaluated; a fetch must be available in one of them.
    pub places: Places,
    /// Faults in it make HAProxy stop reading.
    pub aborts: bool,
    /// It is compiled once every file was read, as `log-format` is.
    pub at_the_end: bool,
    /// Whether the proxy is in http mode as far as it was read; `None` where that is not known, or decided later.
    pub http: Option<bool>,
}

/// Judges the sample expression that begins with word `index`; words behind it that are converters belong to it.
/// Gives the number of the first word that does not.
pub fn sample(statement: Statement<'_>, index: usize, scope: Scope, faults: &mut Vec<Fault>) -> usize {
    Judge::new(scope, faults).sample(statement, index)
}

/// What the sample expression that begins with word `index` gives, and in which versions; nothing in those that refuse it.
pub fn output(statement: Statement<'_>, index: usize) -> Vec<(VersionSet, SampleType)> {
    let scope = Scope { versions: VersionSet::ALL, places: Places::EVERYWHERE, aborts: false, at_the_end: false, http: None };
    let mut faults = Vec::new();
    let lanes = Judge::new(scope, &mut faults).lanes(statement, index).0;
    lanes.iter().map(|lane| (lane.versions, lane.output)).collect()
}

/// Judges converters that stand alone, for a text that is there already; they are one word.
pub fn converters(word: Word<'_>, scope: Scope, faults: &mut Vec<Fault>) {
    Judge::new(scope, faults).converters(word);
}

/// The aliases in a log-format string, with their `%`: their names, and where they stand.
pub fn aliases_in(text: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    text::items(text, true).filter_map(|item| match item.target {
        text::Target::Alias(name, range) => Some((name, item.range.start..range.end)),
        _ => None,
    })
}

/// Judges a log-format string, which is one word.
pub fn log_format(word: Word<'_>, scope: Scope, faults: &mut Vec<Fault>) {
    Judge::new(scope, faults).log_format(word);
}

/// Judges the condition behind `if` or `unless`, which is word `index`. It ends with the line. Gives the words that are patterns of
/// its ACLs and may be any text.
pub fn condition(statement: Statement<'_>, index: usize, scope: Scope, faults: &mut Vec<Fault>) -> Vec<Range<usize>> {
    Judge::new(scope, faults).condition(statement, index)
}

/// Judges what stands behind `acl NAME`: criterion, flags and patterns from word `index` to the end of the line. Gives the words
/// that are patterns and may be any text.
pub fn acl(statement: Statement<'_>, index: usize, scope: Scope, faults: &mut Vec<Fault>) -> Range<usize> {
    let mut judge = Judge::new(scope, faults);
    judge.acl(statement, index, statement.len());
    judge.texts
}

/// Judges the name of a variable, which is `range` of `word`: `txn.name`.
pub fn variable(word: Word<'_>, range: Range<usize>, scope: Scope, faults: &mut Vec<Fault>) {
    let Some(name) = word.known().and_then(|text| text.get(range.clone())) else { return };
    let mut judge = Judge::new(scope, faults);
    if let Some(refusal) = values::variable(name) {
        judge.report(
            FaultKind::InvalidExpression,
            word.part(range.clone()),
            refusal.message,
            refusal.help.map(Help::from),
            refusal.versions,
        );
    }
}

/// What is wrong with a regular expression, if every library that HAProxy can be built with refuses it: where, and what.
pub fn regex_problem(text: &str) -> Option<(Range<usize>, &'static str)> {
    pattern::regex_problem(text)
}

/// More than there are branches, and so lanes.
const LANES: usize = 16;

/// Takes the faults of one judgement.
struct Judge<'f> {
    scope: Scope,
    faults: &'f mut Vec<Fault>,
    /// Where the faults of this judgement begin.
    first: usize,
    /// The words of the last ACL that are patterns and may be any text.
    texts: Range<usize>,
}

impl<'f> Judge<'f> {
    fn new(scope: Scope, faults: &'f mut Vec<Fault>) -> Self {
        let first = faults.len();
        Self { scope, faults, first, texts: 0..0 }
    }

    /// HAProxy refuses it.
    fn report(&mut self, kind: FaultKind, location: Location, message: String, help: Option<Help>, versions: VersionSet) {
        let mut fault = Fault::refused(kind, location, message, versions & self.scope.versions);
        fault.help = help;
        fault.aborts = self.scope.aborts;
        self.push(fault);
    }

    /// HAProxy warns of it, or takes it in silence.
    fn push(&mut self, mut fault: Fault) {
        fault.versions = fault.versions & self.scope.versions;
        fault.at_the_end |= self.scope.at_the_end;
        if fault.versions.is_empty() {
            return;
        }
        // What is wrong in several lanes is told once; lanes follow each other closely.
        let same = |other: &&mut Fault| {
            (other.kind, other.location, other.verdict) == (fault.kind, fault.location, fault.verdict) && other.message == fault.message
        };
        match self.faults[self.first..].iter_mut().rev().take(LANES).find(same) {
            Some(other) => other.versions = other.versions | fault.versions,
            None => self.faults.push(fault),
        }
    }
}
