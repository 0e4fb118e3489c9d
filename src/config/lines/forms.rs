//! Forms of lines. Where a line differs from one before in words alone that are judged alike, as names and addresses are, it is of
//! the same shape, and as sound: what is wrong with it is the same.

use rustc_hash::FxHashMap;

use crate::{
    catalog::{Alike, Fault, Shape, Understood},
    syntax::Statement,
};

use super::again::Again;

/// How many forms are remembered of one keyword with so many words in one state; each new one takes the place of an older one.
const FORMS: usize = 8;

/// What lines of the same form have in common before their words are looked at.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FormKey {
    pub(super) keyword: u32,
    pub(super) words: usize,
    /// The number of the state that they are read in.
    pub(super) state: u32,
}

/// The forms that were met.
#[derive(Default)]
pub(super) struct Forms<'r> {
    known: FxHashMap<FormKey, Kept<'r>>,
}

#[derive(Default)]
struct Kept<'r> {
    forms: Vec<Form<'r>>,
    /// How many were learned, those that were forgotten among them.
    learned: usize,
}

/// What lines of one form have in common.
pub(super) struct Form<'r> {
    /// The words behind the keyword.
    words: Vec<Slot<'r>>,
    /// What they speak of.
    pub(super) shape: Shape,
    /// What is wrong with them.
    pub(super) faults: Again,
}

/// What a word must be.
#[derive(Clone, Copy)]
enum Slot<'r> {
    Is(&'r str),
    Alike(Alike),
}

impl<'r> Forms<'r> {
    /// The form of a line, if it is known.
    pub(super) fn find(&self, key: FormKey, statement: Statement<'r>) -> Option<&Form<'r>> {
        self.known.get(&key)?.forms.iter().find(|form| form.fits(statement))
    }

    /// Remembers the form of a line of the section named `proxy`.
    pub(super) fn learn(
        &mut self,
        key: FormKey,
        statement: Statement<'r>,
        understood: &Understood,
        shape: Shape,
        faults: &[Fault],
        proxy: &str,
    ) {
        if understood.is_split || understood.alike.is_empty() && faults.is_empty() {
            return;
        }
        let alike: Vec<u16> = understood.alike.iter().map(|(at, _)| *at).collect();
        let Some(faults) = Again::of(faults, statement, &alike, proxy) else { return };
        let Some(form) = Form::of(statement, understood, shape, faults) else { return };
        let kept = self.known.entry(key).or_default();
        match kept.forms.get_mut(kept.learned % FORMS) {
            Some(older) => *older = form,
            None => kept.forms.push(form),
        }
        kept.learned += 1;
    }
}

impl<'r> Form<'r> {
    fn of(statement: Statement<'r>, understood: &Understood, shape: Shape, faults: Again) -> Option<Self> {
        let words = statement.words().map(|word| word.known().map(Slot::Is)).collect::<Option<Vec<_>>>()?;
        let mut form = Self { words, shape, faults };
        for (at, alike) in &understood.alike {
            form.words[usize::from(*at)] = Slot::Alike(*alike);
        }
        Some(form)
    }

    /// Whether a plain line of as many words has this form.
    fn fits(&self, statement: Statement<'r>) -> bool {
        let fits = |(slot, word): (&Slot<'r>, &'r [u8])| match slot {
            Slot::Is(text) => text.as_bytes() == word,
            Slot::Alike(alike) => alike.holds(word),
        };
        self.words.get(1..).unwrap_or_default().iter().zip(statement.bytes_from(1)).all(fits)
    }
}
