//! `parse`: what each stage of reading sees.

use haproxy_lint::{
    check::Options,
    project::STDIN,
    shown::Form,
    source::{By, Sources},
    stages::{self, Stage},
};

use super::{Command, Example};
use crate::{
    CLEAN,
    cli::{Limit, Machine, Shape},
    error::{Error, Result},
    input::{jobs, machine},
    live::files,
    output,
};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Emit {
    /// The file, rebuilt from its tokens
    Text,
    /// The words of each statement, with their values
    Words,
    /// Every token with its bytes
    Tree,
    /// Sections, proxies, peers and names
    Model,
}

/// Show what each stage of reading sees in a file
#[derive(Debug, Args)]
#[command(display_order = 3)]
pub(crate) struct Parse {
    /// The file, or `-` for standard input
    pub(crate) file: PathBuf,
    /// The stage to show
    #[arg(long, value_name = "STAGE", default_value = "words")]
    pub(crate) emit: Emit,
    /// text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Shape,
    #[command(flatten)]
    pub(crate) machine: Machine,
    #[command(flatten)]
    pub(crate) limit: Limit,
}

impl Command for Parse {
    const EXAMPLES: &[Example] = &[("haproxy.cfg --emit words", "the words of each line, with their values")];

    fn run(&self) -> Result<u8> {
        run(self)
    }
}

pub(crate) fn run(options: &Parse) -> Result<u8> {
    files::limit(options.limit.max_file_size);
    let is_file = options.file.as_os_str() == STDIN || !options.file.is_dir();
    if !is_file {
        return Err(Error::new(format!("`{}` is a directory", options.file.display()), "name one file"));
    }
    let sources = Sources::new(vec![jobs::source(&options.file, By::User, "<stdin>")?]);
    let library = machine::options_here(&options.machine, Options::default(), false)?;
    let stage = match options.emit {
        Emit::Text => Stage::Text,
        Emit::Words => Stage::Words,
        Emit::Tree => Stage::Tree,
        Emit::Model => Stage::Model,
    };
    let json = options.format == Shape::Json;
    let form = match (stage, json) {
        (_, true) => Form::Json,
        // The bytes are asked for as they are.
        (Stage::Text, _) => Form::Raw,
        _ => output::TEXT,
    };
    output::to_stdout(form, |out| stages::write(stage, &sources, &library, json, out))?;
    Ok(CLEAN)
}
