//! What each HAProxy version knows: the data files in `data/`, and the matcher that holds statements against them.
//!
//! `docs/catalog.md` describes the notation. What is wrong with a line are its [`Fault`]s, what it speaks of are its [`Mark`]s.

mod alike;
mod explain;
mod facts;
mod fetches;
mod line;
mod matcher;
mod notes;
mod options;
mod query;
mod role;
mod routes;
mod shape;
mod signature;
mod special;
mod statement;
mod successor;
mod types;
mod words;
mod written;

pub use crate::finding::{Fault, FaultKind};
pub use alike::Alike;
pub(crate) use explain::tables_in;
pub use explain::{Keyword, keywords, names};
pub use facts::Fact;
pub(crate) use facts::takes_condition;
pub(crate) use line::{Line, State};
pub use matcher::{Matcher, Piece};
pub use options::Options;
pub(crate) use options::takes_values;
pub(crate) use query::{Answer, Met, Open, Possible, ask, possible};
pub use role::{NameKind, Role, Wanted};
pub(crate) use routes::takes;
pub use routes::{Route, routes};
pub(crate) use shape::Shape;
pub use shape::{Mark, Shapes};
pub use signature::{Advice, Argument, Entry, Judge, Node, Note, NoteKind, Place, Sections, TABLES, Table, section_table, table};
pub(crate) use statement::{Understood, understand};
pub use types::Type;
pub use words::{Words, all_words, arguments, noun, words};
pub use written::{Written, alternative};
