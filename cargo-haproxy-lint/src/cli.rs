//! The options, as clap reads them.

pub(crate) mod complete;
pub(crate) mod help;
pub(crate) mod values;

use std::{ffi::OsString, num::NonZeroUsize, path::PathBuf};

use clap::{Args, FromArgMatches, ValueEnum};
use haproxy_lint::{syntax::SectionKind, threads, version::Version};

use crate::{
    commands::{ALL, Any, Shown, check::Check},
    live::{files, memory},
};
use values::{Target, assignment, section, size, target};

/// What somebody wants who has called the program `name`.
pub(crate) fn parse(name: &'static str, arguments: Vec<OsString>) -> Result<Any, clap::Error> {
    let arguments = with_default_command(arguments);
    // The options of all commands take longer to make than a small file to check: only those of the one that is named are made,
    // and all of them, with what their help says, where something is to be shown.
    if let Some(check) = Check::of_paths(&arguments) {
        return Ok(Any::Check(Box::new(check)));
    }
    // The version is said by no command.
    if arguments.get(1).is_some_and(|first| first == "-V" || first == "--version") {
        return read(plain(&[]), &arguments);
    }
    let named = arguments.get(1).and_then(|first| ALL.iter().find(|command| first == command.name));
    let wanted = named.and_then(|command| read(plain(std::slice::from_ref(command)), &arguments).ok());
    wanted.map_or_else(|| read(help::command(name), &arguments), Ok)
}

fn read(mut command: clap::Command, arguments: &[OsString]) -> Result<Any, clap::Error> {
    let matches = command.try_get_matches_from_mut(arguments)?;
    let wanted = Any::from_arg_matches(&matches);
    // Once in a process: to give them back piece by piece is a fourteenth of what a small file costs.
    std::mem::forget((command, matches));
    wanted
}

/// The command line with these commands.
pub(crate) fn plain(commands: &'static [Shown]) -> clap::Command {
    let program = clap::Command::new("haproxy-lint")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Checks HAProxy configurations, and the clusters they are deployed to")
        .disable_help_subcommand(true)
        .subcommand_required(true)
        .arg_required_else_help(true);
    program.subcommands(commands.iter().map(|command| (command.options)(clap::Command::new(command.name))))
}

/// Puts `check` in front of arguments that name no command.
fn with_default_command(mut arguments: Vec<OsString>) -> Vec<OsString> {
    help::helped(&mut arguments);
    let general = ["-h", "--help", "-V", "--version"];
    let names = ALL.iter().map(|command| command.name).chain(general);
    if arguments.get(1).is_none_or(|first| names.clone().all(|name| first != name)) {
        arguments.insert(1.min(arguments.len()), "check".into());
    }
    arguments
}

/// What HAProxy will be, and what it will find.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Machine {
    /// HAProxy to check for: X.Y (its newest patch known), X.Y.Z or `latest`, from 2.4 to 3.4, and 3.5 as a preview; `auto`: that of
    /// the settings or of the topology, else the `haproxy` of this machine; if nothing is said, what every supported version refuses
    /// is an error
    #[arg(long, value_name = "VERSION", value_parser = target)]
    pub(crate) target: Option<Target>,
    /// The build to check for: a HAProxy binary, or a file with what its -vv prints
    #[arg(long, value_name = "PATH", conflicts_with = "target")]
    pub(crate) target_from: Option<PathBuf>,
    /// A variable of the environment HAProxy will have
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    pub(crate) env: Vec<(String, String)>,
    /// A file of NAME=VALUE lines
    #[arg(long, value_name = "FILE")]
    pub(crate) env_file: Vec<PathBuf>,
    /// Variables that are not named are not set; without this they are unknown
    #[arg(long)]
    pub(crate) env_closed: bool,
    /// What -L or the host name will be: the local peer's name
    #[arg(long, value_name = "NAME")]
    pub(crate) local_name: Option<String>,
    /// The input is the body of this section, without its header
    #[arg(long = "as", value_name = "SECTION", value_parser = section)]
    pub(crate) section: Option<SectionKind>,
}

impl Machine {
    /// The version that is named.
    pub(crate) fn version(&self) -> Option<Version> {
        match self.target? {
            Target::Version(version) => Some(version),
            Target::Auto => None,
        }
    }
}

/// Which files are looked for, and how they may be read.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Reading {
    /// Read no settings file
    #[arg(long)]
    pub(crate) no_config: bool,
    /// Leave out what the settings exclude even where it is named
    #[arg(long)]
    pub(crate) force_exclude: bool,
    /// Look for *.cfg also where .gitignore says to look away
    #[arg(long)]
    pub(crate) no_ignore: bool,
    /// Also read what lies outside the repository: links that leave it, and what settings and manifests name
    #[arg(long)]
    pub(crate) allow_outside: bool,
    /// How many threads share the work; if nothing is said, one for each processor
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    #[command(flatten)]
    pub(crate) limit: Limit,
}

impl Reading {
    /// Lets the whole program keep to it.
    pub(crate) fn keep_to(&self) {
        files::limit(self.limit.max_file_size);
        let wanted = self.threads.and_then(|threads| NonZeroUsize::new(threads.into()));
        let fitting = memory::threads().map(|most| wanted.or(NonZeroUsize::new(threads::count())).map_or(most, |wanted| wanted.min(most)));
        fitting.or(wanted).into_iter().for_each(threads::at_most);
    }
}

/// How much is read.
#[derive(Clone, Debug, Args)]
pub(crate) struct Limit {
    /// How large a file may be: bytes, or with KB, MB or GB behind
    #[arg(long, value_name = "SIZE", default_value = "64MB", value_parser = size)]
    pub(crate) max_file_size: u64,
}

impl Default for Limit {
    fn default() -> Self {
        Self { max_file_size: 64 << 20 }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    Text,
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn paths_alone_mean_what_the_options_make_of_them() {
        for line in ["haproxy-lint check", "haproxy-lint check a.cfg", "haproxy-lint check a/b.cfg c conf.d fmt"] {
            let by_options = read(plain(ALL), &words(line)).unwrap();
            let Any::Check(by_options) = by_options else { panic!("{by_options:?}") };
            assert_eq!(format!("{:?}", Check::of_paths(&words(line)).unwrap()), format!("{by_options:?}"));
        }
        for line in
            ["haproxy-lint check -", "haproxy-lint check --fix a.cfg", "haproxy-lint check -q", "haproxy-lint fmt a.cfg", "haproxy-lint"]
        {
            assert!(Check::of_paths(&words(line)).is_none(), "{line}");
        }
    }
}
