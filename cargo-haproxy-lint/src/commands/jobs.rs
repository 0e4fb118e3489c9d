//! Which configurations a command line means.

use std::path::Path;

use haproxy_lint::{
    project::{Found, Project, STDIN, Set, Wanted},
    source::{By, ReadError, SourceFile, Sources},
};

use crate::{
    cli::Check,
    error::{Error, Result},
    live::files,
    output,
};

/// The configurations, and what could not be looked at.
pub(crate) fn jobs(options: &Check, project: &Project) -> (Vec<Set>, Vec<Error>) {
    let alone = options.topology.is_empty() || !project.settings.config.is_empty() && options.topology == project.topology_paths();
    let found = if !options.files.is_empty() {
        project.together(&options.files)
    } else if options.paths.is_empty() && !alone {
        // The topology names what is read; one of the settings goes with their sets.
        Found::default()
    } else {
        project.sets(&Wanted { paths: &options.paths, all: options.no_ignore, force_exclude: options.force_exclude })
    };
    found.notes.iter().for_each(|note| output::note(note));
    (found.sets, found.errors.into_iter().map(Error::from).collect())
}

/// Reads the files of a configuration.
pub(crate) fn read(set: &Set, stdin_name: &str) -> Result<Sources> {
    let files = set.parts().iter().map(|part| source(&part.path, part.by, stdin_name));
    Ok(Sources::new(files.collect::<Result<_>>()?))
}

/// Reads a file, or standard input where the user names it.
pub(crate) fn source(path: &Path, by: By, stdin_name: &str) -> Result<SourceFile> {
    if path.as_os_str() != STDIN || by == By::Repository {
        return Ok(SourceFile::read(&files::Disk, path, by, files::largest())?);
    }
    let bytes = files::bounded(std::io::stdin().lock(), files::largest());
    let bytes = bytes.map_err(|error| ReadError { path: stdin_name.into(), error })?;
    Ok(SourceFile::new(stdin_name, bytes))
}
