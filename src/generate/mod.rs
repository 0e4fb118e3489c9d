//! Writes what a cluster needs: configurations, and what stands around them.
//!
//! [`Config`] is a typed model of a configuration. Words are plain values; how they are quoted is its own affair:
//!
//! ```
//! use haproxy_lint::{generate::{Config, Line, Section}, syntax::SectionKind};
//! let page = Line::new("http-request return status 503 content-type text/plain string").word("back soon: \"don't panic\" #42");
//! let config = Config::new().section(Section::named(SectionKind::Frontend, "web").line("bind :80").line(page));
//! assert!(config.to_string().ends_with("string \"back soon: \\\"don't panic\\\" #42\"\n"));
//! ```

mod condition;
mod config;
mod word;

pub use condition::Condition;
pub use config::{Body, Config, If, Item, Line, Section};
pub use word::{Piece, Word};
