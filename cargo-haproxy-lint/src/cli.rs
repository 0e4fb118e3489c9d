//! The options, as clap reads them.

pub(crate) mod complete;
pub(crate) mod help;
pub(crate) mod values;

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, Parser, ValueEnum};
use haproxy_lint::{syntax::SectionKind, version::Version};

use crate::commands::{Any, is_command};
use values::{assignment, section, size, version};

/// Checks HAProxy configurations, and the clusters they are deployed to.
#[derive(Debug, Parser)]
#[command(name = "haproxy-lint", version, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Any,
}

/// Puts `check` in front of arguments that name no command.
pub(crate) fn with_default_command(mut arguments: Vec<OsString>) -> Vec<OsString> {
    help::helped(&mut arguments);
    let first = arguments.get(1).map(|a| a.to_string_lossy().into_owned()).unwrap_or_default();
    let general = ["-h", "--help", "-V", "--version"];
    if !is_command(&first) && !general.contains(&first.as_str()) {
        arguments.insert(1.min(arguments.len()), "check".into());
    }
    arguments
}

/// What HAProxy will be, and what it will find.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Machine {
    /// HAProxy to check for: X.Y (its newest patch known), X.Y.Z or `latest`, from 2.4 to 3.4, and 3.5 as a preview; if nothing is
    /// said, what every supported version refuses is an error
    #[arg(long, value_name = "VERSION", value_parser = version)]
    pub(crate) target: Option<Version>,
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

/// Which files are looked for, and how they may be read.
#[derive(Clone, Debug, Args)]
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
    #[command(flatten)]
    pub(crate) limit: Limit,
}

/// How much is read.
#[derive(Clone, Debug, Args)]
pub(crate) struct Limit {
    /// How large a file may be: bytes, or with KB, MB or GB behind
    #[arg(long, value_name = "SIZE", default_value = "64MB", value_parser = size)]
    pub(crate) max_file_size: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    Text,
    Json,
}
