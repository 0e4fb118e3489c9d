//! The runtime: what `show peers` of one or many nodes means.
//!
//! [`parse`] reads the text, [`Cluster`] puts what the nodes say together, [`diagnose`] lets the rules of the group `runtime`
//! speak. Nothing here looks at a machine.

mod cluster;
mod diagnosis;
pub mod dump;
mod ladder;
mod parse;
pub mod probe;
pub mod report;
mod session;

pub use cluster::{Cluster, Node, Pair, Remote, Sample, Seen};
pub(crate) use diagnosis::is_short;
pub use diagnosis::{Answers, Diagnosis, Health, diagnose, nodes};
pub use ladder::{Ladder, Mark, Step, ladder};
pub use parse::{MAX_BYTES, parse};
pub use session::{Around, Change, State, state};
