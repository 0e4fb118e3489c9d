//! The command line of haproxy-lint: options, files, streams and exit status. No rule and no meaning of HAProxy is in here.
#![deny(clippy::string_slice)]

mod changes;
mod cli;
mod commands;
mod error;
mod input;
mod journal;
mod live;
mod lsp;
mod output;
mod parallel;

use std::{ffi::OsString, path::Path, process::ExitCode};

use haproxy_lint::shown::Form;

#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Nothing was found at or above `--fail-on`.
const CLEAN: u8 = 0;
/// Something was.
const FINDINGS: u8 = 1;
/// The program could not do its work.
const FAILED: u8 = 2;

/// How much stack the work has, whatever the machine gives to the first thread: how deep a file may be nested does not depend on
/// `ulimit -s`. It is the first thread that works: a small file is looked at in the time that it takes to start another one.
const STACK: usize = 16 << 20;

/// The program under its two names, with the arguments it was started with, its own name included: one file does for both, under
/// either name or linked to it.
pub fn main(mut arguments: Vec<OsString>) -> ExitCode {
    let by_cargo = arguments.first().is_some_and(|own| Path::new(own).file_stem().is_some_and(|name| name == "cargo-haproxy-lint"));
    // `cargo haproxy-lint` starts `cargo-haproxy-lint haproxy-lint …`.
    if by_cargo && arguments.get(1).is_some_and(|first| first == "haproxy-lint") {
        arguments.remove(1);
    }
    run(if by_cargo { "cargo haproxy-lint" } else { "haproxy-lint" }, arguments)
}

fn run(name: &'static str, arguments: Vec<OsString>) -> ExitCode {
    output::called(name);
    survive_limits();
    stacker::grow(STACK, || work(name, arguments))
}

fn work(name: &'static str, arguments: Vec<OsString>) -> ExitCode {
    if let Some(slip) = cli::help::slip(&arguments) {
        slip.report();
        return ExitCode::from(FAILED);
    }
    let wanted = match cli::parse(name, arguments) {
        Ok(wanted) => wanted,
        Err(error) => {
            // Help and version are no errors; clap prints each where it belongs.
            let status = if error.use_stderr() { FAILED } else { CLEAN };
            // What was typed may be the name of a file that somebody else chose.
            let color = match error.use_stderr() {
                true => output::is_colored(cli::When::Auto, &std::io::stderr()),
                false => output::is_colored(cli::When::Auto, &std::io::stdout()),
            };
            let text = if color { error.render().ansi().to_string() } else { error.render().to_string() };
            let form = Form::People { color };
            if error.use_stderr() {
                output::to_stderr(form, &text);
            } else {
                let _ = output::to_stdout(form, |out| out.write_all(text.as_bytes()));
            }
            return ExitCode::from(status);
        }
    };
    ExitCode::from(wanted.run().unwrap_or_else(|error| {
        error.report();
        FAILED
    }))
}

/// A write beyond the limit of file sizes is an error to be told, and does not end the program.
fn survive_limits() {
    let _ = signal_hook::flag::register(rustix::process::Signal::XFSZ.as_raw(), std::sync::Arc::default());
}
