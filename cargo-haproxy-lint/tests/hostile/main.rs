//! Files that anybody may send: what they must not do to whoever checks them.

#[path = "../place/mod.rs"]
mod place;

mod output;
