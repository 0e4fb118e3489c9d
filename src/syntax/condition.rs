//! Conditions of `.if` and `.elif`: what they say, which versions refuse them, and where they are true.
//!
//! `grammar/condition.pest` cuts the text into tokens; the tree is built here with HAProxy's own limit of depth. The facts
//! are those of `src/cfgcond.c` and `make_arg_list()` of `src/arg.c` in HAProxy 2.5 to 3.5-dev5, and of `src/cfgparse.c` in 2.4.
//!
//! ```
//! use haproxy_lint::{syntax::condition::{self, Facts, Lookup}, version::VersionSet};
//! struct Nothing;
//! impl Facts for Nothing {
//!     fn variable(&self, _: &str) -> Lookup { Lookup::Unknown }
//!     fn assumed(&self, _: &str) -> Option<bool> { None }
//! }
//! let truth = condition::evaluate(&condition::parse("version_atleast(2.8) && defined(POD)").unwrap(), &Nothing);
//! assert_eq!(truth.no, VersionSet::before(2, 8, 0));
//! assert_eq!(truth.unknown, ["defined(POD)"]);
//! ```

mod evaluate;
mod follow;
mod gaps;
mod numbers;
mod parse;
mod predicates;
mod refusals;

use std::ops::Range;

use crate::version::VersionSet;

pub use evaluate::evaluate;
pub(crate) use follow::{Asked, Known, MANY};
pub use parse::{parse, parse_2_4};
pub use refusals::{problems, remarks};

mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/condition.pest"]
    pub(super) struct ConditionParser;
}

/// Stands before and behind the name of a variable whose value nobody knows, in the text of a word.
pub const UNKNOWN_MARK: char = '\u{FFFC}';

/// `MAX_CFG_RECURSION` of HAProxy: each parenthesis costs three of it, each `&&` or `||` one.
const MAX_DEPTH: usize = 1024;

/// What `.if` and `.elif` ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// No condition at all, which is false.
    Empty,
    /// A number: false where it is 0.
    Number(bool),
    /// An unknown variable stands outside of the arguments of a predicate: it may hold anything, and nothing can be known.
    Opaque,
    /// `!`
    Not(Box<Condition>),
    /// `&&`
    All(Vec<Condition>),
    /// `||`
    Any(Vec<Condition>),
    /// `name(arguments)`
    Predicate(Predicate),
}

/// A question to HAProxy; its name is one that some version knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predicate {
    /// The name.
    pub name: String,
    /// The arguments, unquoted; none where there are no parentheses, or nothing in them.
    pub args: Vec<String>,
    /// Where it begins, in bytes of the text.
    pub at: usize,
}

/// Why HAProxy refuses a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionError {
    /// Where, in bytes of the text.
    pub at: usize,
    /// What is wrong.
    pub message: String,
    /// What may be written instead.
    pub help: Option<String>,
    /// The name that was probably meant, for these bytes of the text.
    pub meant: Option<(Range<usize>, &'static str)>,
}

impl ConditionError {
    fn new(at: usize, message: impl Into<String>, help: Option<String>) -> Self {
        Self { at, message: message.into(), help, meant: None }
    }
}

/// What a variable of the environment holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// This text, which may be empty.
    Set(String),
    /// It does not exist.
    Unset,
    /// Nobody knows.
    Unknown,
}

/// What is known where a condition is evaluated.
pub trait Facts {
    /// What the variable `name` holds.
    fn variable(&self, name: &str) -> Lookup;

    /// Whether `atom`, which nobody knows, is taken for true in this world.
    fn assumed(&self, atom: &str) -> Option<bool>;

    /// Whether `atom` is true because of what is assumed of others.
    fn follows(&self, _atom: &str) -> Option<bool> {
        None
    }
}

/// Where a condition is true, and where it is false.
///
/// What is in neither set depends on the atoms in `unknown`; if there are none there either, nothing can be known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// The versions in which it is true.
    pub yes: VersionSet,
    /// The versions in which it is false.
    pub no: VersionSet,
    /// The atoms that decide the rest, in the order met, each once.
    ///
    /// An atom is a predicate in one spelling: `defined(POD_NAME)`, `streq(${X},a)`. Predicates that come in opposite pairs
    /// share it, `strneq` has the atom of `streq`, so that no world believes both.
    pub unknown: Vec<String>,
}

#[cfg(test)]
mod tests;
