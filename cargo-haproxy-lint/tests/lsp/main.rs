//! The language server, as a client meets it: the real program, spoken to over its standard input and output.

mod attack;
mod client;
mod deployed;
mod editors;
mod edits;
mod faults;
#[allow(dead_code, reason = "of what other tests ask for this one needs less")]
#[path = "../place/mod.rs"]
mod place;
mod requests;
mod sets;
mod speed;
