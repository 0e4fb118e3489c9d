//! What helps on the command line: usage, headings, examples, and the command that was probably meant.

use std::{ffi::OsString, path::Path};

use clap::{
    Command, CommandFactory,
    builder::styling::{AnsiColor, Styles},
};
use haproxy_lint::nearest::nearest;

use super::{COMMANDS, Cli};
use crate::error::Error;

/// Under which heading an option of `check` stands.
const HEADINGS: [(&str, &[&str]); 6] = [
    (
        "Input",
        &[
            "paths",
            "files",
            "section",
            "stdin_filename",
            "config",
            "no_config",
            "show_settings",
            "force_exclude",
            "no_ignore",
            "allow_outside",
            "max_file_size",
        ],
    ),
    ("Target", &["target", "target_from", "upgrade_to", "env", "env_file", "env_closed", "local_name", "haproxy", "haproxy_timeout"]),
    ("Where it runs", &["topology", "node", "host", "require_local_peer", "env_checks"]),
    ("Fixes", &["fix", "diff", "unsafe_fixes", "add_ignores"]),
    ("Findings", &["select", "ignore", "severity", "fail_on", "exit_zero", "baseline", "write_baseline"]),
    ("Output", &["format", "max_per_rule", "statistics", "verbose", "quiet", "color", "time_limit"]),
];

/// What the exit status of a command means.
const STATUS: &str = "Exit status: 0 if nothing is found at or above --fail-on (error, if nothing is said), 1 if something is, 2 if the \
                      program could not do its work.";

/// Commands to type, each with what it does. They are true where there are `haproxy.cfg`, `conf.d/` and manifests in `deploy/`.
const EXAMPLES: [(&str, &[(&str, &str)]); 9] = [
    (
        "check",
        &[
            ("haproxy.cfg", "one file"),
            ("", "every *.cfg below this folder; haproxy.cfg and conf.d/ are one configuration"),
            ("--target 2.8 --local-name lb1 haproxy.cfg", "for the HAProxy and the host that will read it"),
            ("--topology deploy", "as the pods or hosts there read it, and what is between them"),
            ("--diff --unsafe-fixes haproxy.cfg", "what can be mended, as a patch"),
            ("--format sarif=report.sarif --format github haproxy.cfg", "for CI"),
        ],
    ),
    ("fmt", &[("--diff haproxy.cfg", "what would be changed, as a patch"), ("--check", "for CI: which files are not laid out")]),
    ("parse", &[("haproxy.cfg --emit words", "the words of each line, with their values")]),
    ("topology", &[("--topology deploy", "who reaches whom"), ("--topology deploy --format svg > links.svg", "the same as a picture")]),
    (
        "generate",
        &[
            ("peers --topology deploy", "the peers section that these nodes need"),
            ("config --topology deploy", "a whole small configuration with it"),
        ],
    ),
    (
        "doctor",
        &[
            ("--show-peers show-peers.txt", "what `show peers` printed, explained"),
            ("--socket /run/haproxy/admin.sock", "the same from a running HAProxy"),
            ("--probe -f haproxy.cfg --local-name lb1", "before it runs: try every peer from here"),
        ],
    ),
    ("rules", &[("", "all rules by group"), ("--format json", "for programs")]),
    (
        "explain",
        &[
            ("", "the topics: how things work"),
            ("peers/local-name-missing", "a rule"),
            ("'http-request deny'", "a keyword"),
            ("local-inactive", "what `show peers` says of the node itself"),
        ],
    ),
    (
        "completions",
        &[("bash > haproxy-lint.bash", "then `source haproxy-lint.bash` in ~/.bashrc"), ("zsh > _haproxy-lint", "into a folder of $fpath")],
    ),
];

/// The command line for somebody who has called the program `name`.
pub(crate) fn command(name: &'static str) -> Command {
    let styles = Styles::styled()
        .header(AnsiColor::Green.on_default().bold())
        .usage(AnsiColor::Green.on_default().bold())
        .literal(AnsiColor::Cyan.on_default().bold())
        .placeholder(AnsiColor::Cyan.on_default());
    let mut command = Cli::command().bin_name(name).styles(styles);
    command = command.override_usage(format!("{name} [OPTIONS] [FILE|DIR]...\n       {name} <COMMAND>"));
    command = command.after_help(format!(
        "Without a command it is `check`: `{name} haproxy.cfg`. `{name} COMMAND --help` says more of each.\n\nExamples:\n{}",
        examples(name, "check", "")
    ));
    for (of, _) in EXAMPLES {
        let status = if matches!(of, "check" | "doctor") { format!("\n\n{STATUS}") } else { String::new() };
        let end = format!("Examples:\n{}{status}", examples(name, of, &format!("{of} ")));
        command = command.mut_subcommand(of, |sub| sub.after_help(end));
    }
    command.mut_subcommand("check", |mut check| {
        for (heading, options) in HEADINGS {
            for option in options {
                check = check.mut_arg(*option, |arg| if arg.is_positional() { arg } else { arg.help_heading(heading) });
            }
        }
        check.override_usage(format!("{name} [check] [OPTIONS] [FILE|DIR]..."))
    })
}

fn examples(name: &str, of: &str, command: &str) -> String {
    let all = EXAMPLES.iter().find(|(known, _)| *known == of).map_or(&[][..], |(_, examples)| examples);
    let lines: Vec<(String, &str)> =
        all.iter().map(|(line, does)| (format!("{name} {command}{line}").trim_end().to_owned(), *does)).collect();
    let line = |(line, does): &(String, &str)| format!("  {line}\n      {does}");
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
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
    if COMMANDS.contains(&first) || !is_word || Path::new(first).exists() {
        return None;
    }
    let otherwise = OTHERWISE.iter().find(|(word, _)| *word == first).map(|(_, command)| *command);
    let meant = otherwise.or_else(|| nearest(first, COMMANDS))?;
    let message = format!("there is no command and no file `{first}`");
    Some(Error::new(message, format!("did you mean `haproxy-lint {meant}`?")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_of_check_has_a_heading() {
        let check = Cli::command().find_subcommand("check").cloned().unwrap();
        let known: Vec<&str> = HEADINGS.iter().flat_map(|(_, options)| options.iter().copied()).collect();
        let all: Vec<&str> = check.get_arguments().map(|arg| arg.get_id().as_str()).filter(|id| *id != "help").collect();
        assert!(all.iter().all(|id| known.contains(id)), "{:?}", all.iter().filter(|id| !known.contains(id)).collect::<Vec<_>>());
        assert_eq!(all.len(), known.len());
    }

    #[test]
    fn every_command_is_known_by_its_name() {
        let all: Vec<String> = Cli::command().get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
        assert_eq!(all, COMMANDS);
    }
}
