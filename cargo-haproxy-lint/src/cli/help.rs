//! What helps on the command line: usage, headings, examples, and the command that was probably meant.

use std::{ffi::OsString, path::Path};

use clap::{
    Command,
    builder::styling::{AnsiColor, Styles},
};
use haproxy_lint::nearest::nearest;

use super::plain;
use crate::{
    commands::{ALL, Shown, is_command},
    error::Error,
};

/// What the exit status of a command means.
const STATUS: &str = "Exit status: 0 if nothing is found at or above --fail-on (error, if nothing is said), 1 if something is, 2 if the \
                      program could not do its work.";

/// The command line for somebody who has called the program `name`.
pub(crate) fn command(name: &'static str) -> Command {
    let styles = Styles::styled()
        .header(AnsiColor::Green.on_default().bold())
        .usage(AnsiColor::Green.on_default().bold())
        .literal(AnsiColor::Cyan.on_default().bold())
        .placeholder(AnsiColor::Cyan.on_default());
    let mut command = plain(ALL).bin_name(name).styles(styles);
    command = command.override_usage(format!("{name} [OPTIONS] [FILE|DIR]...\n       {name} <COMMAND>"));
    command = command.after_help(format!(
        "Without a command it is `check`: `{name} haproxy.cfg`. `{name} COMMAND --help` says more of each.\n\nExamples:\n{}",
        ALL.iter().filter(|shown| shown.name == "check").map(|check| examples(name, check, "")).collect::<String>()
    ));
    for shown in ALL {
        command = command.mut_subcommand(shown.name, |sub| of_command(sub, shown, name));
    }
    command.mut_subcommand("check", |check| check.override_usage(format!("{name} [check] [OPTIONS] [FILE|DIR]...")))
}

/// The command with its headings, examples and exit status.
fn of_command(mut command: Command, shown: &Shown, program: &str) -> Command {
    for (heading, options) in shown.headings {
        for option in *options {
            command = command.mut_arg(*option, |arg| if arg.is_positional() { arg } else { arg.help_heading(*heading) });
        }
    }
    if shown.examples.is_empty() {
        return command;
    }
    let status = if shown.judges { format!("\n\n{STATUS}") } else { String::new() };
    command.after_help(format!("Examples:\n{}{status}", examples(program, shown, &format!("{} ", shown.name))))
}

fn examples(program: &str, of: &Shown, command: &str) -> String {
    let lines = of.examples.iter().map(|(line, does)| {
        let line = format!("{program} {command}{line}");
        format!("  {}\n      {does}", line.trim_end())
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Words that other programs have for a command here.
const OTHERWISE: [(&str, &str); 8] = [
    ("lint", "check"),
    ("validate", "check"),
    ("verify", "check"),
    ("test", "check"),
    ("format", "fmt"),
    ("list", "rules"),
    ("server", "lsp"),
    ("fix", "check --fix"),
];

/// `help` and `help COMMAND` are `--help` and `COMMAND --help`, where no file has that name.
pub(super) fn helped(arguments: &mut Vec<OsString>) {
    let is_help = arguments.get(1).is_some_and(|first| first == "help") && !Path::new("help").exists();
    if is_help {
        arguments.remove(1);
        arguments.truncate(2);
        arguments.push("--help".into());
    }
}

/// An error where a command was meant: the first word is neither a command nor a file, and looks like a command.
pub(crate) fn slip(arguments: &[OsString]) -> Option<Error> {
    let first = arguments.get(1)?.to_str()?;
    let is_word = first.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') && !first.starts_with('-');
    if is_command(first) || !is_word || Path::new(first).exists() {
        return None;
    }
    let otherwise = OTHERWISE.iter().find(|(word, _)| *word == first).map(|(_, command)| *command);
    let meant = otherwise.or_else(|| nearest(first, ALL.iter().map(|shown| shown.name)))?;
    let message = format!("there is no command and no file `{first}`");
    Some(Error::new(message, format!("did you mean `haproxy-lint {meant}`?")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_has_a_heading_where_there_are_some() {
        for shown in ALL.iter().filter(|shown| !shown.headings.is_empty()) {
            let command = (shown.options)(Command::new(shown.name));
            let known: Vec<&str> = shown.headings.iter().flat_map(|(_, options)| options.iter().copied()).collect();
            let all: Vec<&str> = command.get_arguments().map(|arg| arg.get_id().as_str()).filter(|id| *id != "help").collect();
            assert!(all.iter().all(|id| known.contains(id)), "{:?}", all.iter().filter(|id| !known.contains(id)).collect::<Vec<_>>());
            assert_eq!(all.len(), known.len());
        }
    }
}
