//! What a stranger may put into a repository, and what an adverse machine does: nothing of it does harm.

#[path = "../place/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod place;

mod files;
mod journal;
mod output;
mod writing;
