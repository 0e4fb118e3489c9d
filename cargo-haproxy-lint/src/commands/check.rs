//! `check`: reads configurations, asks the library, shows what it found.

use haproxy_lint::{
    check::{Options, Report, check},
    finding::Severity,
    report::Checked,
    source::Sources,
    version::Version,
};

use super::{
    jobs::{Job, jobs},
    machine,
    project::Project,
};
use crate::{CLEAN, FAILED, FINDINGS, cli::Check, error::Error, error::Result, output};

/// A configuration that was read and checked.
struct Done {
    sources: Sources,
    report: Report,
    target: Option<Version>,
}

pub(crate) fn run(options: &Check) -> Result<u8> {
    let project = if options.no_config { Project::default() } else { Project::find()? };
    let threshold = fail_on(options, &project)?;
    // Mistakes in options and settings are told before any file is looked at.
    library_options(options, &project, None)?;
    let (jobs, mut errors) = jobs(options, &project);
    let mut done = Vec::new();
    for job in &jobs {
        match one(job, options, &project) {
            Ok(checked) => done.push(checked),
            Err(error) => errors.push(error),
        }
    }
    let shown = |d: &'_ Done| -> bool { d.report.worst().is_some_and(|worst| worst >= threshold) };
    let found = done.iter().any(shown);
    let checked: Vec<Checked<'_>> = done.iter().map(|d| Checked { sources: &d.sources, report: &d.report, target: d.target }).collect();
    if !checked.is_empty() || options.format.iter().any(|(format, _)| *format == haproxy_lint::report::Format::Json) {
        output::show(&checked, &options.format, options.color)?;
    }
    let failed = !errors.is_empty();
    errors.into_iter().map(Error::report).for_each(drop);
    Ok(match (failed, found && !options.exit_zero) {
        (true, _) => FAILED,
        (_, true) => FINDINGS,
        _ => CLEAN,
    })
}

fn one(job: &Job<'_>, options: &Check, project: &Project) -> Result<Done> {
    let sources = job.read(&options.stdin_filename)?;
    let library = library_options(options, project, Some(job))?;
    let mut report = check(&sources, &library);
    report.findings.retain(|f| f.location.is_none_or(|l| job.shows(sources.file(l.file).name())));
    Ok(Done { sources, report, target: library.target })
}

fn library_options(options: &Check, project: &Project, job: Option<&Job<'_>>) -> Result<Options> {
    let settings = &project.settings;
    let mut library = machine::options(&options.machine, settings, job.and_then(|j| j.set), options.host)?;
    library.require_local_peer = options.require_local_peer || settings.require_local_peer;
    let selection = &mut library.selection;
    // What the command line selects replaces what the settings select; the rest adds up.
    let select = if options.select.is_empty() { &settings.select } else { &options.select };
    select.iter().try_for_each(|name| selection.select(name))?;
    settings.ignore.iter().chain(&options.ignore).try_for_each(|name| selection.ignore(name))?;
    for (rule, name) in &settings.severity {
        selection.severity(rule, severity(name)?)?;
    }
    options.severity.iter().try_for_each(|(rule, severity)| selection.severity(rule, *severity))?;
    Ok(library)
}

fn severity(name: &str) -> Result<Severity> {
    let unknown = || Error::new(format!("`{name}` is no severity (in the settings)"), "the severities are error, warning and info");
    Severity::from_name(name).ok_or_else(unknown)
}

fn fail_on(options: &Check, project: &Project) -> Result<Severity> {
    match (options.fail_on, &project.settings.fail_on) {
        (Some(level), _) => Ok(level),
        (None, Some(name)) => severity(name),
        (None, None) => Ok(Severity::Error),
    }
}
