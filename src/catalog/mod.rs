//! What each HAProxy version knows.

mod fault;

pub use fault::{Fault, FaultKind};
