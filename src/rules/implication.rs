//! What the `dead` and `order` rules share: whether one ACL of a condition follows from another.

use std::{
    borrow::Cow,
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
};

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::{
    config::{Atom, Config, Declared, NameKind},
    expression::inclusion::{Criteria, Method, Question, fetched},
    syntax::{Statement, Word},
};

use super::{dead::contradictory_condition::has_one_value, met::Met};

/// An ACL, and whether it is negated.
pub(super) type Literally<'r> = (Atom<'r>, bool);

/// What HAProxy predefines, as the words of an ACL.
const PREDEFINED: &[(&str, &[&str])] = &[
    (TRUE, &[ALWAYS]),
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
    /// Whether it holds for every stream, and for every request, once somebody has asked.
    always: [OnceCell<bool>; 2],
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
            ALWAYS => true,
            "path" | "pathq" => http && (q.method == Method::Found || q.fits("/", false) == Some(true)),
            _ => false,
        };
        *self.always[usize::from(http)].get_or_init(|| self.lines.iter().any(always))
    }
}

/// The ACLs of a section.
pub(super) struct Acls<'a, 'r> {
    config: &'a Config<'r>,
    section: Cell<usize>,
    known: RefCell<FxHashMap<Key<'r>, Rc<Asked<'r>>>>,
    long: RefCell<FxHashMap<&'r str, Rc<Long<'r>>>>,
    criteria: Rc<Criteria<'r>>,
    /// The values that conditions ask for, by their numbers, and those of the criteria that were met last.
    values: RefCell<FxHashMap<Rc<str>, usize>>,
    met: RefCell<Met<'r, Option<usize>>>,
}

/// What is asked for again and again of an ACL that has many lines.
struct Long<'r> {
    /// The criteria of its lines, each once.
    criteria: Vec<Option<&'r str>>,
    /// Whether one of them may hold for every request.
    may_always: bool,
}

/// An ACL with more lines than these has many.
const FEW: usize = 4;

/// What an ACL is known by: its name, or where its words are.
#[derive(PartialEq, Eq, Hash)]
enum Key<'r> {
    Name(&'r str),
    Words(*const u8, usize),
}

impl<'a, 'r> Acls<'a, 'r> {
    pub(super) fn new(config: &'a Config<'r>, section: usize) -> Self {
        let (known, long, criteria, values, met) = Default::default();
        Self { config, section: Cell::new(section), known, long, criteria, values, met }
    }

    /// From now on those of another section are meant.
    pub(super) fn enter(&self, section: usize) {
        if self.section.replace(section) != section {
            // To empty a map takes longer than to look whether it is empty.
            let mut known = self.known.borrow_mut();
            if !known.is_empty() {
                known.clear();
            }
            let mut long = self.long.borrow_mut();
            if !long.is_empty() {
                long.clear();
            }
        }
    }

    /// The section that they are of.
    pub(super) fn section(&self) -> usize {
        self.section.get()
    }

    /// What an ACL asks.
    pub(super) fn asked(&self, atom: &Atom<'r>) -> Rc<Asked<'r>> {
        let key = match atom {
            Atom::Name(name) => Key::Name(name),
            // A word stands in one condition alone.
            Atom::Anonymous(words) => Key::Words(words.first().map_or(std::ptr::null(), |word| word.as_ptr()), words.len()),
        };
        let known = self.known.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let new = Rc::new(match atom {
                Atom::Name(name) => self.named(name),
                Atom::Anonymous(words) => self.of_lines(std::iter::once(Some(Cow::Borrowed(&**words)))),
            });
            self.known.borrow_mut().insert(key, Rc::clone(&new));
            new
        })
    }

    fn named(&self, name: &'r str) -> Asked<'r> {
        let lines = self.lines(name);
        if lines.is_empty() {
            return self.of_lines(std::iter::once(predefined(name).map(Cow::Borrowed)));
        }
        let words = lines.iter().map(|line| line.statement.words_from(2).map(Word::known).collect::<Option<Vec<_>>>().map(Cow::Owned));
        // Where parts of the configuration are not known, there may be more lines.
        self.of_lines(words.chain(self.config.reading.opaque.then_some(None)))
    }

    /// What lines of these words ask; `None` where they are not known.
    fn of_lines<'w>(&self, lines: impl Iterator<Item = Option<Cow<'w, [&'r str]>>>) -> Asked<'r>
    where
        'r: 'w,
    {
        let mut asked = Asked::default();
        for words in lines {
            match words.as_deref().and_then(|words| Question::of(words, &self.criteria)) {
                Some(question) => asked.lines.push(question),
                None => asked.others.push(words.and_then(|words| fetched(words.first()?))),
            }
        }
        asked
    }

    /// The lines of an ACL.
    fn lines(&self, name: &'r str) -> Declared<'a, 'r> {
        self.config.names.find(NameKind::Acl, Some(self.section()), name)
    }

    /// What is known of an ACL that has many lines.
    fn long(&self, name: &'r str, lines: Declared<'a, 'r>) -> Option<Rc<Long<'r>>> {
        let new = || {
            let mut seen = FxHashSet::default();
            let criteria =
                lines.iter().filter_map(|line| line.statement.word(2)).map(Word::known).filter(|word| seen.insert(*word)).collect();
            Rc::new(Long { criteria, may_always: lines.iter().any(|line| may_always(line.statement.bytes_from(2))) })
        };
        (lines.len() > FEW).then(|| Rc::clone(self.long.borrow_mut().entry(name).or_insert_with(new)))
    }

    /// The criteria of an ACL; `None` for one that is not known.
    pub(super) fn criteria_of(&self, atom: &Atom<'r>) -> SmallVec<[Option<&'r str>; FEW]> {
        match atom {
            Atom::Anonymous(words) => std::iter::once(words.first().copied()).collect(),
            Atom::Name(name) => {
                let lines = self.lines(name);
                let own = || lines.iter().filter_map(|line| line.statement.word(2)).map(Word::known).collect();
                self.long(name, lines).map_or_else(own, |long| long.criteria.iter().copied().collect())
            }
        }
    }

    /// The number of the value that a criterion asks for: equal values have one number. `None` where it is not simply compared.
    fn value(&self, criterion: &'r str) -> Option<usize> {
        let mut values = self.values.borrow_mut();
        let next = values.len();
        let number = |value: Rc<str>| *values.entry(value).or_insert(next);
        self.met.borrow_mut().of(criterion, |criterion| self.criteria.value(criterion).map(number))
    }

    /// The values that the lines of an ACL ask for, as far as they are understood; `None` for one of many lines.
    fn values_of(&self, name: &'r str) -> Option<SmallVec<[usize; 2]>> {
        let value = |criterion: Option<&'r str>| self.value(criterion?);
        let own = self.lines(name);
        let known = own.iter().map(|line| line.statement.word(2).and_then(Word::known));
        match own.len() {
            0 => Some(value(predefined(name).map(|words| words[0])).into_iter().collect()),
            1..=FEW => Some(known.filter_map(value).collect()),
            _ => None,
        }
    }

    /// Whether two ACLs of a condition may ask for one value: if none do, none says anything of another.
    pub(super) fn some_meet(&self, line: &Statement<'r>) -> bool {
        let Some(mark) = line.mark() else { return false };
        let mut before = SmallVec::<[usize; 4]>::new();
        let mut words = line.texts_from(mark + 1);
        while let Some(word) = words.next() {
            let Some(word) = word else { return true };
            let values = match word.trim_start_matches('!') {
                "{" => {
                    let criterion = words.next().flatten();
                    words.find(|word| *word == Some("}"));
                    Some(criterion.and_then(|criterion| self.value(criterion)).into_iter().collect())
                }
                "" => continue,
                name => self.values_of(name),
            };
            let Some(values) = values else { return true };
            if values.iter().any(|value| before.contains(value)) {
                return true;
            }
            before.extend(values);
        }
        false
    }

    /// Whether there may be a condition that holds for every request: such words are written nowhere, mostly.
    pub(super) fn some_may_always(&self) -> bool {
        ["path", ALWAYS, TRUE].iter().any(|word| self.config.reading.may_mention(word))
    }

    /// Whether the condition of `line` may hold for every request: few ask for what always holds, and none of the others is read.
    pub(super) fn may_always(&self, line: &Statement<'r>) -> bool {
        let named = |name: &'r str| {
            let lines = self.lines(name);
            let own = || lines.iter().any(|line| may_always(line.statement.bytes_from(2)));
            self.long(name, lines).map_or_else(own, |long| long.may_always) || predefined(name).is_some_and(|words| words[0] == ALWAYS)
        };
        // What stands in braces is no name.
        let mut inside = false;
        let mut is_name = |word: &&str| {
            inside = (inside || word.ends_with('{')) && *word != "}";
            !inside && *word != "}"
        };
        let Some(mark) = line.mark() else { return false };
        may_always(line.bytes_from(mark + 1))
            || line.texts_from(mark + 1).flatten().filter(|word| is_name(word)).any(|word| named(word.trim_start_matches('!')))
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

/// The criterion that holds whatever is asked, and the ACL that HAProxy predefines by it.
const ALWAYS: &str = "always_true";
const TRUE: &str = "TRUE";

/// Whether what these words ask may hold for every request, which has a path.
fn may_always<'r>(words: impl Iterator<Item = &'r [u8]>) -> bool {
    let mut path = false;
    words.into_iter().any(|word| {
        let any = path && (word.len() < 2 || word == b"found" || word.iter().any(|byte| matches!(byte, b'^' | b'*' | b'|')));
        any || match word {
            [b'p', ..] => {
                path |= word.starts_with(b"path");
                false
            }
            [b'a', ..] => word.starts_with(ALWAYS.as_bytes()),
            [b'!' | b'T', ..] => word.ends_with(TRUE.as_bytes()),
            _ => false,
        }
    })
}

/// The words of an ACL that HAProxy predefines.
fn predefined(name: &str) -> Option<&'static [&'static str]> {
    PREDEFINED.iter().find(|(predefined, _)| *predefined == name).map(|(_, words)| *words)
}
