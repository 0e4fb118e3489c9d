//! What a rule found: one type for every output format and for library users.

mod apply;
mod draft;
mod fault;
mod rule;
pub(crate) mod sentence;
mod subject;

pub use apply::apply;
pub use draft::{Draft, Says, Stage};
pub use fault::{Fault, FaultKind};
pub use rule::{Asked, Moot, Needs, PROJECT, RuleInfo, summary};
pub use subject::{Subject, SubjectKind};

use std::fmt;

use crate::{source::Location, version::VersionSet};

use self::sentence::short;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Advice.
    Info,
    /// It runs, but not as written, or not on every version or machine.
    Warning,
    /// HAProxy refuses it, or the cluster cannot work.
    Error,
}

impl Severity {
    /// All of them, mildest first.
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Error];

    /// The name that the command line and the JSON use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The severity of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How sure the rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// A hint.
    Low,
    /// Read in a manual, or true of what people usually mean.
    Medium,
    /// Measured with real HAProxy.
    High,
}

impl Confidence {
    /// The name that the JSON uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What `haproxy -c` says of it, on a machine where all files and names exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// It prints a warning and runs.
    Warning,
    /// It prints an alert and runs all the same.
    Alert,
    /// It refuses the configuration.
    Reject,
}

impl Verdict {
    /// The name that the JSON uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Alert => "alert",
            Self::Reject => "reject",
        }
    }
}

/// A place and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub location: Location,
    /// What, in a few words.
    pub message: String,
}

/// Where in a manifest a configuration stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InManifest {
    /// The kind of the object, such as `ConfigMap`.
    pub kind: String,
    /// Its namespace, where one is said.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// The key that holds the configuration.
    pub key: String,
    /// The line in the configuration, from 1.
    pub line: usize,
}

/// Bytes and what shall stand in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes; an empty span is a place between two.
    pub location: Location,
    /// The new text.
    pub text: String,
}

impl Edit {
    /// `text` in the place of what is at `location`.
    pub fn replace(location: Location, text: impl Into<String>) -> Self {
        Self { location, text: text.into() }
    }

    /// Nothing in the place of what is at `location`.
    pub fn delete(location: Location) -> Self {
        Self::replace(location, "")
    }
}

/// Whether a fix may be made without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// HAProxy does the same afterwards, or what was certainly meant.
    Safe,
    /// It does what was probably meant: somebody should look at it.
    Unsafe,
}

impl Applicability {
    /// The name that the JSON uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// A text that was probably meant, and the bytes that are wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Suggestion {
    /// Exactly the bytes that are wrong.
    pub at: Location,
    /// What to write in their place.
    pub text: String,
    /// Whether it may be written without asking.
    pub applicability: Applicability,
}

impl Suggestion {
    /// `text` was probably meant at `at`.
    pub fn new(at: Location, text: impl Into<String>) -> Self {
        Self { at, text: text.into(), applicability: Applicability::Unsafe }
    }

    /// The fix that writes it.
    pub fn fix(&self) -> Fix {
        let edits = vec![Edit::replace(self.at, self.text.as_str())];
        Fix { title: format!("write `{}`", self.text), applicability: self.applicability, edits }
    }
}

/// What a reader can do about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Help {
    /// In words.
    Say(String),
    /// Write what was probably meant; the sentence and the fix are made from it.
    Meant(Suggestion),
}

impl Help {
    /// `near` was probably meant where `wrong` stands: a suggestion if `at` holds those bytes alone, without quotes or escapes
    /// that moved them, and a sentence otherwise.
    pub(crate) fn meant(at: Location, wrong: &str, near: impl Into<String>) -> Self {
        let suggestion = Suggestion::new(at, near);
        if at.span.len() == wrong.len() { Self::Meant(suggestion) } else { Self::Meant(suggestion).to_string().into() }
    }

    /// The same where there may be nothing near: then `otherwise`.
    pub(crate) fn near(at: Location, wrong: &str, near: Option<&str>, otherwise: impl FnOnce() -> String) -> Self {
        near.map_or_else(|| otherwise().into(), |near| Self::meant(at, wrong, near))
    }

    /// The suggestion in it.
    pub fn suggestion(&self) -> Option<&Suggestion> {
        if let Self::Meant(suggestion) = self { Some(suggestion) } else { None }
    }
}

impl fmt::Display for Help {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Say(text) => f.write_str(text),
            Self::Meant(suggestion) => write!(f, "did you mean `{}`?", suggestion.text),
        }
    }
}

impl From<String> for Help {
    fn from(text: String) -> Self {
        Self::Say(short(text))
    }
}

impl From<&str> for Help {
    fn from(text: &str) -> Self {
        Self::Say(short(text))
    }
}

impl From<&String> for Help {
    fn from(text: &String) -> Self {
        Self::Say(short(text.as_str()))
    }
}

impl From<Suggestion> for Help {
    fn from(suggestion: Suggestion) -> Self {
        Self::Meant(suggestion)
    }
}

/// How to mend what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// What it does, in a few words: `delete the line`.
    pub title: String,
    /// Whether it may be made without asking.
    pub applicability: Applicability,
    /// The edits, which are made together or not at all. They do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// HAProxy does the same afterwards, or what was certainly meant.
    pub fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: short(title), applicability: Applicability::Safe, edits }
    }

    /// It does what was probably meant.
    pub fn offer(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: short(title), applicability: Applicability::Unsafe, edits }
    }
}

/// What findings of a rule have in common where one place is to be mended for all of them: people are told of that place once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cause {
    /// The place that is to be mended.
    pub location: Location,
    /// One sentence for all of them; names and words of the configuration stand in backticks.
    pub message: String,
    /// A few words for the place.
    pub label: String,
    /// What to do, if it is something else than for one of them.
    pub help: Option<String>,
    /// What this one finding adds to the list of them: `frontend web`.
    pub of: String,
}

impl Cause {
    /// `message` says it of all of them at once, at `location`.
    pub fn at(location: Location, message: impl Into<String>) -> Self {
        Self { location, message: short(message), label: String::new(), help: None, of: String::new() }
    }

    /// A few words for the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = short(label);
        self
    }

    /// What to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(short(help));
        self
    }

    /// The same for the finding of one of them.
    #[must_use]
    pub fn of(mut self, one: impl Into<String>) -> Self {
        self.of = short(one);
        self
    }

    /// Its texts.
    pub(crate) fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        [&mut self.message, &mut self.label, &mut self.of].into_iter().chain(&mut self.help)
    }
}

/// One thing that is wrong, with everything a reader needs to mend it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// The rule that speaks.
    pub rule: &'static RuleInfo,
    /// How bad it is for the targets and settings of this run.
    pub severity: Severity,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// What HAProxy itself says with `-c`; the worst over the targets of this run.
    pub haproxy: Option<Verdict>,
    /// The targets of this run that it is true of.
    pub versions: VersionSet,
    /// Whether the targets of this run differ on it.
    pub varies: bool,
    /// The nodes it is true of, sorted; empty without a topology.
    pub nodes: Vec<String>,
    /// One sentence; names and words of the configuration stand in backticks.
    pub message: String,
    /// What it is about, as far as its texts do not say it: [`Finding::subjects`] has all.
    pub(crate) said: Vec<Subject>,
    /// A few words for the place itself; may be empty.
    pub label: String,
    /// What to write or do.
    pub help: Option<String>,
    /// What was probably meant, where `help` asks for it.
    pub suggestion: Option<Suggestion>,
    /// Further facts: versions, conditions it depends on.
    pub notes: Vec<String>,
    /// The place; `None` where something is missing that has none.
    pub location: Option<Location>,
    /// The configuration inside of the file that the place is in, where the file is a manifest.
    pub embedded: Option<Box<InManifest>>,
    /// Other places that matter.
    pub related: Vec<Label>,
    /// How to mend it, where that can be said in bytes.
    pub fix: Option<Fix>,
    /// It only follows from an earlier finding: formats for people fold these, formats for machines list them.
    pub consequence: bool,
    /// What it has in common with others of its rule.
    pub cause: Option<Box<Cause>>,
}

impl Finding {
    /// What it is about, each once. Two findings of a rule at one place that are about the same things are the same finding.
    pub fn subjects(&self) -> Vec<Subject> {
        subject::complete(self.said.clone(), &self.message, [self.help.as_deref().unwrap_or_default(), &self.label])
    }

    /// What its sentence is about, without what only the help and the label speak of.
    pub(crate) fn about(&self) -> impl Iterator<Item = &str> {
        self.said.iter().map(|subject| subject.name.as_str()).chain(subject::quoted(&self.message))
    }

    /// The names and words that any of its texts speaks of.
    pub(crate) fn spoken(&self) -> impl Iterator<Item = &str> {
        let beside = self.help.as_deref().into_iter().chain([self.label.as_str()]);
        self.about().chain(beside.flat_map(subject::quoted))
    }

    /// Whether any of its texts speaks of a name, or of something with that name in it.
    pub(crate) fn speaks_of(&self, name: &str) -> bool {
        self.spoken().any(|word| word.contains(name))
    }
}
