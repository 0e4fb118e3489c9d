//! Forms of lines that were found to be sound. Where a line differs from a sound one in words alone that are judged alike, as names
//! and addresses are, it is sound, too, and of the same shape.

use rustc_hash::FxHashMap;

use crate::{
    catalog::{Alike, Shape, Understood},
    syntax::Statement,
};

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

struct Form<'r> {
    /// The words behind the keyword.
    words: Vec<Slot<'r>>,
    shape: Shape,
}

/// What a word must be.
#[derive(Clone, Copy)]
enum Slot<'r> {
    Is(&'r str),
    Alike(Alike),
}

impl<'r> Forms<'r> {
    /// The shape of a line that has a form that is known.
    pub(super) fn shape(&self, key: FormKey, statement: Statement<'r>) -> Option<Shape> {
        self.known.get(&key)?.forms.iter().find(|form| form.fits(statement)).map(|form| form.shape)
    }

    /// Remembers the form of a line that is sound.
    pub(super) fn learn(&mut self, key: FormKey, statement: Statement<'r>, understood: &Understood, shape: Shape) {
        if understood.alike.is_empty() || understood.is_split {
            return;
        }
        let Some(form) = Form::of(statement, understood, shape) else { return };
        let kept = self.known.entry(key).or_default();
        match kept.forms.get_mut(kept.learned % FORMS) {
            Some(older) => *older = form,
            None => kept.forms.push(form),
        }
        kept.learned += 1;
    }
}

impl<'r> Form<'r> {
    fn of(statement: Statement<'r>, understood: &Understood, shape: Shape) -> Option<Self> {
        let words = statement.words().map(|word| word.known().map(Slot::Is)).collect::<Option<Vec<_>>>()?;
        let mut form = Self { words, shape };
        for (at, alike) in &understood.alike {
            form.words[usize::from(*at)] = Slot::Alike(*alike);
        }
        Some(form)
    }

    /// Whether a line of as many words has this form.
    fn fits(&self, statement: Statement<'r>) -> bool {
        let fits = |(slot, text): (&Slot<'r>, Option<&'r str>)| match (slot, text) {
            (Slot::Is(text), Some(word)) => *text == word,
            (Slot::Alike(alike), Some(word)) => alike.holds(word),
            (_, None) => false,
        };
        self.words.get(1..).unwrap_or_default().iter().zip(statement.texts_from(1)).all(fits)
    }
}
