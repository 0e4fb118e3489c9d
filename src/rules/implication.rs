//! What the `dead` and `order` rules share: whether one ACL of a condition follows from another.

use std::{cell::RefCell, rc::Rc};

use rustc_hash::FxHashMap;

use crate::{
    config::{Atom, Config, NameKind},
    expression::inclusion::{Method, Question, fetched},
    syntax::Word,
};

use super::dead::contradictory_condition::has_one_value;

/// An ACL, and whether it is negated.
pub(super) type Literally<'r> = (Atom<'r>, bool);

/// What HAProxy predefines, as the words of an ACL.
const PREDEFINED: &[(&str, &[&str])] = &[
    ("TRUE", &["always_true"]),
    ("LOCALHOST", &["src", "127.0.0.1/8"]),
    ("METH_CONNECT", &["method", "CONNECT"]),
    ("METH_DELETE", &["method", "DELETE"]),
    ("METH_GET", &["method", "GET", "HEAD"]),
    ("METH_HEAD", &["method", "HEAD"]),
    ("METH_OPTIONS", &["method", "OPTIONS"]),
    ("METH_POST", &["method", "POST"]),
    ("METH_PUT", &["method", "PUT"]),
    ("METH_TRACE", &["method", "TRACE"]),
];

/// More lines and patterns than these are not compared with each other.
const MANY: usize = 4096;

/// What an ACL asks: one of its lines must hold.
#[derive(Debug, Default)]
pub(super) struct Asked<'r> {
    /// The lines that are understood.
    pub(super) lines: Vec<Question<'r>>,
    /// The values that other lines ask for, where that is known; it may hold for more than `lines` say.
    others: Vec<Option<String>>,
}

impl Asked<'_> {
    /// The values that it asks for; `None` where they are not all known.
    pub(super) fn values(&self) -> Option<Vec<&str>> {
        let others = self.others.iter().map(Option::as_deref);
        self.lines.iter().map(|q| Some(&*q.value)).chain(others).collect()
    }

    fn count(&self) -> usize {
        self.lines.iter().map(|q| q.patterns.len()).sum()
    }

    /// Whether it holds wherever `narrow` does.
    pub(super) fn takes_in(&self, narrow: &Self) -> bool {
        let alone = |question: &Question<'_>| question.patterns.iter().all(|p| self.lines.iter().any(|wide| wide.takes_in(question, p)));
        narrow.others.is_empty() && !narrow.lines.is_empty() && self.count() * narrow.count() <= MANY && narrow.lines.iter().all(alone)
    }

    /// Whether it never holds where `other` does: both ask for a value that is there once.
    pub(super) fn excludes(&self, other: &Self) -> bool {
        let known = self.others.is_empty() && other.others.is_empty() && !self.lines.is_empty() && !other.lines.is_empty();
        known
            && self.count() * other.count() <= MANY
            && self.lines.iter().all(|a| other.lines.iter().all(|b| has_one_value(&a.value) && a.excludes(b)))
    }

    /// Whether it holds for every request.
    pub(super) fn always(&self, http: bool) -> bool {
        let always = |q: &Question<'_>| match &*q.value {
            "always_true" => true,
            "path" | "pathq" => http && (q.method == Method::Found || q.fits("/", false) == Some(true)),
            _ => false,
        };
        self.lines.iter().any(always)
    }
}

/// The ACLs of a section.
pub(super) struct Acls<'a, 'r> {
    config: &'a Config<'r>,
    section: usize,
    known: RefCell<FxHashMap<&'r str, Rc<Asked<'r>>>>,
}

impl<'a, 'r> Acls<'a, 'r> {
    pub(super) fn new(config: &'a Config<'r>, section: usize) -> Self {
        Self { config, section, known: RefCell::default() }
    }

    /// What an ACL asks.
    pub(super) fn asked(&self, atom: &Atom<'r>) -> Rc<Asked<'r>> {
        match atom {
            Atom::Anonymous(words) => Rc::new(asked(std::iter::once(Some(words.clone())))),
            Atom::Name(name) => {
                let known = self.known.borrow().get(name).cloned();
                known.unwrap_or_else(|| {
                    let new = Rc::new(self.named(name));
                    self.known.borrow_mut().insert(name, Rc::clone(&new));
                    new
                })
            }
        }
    }

    fn named(&self, name: &'r str) -> Asked<'r> {
        let lines = self.config.names.find(NameKind::Acl, Some(self.section), name);
        if lines.is_empty() {
            let words = PREDEFINED.iter().find(|(predefined, _)| *predefined == name);
            return asked(std::iter::once(words.map(|(_, words)| words.to_vec())));
        }
        let words = lines.iter().map(|line| line.statement.words().skip(2).map(Word::known).collect());
        // Where parts of the configuration are not known, there may be more lines.
        asked(words.chain(self.config.reading.opaque.then_some(None)))
    }

    /// Whether `wanted` holds wherever `given` does.
    pub(super) fn implies(&self, given: &Literally<'r>, wanted: &Literally<'r>) -> bool {
        if given == wanted {
            return true;
        }
        match (given.1, wanted.1) {
            (false, false) => self.asked(&wanted.0).takes_in(&self.asked(&given.0)),
            (true, true) => self.asked(&given.0).takes_in(&self.asked(&wanted.0)),
            (false, true) => self.asked(&given.0).excludes(&self.asked(&wanted.0)),
            (true, false) => false,
        }
    }

    /// Whether all of `wide` hold wherever all of `narrow` do.
    pub(super) fn covers(&self, wide: &[Literally<'r>], narrow: &[Literally<'r>], http: bool) -> bool {
        wide.iter().all(|w| self.always(w, http) || narrow.iter().any(|n| self.implies(n, w)))
    }

    /// Whether it holds for every request.
    pub(super) fn always(&self, literal: &Literally<'r>, http: bool) -> bool {
        !literal.1 && self.asked(&literal.0).always(http)
    }
}

/// What lines of these words ask; `None` where they are not known.
fn asked<'r>(lines: impl Iterator<Item = Option<Vec<&'r str>>>) -> Asked<'r> {
    let mut asked = Asked::default();
    for words in lines {
        match words.as_deref().and_then(Question::new) {
            Some(question) => asked.lines.push(question),
            None => asked.others.push(words.and_then(|words| fetched(words.first()?))),
        }
    }
    asked
}
