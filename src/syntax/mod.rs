//! From bytes to statements: lines and words without any loss, then what they mean for one HAProxy and one environment.
//!
//! [`Tree`] is the text itself, cut into lines and words; it depends on nothing but the bytes. [`read`] reads trees as
//! HAProxy does, with an environment and a set of versions, and gives a [`Reading`] for each [`World`] there can be.

pub mod condition;
mod directive;
mod environment;
mod evaluate;
mod first_words;
mod grammar;
mod problem;
mod reader;
mod reading;
mod section;
mod tree;
mod value;

pub use condition::{Lookup, UNKNOWN_MARK};
pub use environment::Environment;
pub use first_words::FirstWords;
pub(crate) use first_words::PROBLEM;
pub use problem::{Problem, ProblemKind};
pub(crate) use reader::is_mark;
pub use reader::{MAX_WORLDS, ReadOptions, read};
pub use reading::{Reading, Section, Statement, Text, Word, World};
pub use section::{Naming, SECTIONS, SectionKind, SectionSpec, is_name, is_name_char, section_kind};
pub use tree::{Line, Piece, RawWord, RawWords, Tail, Token, TokenKind, Tree};
pub use value::{Part, Value};

#[cfg(test)]
mod tests;
