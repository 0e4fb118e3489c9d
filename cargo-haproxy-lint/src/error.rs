//! What keeps the program from doing its work: shown by miette, always with what to do.

use std::{fmt, io, ops::Range, path::Path};

use haproxy_lint::{
    check::UnknownRule,
    finding::Severity,
    project,
    report::{Style, Tone},
    shown::{self, Form},
    source::ReadError,
};
use miette::{Diagnostic, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::output;

/// An error of the tool itself.
#[derive(Debug)]
pub(crate) struct Error {
    message: String,
    help: Option<String>,
    /// Lines of help.
    steps: Vec<&'static str>,
    /// The file that is at fault, with the place in it.
    source: Option<Box<Place>>,
}

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: Some(help.into()), steps: Vec::new(), source: None }
    }

    pub(crate) fn write(path: &Path, error: &io::Error) -> Self {
        use io::ErrorKind::{
            AlreadyExists, FileTooLarge, InvalidFilename, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull,
        };
        let help = match error.kind() {
            // EPERM, while EACCES is what permissions say.
            PermissionDenied if error.raw_os_error() == Some(1) => {
                "the file system forbids it, whatever the mode says: `lsattr` shows whether it is immutable (`chattr -i`)"
            }
            PermissionDenied => {
                "run this as the owner of the file, or let its mode and that of its folder permit it; `--diff` writes nothing"
            }
            ReadOnlyFilesystem => "it is on a file system that is mounted read-only: mend a copy, or take the patch of `--diff`",
            InvalidFilename => "give it a shorter name",
            AlreadyExists => "something else has its name, or that of its new text beside it (`.NAME.haproxy-lint-new`): take that away",
            StorageFull | QuotaExceeded => "make room on that file system",
            FileTooLarge => "raise the limit of file sizes, which `ulimit -f` shows",
            _ => "look at the folder and its permissions",
        };
        Self::new(format!("cannot write `{}`: {error}", path.display()), help)
    }

    /// An error at a place of a file.
    pub(crate) fn at(message: String, help: String, name: &str, text: &str, span: Range<usize>) -> Self {
        Self { message, help: Some(help), steps: Vec::new(), source: Some(Box::new(Place::new(name, text, span))) }
    }

    /// An error whose help has several lines.
    pub(crate) fn steps(message: impl Into<String>, help: &[&'static str]) -> Self {
        Self { message: message.into(), help: None, source: None, steps: help.to_vec() }
    }

    /// Prints the error; where nobody can read it, the exit status still tells.
    pub(crate) fn report(self) {
        let style = output::on_stderr();
        output::to_stderr(Form::People { color: style.color }, &self.shown(style));
    }

    /// The error as findings are shown: what it is, the place, what to do.
    fn shown(&self, style: Style) -> String {
        let inert = |text: &str| shown::line(&output::as_called(text)).into_owned();
        let mut text = style.headline("error: ", Tone::Of(Severity::Error), &inert(&self.message));
        text += &style.drawn(self, &[Tone::Of(Severity::Error)]).unwrap_or_default();
        if let Some(help) = &self.help {
            text += &style.paragraph("  help: ", Tone::Help, &inert(help));
        }
        for (at, step) in self.steps.iter().enumerate() {
            // A command is to be copied as it is.
            let name = if at == 0 { "  help: " } else { "        " };
            text += &format!("{}{}\n", style.painted(Tone::Help, name), inert(step));
        }
        text + "\n"
    }
}

/// A place in a file with what is shown of its line: as much as a person needs, and nothing that a terminal obeys.
#[derive(Debug)]
struct Place {
    name: String,
    text: String,
    label: LabeledSpan,
    /// From 0.
    line: usize,
    column: usize,
}

impl Place {
    /// How many letters are shown of a line: files that are not read right may hold anything.
    const SHOWN: usize = 80;

    fn new(name: &str, text: &str, span: Range<usize>) -> Self {
        let at = |offset: usize| (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let (start, end) = (at(span.start), at(span.end));
        let before = text.get(..start).unwrap_or_default();
        let head = before.rsplit('\n').next().unwrap_or_default();
        let tail = text.get(start..).unwrap_or_default().split('\n').next().unwrap_or_default();
        let column = head.chars().count();
        let from = column.saturating_sub(Self::SHOWN / 4);
        let clip = |text: String| shown::line(&text.replace('\t', " ")).into_owned();
        // Secrets are not quoted, not even in a file that nobody can read.
        let of_secret = text.lines().any(|line| line.contains("kind") && line.contains("Secret"));
        let quiet = of_secret || shown::tells_secret(&format!("{head}{tail}"));
        let cut = |letters: &mut dyn Iterator<Item = char>| if quiet { String::new() } else { clip(letters.collect()) };
        let left = cut(&mut head.chars().skip(from));
        let right = cut(&mut tail.trim_end_matches('\r').chars().take(Self::SHOWN - (column - from)));
        // The end of a line is a place, too.
        let right = if right.is_empty() { " ".to_owned() } else { right };
        let (shown, mark) = (left.len(), end.saturating_sub(start).clamp(1, right.len().max(1)));
        let mark = (1..=mark).rev().find(|at| right.is_char_boundary(*at)).unwrap_or(right.chars().next().map_or(0, char::len_utf8));
        Self {
            name: shown::line(name).into_owned(),
            text: left + &right,
            label: LabeledSpan::new_primary_with_span(None, shown..shown + mark),
            line: before.matches('\n').count(),
            column,
        }
    }
}

impl SourceCode for Place {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _: usize,
    ) -> std::result::Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        // Without lines around it the column is asked for.
        let (start, column) = if before == 0 { (span.offset(), self.column) } else { (0, 0) };
        let data = self.text.as_bytes().get(start..).unwrap_or_default();
        let contents = SourceSpan::new(start.into(), data.len());
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), data, contents, self.line, column, 1)))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl Diagnostic for Error {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_deref().map(|place| place as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.source.as_ref().map(|place| Box::new(std::iter::once(place.label.clone())) as Box<dyn Iterator<Item = _>>)
    }
}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        Self::new(error.to_string(), error.help())
    }
}

impl From<UnknownRule> for Error {
    fn from(error: UnknownRule) -> Self {
        Self::new(error.to_string(), error.help())
    }
}

impl From<project::Error> for Error {
    fn from(error: project::Error) -> Self {
        let source = error.place.map(|place| Box::new(Place::new(&place.name, &place.text, place.span)));
        Self { message: error.message, help: error.help, steps: Vec::new(), source }
    }
}
