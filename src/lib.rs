//! haproxy-lint reads HAProxy configurations as HAProxy does, and says what is wrong with them.
//!
//! [`check::check`] takes files and options and gives findings; [`report::render`] shows them. `docs/architecture.md` is
//! the map of the rest.
#![deny(missing_docs)]

pub mod baseline;
pub mod build;
pub mod cancel;
pub mod catalog;
pub mod check;
pub mod config;
pub mod expression;
pub mod finding;
pub mod fix;
pub mod generate;
pub mod heard;
pub mod nearest;
pub mod report;
pub mod rules;
pub mod runtime;
pub mod settings;
pub mod source;
pub mod stages;
pub mod suppress;
pub mod surroundings;
pub mod syntax;
mod threads;
pub mod topics;
pub mod topology;
pub mod version;

/// The examples of the README are compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

/// The example of the guide too.
#[cfg(doctest)]
#[doc = include_str!("../docs/generate.md")]
mod generate_guide {}
