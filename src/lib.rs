//! haproxy-lint reads HAProxy configurations as HAProxy does, and says what is wrong with them.
//!
//! There is no terminal, no network and no clock in here. Texts come from memory or through a [`FileReader`], and what comes
//! out is data: [`Finding`]s with places, helps and fixes. All that a program needs for that is on this page; for what an
//! editor asks there is [`analysis`]. What is not on this page is the inside of the command line program, and may change.
//!
//! # Check
//!
//! [`check()`] takes texts and [`Options`], and [`render`] shows what it found in one of many formats.
//!
//! ```
//! use haproxy_lint::{Checked, Format, Options, Sources, Style, check, render};
//!
//! let sources = Sources::single("haproxy.cfg", "frontend web\n    bind :80\n    timeout client 30s\n    default_backend app\n");
//! let report = check(&sources, &Options::default());
//! assert_eq!(report.findings[0].rule.name, "reference/unknown-backend");
//! assert_eq!(report.findings[0].message, "no backend is named `app`");
//!
//! let mut shown = Vec::new();
//! let checked = [Checked { sources: &sources, report: &report, target: None }];
//! render(Format::Short, &checked, Style::plain(80), &mut shown).unwrap();
//! assert!(String::from_utf8(shown).unwrap().starts_with("haproxy.cfg:4:21: error[reference/unknown-backend]"));
//! ```
//!
//! # Fix
//!
//! [`fix()`] makes the fixes of a report, and proves each round of them by another check.
//!
//! ```
//! use haproxy_lint::{Applicability, Options, Sources, check, fix};
//!
//! let sources = Sources::single("haproxy.cfg", "global\n    maxconn 10");
//! let again = |sources: &Sources| check(sources, &Options::default());
//! let report = again(&sources);
//! let fixed = fix(sources, report, Applicability::Safe, again);
//! assert_eq!(fixed.applied, 1);
//! assert_eq!(fixed.sources.files()[0].bytes(), b"global\n    maxconn 10\n");
//! ```
//!
//! # Format
//!
//! [`format()`] gives the edits that lay out a file: blanks alone, and never a word.
//!
//! ```
//! use haproxy_lint::{FileId, FormatStyle, SourceFile, format};
//!
//! let file = SourceFile::new("haproxy.cfg", b"global\n    maxconn   10\n".to_vec());
//! let edits = format(FileId(0), &file, FormatStyle::default(), None).unwrap();
//! assert_eq!((edits.len(), edits[0].text.as_str()), (1, " "));
//! ```
//!
//! # Ask
//!
//! [`analysis::at`] says what stands at a place: the section, the line, the word, and the name in it with all its places.
//!
//! ```
//! use haproxy_lint::{
//!     FileId, ReadOptions, Sources,
//!     analysis::{Access, Cursor, Snapshot, at},
//! };
//!
//! let text = "frontend web\n    bind :80\n    default_backend app\nbackend app\n    server a 10.0.0.1:80\n";
//! let snapshot = Snapshot::new(Sources::single("haproxy.cfg", text), ReadOptions::default());
//! let cursor = Cursor { file: FileId(0), offset: text.find("app").unwrap() as u32 };
//! let symbol = snapshot.with(|view| at(view, cursor).symbol).unwrap();
//! assert_eq!(symbol.name, "app");
//! let declared = symbol.occurrences.iter().find(|place| place.access == Access::Declares).unwrap();
//! assert_eq!(declared.location.span.start as usize, text.find("backend app\n    server").unwrap() + "backend ".len());
//! ```
//!
//! # Files
//!
//! A [`Project`] reads `haproxy-lint.toml` and finds the files that are one configuration, all through one [`FileReader`]:
//! that of a disk, [`Memory`], or an [`Overlay`] with what an editor has not saved.
#![deny(missing_docs)]
// An offset that was found in one text need not lie between two letters of another: `cut::Cut` cannot panic.
#![deny(clippy::string_slice)]

#[doc(hidden)]
pub mod address;
pub mod analysis;
#[doc(hidden)]
pub mod baseline;
#[doc(hidden)]
pub mod build;
#[doc(hidden)]
pub mod cancel;
#[doc(hidden)]
pub mod catalog;
#[doc(hidden)]
pub mod check;
#[doc(hidden)]
pub mod config;
mod counted;
mod cut;
mod eight;
#[doc(hidden)]
pub mod expression;
#[doc(hidden)]
pub mod finding;
#[doc(hidden)]
pub mod fix;
#[doc(hidden)]
pub mod format;
#[doc(hidden)]
pub mod generate;
#[doc(hidden)]
pub mod heard;
mod lookup;
#[doc(hidden)]
pub mod nearest;
#[doc(hidden)]
pub mod project;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod rules;
#[doc(hidden)]
pub mod runtime;
mod secret;
#[doc(hidden)]
pub mod settings;
#[doc(hidden)]
pub mod shown;
#[doc(hidden)]
pub mod source;
#[doc(hidden)]
pub mod stages;
#[doc(hidden)]
pub mod surroundings;
#[doc(hidden)]
pub mod syntax;
#[doc(hidden)]
pub mod threads;
#[doc(hidden)]
pub mod topics;
#[doc(hidden)]
pub mod topology;
#[doc(hidden)]
pub mod version;
#[doc(hidden)]
pub mod yaml;

#[doc(inline)]
pub use crate::{
    baseline::Baseline,
    build::Build,
    cancel::Cancel,
    check::{Options, Report, Seen, Selection, check},
    counted::counted,
    finding::{
        Applicability, Confidence, Edit, Finding, Fix, Help, InManifest, Label, RuleInfo, Severity, Subject, SubjectKind, Suggestion,
        Verdict,
    },
    fix::{Dropped, Fixed, fix},
    format::{Indent, Refused, Spacing, Style as FormatStyle, format},
    project::{Error, Project, Set},
    report::{Checked, Format, Style, render},
    settings::Settings,
    source::{By, Entry, FileId, FileReader, Listed, Location, Memory, Overlay, Position, SourceFile, Sources, Span},
    syntax::{Environment, ReadOptions, SectionKind},
    version::{Version, VersionSet},
};

/// The examples of the README are compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

/// The example of the guide too.
#[cfg(doctest)]
#[doc = include_str!("../docs/generate.md")]
mod generate_guide {}
