//! Declarations, found by what they declare.
//!
//! A list, and a table of places in it, take half the memory of a map.

use std::hash::BuildHasher;

use hashbrown::hash_table::{Entry, HashTable};
use rustc_hash::FxBuildHasher;

use crate::{
    source::Location,
    syntax::{Reading, Statement},
};

use super::NameKind;

/// A name and the place it is declared at.
#[derive(Clone, Copy, Debug)]
pub struct Declaration<'r> {
    /// What it stands for.
    pub kind: NameKind,
    /// The line that declares it.
    pub statement: Statement<'r>,
    section: u32,
    /// The number of the word that is the name.
    word: u8,
    /// Whether it is known in that section only.
    local: bool,
}

/// A [`Declaration`] as it is kept: there are many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept {
    /// The number of the line.
    statement: u32,
    section: u32,
    kind: NameKind,
    word: u8,
    local: bool,
}

/// How many declarations of one name are counted one by one.
const FEW: usize = 4;

impl Kept {
    /// The declaration of the name that is word number `word` of a statement in `section`, and known there only if it is `local`.
    pub(super) fn new(kind: NameKind, word: u8, statement: Statement<'_>, section: usize, local: bool) -> Self {
        Self { kind, statement: statement.number() as u32, section: section as u32, word, local }
    }

    /// Whether it declares `wanted`.
    fn is(&self, reading: &Reading<'_>, (kind, scope, name): &Key<'_>) -> bool {
        let is_there = if self.local { *scope == Some(self.section as usize) } else { scope.is_none() };
        self.kind == *kind && is_there && reading.statement(self.statement as usize).str(self.word.into()) == *name
    }

    #[inline]
    fn of<'r>(self, reading: &'r Reading<'r>) -> Declaration<'r> {
        let Self { kind, statement, section, word, local } = self;
        Declaration { kind, statement: reading.statement(statement as usize), section, word, local }
    }
}

impl<'r> Declaration<'r> {
    /// The name.
    pub fn name(&self) -> &'r str {
        self.statement.str(self.word.into())
    }

    /// Where the name stands.
    pub fn location(&self) -> Location {
        self.statement.word(self.word.into()).map_or_else(|| self.statement.location(), |word| word.location)
    }

    /// The section it stands in, or opens: a place among all sections.
    #[inline]
    pub fn section(&self) -> usize {
        self.section as usize
    }

    /// The section it is known in; `None`: everywhere.
    pub fn scope(&self) -> Option<usize> {
        self.local.then_some(self.section())
    }

    fn key(&self) -> Key<'r> {
        (self.kind, self.scope(), self.name())
    }
}

/// What can be declared once: the kind, the scope and the name.
pub(super) type Key<'r> = (NameKind, Option<usize>, &'r str);

fn hash(key: &Key<'_>) -> u64 {
    FxBuildHasher.hash_one(key)
}

/// Some declarations, mostly those of one name.
#[derive(Clone, Copy, Debug)]
pub struct Declared<'a, 'r> {
    reading: &'r Reading<'r>,
    list: &'a [Kept],
}

impl<'a, 'r> Declared<'a, 'r> {
    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The first of them.
    #[inline]
    pub fn first(&self) -> Option<Declaration<'r>> {
        self.iter().next()
    }

    /// Each of them, in order.
    #[inline]
    pub fn iter(&self) -> Each<'a, 'r> {
        Each { reading: self.reading, list: self.list.iter() }
    }
}

/// Goes through declarations.
#[derive(Clone, Debug)]
pub struct Each<'a, 'r> {
    reading: &'r Reading<'r>,
    list: std::slice::Iter<'a, Kept>,
}

impl<'r> Iterator for Each<'_, 'r> {
    type Item = Declaration<'r>;

    #[inline]
    fn next(&mut self) -> Option<Declaration<'r>> {
        self.list.next().map(|kept| kept.of(self.reading))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.list.size_hint()
    }
}

impl<'a, 'r> IntoIterator for Declared<'a, 'r> {
    type Item = Declaration<'r>;
    type IntoIter = Each<'a, 'r>;

    fn into_iter(self) -> Each<'a, 'r> {
        self.iter()
    }
}

/// Declarations: those of one name stand together where the first stands.
#[derive(Debug)]
pub(super) struct Declarations<'r> {
    reading: &'r Reading<'r>,
    list: Vec<Kept>,
    /// The places of the first declaration of each name.
    first: HashTable<u32>,
    /// Further declarations of a name, each with the place of the first, until all are known.
    further: Vec<(u32, Kept)>,
    /// The kinds of these, a bit each.
    repeated: u64,
}

impl<'r> Declarations<'r> {
    pub(super) fn new(reading: &'r Reading<'r>) -> Self {
        Self { reading, list: Vec::new(), first: HashTable::new(), further: Vec::new(), repeated: 0 }
    }

    /// Makes room for so many names.
    pub(super) fn reserve(&mut self, names: usize) {
        self.list.reserve_exact(names);
        self.first.reserve(names, |at| hash(&key(self.reading, &self.list, *at)));
    }

    /// Adds a declaration.
    pub(super) fn add(&mut self, declaration: Kept) {
        let (reading, list) = (self.reading, &mut self.list);
        let own = declaration.of(reading).key();
        let same = |at: &u32| list[*at as usize].is(reading, &own);
        match self.first.entry(hash(&own), same, |at| hash(&key(reading, list, *at))) {
            Entry::Occupied(first) => {
                self.further.push((*first.get(), declaration));
                self.repeated |= 1 << declaration.kind as u64;
            }
            Entry::Vacant(first) => {
                first.insert(list.len() as u32);
                list.push(declaration);
            }
        }
    }

    /// Puts further declarations of a name behind the first: to be called once, when all are known.
    pub(super) fn put_together(&mut self) {
        if self.further.is_empty() {
            self.list.shrink_to_fit();
            return;
        }
        self.further.sort_by_key(|(first, _)| *first);
        let mut further = std::mem::take(&mut self.further).into_iter().peekable();
        let mut list = Vec::with_capacity(self.list.len() + further.len());
        for (at, declaration) in (0..).zip(&self.list) {
            list.push(*declaration);
            while let Some((_, next)) = further.next_if(|(first, _)| *first == at) {
                list.push(next);
            }
        }
        self.list = list;
        let (mut first, mut at) = (std::mem::take(&mut self.first), 0);
        first.clear();
        for same in self.names() {
            let hashed = |at: &u32| hash(&key(self.reading, &self.list, *at));
            first.insert_unique(hashed(&at), at, hashed);
            at += same.len() as u32;
        }
        self.first = first;
    }

    /// Whether some name of this kind is declared more than once.
    pub(super) fn repeats(&self, kind: NameKind) -> bool {
        self.repeated >> kind as u64 & 1 == 1
    }

    /// The declarations of a name, in order. Equal names stand together and nowhere else, so their end can be halved for.
    pub(super) fn find(&self, key: &Key<'r>) -> Declared<'_, 'r> {
        self.place(key).map_or_else(|| self.none(), |first| self.from(first, key.0))
    }

    pub(super) fn none(&self) -> Declared<'_, 'r> {
        self.some(&[])
    }

    /// The declarations of the name whose first one, of this kind, stands at `first`.
    #[inline]
    pub(super) fn from(&self, first: usize, kind: NameKind) -> Declared<'_, 'r> {
        if !self.repeats(kind) {
            return self.some(&self.list[first..=first]);
        }
        let from = &self.list[first..];
        let key = from[0].of(self.reading).key();
        let is_same = |kept: &Kept| kept.is(self.reading, &key);
        // Most names are declared once; those of one name stand together.
        let few = from.iter().take(FEW).take_while(|kept| is_same(kept)).count();
        self.some(if few < FEW { &from[..few] } else { &from[..from.partition_point(is_same)] })
    }

    /// The place of the first declaration of a name.
    pub(super) fn place(&self, wanted: &Key<'r>) -> Option<usize> {
        self.first.find(hash(wanted), |at| self.list[*at as usize].is(self.reading, wanted)).map(|at| *at as usize)
    }

    /// All declarations, those of one name together.
    pub(super) fn names(&self) -> impl Iterator<Item = Declared<'_, 'r>> {
        let key = |kept: &Kept| kept.of(self.reading).key();
        self.list.chunk_by(move |a, b| self.repeats(a.kind) && key(a) == key(b)).map(|same| self.some(same))
    }

    /// Those of one section, where `list` is in the order of the sections.
    pub(super) fn within(&self, section: usize) -> Declared<'_, 'r> {
        let until = |is_before: fn(usize, usize) -> bool| self.list.partition_point(|kept| is_before(kept.section as usize, section));
        self.some(&self.list[until(|own, wanted| own < wanted)..until(|own, wanted| own <= wanted)])
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The number of the line that declaration number `at` stands in.
    pub(super) fn line(&self, at: usize) -> Option<u32> {
        self.list.get(at).map(|kept| kept.statement)
    }

    #[inline]
    fn some<'a>(&self, list: &'a [Kept]) -> Declared<'a, 'r> {
        Declared { reading: self.reading, list }
    }
}

fn key<'r>(reading: &'r Reading<'r>, list: &[Kept], at: u32) -> Key<'r> {
    list[at as usize].of(reading).key()
}
