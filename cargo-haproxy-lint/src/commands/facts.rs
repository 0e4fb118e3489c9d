//! `facts`: what this host says of itself, to be collected and given to `--topology` elsewhere.

use haproxy_lint::shown::Form;

use crate::{CLEAN, error::Result, live, output};

pub(crate) fn run() -> Result<u8> {
    let facts = live::facts::facts();
    output::to_stdout(Form::Json, |out| {
        serde_json::to_writer_pretty(&mut *out, &facts)?;
        out.write_all(b"\n")
    })?;
    Ok(CLEAN)
}
