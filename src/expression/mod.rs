//! The languages inside words: sample expressions, log-format strings, ACLs and conditions.

use crate::{
    catalog::Fault,
    syntax::{Statement, Word},
    version::VersionSet,
};

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
}

/// A set of places at which samples are fetched: the columns of `haproxy -dKsmp`, from the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places(pub u32);

/// Judges the sample expression that begins with word `index`; words behind it that are converters belong to it.
/// Gives the number of the first word that does not.
pub fn sample(_statement: Statement<'_>, index: usize, _scope: Scope, _faults: &mut Vec<Fault>) -> usize {
    index + 1
}

/// Judges a log-format string, which is one word.
pub fn log_format(_word: Word<'_>, _scope: Scope, _faults: &mut Vec<Fault>) {}

/// Judges the condition behind `if` or `unless`, which is word `index`. It ends with the line.
pub fn condition(_statement: Statement<'_>, _index: usize, _scope: Scope, _faults: &mut Vec<Fault>) {}

/// Judges what stands behind `acl NAME`: criterion, flags and patterns from word `index` to the end of the line.
pub fn acl(_statement: Statement<'_>, _index: usize, _scope: Scope, _faults: &mut Vec<Fault>) {}

/// The places at which an expression on a line of this keyword is evaluated, in this section. `path` are the keywords
/// that lead to it: `["http-request", "set-header"]`.
pub fn places(_section: crate::syntax::SectionKind, _path: &[&str]) -> Places {
    Places(u32::MAX)
}
