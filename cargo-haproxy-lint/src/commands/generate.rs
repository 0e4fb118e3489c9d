//! `generate`: writes what a topology needs, or says what would change.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use haproxy_lint::{
    check::Options,
    generate::{self, Made, Refusal, Request},
    shown::Form,
    source::By,
    version::Version,
};
use tempfile::NamedTempFile;

use super::{Command, Example};
use crate::{
    CLEAN, FAILED, FINDINGS,
    changes::{self, Change},
    cli::{
        Limit,
        values::{one_of, version},
    },
    error::{Error, Result},
    input::topology,
    live::files,
    output,
};
use clap::{Args, ValueEnum};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Wanted {
    /// A peers section
    Peers,
    /// A complete small configuration
    Config,
    /// Kubernetes objects
    Manifests,
    /// Files for sysctl.d, for the hosts that need one
    Sysctl,
}

/// Write what a topology needs: a peers section, a configuration, manifests, files for sysctl.d
#[derive(Debug, Args)]
#[command(display_order = 5)]
pub(crate) struct Generate {
    /// What to write
    #[arg(value_name = "WHAT")]
    pub(crate) wanted: Wanted,
    /// Configurations that nodes of the topology read now: files, or `-` for standard input; manifests (*.yaml) are a topology
    pub(crate) paths: Vec<PathBuf>,
    /// One configuration made of several files and directories, read in HAProxy's order
    #[arg(short = 'f', long = "file", value_name = "FILE|DIR")]
    pub(crate) files: Vec<PathBuf>,
    /// Where it is deployed: manifests, compose files, facts of hosts; `-` for standard input
    #[arg(long, value_name = "FILE|DIR|-", required_unless_present = "paths")]
    pub(crate) topology: Vec<PathBuf>,
    /// Only for these nodes or workloads
    #[arg(long, value_name = "NAME")]
    pub(crate) node: Vec<String>,
    /// How nodes reach each other: services, headless or hosts; if nothing is said, what suits the topology
    #[arg(long, value_name = "STYLE", value_parser = style)]
    pub(crate) style: Option<generate::Style>,
    /// The port that peers listen on; if nothing is said, the one they have, else 10000
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) port: Option<u16>,
    /// The name of the peers section; if nothing is said, the one it has, else haproxy_peers
    #[arg(long, value_name = "NAME")]
    pub(crate) section: Option<String>,
    /// A file for each node, instead of one for all
    #[arg(long)]
    pub(crate) per_node: bool,
    /// The form of manifests: plain, kustomize or helm-values (for the chart haproxytech/haproxy)
    #[arg(long = "as", value_name = "FORM", default_value = "plain", value_parser = form)]
    pub(crate) form: generate::Form,
    /// HAProxy to write for, where the topology does not say
    #[arg(long, value_name = "VERSION", value_parser = version)]
    pub(crate) target: Option<Version>,
    /// Where to write; several files go into a folder. If nothing is said, standard output
    #[arg(short, long, value_name = "FILE|DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Write nothing; end with status 1 if what is there differs: the file behind --output, else the section that the nodes read
    #[arg(long, conflicts_with = "diff")]
    pub(crate) check: bool,
    /// Write nothing; print what would change as a patch, and end with status 1 if there is something
    #[arg(long, requires = "output")]
    pub(crate) diff: bool,
    /// Also replace files that this command has not written
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) limit: Limit,
}

impl Command for Generate {
    const EXAMPLES: &[Example] = &[
        ("peers --topology deploy", "the peers section that these nodes need"),
        ("config --topology deploy", "a whole small configuration with it"),
    ];

    fn run(&self) -> Result<u8> {
        run(self)
    }
}

fn style(text: &str) -> Result<generate::Style, String> {
    one_of(&generate::Style::ALL, text)
}

fn form(text: &str) -> Result<generate::Form, String> {
    one_of(&generate::Form::ALL, text)
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.message, refusal.help)
    }
}

/// `generate`.
pub(crate) fn run(options: &Generate) -> Result<u8> {
    files::limit(options.limit.max_file_size);
    let mut errors = Vec::new();
    let (named, paths) = topology::named(&options.topology, &options.paths)?;
    // What was written before is no part of what it was made from.
    let written = |path: &Path| read(path).ok().flatten().is_some_and(|bytes| bytes.starts_with(generate::MARK.as_bytes()));
    let mut topology = match &options.output {
        Some(place) => topology::load_without(place, &written, &named, &mut errors),
        None => topology::load(&named, false, &mut errors),
    };
    if !errors.is_empty() {
        errors.into_iter().for_each(Error::report);
        return Ok(FAILED);
    }
    let given = topology::given(&mut topology, &named, &paths, &options.files)?;
    topology::distribute(&mut topology, &given)?;
    topology::mounted(&mut topology, &topology::fence(&named, &[paths, options.files.clone()].concat(), false));
    let checked = haproxy_lint::check::nodes::check(&topology, &Options { target: options.target, ..Options::default() });
    let request = Request {
        style: options.style,
        port: options.port,
        section: options.section.clone(),
        nodes: options.node.clone(),
        per_node: options.per_node,
        form: options.form,
    };
    let made = match options.wanted {
        Wanted::Peers => generate::peers(&checked.mesh, &request),
        Wanted::Config => generate::config(&checked.mesh, &request),
        Wanted::Manifests => generate::manifests(&checked.mesh, &request),
        Wanted::Sysctl => generate::sysctl(&checked.mesh, &request),
    }?;
    made.notes.iter().for_each(|note| output::note(note));
    made.left.iter().for_each(|left| output::note(&format!("not right yet: {left}")));
    let wrong = if made.left.is_empty() { CLEAN } else { FINDINGS };
    let status = match &options.output {
        None if options.check => {
            if !matches!(options.wanted, Wanted::Peers) {
                let message = "only `peers` can be compared with what the topology holds";
                return Err(Error::new(message, "name the file to compare with: `--output FILE`"));
            }
            let told = generate::compare(&checked.mesh, &request, &made)?;
            told.iter().for_each(|note| output::note(note));
            Ok(if told.is_empty() { CLEAN } else { FINDINGS })
        }
        None => print(&made),
        Some(place) => write(&made, place, options),
    }?;
    Ok(status.max(wrong))
}

/// All files on standard output; where there are several, each under its name.
fn print(made: &Made) -> Result<u8> {
    output::to_stdout(Form::Raw, |out| {
        made.files.iter().enumerate().try_for_each(|(at, file)| match made.files.len() {
            1 => write!(out, "{}", file.text),
            _ => write!(out, "{}# {}\n{}", if at == 0 { "" } else { "\n" }, file.name, file.text),
        })
    })?;
    Ok(CLEAN)
}

/// A file as it is and as it should be.
struct Wish<'m> {
    path: PathBuf,
    before: Option<Vec<u8>>,
    after: &'m str,
}

fn write(made: &Made, place: &Path, options: &Generate) -> Result<u8> {
    let is_folder = made.folder || place.is_dir() || place.as_os_str().to_string_lossy().ends_with('/');
    let wishes = made.files.iter().map(|file| {
        let path = if is_folder { place.join(&file.name) } else { place.to_owned() };
        // What is behind a link is neither compared nor quoted.
        files::may_write(&path)?;
        Ok(Wish { before: read(&path)?, path, after: &file.text })
    });
    let mut wishes: Vec<Wish<'_>> = wishes.collect::<Result<_>>()?;
    let left = if is_folder { left_over(made, place)? } else { Vec::new() };
    wishes.retain(|wish| wish.before.as_deref() != Some(wish.after.as_bytes()));
    let differs = if wishes.is_empty() && left.is_empty() { CLEAN } else { FINDINGS };
    left.iter().for_each(|path| output::note(&format!("`{}` is not needed any more", path.display())));
    if options.check {
        wishes.iter().for_each(|wish| output::note(&format!("`{}` {}", wish.path.display(), differs_how(wish))));
        return Ok(differs);
    }
    if options.diff {
        let patch = |wish: &Wish<'_>| changes::patch(&wish.path.display().to_string(), wish.before.as_deref(), wish.after.as_bytes());
        changes::print_patches(wishes.iter().map(patch))?;
        return Ok(differs);
    }
    if let Some(foreign) = wishes.iter().find(|wish| !options.force && wish.before.as_deref().is_some_and(|b| !is_ours(b))) {
        let message = format!("`{}` was not written by this command, so it is left as it is", foreign.path.display());
        return Err(Error::new(message, "name another file, look at it with `--diff`, or add `--force`"));
    }
    put(wishes)?;
    Ok(CLEAN)
}

fn differs_how(wish: &Wish<'_>) -> &'static str {
    if wish.before.is_some() { "differs" } else { "is missing" }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match files::read(path, By::Repository, files::largest()) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether this command has written it; an empty file is nobody's.
fn is_ours(bytes: &[u8]) -> bool {
    bytes.is_empty() || bytes.starts_with(generate::MARK.as_bytes())
}

/// Files in the folder that this command has written of the same kind, and writes no more.
fn left_over(made: &Made, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut left = Vec::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(left),
        Err(error) => return Err(haproxy_lint::source::ReadError { path: folder.to_owned(), error }.into()),
    };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_file() && !path.is_symlink()) {
        let known = path.file_name().is_some_and(|name| made.files.iter().any(|file| name == file.name.as_str()));
        // What cannot be read is nothing of ours.
        if !known && read(&path).ok().flatten().is_some_and(|bytes| bytes.starts_with(made.mark.as_bytes())) {
            left.push(path);
        }
    }
    left.sort();
    Ok(left)
}

/// Every new file is prepared beside its place before the first one is put there; then those that exist are replaced.
fn put(wishes: Vec<Wish<'_>>) -> Result<()> {
    wishes.iter().try_for_each(|wish| files::may_write(&wish.path).map(drop))?;
    let names: Vec<String> = wishes.iter().map(|wish| format!("`{}`", wish.path.display())).collect();
    let (old, new): (Vec<_>, Vec<_>) = wishes.into_iter().partition(|wish| wish.before.is_some());
    let prepared = new.iter().map(|wish| Ok((create(wish)?, &wish.path))).collect::<Result<Vec<_>>>()?;
    for (file, path) in prepared {
        file.persist_noclobber(path).map_err(|error| Error::write(path, &error.error))?;
    }
    let change = |wish: Wish<'_>| Change {
        name: wish.path.display().to_string(),
        before: wish.before.unwrap_or_default(),
        after: wish.after.as_bytes().to_vec(),
    };
    let changes: Vec<Change> = old.into_iter().map(change).collect();
    changes::write_all(changes.iter())?;
    if !names.is_empty() {
        output::note(&format!("wrote {}", names.join(", ")));
    }
    Ok(())
}

fn create(wish: &Wish<'_>) -> Result<NamedTempFile> {
    let failed = |error: io::Error| Error::write(&wish.path, &error);
    let folder = wish.path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let mut file = readable(&mut tempfile::Builder::new()).tempfile_in(folder).map_err(failed)?;
    file.write_all(wish.after.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    Ok(file)
}

/// Others may read it, as any file that is made: HAProxy has a user of its own.
fn readable<'b, 'p, 's>(builder: &'b mut tempfile::Builder<'p, 's>) -> &'b mut tempfile::Builder<'p, 's> {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(0o666))
}
