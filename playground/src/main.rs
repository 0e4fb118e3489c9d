//! What the page in `docs/playground/` runs: `check [VERSION]` reads a configuration and writes what was found, as JSON; `format`
//! writes it laid out. It is a program like any other, which reads its standard input and writes its standard output: built for
//! WASI it runs in a browser, where the page gives it both.

use std::{
    env,
    io::{self, Read, Write},
    process::ExitCode,
};

use haproxy_lint::{
    check::{Options, check},
    fix::apply,
    format::{self, format},
    report::{Checked, Format, Style, render},
    source::{FileId, Sources},
    version::Version,
};

/// The name of what was typed.
const NAME: &str = "haproxy.cfg";

fn main() -> ExitCode {
    let mut text = Vec::new();
    let done = io::stdin().read_to_end(&mut text).map_err(|error| error.to_string()).and_then(|_| run(&text));
    match done {
        Ok(bytes) => io::stdout().write_all(&bytes).map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS),
        Err(message) => {
            let _ = writeln!(io::stderr(), "{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(text: &[u8]) -> Result<Vec<u8>, String> {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let sources = Sources::new(vec![haproxy_lint::source::SourceFile::new(NAME, text.to_vec())]);
    match words[..] {
        ["check"] => checked(&sources, None),
        ["check", version] => checked(&sources, Some(version.parse().map_err(|_| format!("`{version}` is no version"))?)),
        ["format"] => laid_out(&sources),
        _ => Err("say `check`, `check VERSION` or `format`".to_owned()),
    }
}

fn checked(sources: &Sources, target: Option<Version>) -> Result<Vec<u8>, String> {
    let report = check(sources, &Options { target, ..Options::default() });
    let mut out = Vec::new();
    let checked = Checked { sources, report: &report, target };
    render(Format::Json, &[checked], Style::plain(80), &mut out).map_err(|error| error.to_string())?;
    Ok(out)
}

fn laid_out(sources: &Sources) -> Result<Vec<u8>, String> {
    let file = FileId(0);
    let edits = format(file, sources.file(file), format::Style::default(), None).map_err(|refused| refused.to_string())?;
    Ok(apply(sources, &edits.iter().collect::<Vec<_>>()).files()[0].bytes().to_vec())
}
