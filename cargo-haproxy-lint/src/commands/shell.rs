//! `completions` and `man`: what packages bring along.

use clap::CommandFactory;
use haproxy_lint::shown::Form;

use crate::{
    CLEAN,
    cli::{Cli, Completions, Man},
    error::{Error, Result},
    output,
};

const NAME: &str = "haproxy-lint";

pub(crate) fn completions(options: &Completions) -> Result<u8> {
    // Into memory first: the generator does not survive a reader that goes away.
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Cli::command(), NAME, &mut script);
    output::to_stdout(Form::Raw, |out| out.write_all(&script))?;
    Ok(CLEAN)
}

pub(crate) fn man(options: &Man) -> Result<u8> {
    let command = Cli::command().bin_name(NAME);
    match &options.directory {
        Some(directory) => {
            let written = std::fs::create_dir_all(directory).and_then(|()| clap_mangen::generate_to(command, directory));
            written.map_err(|error| Error::write(directory, &error))?;
        }
        None => output::to_stdout(Form::Raw, |out| clap_mangen::Man::new(command).render(out))?,
    }
    Ok(CLEAN)
}
