//! Where output goes, and how wide and colourful it may be.

use std::{
    borrow::Cow,
    io::{self, BufWriter, IsTerminal, Write},
    os::fd::AsFd,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use haproxy_lint::{
    report::{Checked, Format, Style, Tone, render},
    shown::{self, Form},
};

use crate::{
    cli::When,
    error::{Error, Result},
    live::files,
};

/// Where reports may go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// To files, and one to standard output.
    Everywhere,
    /// To files alone: standard output is taken.
    InFiles,
}

/// How text for people looks.
#[derive(Clone, Copy)]
pub(crate) struct Looks {
    pub(crate) color: When,
    /// How many findings of a rule are shown for a file; 0 for all.
    pub(crate) most: usize,
}

/// Shows what was found in each of `formats`, on standard output where no file is named. Gives what could not be written:
/// one file that cannot be does not stop the others. Where nothing was checked, there is nothing to tell people.
pub(crate) fn show(checked: &[Checked<'_>], formats: &[(Format, Option<PathBuf>)], looks: Looks, shown: Shown) -> Vec<Error> {
    let wanted = formats.iter().filter(|(format, _)| format.is_document() || !checked.is_empty());
    let wanted = wanted.filter(|(_, file)| file.is_some() || shown == Shown::Everywhere);
    let written = wanted.map(|(format, file)| match file {
        Some(path) => to_file(checked, *format, path),
        None => to_stdout(Form::Raw, |out| render(*format, checked, style(looks), out)),
    });
    written.filter_map(Result::err).collect()
}

/// Whether errors and notes of the program itself are coloured, where somebody has said it.
static COLOR: OnceLock<When> = OnceLock::new();

/// Lets errors and notes of the program itself look like the rest.
pub(crate) fn errors_in(color: When) {
    // Only fails if it was done before.
    let _ = COLOR.set(color);
}

/// How text on standard error looks.
pub(crate) fn on_stderr() -> Style {
    let color = is_colored(COLOR.get().copied().unwrap_or(When::Auto), &io::stderr());
    Style { color, ..Style::plain(width(&io::stderr())) }
}

/// What the program was called as: `cargo haproxy-lint` or `haproxy-lint`.
static PROGRAM: OnceLock<&str> = OnceLock::new();

/// Remembers what the program was called as.
pub(crate) fn called(name: &'static str) {
    let _ = PROGRAM.set(name);
}

/// What to type to start the program, as the user did.
pub(crate) fn program() -> &'static str {
    PROGRAM.get().copied().unwrap_or("haproxy-lint")
}

/// A text of ours, in which commands to type begin with `haproxy-lint`, with what the user calls it by in its place.
pub(crate) fn as_called(text: &str) -> Cow<'_, str> {
    match program() {
        "haproxy-lint" => Cow::Borrowed(text),
        name => Cow::Owned(
            ["`", "| "]
                .iter()
                .fold(text.to_owned(), |text, before| text.replace(&format!("{before}haproxy-lint "), &format!("{before}{name} "))),
        ),
    }
}

/// Text of our own on standard output that names of others may stand in.
pub(crate) const TEXT: Form = Form::People { color: false };

/// Says something beside the report, on one line.
pub(crate) fn note(text: &str) {
    let text = shown::line(&as_called(text)).into_owned();
    let style = on_stderr();
    // What reads a log finds a note on one line.
    let shown = match io::stderr().is_terminal() {
        true => style.paragraph("note: ", Tone::Message, &text),
        false => format!("{}{text}\n", style.painted(Tone::Message, "note: ")),
    };
    to_stderr(Form::People { color: style.color }, &shown);
}

/// Writes to standard error; where nobody can read it, the exit status still tells.
pub(crate) fn to_stderr(form: Form, text: &str) {
    let _ = shown::inert(form, &mut io::stderr().lock(), |out| out.write_all(text.as_bytes()));
}

fn to_file(checked: &[Checked<'_>], format: Format, path: &Path) -> Result<()> {
    let file = files::create(path)?;
    let write = || -> io::Result<()> {
        let mut out = BufWriter::new(file);
        render(format, checked, Style::plain(80), &mut out)?;
        out.flush()
    };
    write().map_err(|error| Error::write(path, &error))
}

/// Writes to standard output for those who read `form`; what a library function has made inert is raw. A reader that has gone
/// away is no error.
pub(crate) fn to_stdout(form: Form, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match shown::inert(form, &mut out, write).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::write(Path::new("standard output"), &error)),
        _ => {
            // What a failed flush left in the buffer is not tried again.
            let _ = out.into_parts();
            Ok(())
        }
    }
}

/// Whether what goes to `stream` is coloured.
pub(crate) fn is_colored(color: When, stream: &impl IsTerminal) -> bool {
    let said = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let on = |name: &str| said(name).is_some_and(|value| value != "0");
    match color {
        When::Always => true,
        When::Never => false,
        When::Auto if said("NO_COLOR").is_some() => false,
        When::Auto if on("FORCE_COLOR") || on("CLICOLOR_FORCE") => true,
        When::Auto if said("TERM").is_some_and(|term| term == "dumb") || said("CLICOLOR").is_some_and(|value| value == "0") => false,
        When::Auto => stream.is_terminal(),
    }
}

/// How wide text is that somebody reads on standard output; `None` where it goes to a file or a program.
pub(crate) fn read_by_people() -> Option<usize> {
    let is_read = io::stdout().is_terminal() || std::env::var_os("COLUMNS").is_some();
    is_read.then(|| width(&io::stdout()))
}

/// How wide text on `stream` may be: what `COLUMNS` says, else the terminal.
pub(crate) fn width(stream: &impl AsFd) -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok()).filter(|c| *c > 0);
    let width = columns.or_else(|| terminal_size::terminal_size_of(stream).map(|(w, _)| w.0.into())).unwrap_or(80);
    width.max(40)
}

/// How text on standard output looks.
pub(crate) fn style(Looks { color, most }: Looks) -> Style {
    Style { width: width(&io::stdout()), color: is_colored(color, &io::stdout()), most }
}
