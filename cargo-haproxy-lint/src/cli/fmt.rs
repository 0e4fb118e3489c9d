//! The options of `fmt`.

use std::{ops::RangeInclusive, path::PathBuf};

use clap::Args;
use haproxy_lint::{Indent, Spacing};

#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// Configurations: files, `-` for standard input, or directories to look for *.cfg in; manifests (*.yaml) that hold some
    pub(crate) paths: Vec<PathBuf>,
    /// Write nothing, and list the files that would be written; end with status 1 if there are some
    #[arg(long, conflicts_with = "diff")]
    pub(crate) check: bool,
    /// Print what would be changed as a patch; end with status 1 if there is something
    #[arg(long)]
    pub(crate) diff: bool,
    /// Only these lines of the one file, from 1
    #[arg(long, value_name = "A:B", value_parser = range)]
    pub(crate) range: Option<RangeInclusive<usize>>,
    /// By what the lines of a section are indented: auto (as most of the file's are), 2, 4, 8 or tab
    #[arg(long, value_name = "INDENT", value_parser = indent)]
    pub(crate) indent: Option<Indent>,
    /// What stands between words: single (one blank) or keep (what stands there)
    #[arg(long, value_name = "SPACING", value_parser = spacing)]
    pub(crate) spacing: Option<Spacing>,
    /// The name that standard input goes by
    #[arg(long, value_name = "NAME", default_value = "<stdin>")]
    pub(crate) stdin_filename: String,
    /// Read no settings file
    #[arg(long)]
    pub(crate) no_config: bool,
    /// Leave out what the settings exclude even where it is named
    #[arg(long)]
    pub(crate) force_exclude: bool,
    /// Look for *.cfg also where .gitignore says to look away
    #[arg(long)]
    pub(crate) no_ignore: bool,
    /// Also read what lies outside the repository: links that leave it, and what settings name
    #[arg(long)]
    pub(crate) allow_outside: bool,
    /// How large a file may be: bytes, or with KB, MB or GB behind
    #[arg(long, value_name = "SIZE", default_value = "64MB", value_parser = super::size)]
    pub(crate) max_file_size: u64,
    /// Print nothing but what is asked for and errors of the program
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

fn indent(text: &str) -> Result<Indent, String> {
    super::one_of(&Indent::ALL, text)
}

fn spacing(text: &str) -> Result<Spacing, String> {
    super::one_of(&Spacing::ALL, text)
}

/// `3:17`
fn range(text: &str) -> Result<RangeInclusive<usize>, String> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    match (first.parse(), last.parse()) {
        (Ok(first), Ok(last)) if first > 0 && first <= last => Ok(first..=last),
        _ => Err("write the first line and the last, such as 3:17".to_owned()),
    }
}
