//! haproxy-lint reads HAProxy configurations as HAProxy does, and says what is wrong with them.
//!
//! [`check::check`] takes files and options and gives findings; [`report::render`] shows them. `docs/architecture.md` is
//! the map of the rest.
#![deny(missing_docs)]
// An offset that was found in one text need not lie between two letters of another: `cut::Cut` cannot panic.
#![deny(clippy::string_slice)]

pub mod address;
pub mod analysis;
pub mod baseline;
pub mod build;
pub mod cancel;
pub mod catalog;
pub mod check;
pub mod config;
mod cut;
pub mod expression;
pub mod finding;
pub mod fix;
pub mod generate;
pub mod heard;
pub mod nearest;
pub mod project;
pub mod report;
pub mod rules;
pub mod runtime;
mod secret;
pub mod settings;
pub mod shown;
pub mod source;
pub mod stages;
pub mod surroundings;
pub mod syntax;
mod threads;
pub mod topics;
pub mod topology;
pub mod version;
pub mod yaml;

/// The examples of the README are compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

/// The example of the guide too.
#[cfg(doctest)]
#[doc = include_str!("../docs/generate.md")]
mod generate_guide {}
