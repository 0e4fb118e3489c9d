//! haproxy-lint reads HAProxy configurations as HAProxy does, and says what is wrong with them.
#![deny(missing_docs)]

pub mod check;
pub mod config;
pub mod finding;
pub mod nearest;
pub mod rules;
pub mod source;
pub mod syntax;
pub mod version;
