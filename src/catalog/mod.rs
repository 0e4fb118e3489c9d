//! What each HAProxy version knows: the data files in `data/`, and the matcher that holds statements against them.
//!
//! `docs/catalog.md` describes the notation. [`judge`] gives the [`Fault`]s of a configuration.

mod explain;
mod foreign;
mod judge;
mod matcher;
mod role;
mod signature;
mod sound;
mod special;
mod successor;
mod types;

pub use crate::finding::{Fault, FaultKind};
pub use explain::{Keyword, keywords, names};
pub use judge::judge;
pub(crate) use judge::judge_until;
pub use matcher::{Matcher, Piece};
pub use role::{NameKind, Role, Wanted};
pub use signature::{Advice, Argument, Entry, Judge, Node, Note, NoteKind, Place, Sections, TABLES, Table, section_table, table};
pub use types::Type;
