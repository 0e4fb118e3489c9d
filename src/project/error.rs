//! What keeps a project from being used, always with what to do.

use std::{fmt, ops::Range, path::Path};

use crate::{
    check::UnknownRule,
    settings::SettingsError,
    source::{Outside, ReadError},
};

/// Why settings or files cannot be used.
#[derive(Debug)]
pub struct Error {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The place in a file of settings that is at fault.
    pub place: Option<Box<Place>>,
}

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name of the file.
    pub name: String,
    /// All that is in it.
    pub text: String,
    /// The bytes.
    pub span: Range<usize>,
}

impl Error {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: Some(help.into()), place: None }
    }

    pub(super) fn settings(path: &Path, text: String, error: SettingsError) -> Self {
        let name = path.display().to_string();
        Self {
            message: format!("`{name}` cannot be used: {}", error.message),
            help: error.help,
            place: error.span.map(|span| Box::new(Place { name, text, span })),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        Self::new(error.to_string(), error.help())
    }
}

impl From<Outside> for Error {
    fn from(error: Outside) -> Self {
        Self::new(error.to_string(), Outside::help())
    }
}

impl From<UnknownRule> for Error {
    fn from(error: UnknownRule) -> Self {
        Self::new(error.to_string(), error.help())
    }
}
