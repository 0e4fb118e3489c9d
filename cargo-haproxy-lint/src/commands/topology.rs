//! `topology`: the nodes, and what each would see of the others.

use std::path::PathBuf;

use clap::Args;
use haproxy_lint::{
    check::Options,
    shown::Form,
    topology::picture::{Format, draw},
    version::Version,
};

use super::{Command, Example};
use crate::{
    CLEAN, FAILED,
    cli::{Limit, values::version},
    error::{Error, Result},
    input::topology::{distribute, fence, given, load, mounted, named},
    live::files,
    output,
};

/// Show the nodes of a topology and the links between them
#[derive(Debug, Args)]
#[command(display_order = 4)]
pub(crate) struct Topology {
    /// Configurations that nodes of the topology read: files, or `-` for standard input; manifests (*.yaml) are a topology
    pub(crate) paths: Vec<PathBuf>,
    /// One configuration made of several files and directories, read in HAProxy's order
    #[arg(short = 'f', long = "file", value_name = "FILE|DIR")]
    pub(crate) files: Vec<PathBuf>,
    /// Where it is deployed: manifests, compose files, facts of hosts; `-` for standard input
    #[arg(long, value_name = "FILE|DIR|-", required_unless_present = "paths")]
    pub(crate) topology: Vec<PathBuf>,
    /// HAProxy to check for, where the topology does not say
    #[arg(long, value_name = "VERSION", value_parser = version)]
    pub(crate) target: Option<Version>,
    /// text, json, dot, mermaid or svg
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = picture)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) limit: Limit,
}

impl Command for Topology {
    const EXAMPLES: &[Example] = &[("deploy", "who reaches whom"), ("deploy --format svg > links.svg", "the same as a picture")];

    fn run(&self) -> Result<u8> {
        run(self)
    }
}

fn picture(text: &str) -> Result<Format, String> {
    let known = || Format::ALL.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    Format::from_name(text).ok_or_else(|| format!("the formats are {}", known()))
}

/// `topology`: the nodes, and what each would see of the others.
pub(crate) fn run(options: &Topology) -> Result<u8> {
    files::limit(options.limit.max_file_size);
    let mut errors = Vec::new();
    let (named, paths) = named(&options.topology, &options.paths)?;
    let mut topology = load(&named, false, &mut errors);
    let given = given(&mut topology, &named, &paths, &options.files)?;
    distribute(&mut topology, &given).map_or_else(|error| errors.push(error), drop);
    mounted(&mut topology, &fence(&named, &[paths, options.files.clone()].concat(), false));
    let checked = haproxy_lint::check::nodes::check(&topology, &Options { target: options.target, ..Options::default() });
    let width = output::width(&std::io::stdout());
    output::to_stdout(Form::Raw, |out| draw(&checked.mesh, options.format, width, out))?;
    let failed = !errors.is_empty();
    errors.into_iter().for_each(Error::report);
    Ok(if failed { FAILED } else { CLEAN })
}
