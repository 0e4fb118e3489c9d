//! Names: what is declared, and where it is used.

use rustc_hash::FxHashMap;

use crate::{source::Location, syntax::Word};

use super::Config;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is named after the section or line that declares it")]
pub enum NameKind {
    Backend,
}

/// A name and the place it is declared at.
#[derive(Clone, Copy, Debug)]
pub struct Declaration<'r> {
    /// The name.
    pub word: Word<'r>,
}

/// A place that needs a name to be declared.
#[derive(Clone, Copy, Debug)]
pub struct Use<'r> {
    /// What it must be.
    pub kind: NameKind,
    /// The name.
    pub name: &'r str,
    /// Where.
    pub location: Location,
}

/// Declared and used names.
#[derive(Debug, Default)]
pub struct Names<'r> {
    /// Declarations by kind and name.
    pub declared: FxHashMap<(NameKind, &'r str), Vec<Declaration<'r>>>,
    /// Uses in order.
    pub uses: Vec<Use<'r>>,
}

impl<'r> Names<'r> {
    pub(super) fn collect(_config: &Config<'r>) -> Self {
        Self::default()
    }
}
