//! `parse`: what each stage of reading sees.

use haproxy_lint::{
    check::Options,
    project::STDIN,
    shown::Form,
    source::{By, Sources},
    stages::{self, Stage},
};

use super::{jobs, machine};
use crate::{
    CLEAN, cli,
    error::{Error, Result},
    live::files,
    output,
};

pub(crate) fn run(options: &cli::Parse) -> Result<u8> {
    files::limit(options.max_file_size);
    let is_file = options.file.as_os_str() == STDIN || !options.file.is_dir();
    if !is_file {
        return Err(Error::new(format!("`{}` is a directory", options.file.display()), "name one file"));
    }
    let sources = Sources::new(vec![jobs::source(&options.file, By::User, "<stdin>")?]);
    let library = machine::options(&options.machine, Options::default(), false)?;
    let stage = match options.emit {
        cli::Stage::Text => Stage::Text,
        cli::Stage::Words => Stage::Words,
        cli::Stage::Tree => Stage::Tree,
        cli::Stage::Model => Stage::Model,
    };
    let json = options.format == cli::Shape::Json;
    let form = match (stage, json) {
        (_, true) => Form::Json,
        // The bytes are asked for as they are.
        (Stage::Text, _) => Form::Raw,
        _ => output::TEXT,
    };
    output::to_stdout(form, |out| stages::write(stage, &sources, &library, json, out))?;
    Ok(CLEAN)
}
