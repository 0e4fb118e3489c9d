//! `lsp`: the language server of [`crate::lsp`].

use clap::Args;

use super::Command;
use crate::{error::Result, lsp};

/// Speak with an editor as its language server, over standard input and output
#[derive(Debug, Args)]
#[command(display_order = 11)]
pub(crate) struct Lsp {
    /// Standard input and output are all there is; editors say so all the same
    #[arg(long)]
    pub(crate) stdio: bool,
}

impl Command for Lsp {
    fn run(&self) -> Result<u8> {
        lsp::run()
    }
}
