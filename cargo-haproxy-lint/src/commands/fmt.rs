//! `fmt`: lays configurations out, and writes them.

use std::{
    collections::HashSet,
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

use haproxy_lint::{
    FormatStyle, Indent, Spacing, format,
    format::{Refused, applied, is_configuration, manifest},
    project::{Project, STDIN, Wanted},
    shown::Form,
    source::{By, FileId, SourceFile},
};

use super::{Command, Example};
use crate::{
    CLEAN, FAILED, FINDINGS,
    changes::{self, Change},
    cli::{Reading, values::one_of},
    error::{Error, Result},
    input::{
        jobs,
        topology::{self, is_manifest},
    },
    journal,
    live::files::{self, real},
    output, parallel,
};
use clap::Args;

/// Lay configurations out: indentation, blank lines and the blanks between words
#[derive(Debug, Args)]
#[command(display_order = 2)]
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
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Print nothing but what is asked for and errors of the program
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

impl Command for Fmt {
    const EXAMPLES: &[Example] =
        &[("--diff haproxy.cfg", "what would be changed, as a patch"), ("--check", "for CI: which files are not laid out")];

    fn run(&self) -> Result<u8> {
        run(self)
    }
}

fn indent(text: &str) -> Result<Indent, String> {
    one_of(&Indent::ALL, text)
}

fn spacing(text: &str) -> Result<Spacing, String> {
    one_of(&Spacing::ALL, text)
}

/// `3:17`
fn range(text: &str) -> Result<RangeInclusive<usize>, String> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    match (first.parse(), last.parse()) {
        (Ok(first), Ok(last)) if first > 0 && first <= last => Ok(first..=last),
        _ => Err("write the first line and the last, such as 3:17".to_owned()),
    }
}

/// A file to be laid out.
struct Target {
    path: PathBuf,
    by: By,
    /// Whether somebody says that it is a configuration: it is named, or the settings name it.
    named: bool,
}

/// What became of a file.
struct Done {
    name: String,
    is_stdin: bool,
    before: Vec<u8>,
    after: Vec<u8>,
    /// What is to be said of it.
    notes: Vec<String>,
    /// Whether it is a file of some other program that has the same ending.
    foreign: bool,
}

pub(crate) fn run(options: &Fmt) -> Result<u8> {
    options.reading.keep_to();
    let project = project(options)?;
    let mut errors = Vec::new();
    let targets = targets(options, &project, &mut errors);
    if options.range.is_some() && targets.len() != 1 {
        return Err(Error::new("`--range` is about the lines of one file", "name that file alone"));
    }
    let writes = !options.check && !options.diff;
    journal::recover(targets.iter().map(|target| target.path.as_path()), writes)?;
    let one =
        |target: &Target| parallel::guarded(|| one(target, options, &project)).unwrap_or_else(|panic| Err(failed(&target.path, &panic)));
    let mut done = Vec::new();
    for result in parallel::each(&targets, one, &parallel::Progress::new(false)) {
        result.map_or_else(|error| errors.push(error), |file| done.push(file));
    }
    if !options.quiet {
        tell(&done);
    }
    let changed = done.iter().filter(|file| file.before != file.after).count();
    errors.extend(if writes { write(done, options).err() } else { show(&done, options).err() });
    let failed = !errors.is_empty();
    errors.into_iter().for_each(Error::report);
    Ok(match (failed, changed > 0 && !writes) {
        (true, _) => FAILED,
        (_, true) => FINDINGS,
        _ => CLEAN,
    })
}

/// Says what was left as it is.
fn tell(done: &[Done]) {
    done.iter().flat_map(|file| &file.notes).for_each(|note| output::note(note));
    let foreign: Vec<&str> = done.iter().filter(|file| file.foreign).map(|file| file.name.as_str()).collect();
    match foreign.as_slice() {
        [] => {}
        [one] => output::note(&format!("`{one}` does not look like a configuration of HAProxy and is left as it is; name it if it is one")),
        more => output::note(&format!(
            "{} files, such as `{}`, do not look like configurations of HAProxy and are left as they are; name them if they are some",
            more.len(),
            more[0]
        )),
    }
}

/// The settings that count here.
fn project(options: &Fmt) -> Result<Project> {
    if options.reading.no_config {
        return Ok(Project::bare(files::disk(), options.reading.allow_outside));
    }
    Ok(Project::open(files::disk(), Path::new("."), options.reading.allow_outside)?)
}

/// The files that are named or found, each once. Manifests are those alone that are named.
fn targets(options: &Fmt, project: &Project, errors: &mut Vec<Error>) -> Vec<Target> {
    let (manifests, paths) = topology::apart(&options.paths);
    let is_excluded = |path: &PathBuf| options.reading.force_exclude && project.excludes(&real(path), false);
    let mut targets = Vec::new();
    if manifests.is_empty() || !paths.is_empty() {
        let found = project.sets(&Wanted {
            paths: &paths,
            all: options.reading.no_ignore,
            force_exclude: options.reading.force_exclude,
            apart: true,
        });
        found.notes.iter().filter(|_| !options.quiet).for_each(|note| output::note(note));
        errors.extend(found.errors.into_iter().map(Error::from));
        for set in &found.sets {
            let shown = set.parts().iter().enumerate().filter(|(at, _)| set.shows(FileId(*at as u32)));
            targets.extend(shown.map(|(_, part)| Target {
                path: part.path.clone(),
                by: part.by,
                named: part.by == By::User || set.declared().is_some(),
            }));
        }
    }
    targets.extend(manifests.into_iter().filter(|path| !is_excluded(path)).map(|path| Target { path, by: By::User, named: true }));
    let mut known = HashSet::new();
    targets.retain(|target| known.insert(real(&target.path)));
    targets
}

fn one(target: &Target, options: &Fmt, project: &Project) -> Result<Done> {
    let file = jobs::source(&target.path, target.by, &options.stdin_filename)?;
    let is_stdin = target.path.as_os_str() == STDIN && target.by == By::User;
    let path = if is_stdin { Path::new(&options.stdin_filename) } else { target.path.as_path() };
    let usual = project.style_of(path);
    let style = FormatStyle { indent: options.indent.unwrap_or(usual.indent), spacing: options.spacing.unwrap_or(usual.spacing) };
    let mut notes = Vec::new();
    let foreign = !target.named && !is_configuration(&file);
    let edits = if foreign {
        Vec::new()
    } else if is_manifest(path) {
        in_manifest(&file, style, options, &mut notes)?
    } else {
        match format(FileId(0), &file, style, options.range.clone()) {
            Ok(edits) => edits,
            Err(Refused::Template(_)) => {
                notes.push(format!("`{}` is left as it is: it is a template", file.name()));
                Vec::new()
            }
            Err(refused) => return Err(failed(path, &refused.to_string())),
        }
    };
    Ok(Done { name: file.name().to_owned(), is_stdin, before: file.bytes().to_vec(), after: applied(file.bytes(), &edits), notes, foreign })
}

/// The edits of the configurations in a manifest.
fn in_manifest(file: &SourceFile, style: FormatStyle, options: &Fmt, notes: &mut Vec<String>) -> Result<Vec<haproxy_lint::Edit>> {
    let found = manifest(FileId(0), file, style, options.range.clone()).map_err(|problem| {
        let place = file.position(problem.offset);
        Error::new(format!("{}:{}: {}", file.name(), place.line, problem.message), problem.help)
    })?;
    if found.configurations == 0 {
        notes.push(format!("there is no configuration of HAProxy in `{}`", file.name()));
    }
    let left = |left: &haproxy_lint::format::Left| format!("`{}` in `{}` is left as it is: {}", left.name, file.name(), left.reason);
    notes.extend(found.left.iter().map(left));
    Ok(found.edits)
}

fn failed(path: &Path, reason: &str) -> Error {
    let help = concat!("the file is as it was; please report it: ", env!("CARGO_PKG_REPOSITORY"), "/issues");
    Error::new(format!("`{}` could not be laid out: {reason}", path.display()), help)
}

/// Prints what would be written.
fn show(done: &[Done], options: &Fmt) -> Result<()> {
    let changed = done.iter().filter(|file| file.before != file.after);
    if options.diff {
        return changes::print_patches(changed.map(|file| changes::patch(&file.name, Some(&file.before), &file.after)));
    }
    let names: String = changed.map(|file| haproxy_lint::shown::line(&file.name).into_owned() + "\n").collect();
    output::to_stdout(output::TEXT, |out| out.write_all(names.as_bytes()))
}

/// Writes the files, all or none; standard input comes out laid out.
fn write(done: Vec<Done>, options: &Fmt) -> Result<()> {
    let (input, files): (Vec<Done>, Vec<Done>) = done.into_iter().partition(|file| file.is_stdin);
    let changed = files.into_iter().filter(|file| file.before != file.after);
    let changes: Vec<Change> = changed.map(|Done { name, before, after, .. }| Change { name, before, after }).collect();
    changes::write_all(changes.iter())?;
    match changes.as_slice() {
        _ if options.quiet => {}
        [] => {}
        [one] => output::note(&format!("laid out `{}`", one.name)),
        more => output::note(&format!("laid out {} files", more.len())),
    }
    input.iter().try_for_each(|file| output::to_stdout(Form::Raw, |out| out.write_all(&file.after)))
}
