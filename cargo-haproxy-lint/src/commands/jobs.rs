//! Which configurations a command line means.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use haproxy_lint::{
    settings::ConfigSet,
    source::{Disk, ReadError, SourceFile, Sources, configuration_files, walk},
};

use super::project::Project;
use crate::{
    cli::Check,
    error::{Error, Result},
};

/// One configuration to check.
#[derive(Debug)]
pub(crate) struct Job<'p> {
    files: Vec<PathBuf>,
    /// The set of the settings that it is.
    pub(crate) set: Option<&'p ConfigSet>,
    /// Findings are shown for these of its files only; empty for all.
    pub(crate) shown: Vec<PathBuf>,
}

/// What `-` stands for.
pub(crate) const STDIN: &str = "-";

/// The configurations, and what could not be looked at.
pub(crate) fn jobs<'p>(options: &Check, project: &'p Project) -> (Vec<Job<'p>>, Vec<Error>) {
    let mut errors = Vec::new();
    let mut jobs = Vec::new();
    let mut keep = |result: Result<Vec<Job<'p>>>| match result {
        Ok(found) => jobs.extend(found),
        Err(error) => errors.push(error),
    };
    let sets = &project.settings.config;
    if !options.files.is_empty() {
        keep(whole(options.files.iter().cloned(), None).map(|job| vec![job]));
    } else if options.paths.is_empty() && !sets.is_empty() {
        sets.iter().for_each(|set| keep(of_set(project, set).map(|job| vec![job])));
    } else if options.paths.is_empty() {
        keep(walked(Path::new("."), project));
    } else {
        options.paths.iter().for_each(|path| keep(walked(path, project)));
    }
    (merged(jobs), errors)
}

fn of_set<'p>(project: &Project, set: &'p ConfigSet) -> Result<Job<'p>> {
    whole(set.files.iter().map(|f| project.path(f)), Some(set))
}

/// Several files and directories as one configuration.
fn whole<'p>(paths: impl Iterator<Item = PathBuf>, set: Option<&'p ConfigSet>) -> Result<Job<'p>> {
    let mut files = Vec::new();
    for path in paths {
        if path.as_os_str() == STDIN {
            files.push(path);
        } else {
            files.extend(configuration_files(&Disk, &path)?);
        }
    }
    if files.is_empty() {
        return Err(Error::new("there is no file to check", "HAProxy reads the `*.cfg` files of a directory that `-f` names"));
    }
    Ok(Job { files, set, shown: Vec::new() })
}

/// Each file below `path` as a configuration of its own, or as the set that it belongs to.
fn walked<'p>(path: &Path, project: &'p Project) -> Result<Vec<Job<'p>>> {
    if path.as_os_str() == STDIN {
        return Ok(vec![Job { files: vec![path.to_owned()], set: None, shown: Vec::new() }]);
    }
    let found = walk(&Disk, path)?;
    if found.is_empty() {
        let message = format!("there is no `*.cfg` file in `{}`", path.display());
        return Err(Error::new(message, "name the files to check; a file may have any name when it is named itself"));
    }
    let sets: Vec<Job<'p>> = project.settings.config.iter().filter_map(|set| of_set(project, set).ok()).collect();
    let job = |file: PathBuf| match sets.iter().find(|set| set.files.iter().any(|f| same(f, &file))) {
        Some(set) => Job { files: set.files.clone(), set: set.set, shown: vec![file] },
        None => Job { files: vec![file], set: None, shown: Vec::new() },
    };
    Ok(found.into_iter().map(job).collect())
}

/// Whether two paths name the same file.
pub(crate) fn same(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// Joins jobs of the same set: it is checked once, and shown for all the paths that were given.
fn merged(jobs: Vec<Job<'_>>) -> Vec<Job<'_>> {
    let mut merged: Vec<Job<'_>> = Vec::new();
    for job in jobs {
        let earlier = job.set.and_then(|set| merged.iter_mut().find(|j| j.set.is_some_and(|s| std::ptr::eq(s, set))));
        match earlier {
            Some(earlier) => earlier.shown.extend(job.shown),
            None => merged.push(job),
        }
    }
    merged
}

impl Job<'_> {
    /// Reads its files; standard input goes by `stdin_name`.
    pub(crate) fn read(&self, stdin_name: &str) -> Result<Sources> {
        let files = self.files.iter().map(|path| source(path, stdin_name));
        Ok(Sources::new(files.collect::<Result<_>>()?))
    }

    /// Whether findings in the file of this name are shown.
    pub(crate) fn shows(&self, name: &str) -> bool {
        self.shown.is_empty() || self.shown.iter().any(|path| same(path, Path::new(name)))
    }
}

/// Reads a file, or standard input.
pub(crate) fn source(path: &Path, stdin_name: &str) -> Result<SourceFile> {
    if path.as_os_str() != STDIN {
        return Ok(SourceFile::read(&Disk, path)?);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).map_err(|error| ReadError { path: stdin_name.into(), error })?;
    Ok(SourceFile::new(stdin_name, bytes))
}
