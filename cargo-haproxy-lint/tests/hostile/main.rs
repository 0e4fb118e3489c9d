//! What a stranger may send, and what must not come of it.

#[path = "../place/mod.rs"]
#[allow(dead_code)]
mod place;

mod files;
