//! What a stranger may put into a repository, and what an adverse machine does: nothing of it does harm.

#[path = "../place/mod.rs"]
mod place;

mod journal;
mod output;
mod writing;
