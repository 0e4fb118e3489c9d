//! Which configurations a command line means.

use std::path::Path;

use haproxy_lint::{
    project::{Found, Project, STDIN, Set, Wanted, Why},
    source::{By, ReadError, SourceFile, Sources},
};

use crate::{
    commands::check::Check,
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
        let apart = options.machine.section.is_some();
        project.sets(&Wanted { paths: &options.paths, all: options.reading.no_ignore, force_exclude: options.reading.force_exclude, apart })
    };
    found.notes.iter().for_each(|note| output::note(note));
    if options.verbose {
        settings(options, project);
    }
    if !options.quiet {
        tell(&found, options.verbose);
    }
    (found.sets, found.errors.into_iter().map(Error::from).collect())
}

/// Says which settings count.
fn settings(options: &Check, project: &Project) {
    let files: Vec<String> = project.files.iter().map(|file| format!("`{}`", file.display())).collect();
    match files.as_slice() {
        [] if options.reading.no_config => output::note("no settings file: `--no-config`"),
        [] => output::note("no settings file: there is no haproxy-lint.toml here or above"),
        files => output::note(&format!("settings of {}", files.join(", which extends "))),
    }
}

/// Says which files were put together without being asked, and which may belong together.
pub(crate) fn tell(found: &Found, verbose: bool) {
    for set in &found.sets {
        match set.why() {
            Why::Neighbours(neighbours) => {
                output::note(&format!("{}: read as one configuration; `-f` or haproxy-lint.toml say otherwise", neighbours.name()));
            }
            _ if !verbose => continue,
            Why::Alone => {}
            Why::Named => output::note("one configuration, as `-f` names it:"),
            Why::Declared(_) => output::note("one configuration, as the settings say:"),
            _ => {}
        }
        if verbose {
            set.parts().iter().for_each(|part| output::note(&format!("reading `{}`", part.path.display())));
        }
    }
    for neighbours in &found.doubtful {
        let doubt = neighbours.doubt.as_deref().unwrap_or_default();
        let (name, options) = (neighbours.name(), neighbours.options());
        output::note(&format!(
            "{name} may be one configuration ({doubt}): `haproxy-lint {options}` checks them as one; each was checked alone"
        ));
    }
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
