//! The first hour of somebody who knows nothing but the README: what is read, what is told, and what to type next.

#[path = "../place/mod.rs"]
mod place;

mod causes;
mod commands;
mod files;
mod shells;
mod widths;
