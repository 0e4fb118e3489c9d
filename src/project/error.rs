//! What keeps the library from doing what was asked, always with what to do. Errors of single parts become this one with `?`.

use std::{fmt, ops::Range, path::Path};

use crate::{
    build::BuildError,
    check::UnknownRule,
    settings::SettingsError,
    source::{Outside, ReadError},
    version::UnknownVersion,
};

/// Why settings, files or what else was given cannot be used. The errors of all parts of the library turn into it.
///
/// ```
/// use haproxy_lint::{Error, Settings, Version};
/// fn read(version: &str, settings: &str) -> Result<(Version, Settings), Error> {
///     Ok((version.parse()?, Settings::parse(settings)?))
/// }
/// let error = read("2.8", "tarjet = \"2.8\"").unwrap_err();
/// assert_eq!(error.help(), Some("did you mean `target`?"));
/// assert!(read("1.5", "").unwrap_err().help().is_some());
/// ```
#[derive(Debug)]
#[non_exhaustive]
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
    /// What to do about it.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
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

/// The place is that in the text alone, which whoever has it knows: it is not kept.
impl From<SettingsError> for Error {
    fn from(error: SettingsError) -> Self {
        Self { message: error.message, help: error.help, place: None }
    }
}

impl From<UnknownVersion> for Error {
    fn from(error: UnknownVersion) -> Self {
        Self::new(error.to_string(), UnknownVersion::help())
    }
}

impl From<BuildError> for Error {
    fn from(error: BuildError) -> Self {
        Self::new(error.to_string(), "give what `haproxy -vv` of HAProxy 2.4 or later prints")
    }
}
