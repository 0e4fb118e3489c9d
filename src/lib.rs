//! haproxy-lint reads HAProxy configurations as HAProxy does, and says what is wrong with them.
#![deny(missing_docs)]

pub mod check;
pub mod config;
pub mod finding;
pub mod nearest;
pub mod report;
pub mod rules;
pub mod settings;
pub mod source;
pub mod stages;
pub mod syntax;
pub mod version;
