//! The formats. One is one file, `src/report/formats/NAME.rs`, which the build finds: its name is what `--format` takes.

use std::io::{self, Write};

use super::{Checked, Style};
use crate::shown::Form;

/// What a format says of itself.
pub(super) struct Spec {
    /// Who reads it, for the list in the documentation.
    about: &'static str,
    /// Whether it is a document, which is wanted even where nothing was checked.
    is_document: bool,
    /// What is kept from its readers: bytes that would do something there.
    pub(super) form: fn(Style) -> Form,
    /// Writes it.
    pub(super) render: Render,
}

/// Writes what was found in some configurations.
type Render = fn(&[Checked<'_>], Style, &mut dyn Write) -> io::Result<()>;

include!(concat!(env!("OUT_DIR"), "/formats.rs"));

impl Format {
    /// What `--format` takes for it.
    ///
    /// ```
    /// assert_eq!(haproxy_lint::report::Format::Sarif.name(), "sarif");
    /// ```
    pub fn name(self) -> &'static str {
        let at = Self::ALL.iter().position(|(_, format)| *format == self);
        at.map_or("", |at| Self::ALL[at].0)
    }

    /// Who reads it, in a few words of Markdown.
    pub fn about(self) -> &'static str {
        self.spec().about
    }

    /// Whether it is a document, which is wanted even where nothing was checked.
    pub fn is_document(self) -> bool {
        self.spec().is_document
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }
}
