//! What a stranger may put into a repository, and what an adverse machine does: nothing of it does harm.

mod journal;
mod writing;
