//! What a rule says before the run decides how bad it is for the targets and settings at hand.

use crate::{source::Location, version::VersionSet};

use super::{Applicability, Cause, Confidence, Edit, Fix, Help, Label, Severity, Subject, Verdict, sentence::short};

/// The step in which HAProxy notices. A configuration that is refused in one step never reaches the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Words, `.if` and `no`: from 3.1 on HAProxy reads all files for these first.
    Words,
    /// Line after line.
    Lines,
    /// Checks of the whole, once every file was read without an error.
    Whole,
}

/// What some versions of HAProxy say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Says {
    /// Which.
    pub versions: VersionSet,
    /// What.
    pub verdict: Verdict,
    /// HAProxy stops there and then, and sees nothing behind it.
    pub aborts: bool,
}

/// A finding in the making.
#[derive(Clone, Debug)]
pub struct Draft {
    pub(crate) location: Option<Location>,
    pub(crate) message: String,
    pub(crate) subjects: Vec<Subject>,
    pub(crate) label: String,
    pub(crate) help: Option<Help>,
    pub(crate) notes: Vec<String>,
    pub(crate) related: Vec<Label>,
    pub(crate) severity: Option<Severity>,
    pub(crate) confidence: Confidence,
    pub(crate) says: Vec<Says>,
    pub(crate) stage: Stage,
    pub(crate) versions: VersionSet,
    pub(crate) consequence: bool,
    pub(crate) nodes: Vec<String>,
    pub(crate) fix: Option<Fix>,
    pub(crate) cause: Option<Box<Cause>>,
}

impl Draft {
    /// Something is wrong at `location`. `message` is one sentence that stands for itself, names in backticks.
    pub fn at(location: Location, message: impl Into<String>) -> Self {
        Self::new(Some(location), message)
    }

    /// Something is missing that has no place.
    pub fn nowhere(message: impl Into<String>) -> Self {
        Self::new(None, message)
    }

    fn new(location: Option<Location>, message: impl Into<String>) -> Self {
        Self {
            location,
            message: short(message),
            subjects: Vec::new(),
            label: String::new(),
            help: None,
            notes: Vec::new(),
            related: Vec::new(),
            severity: None,
            confidence: Confidence::High,
            says: Vec::new(),
            stage: Stage::Lines,
            versions: VersionSet::ALL,
            consequence: false,
            nodes: Vec::new(),
            fix: None,
            cause: None,
        }
    }

    /// A few words for the place itself.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = short(label);
        self
    }

    /// What it is about: a name of a kind that matters. Other words in backticks are subjects without being said.
    #[must_use]
    pub fn about(mut self, subject: Subject) -> Self {
        self.subjects.push(subject);
        self
    }

    /// What to write or do; a suggestion is a fix as well.
    #[must_use]
    pub fn help(mut self, help: impl Into<Help>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What mends it: HAProxy does the same afterwards, or what was certainly meant. `title` says what it does.
    #[must_use]
    pub fn fix(self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.mend(title, Applicability::Safe, edits)
    }

    /// What probably mends it.
    #[must_use]
    pub fn offer(self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.mend(title, Applicability::Unsafe, edits)
    }

    /// The same, where the edits can be said.
    #[must_use]
    pub fn fix_if(self, title: impl Into<String>, edits: Option<Vec<Edit>>) -> Self {
        if let Some(edits) = edits { self.fix(title, edits) } else { self }
    }

    /// The same for what probably mends it.
    #[must_use]
    pub fn offer_if(self, title: impl Into<String>, edits: Option<Vec<Edit>>) -> Self {
        if let Some(edits) = edits { self.offer(title, edits) } else { self }
    }

    fn mend(mut self, title: impl Into<String>, applicability: Applicability, edits: Vec<Edit>) -> Self {
        self.fix = Some(Fix { title: short(title), applicability, edits });
        self
    }

    /// What it has in common with others of its rule.
    #[must_use]
    pub fn cause(mut self, cause: Option<Cause>) -> Self {
        self.cause = cause.map(Box::new);
        self
    }

    /// A further fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(short(note));
        self
    }

    /// Another place that matters.
    #[must_use]
    pub fn also(mut self, location: Location, message: impl Into<String>) -> Self {
        self.related.push(Label { location, message: short(message) });
        self
    }

    /// Another severity than the rule's own; what HAProxy says can only raise it.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// The nodes it is true of.
    #[must_use]
    pub fn nodes(mut self, nodes: Vec<String>) -> Self {
        self.nodes = nodes;
        self
    }

    /// Less than high confidence.
    #[must_use]
    pub fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// It is true of these versions only.
    #[must_use]
    pub fn only(mut self, versions: VersionSet) -> Self {
        self.versions = self.versions & versions;
        self
    }

    /// These versions refuse the configuration for it, and go on reading.
    #[must_use]
    pub fn rejected_by(self, versions: VersionSet) -> Self {
        self.says(versions, Verdict::Reject, false)
    }

    /// These versions refuse the configuration for it and stop reading there.
    #[must_use]
    pub fn aborts(self, versions: VersionSet) -> Self {
        self.says(versions, Verdict::Reject, true)
    }

    /// These versions print an alert and run all the same.
    #[must_use]
    pub fn alerted_by(self, versions: VersionSet) -> Self {
        self.says(versions, Verdict::Alert, false)
    }

    /// These versions print a warning.
    #[must_use]
    pub fn warned_by(self, versions: VersionSet) -> Self {
        self.says(versions, Verdict::Warning, false)
    }

    fn says(mut self, versions: VersionSet, verdict: Verdict, aborts: bool) -> Self {
        // Most say one thing, and a set of versions is large.
        self.says.reserve_exact(1);
        self.says.push(Says { versions, verdict, aborts });
        self
    }

    /// HAProxy notices it in this step; [`Stage::Lines`] if nothing is said.
    #[must_use]
    pub fn stage(mut self, stage: Stage) -> Self {
        self.stage = stage;
        self
    }

    /// It only follows from another finding.
    #[must_use]
    pub fn consequence(mut self) -> Self {
        self.consequence = true;
        self
    }
}
