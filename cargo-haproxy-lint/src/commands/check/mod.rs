//! `check`: reads configurations, asks the library, shows what it found.

mod elsewhere;
mod ignores;
mod known;
mod mend;
mod nodes;
mod settings;
mod started;
mod statistics;

use std::{
    ffi::OsString,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use haproxy_lint::{
    check::{Options, Report, check},
    finding::Severity,
    project::{Project, STDIN, Set},
    report::{Checked, Format, Style},
    source::{By, Sources, template},
    surroundings::Surroundings,
    version::Version,
};
use tempfile::NamedTempFile;

use super::{Command, Example, Heading};
use crate::{
    CLEAN, FAILED, FINDINGS,
    cli::{
        self, Reading, When,
        values::{level, time, version},
    },
    error::{Error, Result},
    input::{
        here,
        jobs::{self, jobs},
        machine, topology,
    },
    journal,
    live::{
        clock::Clock,
        files,
        haproxy::{Haproxy, Question},
        machine::Machine,
    },
    output,
    output::Shown,
    parallel,
};
use clap::Args;
use mend::Mended;

/// Check configurations (what is done where no command is named)
#[derive(Clone, Debug, Default, Args)]
#[command(display_order = 1)]
pub(crate) struct Check {
    /// Configurations: files, `-` for standard input, or directories to look for *.cfg in; manifests (*.yaml) are a topology
    pub(crate) paths: Vec<PathBuf>,
    /// One configuration made of several files and directories, read in HAProxy's order
    #[arg(short = 'f', long = "file", value_name = "FILE|DIR", conflicts_with = "paths")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) machine: cli::Machine,
    /// Report only what changes on the way from the target to this later HAProxy
    #[arg(long, value_name = "VERSION", value_parser = version)]
    pub(crate) upgrade_to: Option<Version>,
    /// Where it is deployed: manifests, compose files, facts of hosts; `-` for standard input
    #[arg(long, value_name = "FILE|DIR|-")]
    pub(crate) topology: Vec<PathBuf>,
    /// With a topology: show what is found for these nodes alone
    #[arg(long, value_name = "NAME")]
    pub(crate) node: Vec<String>,
    /// This machine is the node: its host name and environment are read
    #[arg(long)]
    pub(crate) host: bool,
    /// A local name that is unknown or in no peers section is an error
    #[arg(long)]
    pub(crate) require_local_peer: bool,
    /// Also look on this machine for the files, directories, users and groups that the configuration names
    #[arg(long, conflicts_with = "topology")]
    pub(crate) env_checks: bool,
    /// Also run the `-c` of this HAProxy, mark what it says too and tell what it alone says; it is the target where none is named
    #[arg(long, value_name = "PATH", conflicts_with_all = ["topology", "section", "fix", "diff", "upgrade_to"])]
    pub(crate) haproxy: Option<PathBuf>,
    /// How many seconds that HAProxy may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30, requires = "haproxy", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) haproxy_timeout: u64,
    /// The name that standard input goes by
    #[arg(long, value_name = "NAME", default_value = "<stdin>")]
    pub(crate) stdin_filename: String,
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = format, help = formats())]
    pub(crate) format: Vec<(Format, Option<PathBuf>)>,
    /// Let only these rules and groups speak
    #[arg(long, value_name = "RULE|GROUP", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Let these rules and groups speak beside all others: what is off by itself, such as hardening
    #[arg(long, value_name = "RULE|GROUP", value_delimiter = ',')]
    pub(crate) also: Vec<String>,
    /// Silence these rules and groups
    #[arg(long, value_name = "RULE|GROUP", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Give a rule or group another severity
    #[arg(long, value_name = "RULE=LEVEL", value_parser = rule_severity)]
    pub(crate) severity: Vec<(String, Severity)>,
    /// End with status 1 from this severity on: error (if nothing is said), warning or info
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(crate) fail_on: Option<Severity>,
    /// End with status 0 whatever is found
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Write the corrected files: what is certain; standard input comes out corrected
    #[arg(long, conflicts_with = "diff")]
    pub(crate) fix: bool,
    /// Print what --fix would change as a patch; end with status 1 also if there is something
    #[arg(long)]
    pub(crate) diff: bool,
    /// With --fix or --diff: also what was probably meant
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Leave out the findings that this file knows
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write what is found into this file, to be left out from now on
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,
    /// Write a comment before each line that something is found in, so that it is silent from now on
    #[arg(
        long,
        value_name = "REASON",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "known before haproxy-lint was used here",
        conflicts_with_all = ["fix", "diff", "baseline", "write_baseline", "haproxy"]
    )]
    pub(crate) add_ignores: Option<String>,
    /// Read the settings from this file, instead of the haproxy-lint.toml here or above
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Say what is read, as what, and why
    #[arg(short, long, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// Show the settings that count, and where they come from, and check nothing
    #[arg(long)]
    pub(crate) show_settings: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// End after this time with status 2 and what was found until then
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) time_limit: Option<Duration>,
    /// Count the findings of each rule instead of showing them; text, or JSON with --format json
    #[arg(long)]
    pub(crate) statistics: bool,
    /// How many findings of a rule are shown for a file at a terminal, 0 for all; formats for programs have all
    #[arg(long, value_name = "N", default_value_t = haproxy_lint::report::Style::MOST)]
    pub(crate) max_per_rule: usize,
    /// Print nothing but errors of the program: the exit status and --format FORMAT=FILE tell the rest
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Colour the output
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,
}

impl Check {
    /// What `check` and nothing but paths behind it asks for: most runs do, and all its options take longer to make than a small file
    /// to check. What holds where nothing is said stands here once more; a test holds it together with the options.
    pub(crate) fn of_paths(arguments: &[OsString]) -> Option<Self> {
        let [_, command, paths @ ..] = arguments else { return None };
        let is_path = |word: &OsString| !word.is_empty() && !word.as_encoded_bytes().starts_with(b"-");
        (command == "check" && paths.iter().all(is_path)).then(|| Self {
            paths: paths.iter().map(PathBuf::from).collect(),
            haproxy_timeout: 30,
            stdin_filename: "<stdin>".to_owned(),
            max_per_rule: Style::MOST,
            ..Self::default()
        })
    }
}

impl Command for Check {
    const EXAMPLES: &[Example] = &[
        ("haproxy.cfg", "one file"),
        ("", "every *.cfg below this folder; haproxy.cfg and conf.d/ are one configuration"),
        ("--target 2.8 --local-name lb1 haproxy.cfg", "for the HAProxy and the host that will read it"),
        ("--topology deploy", "as the pods or hosts there read it, and what is between them"),
        ("--diff --unsafe-fixes haproxy.cfg", "what can be mended, as a patch"),
        ("--format sarif=report.sarif --format github haproxy.cfg", "for CI"),
    ];
    const JUDGES: bool = true;
    const HEADINGS: &[Heading] = &[
        (
            "Input",
            &[
                "paths",
                "files",
                "section",
                "stdin_filename",
                "config",
                "no_config",
                "show_settings",
                "force_exclude",
                "no_ignore",
                "allow_outside",
                "max_file_size",
                "threads",
            ],
        ),
        ("Target", &["target", "target_from", "upgrade_to", "env", "env_file", "env_closed", "local_name", "haproxy", "haproxy_timeout"]),
        ("Where it runs", &["topology", "node", "host", "require_local_peer", "env_checks"]),
        ("Fixes", &["fix", "diff", "unsafe_fixes", "add_ignores"]),
        ("Findings", &["select", "also", "ignore", "severity", "fail_on", "exit_zero", "baseline", "write_baseline"]),
        ("Output", &["format", "max_per_rule", "statistics", "verbose", "quiet", "color", "time_limit"]),
    ];

    fn run(&self) -> Result<u8> {
        run(self)
    }
}

impl Check {
    /// Whether other text is tried than what was read.
    pub(crate) fn changes_text(&self) -> bool {
        self.fix || self.diff || self.add_ignores.is_some()
    }
}

/// What `--format` takes, as its help says it.
fn formats() -> String {
    let names = Format::ALL.map(|(name, _)| name);
    let (last, first) = names.split_last().expect("there are formats");
    format!("{} or {last}; if nothing is said, fancy; with =FILE into a file", first.join(", "))
}

fn format(text: &str) -> Result<(Format, Option<PathBuf>), String> {
    let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(PathBuf::from(file))));
    if file.as_ref().is_some_and(|file| file.as_os_str().is_empty()) {
        return Err(format!("a file must follow the `=`: {name}=FILE"));
    }
    let known = || Format::ALL.iter().map(|(name, _)| *name);
    Format::from_name(name)
        .map(|format| (format, file))
        .ok_or_else(|| format!("the formats are {}", known().collect::<Vec<_>>().join(", ")))
}

fn rule_severity(text: &str) -> Result<(String, Severity), String> {
    let (rule, name) = text.split_once('=').ok_or("write RULE=LEVEL, such as peers/no-tls=warning")?;
    Ok((rule.to_owned(), level(name)?))
}

/// A configuration that was read and checked.
#[derive(Default)]
pub(crate) struct Done {
    pub(crate) sources: Sources,
    pub(crate) report: Report,
    pub(crate) target: Option<Version>,
    pub(crate) mended: Mended,
    /// What was found in files of the configuration that were not named.
    pub(crate) elsewhere: Report,
    /// The arguments that ask for all of its files.
    pub(crate) whole: String,
}

impl Done {
    /// Where nothing is known: nothing could be read, or the time was over while fixes were proven, and the text that was tried is
    /// not the one on the disk.
    pub(crate) fn unfinished() -> Self {
        let mut done = Self::default();
        done.report.incomplete = true;
        done
    }
}

pub(crate) fn run(options: &Check) -> Result<u8> {
    output::errors_in(options.color);
    options.reading.keep_to();
    let clock = Clock::start(options.time_limit);
    if options.format.iter().filter(|(_, file)| file.is_none()).count() > 1 {
        return Err(Error::new("only one format can go to standard output", "write the others into files: `--format json=report.json`"));
    }
    if options.show_settings {
        return settings::show(options, &project(options)?);
    }
    // Whatever went wrong, what was found is shown, and JSON that was asked for is written.
    let mut errors = Vec::new();
    let All { mut done, threshold, baseline } = all(options, &clock, &mut errors).unwrap_or_else(|error| {
        errors.push(error);
        All { done: Vec::new(), threshold: Severity::Error, baseline: None }
    });
    clock.stop(done.iter().any(|d| d.report.incomplete), &mut errors);
    let mended = mend::finish(&mut done, options, &mut errors);
    ignores::finish(&done, options, &mut errors);
    known::finish(options, baseline.as_ref(), &mut done, !errors.is_empty()).unwrap_or_else(|error| errors.push(error));
    // Where something went wrong, no report says that nothing was found.
    if done.is_empty() && !errors.is_empty() {
        done.push(Done::unfinished());
    }
    let empty = done.iter_mut().filter(|d| !errors.is_empty() && d.report.findings.is_empty());
    empty.for_each(|d| d.report.incomplete = true);
    let checked: Vec<Checked<'_>> = done.iter().map(|d| Checked { sources: &d.sources, report: &d.report, target: d.target }).collect();
    let where_to = if options.diff || mend::is_filter(options) { Shown::InFiles } else { Shown::Everywhere };
    let looks = output::Looks { color: options.color, most: options.max_per_rule };
    let formats = shown(options, &mut errors, &done);
    // What goes to people comes last, and does not say that nothing was found where something went wrong.
    let (in_files, mut to_people): (Vec<_>, Vec<_>) = formats.into_iter().partition(|(_, file)| file.is_some());
    errors.extend(output::show(&checked, &in_files, looks, where_to));
    // What went into a baseline is no news either.
    let told = errors.is_empty() && options.write_baseline.is_none();
    let silent = !told && done.iter().all(|d| d.report.findings.is_empty());
    to_people.retain(|(format, _)| format.is_document() || !silent);
    errors.extend(output::show(&checked, &to_people, looks, where_to));
    if told && !options.quiet {
        done.iter().for_each(elsewhere::tell);
        done.iter().for_each(started::tell);
    }
    let left = done.iter().any(|d| d.report.worst().is_some_and(|worst| worst >= threshold));
    // A patch leaves its files as they are: what it mends is found as much as what it leaves.
    let found = left || options.diff && mended;
    let failed = !errors.is_empty();
    errors.into_iter().for_each(Error::report);
    // The process ends here, and to give it back piece by piece is a twentieth of a check that finds much.
    std::mem::forget(done);
    Ok(match (failed, found && !options.exit_zero) {
        (true, _) => FAILED,
        (_, true) => FINDINGS,
        _ => CLEAN,
    })
}

/// The formats to write: with `--quiet` and `--statistics` the report itself goes into files alone.
fn shown(options: &Check, errors: &mut Vec<Error>, done: &[Done]) -> Vec<(Format, Option<PathBuf>)> {
    let to_stdout = options.format.iter().find(|(_, file)| file.is_none()).map(|(format, _)| *format);
    if options.statistics && !options.quiet {
        errors.extend(statistics::show(done.iter().map(|d| &d.report), to_stdout).err());
    }
    if options.quiet || options.statistics {
        options.format.iter().filter(|(_, file)| file.is_some()).cloned().collect()
    } else if options.format.is_empty() {
        vec![(Format::Fancy, None)]
    } else {
        options.format.clone()
    }
}

/// Everything that was asked for.
struct All {
    done: Vec<Done>,
    /// The severity from which on the run fails.
    threshold: Severity,
    /// The file of what is known.
    baseline: Option<(PathBuf, By)>,
}

/// Checks everything that is asked for. What cannot be read goes to `errors`.
fn all(options: &Check, clock: &Clock, errors: &mut Vec<Error>) -> Result<All> {
    let project = project(options)?;
    let of_settings = || project.baseline().map(|file| file.map(|file| (file, By::Repository)));
    let baseline = options.baseline.clone().map_or_else(of_settings, |file| Ok(Some((file, By::User))))?;
    let configured = project.settings.fail_on.map(|level| level.0);
    let threshold = options.fail_on.or(configured).unwrap_or(Severity::Error);
    let options = &with_topology(options, &project)?;
    // Mistakes in options are told before any file is looked at.
    library_options(options, &project, None)?;
    let patience = Duration::from_secs(options.haproxy_timeout);
    let haproxy = options.haproxy.as_deref().map(|path| Haproxy::find(path, patience)).transpose()?;
    let (jobs, unread) = jobs(options, &project);
    let manifests = if jobs.is_empty() { with_folders(options) } else { None };
    let options = manifests.as_ref().unwrap_or(options);
    errors.extend(unread.into_iter().filter(|_| manifests.is_none()));
    if let (Some(node), true) = (options.node.first(), options.topology.is_empty()) {
        let message = format!("nothing says where the node `{node}` runs");
        return Err(Error::new(message, "name manifests, compose files or facts of hosts: `--topology FILE|DIR`"));
    }
    let manifests = topology::files(&options.topology, options.reading.allow_outside);
    let files = jobs.iter().flat_map(Set::parts).map(|part| &part.path);
    journal::recover(files.chain(&manifests).map(PathBuf::as_path), options.fix)?;
    let mut done = Vec::new();
    if !options.topology.is_empty() {
        let library = Options { cancel: clock.cancel(), ..library_options(options, &project, None)? };
        let mut checked = nodes::check(&jobs, options, &project, &library, errors);
        project.overrule(&checked.sources, &mut checked.report);
        done.push(checked);
        return Ok(All { done, threshold, baseline });
    }
    for checked in
        parallel::each(&jobs, |job| one(job, options, &project, haproxy.as_ref(), clock), &parallel::Progress::new(!options.quiet))
    {
        checked.map_or_else(|error| errors.push(error), |checked| done.push(checked));
    }
    Ok(All { done, threshold, baseline })
}

/// The options, with the topology of the settings where none is named, and with manifests that are named as configurations are.
/// What looks at this machine alone goes without.
fn with_topology(options: &Check, project: &Project) -> Result<Check> {
    let mut options = options.clone();
    let (manifests, paths) = topology::apart(&options.paths);
    if !looks_beyond_here(&options) {
        let Some(first) = manifests.first() else { return Ok(options) };
        let message = format!("`{}` says where HAProxy runs, and what is asked for is asked of one configuration", first.display());
        return Err(Error::new(message, "leave out `--haproxy`, `--env-checks` and `--section`, or name a configuration"));
    }
    if options.topology.is_empty() {
        options.topology = project.topology(&options.paths)?;
    }
    // The settings may name them already, or their folder.
    let named: Vec<PathBuf> = options.topology.iter().map(|path| files::real(path)).collect();
    let is_new = |path: &PathBuf| !named.iter().any(|named| files::real(path).starts_with(named));
    options.topology.extend(manifests.into_iter().filter(is_new));
    options.paths = paths;
    if options.node.is_empty() && !options.topology.is_empty() {
        options.node = project.settings.node.clone();
    }
    Ok(options)
}

/// The options, with the folders that were meant as a topology: they hold no configuration, but manifests of HAProxy.
fn with_folders(options: &Check) -> Option<Check> {
    let may = options.topology.is_empty() && options.files.is_empty() && looks_beyond_here(options);
    let folders = may.then(|| topology::folders(&options.paths, options.reading.allow_outside)).flatten()?;
    Some(Check { topology: folders, paths: Vec::new(), ..options.clone() })
}

/// Whether what is asked for can be asked of other nodes, too.
fn looks_beyond_here(options: &Check) -> bool {
    options.haproxy.is_none() && !options.env_checks && options.machine.section.is_none()
}

fn one(job: &Set, options: &Check, project: &Project, haproxy: Option<&Haproxy>, clock: &Clock) -> Result<Done> {
    let sources = jobs::read(job, &options.stdin_filename)?;
    let mut library = library_options(options, project, Some(job))?;
    library.cancel = clock.cancel();
    if let Some(haproxy) = haproxy {
        ask(haproxy, job, &sources, &mut library)?;
    }
    let look = |sources: &Sources| {
        let mut report = parallel::guarded(|| check(sources, &library)).unwrap_or_else(|panic| Report::internal_error(&panic, sources));
        if options.host {
            report.findings.extend(here::findings(sources, &library));
        }
        project.overrule(sources, &mut report);
        elsewhere::leave_as_it_is(job, &mut report);
        report
    };
    let report = look(&sources);
    let mut done = Done { sources, report, target: library.target, ..Done::default() };
    // What is not complete proves no fix.
    if done.report.incomplete {
        elsewhere::part(job, &mut done);
        return Ok(done);
    }
    let mut mended = match &options.add_ignores {
        Some(reason) => {
            elsewhere::part(job, &mut done);
            ignores::add(done, reason, |sources| elsewhere::concerning(job, look(sources)).0)
        }
        None => {
            // The proof of a fix looks at the whole configuration.
            let mut mended = mend::mend(done, options, look);
            elsewhere::part(job, &mut mended);
            mended
        }
    };
    mended.sources.rest();
    Ok(if options.changes_text() && library.cancel.is_over() { Done::unfinished() } else { mended })
}

/// Asks a real HAProxy what it says of the same files; without another word it is also the target.
fn ask(haproxy: &Haproxy, job: &Set, sources: &Sources, library: &mut Options) -> Result<()> {
    if library.target.is_none() {
        library.target = Some(haproxy.build.version);
        library.build = Some(haproxy.build.clone());
    }
    // A template is no configuration yet.
    if sources.files().iter().any(|file| template(file).is_some()) {
        return Ok(());
    }
    // Standard input was read: HAProxy gets a copy of it, which goes by its name in what it says.
    let mut copy = None;
    let mut files: Vec<PathBuf> = job.parts().iter().map(|part| part.path.clone()).collect();
    for (path, file) in files.iter_mut().zip(sources.files()).filter(|(path, _)| path.as_os_str() == STDIN) {
        let failed = |error| Error::write(&std::env::temp_dir(), &error);
        let mut written = NamedTempFile::new().map_err(failed)?;
        written.write_all(file.bytes()).map_err(failed)?;
        *path = written.path().to_owned();
        copy = Some((written, file.name()));
    }
    let question = Question { files: &files, sources, local_name: library.local_name.as_deref(), environment: &library.environment };
    let mut heard = haproxy.ask(&question)?;
    if let Some((written, name)) = copy {
        heard.rename(&written.path().display().to_string(), name);
    }
    library.heard = Some(Arc::new(heard));
    Ok(())
}

/// The settings that count here.
fn project(options: &Check) -> Result<Project> {
    if options.reading.no_config {
        return Ok(Project::bare(files::disk(), options.reading.allow_outside));
    }
    match &options.config {
        Some(file) => Ok(Project::with_settings(files::disk(), file, options.reading.allow_outside)?),
        None => Ok(Project::open(files::disk(), Path::new("."), options.reading.allow_outside)?),
    }
}

fn library_options(options: &Check, project: &Project, job: Option<&Set>) -> Result<Options> {
    let of_machine = if job.is_some() { machine::options_here } else { machine::options };
    let mut library = of_machine(&options.machine, project.options(job)?, options.host)?;
    library.upgrade_to = options.upgrade_to;
    library.surroundings = options.env_checks.then(|| Arc::new(Machine) as Arc<dyn Surroundings>);
    if let Some(later) = options.upgrade_to
        && library.target.is_none_or(|target| target >= later)
    {
        let help = match library.target.filter(|target| *target > later) {
            Some(target) => format!("turn them round: `--target {later} --upgrade-to {target}`"),
            None => "name the HAProxy that runs now by `--target`, and a later one by `--upgrade-to`".to_owned(),
        };
        return Err(Error::new("an upgrade goes from an earlier HAProxy to a later one", help));
    }
    library.require_local_peer |= options.require_local_peer;
    // What the command line selects replaces what the settings select; the rest adds up.
    library.selection = project.selection(&options.select)?;
    let selection = &mut library.selection;
    options.also.iter().try_for_each(|name| selection.also(name))?;
    options.ignore.iter().try_for_each(|name| selection.ignore(name))?;
    options.severity.iter().try_for_each(|(rule, severity)| selection.severity(rule, *severity))?;
    Ok(library)
}
