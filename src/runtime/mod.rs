//! The runtime: what `show peers` of one or many nodes means.
//!
//! [`parse()`] reads the text, [`Cluster`] puts what the nodes say together; `check::doctor` lets the rules of the group `runtime`
//! speak. Nothing here looks at a machine.

mod answers;
mod cluster;
pub mod dump;
mod instead;
mod ladder;
mod parse;
pub mod probe;
mod session;
pub(crate) mod sharing;

pub use answers::{Answers, nodes};
pub use cluster::{Cluster, Node, Pair, Remote, Sample, Seen};
pub use instead::{Instead, instead};
pub use ladder::{Ladder, Mark, Step, ladder};
pub use parse::{MAX_BYTES, parse};
pub use session::{Around, Change, State, state};
