//! What a finding is about, as data: findings are compared by their places and subjects, and never by their sentences.

use crate::source::Location;

use super::sentence::short_name;

/// What a subject is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SubjectKind {
    /// A name that is declared, or should be: of a backend, an ACL, a resolvers section.
    Name,
    /// The name of a server.
    Server,
    /// The name of a peer.
    Peer,
    /// A node.
    Node,
    /// Another word or value that the sentence is about.
    Word,
    /// A word that only the help or the label speaks of.
    Beside,
}

/// A name or a word that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// The name, as the sentence has it.
    pub name: String,
    /// Where it stands, where that is not the place of the finding.
    pub at: Option<Location>,
}

impl Subject {
    /// Such a subject, where the finding is.
    pub fn new(kind: SubjectKind, name: impl Into<String>) -> Self {
        Self { kind, name: short_name(name), at: None }
    }

    /// The same, at a place of its own.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.at = Some(location);
        self
    }
}

/// What a sentence puts in backticks: the names and words it speaks of, by the custom of all sentences here.
pub(super) fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The subjects that were `said`, and those that a finding's texts name beside them, each once.
pub(super) fn complete(mut said: Vec<Subject>, message: &str, beside: [&str; 2]) -> Vec<Subject> {
    let words = quoted(message).map(|name| (SubjectKind::Word, name));
    let beside = beside.into_iter().flat_map(quoted).map(|name| (SubjectKind::Beside, name));
    for (kind, name) in words.chain(beside) {
        if !said.iter().any(|subject| subject.name == name) {
            said.push(Subject::new(kind, name));
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_that_is_said_is_not_only_a_word() {
        let said = vec![Subject::new(SubjectKind::Name, "app")];
        let all = complete(said, "no backend is named `app` in `web`", ["", "write `api`, or declare `app`"]);
        let all: Vec<(SubjectKind, &str)> = all.iter().map(|s| (s.kind, s.name.as_str())).collect();
        assert_eq!(all, [(SubjectKind::Name, "app"), (SubjectKind::Word, "web"), (SubjectKind::Beside, "api")]);
    }
}
