//! What each HAProxy version knows: the data files in `data/`, and the matcher that holds statements against them.
//!
//! `docs/catalog.md` describes the notation. [`judge`] gives the [`Fault`]s of a configuration.

mod address;
mod code;
mod cpu_map;
mod explain;
mod fault;
mod foreign;
mod http_reply;
mod judge;
mod matcher;
mod place;
mod signature;
mod sound;
mod successor;

pub use explain::{Keyword, keywords, names};
pub use fault::{Fault, FaultKind};
pub use judge::judge;
pub(crate) use judge::judge_until;
pub use matcher::{Matcher, Piece};
pub use signature::{Advice, Argument, Entry, Judge, Node, Note, NoteKind, Place, Sections, TABLES, Table, section_table, table};
