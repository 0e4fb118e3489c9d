//! Declarations, found by what they declare.
//!
//! A list, and a table of places in it, take half the memory of a map.

use std::hash::BuildHasher;

use hashbrown::hash_table::{Entry, HashTable};
use rustc_hash::FxBuildHasher;

use crate::{source::Location, syntax::Statement};

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

/// How many declarations of one name are counted one by one.
const FEW: usize = 4;

impl<'r> Declaration<'r> {
    /// The declaration of the name that is word number `word` of a statement in `section`, and known there only if it is `local`.
    pub(super) fn new(kind: NameKind, word: u8, statement: Statement<'r>, section: usize, local: bool) -> Self {
        Self { kind, statement, section: section as u32, word, local }
    }

    /// The name.
    pub fn name(&self) -> &'r str {
        self.statement.str(self.word.into())
    }

    /// Where the name stands.
    pub fn location(&self) -> Location {
        self.statement.word(self.word.into()).map_or_else(|| self.statement.location(), |word| word.location)
    }

    /// The section it stands in, or opens: a place among all sections.
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

/// Declarations: those of one name stand together where the first stands.
#[derive(Debug, Default)]
pub(super) struct Declarations<'r> {
    list: Vec<Declaration<'r>>,
    /// The places of the first declaration of each name.
    first: HashTable<u32>,
    /// Further declarations of a name, each with the place of the first, until all are known.
    further: Vec<(u32, Declaration<'r>)>,
    /// The kinds of these, a bit each.
    repeated: u64,
}

impl<'r> Declarations<'r> {
    /// Makes room for so many names.
    pub(super) fn reserve(&mut self, names: usize) {
        self.list.reserve_exact(names);
        self.first.reserve(names, |at| hash(&self.list[*at as usize].key()));
    }

    /// Adds a declaration.
    pub(super) fn add(&mut self, declaration: Declaration<'r>) {
        let (key, list) = (declaration.key(), &mut self.list);
        let same = |at: &u32| list[*at as usize].key() == key;
        match self.first.entry(hash(&key), same, |at| hash(&list[*at as usize].key())) {
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
        self.first.clear();
        let mut at = 0;
        for same in list.chunk_by(|a, b| a.key() == b.key()) {
            self.first.insert_unique(hash(&same[0].key()), at, |at| hash(&list[*at as usize].key()));
            at += same.len() as u32;
        }
        self.list = list;
    }

    /// Whether some name of this kind is declared more than once.
    pub(super) fn repeats(&self, kind: NameKind) -> bool {
        self.repeated >> kind as u64 & 1 == 1
    }

    /// The declarations of a name, in order. Equal names stand together and nowhere else, so their end can be halved for.
    pub(super) fn find(&self, key: &Key<'r>) -> &[Declaration<'r>] {
        self.place(key).map_or(&[], |first| self.from(first, key.0))
    }

    /// The declarations of the name whose first one, of this kind, stands at `first`.
    pub(super) fn from(&self, first: usize, kind: NameKind) -> &[Declaration<'r>] {
        if !self.repeats(kind) {
            return &self.list[first..=first];
        }
        let from = &self.list[first..];
        let key = from[0].key();
        // Most names are declared once; those of one name stand together.
        let few = from.iter().take(FEW).take_while(|d| d.key() == key).count();
        if few < FEW { &from[..few] } else { &from[..from.partition_point(|d| d.key() == key)] }
    }

    /// The place of the first declaration of a name.
    pub(super) fn place(&self, key: &Key<'r>) -> Option<usize> {
        self.first.find(hash(key), |at| self.list[*at as usize].key() == *key).map(|at| *at as usize)
    }

    /// All declarations, those of one name together.
    pub(super) fn names(&self) -> impl Iterator<Item = &[Declaration<'r>]> {
        self.list.chunk_by(|a, b| self.repeats(a.kind) && a.key() == b.key())
    }

    /// All declarations, in the order of the first of each name.
    pub(super) fn all(&self) -> &[Declaration<'r>] {
        &self.list
    }
}
