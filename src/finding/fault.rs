//! What is wrong with a statement, as a fact. The rules of the `keyword` and `version` groups put faults into findings.

use crate::{source::Location, version::VersionSet};

use super::{Fix, Help, Verdict, sentence::short};

/// Something that does not fit what HAProxy knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind of fault it is: which rule reports it.
    pub kind: FaultKind,
    /// The exact word, or the part of it.
    pub location: Location,
    /// One sentence that stands for itself, names in backticks: what was found, and what is wrong with it.
    pub message: String,
    /// What to write instead.
    pub help: Option<Help>,
    /// The same in bytes, where that can be said.
    pub fix: Option<Fix>,
    /// The versions it is true of.
    pub versions: VersionSet,
    /// What those versions say of it; `None`: nothing, they read it in silence.
    pub verdict: Option<Verdict>,
    /// They stop reading there and then.
    pub aborts: bool,
    /// They notice it only once every file was read without an error.
    pub at_the_end: bool,
    /// Versions that read all files twice notice it the first time, when they look for a few settings of the process alone.
    pub first_pass: bool,
    /// It only follows from a fault of a line above.
    pub consequence: bool,
}

/// The kinds of [`Fault`]; each is reported by the rule of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultKind {
    /// A line begins with a word that no version knows in this section.
    UnknownKeyword,
    /// An option of `option`, `bind`, `server` or the like that no version knows.
    UnknownOption,
    /// Another word that is none of those that may stand here: an action, an algorithm, a mode.
    UnknownArgument,
    /// Something that must follow is missing.
    MissingArgument,
    /// A word too many.
    UnexpectedArgument,
    /// Words that HAProxy leaves out without saying so.
    IgnoredArgument,
    /// Not a number, or one out of range.
    InvalidNumber,
    /// Not a time, or one out of range.
    InvalidTime,
    /// A time that HAProxy takes, but hardly as it was meant: `5sec`, or a few bare milliseconds.
    DubiousTime,
    /// Not a size, or one out of range.
    InvalidSize,
    /// Not an address of the form that this place takes.
    InvalidAddress,
    /// Another value that does not fit: a status code, a regular expression, a header name.
    InvalidValue,
    /// Words that exclude each other.
    Conflict,
    /// A keyword that this section does not take.
    Misplaced,
    /// A keyword that this section takes and does nothing with.
    Ignored,
    /// A keyword that this HAProxy does not know any more.
    Removed,
    /// A keyword that this HAProxy does not know yet.
    TooNew,
    /// A keyword on its way out.
    Deprecated,
    /// A keyword that wants `expose-experimental-directives`.
    Experimental,
    /// A keyword of something that this build was made without.
    NotBuilt,
    /// An ACL whose own line is refused.
    BrokenAcl,
    /// A sample fetch that does not exist.
    UnknownFetch,
    /// A converter that does not exist.
    UnknownConverter,
    /// A sample expression that is wrong in another way: its arguments, its types, its commas.
    InvalidExpression,
    /// A sample fetch that has nothing to fetch in this place.
    UnavailableFetch,
    /// A log-format string that HAProxy cannot read.
    InvalidLogFormat,
    /// An `if` or `unless` condition that HAProxy cannot read.
    InvalidCondition,
    /// An ACL that HAProxy cannot read: its flags, its matching method, its patterns.
    InvalidAcl,
    /// An ACL or pattern that is read and can hardly be meant.
    DubiousAcl,
}

impl Fault {
    /// HAProxy refuses this in `versions`.
    pub fn refused(kind: FaultKind, location: Location, message: impl Into<String>, versions: VersionSet) -> Self {
        Self {
            kind,
            location,
            message: short(message),
            help: None,
            fix: None,
            versions,
            verdict: Some(Verdict::Reject),
            aborts: false,
            at_the_end: false,
            first_pass: false,
            consequence: false,
        }
    }

    /// HAProxy warns of this in `versions`.
    pub fn warned(kind: FaultKind, location: Location, message: impl Into<String>, versions: VersionSet) -> Self {
        Self { verdict: Some(Verdict::Warning), ..Self::refused(kind, location, message, versions) }
    }

    /// HAProxy takes this in silence.
    pub fn silent(kind: FaultKind, location: Location, message: impl Into<String>, versions: VersionSet) -> Self {
        Self { verdict: None, ..Self::refused(kind, location, message, versions) }
    }

    /// What to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<Help>) -> Self {
        self.help = Some(help.into());
        self
    }
}
