//! What keeps the program from doing its work: shown by miette, always with what to do.

use std::{
    fmt,
    io::{self, Write},
    path::Path,
};

use haproxy_lint::{check::UnknownRule, settings::SettingsError, source::ReadError};
use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

/// An error of the tool itself.
#[derive(Debug)]
pub(crate) struct Error {
    message: String,
    help: Option<String>,
    /// The file that is at fault, with the place in it.
    source: Option<Box<(NamedSource<String>, LabeledSpan)>>,
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: Some(help.into()), source: None }
    }

    pub(crate) fn write(path: &Path, error: &io::Error) -> Self {
        Self::new(format!("cannot write `{}`: {error}", path.display()), "look at the folder and its permissions")
    }

    pub(crate) fn settings(path: &Path, text: String, error: SettingsError) -> Self {
        let name = path.display().to_string();
        let label = error.span.map(|span| LabeledSpan::new_primary_with_span(None, span));
        Self {
            message: format!("`{name}` cannot be used: {}", error.message),
            help: error.help,
            source: label.map(|label| Box::new((NamedSource::new(name, text), label))),
        }
    }

    /// An error at a place of a file.
    pub(crate) fn at(message: String, help: String, name: &str, text: String, span: std::ops::Range<usize>) -> Self {
        let label = LabeledSpan::new_primary_with_span(None, span);
        Self { message, help: Some(help), source: Some(Box::new((NamedSource::new(name, text), label))) }
    }

    /// Prints the error; where nobody can read it, the exit status still tells.
    pub(crate) fn report(self) {
        let _ = writeln!(io::stderr(), "{:?}", miette::Report::new(self));
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl Diagnostic for Error {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|place| &place.0 as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.source.as_ref().map(|place| Box::new(std::iter::once(place.1.clone())) as Box<dyn Iterator<Item = _>>)
    }
}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        let help = match error.error.kind() {
            io::ErrorKind::NotFound => "name an existing file or directory, or `-` for standard input",
            io::ErrorKind::FileTooLarge => "look at what it is; `check --max-file-size` lets larger configurations be read",
            io::ErrorKind::PermissionDenied => "run this as somebody who may read it",
            _ => "name a file or directory that can be read",
        };
        Self::new(error.to_string(), help)
    }
}

impl From<UnknownRule> for Error {
    fn from(error: UnknownRule) -> Self {
        let help = match error.nearest {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`cargo haproxy-lint rules` lists them".to_owned(),
        };
        Self::new(error.to_string(), help)
    }
}
