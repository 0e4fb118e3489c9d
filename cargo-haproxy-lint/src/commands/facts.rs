//! `facts`: what this host says of itself, to be collected and given to `--topology` elsewhere.

use haproxy_lint::shown::Form;

use super::Command;
use crate::{CLEAN, error::Result, live, output};
use clap::Args;

/// Print what this host says of itself as JSON, for --topology elsewhere
#[derive(Debug, Args)]
#[command(display_order = 6)]
pub(crate) struct Facts {}

impl Command for Facts {
    fn run(&self) -> Result<u8> {
        run()
    }
}

pub(crate) fn run() -> Result<u8> {
    let facts = live::facts::facts();
    output::to_stdout(Form::Json, |out| {
        serde_json::to_writer_pretty(&mut *out, &facts)?;
        out.write_all(b"\n")
    })?;
    Ok(CLEAN)
}
