//! `man`: the manual pages.

use std::path::PathBuf;

use clap::Args;
use haproxy_lint::shown::Form;

use super::Command;
use crate::{
    CLEAN,
    cli::help,
    error::{Error, Result},
    output,
};

const NAME: &str = "haproxy-lint";

/// Print the manual page, or write those of all commands into a directory
#[derive(Debug, Args)]
#[command(display_order = 13)]
pub(crate) struct Man {
    /// Where to write the pages
    pub(crate) directory: Option<PathBuf>,
}

impl Command for Man {
    fn run(&self) -> Result<u8> {
        run(self)
    }
}

pub(crate) fn run(options: &Man) -> Result<u8> {
    let command = help::command(NAME);
    match &options.directory {
        Some(directory) => {
            let written = std::fs::create_dir_all(directory).and_then(|()| clap_mangen::generate_to(command, directory));
            written.map_err(|error| Error::write(directory, &error))?;
        }
        None => output::to_stdout(Form::Raw, |out| clap_mangen::Man::new(command).render(out))?,
    }
    Ok(CLEAN)
}
