//! Which configurations a command line means.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use haproxy_lint::{
    settings::ConfigSet,
    source::{Disk, FileId, ReadError, SourceFile, Sources, configuration_files},
};

use super::{found, project::Project};
use crate::{
    cli::Check,
    error::{Error, Result},
    live::files::{self, By, Fence},
    output,
};

/// One configuration to check.
#[derive(Debug)]
pub(crate) struct Job<'p> {
    /// Its files, each by the name it was given.
    files: Vec<PathBuf>,
    /// The set of the settings that it is.
    pub(crate) set: Option<&'p ConfigSet>,
    /// Which of its files findings are shown for, by their places; `None` for all.
    shown: Option<HashSet<usize>>,
}

/// What `-` stands for.
pub(crate) const STDIN: &str = "-";

/// The configurations, and what could not be looked at.
pub(crate) fn jobs<'p>(options: &'p Check, project: &'p Project) -> (Vec<Job<'p>>, Vec<Error>) {
    let sets = &project.settings.config;
    let found: Vec<Result<Job<'p>>> = if !options.files.is_empty() {
        vec![whole(options.files.iter().cloned(), None, |path| Fence::around([path], options.allow_outside), "a folder")]
    } else if options.paths.is_empty() && !options.topology.is_empty() && (sets.is_empty() || options.topology != project.topology()) {
        // The topology names what is read; one of the settings goes with their sets.
        Vec::new()
    } else if options.paths.is_empty() && !sets.is_empty() {
        sets.iter().map(|set| of_set(project, options, set)).collect()
    } else {
        return Walk::new(project, options).all();
    };
    let (mut jobs, mut errors) = (Vec::new(), Vec::new());
    for job in found {
        job.map_or_else(|error| errors.push(error), |job| jobs.push(job));
    }
    (jobs, errors)
}

fn of_set<'p>(project: &Project, options: &Check, set: &'p ConfigSet) -> Result<Job<'p>> {
    let fence = project.fence.clone().and(&options.paths);
    let paths: Vec<PathBuf> = set.files.iter().map(|f| project.path(f)).collect();
    paths.iter().try_for_each(|path| fence.check(path, "the settings file"))?;
    whole(paths.into_iter(), Some(set), |_| fence.clone(), "the settings file")
}

/// Several files and directories as one configuration.
fn whole<'p>(
    paths: impl Iterator<Item = PathBuf>,
    set: Option<&'p ConfigSet>,
    fence: impl Fn(&Path) -> Fence,
    whose: &str,
) -> Result<Job<'p>> {
    let mut files = Vec::new();
    for path in paths {
        if path.as_os_str() == STDIN {
            files.push(path);
        } else {
            files.extend(parts(&path, &fence(&path), whose)?);
        }
    }
    let mut known = HashSet::new();
    files.retain(|file| {
        let new = known.insert(real(file));
        if !new {
            output::note(&format!("`{}` is named twice, and read once; HAProxy would read it again", file.display()));
        }
        new
    });
    if files.is_empty() {
        return Err(Error::new("there is no file to check", "HAProxy reads the `*.cfg` files of a directory that `-f` names"));
    }
    Ok(Job { files, set, shown: None })
}

/// The files that a path stands for. Without one of its files a configuration would be another one.
pub(crate) fn parts(path: &Path, fence: &Fence, whose: &str) -> Result<Vec<PathBuf>> {
    let found = configuration_files(&Disk, path)?;
    found.iter().filter(|file| *file != path).try_for_each(|file| fence.check(file, whose))?;
    Ok(found)
}

/// What a file that was found stands for.
#[derive(Clone, Copy)]
enum Place {
    /// A file of a set: which set, which file.
    Set(usize, usize),
    /// It is checked already.
    Known,
}

/// Goes through the paths given; links and different spellings of a file are one file.
struct Walk<'p> {
    project: &'p Project,
    options: &'p Check,
    /// The sets that no file was met of yet.
    sets: Vec<Option<Result<Job<'p>>>>,
    places: HashMap<PathBuf, Place>,
    /// Where the job of each set is, once one of its files was met.
    begun: HashMap<usize, usize>,
    jobs: Vec<Job<'p>>,
    errors: Vec<Error>,
}

impl<'p> Walk<'p> {
    fn new(project: &'p Project, options: &'p Check) -> Self {
        let (sets, places, begun) = (Vec::new(), HashMap::new(), HashMap::new());
        let mut walk = Self { project, options, sets, places, begun, jobs: Vec::new(), errors: Vec::new() };
        for (index, set) in project.settings.config.iter().enumerate() {
            let job = of_set(project, options, set);
            let files = match &job {
                Ok(job) => job.files.clone(),
                // A set that cannot be read whole still claims what can be found of it.
                Err(_) => set.files.iter().filter_map(|f| configuration_files(&Disk, &project.path(f)).ok()).flatten().collect(),
            };
            for (at, file) in files.iter().enumerate() {
                walk.places.entry(real(file)).or_insert(Place::Set(index, at));
            }
            walk.sets.push(Some(job));
        }
        walk
    }

    fn all(mut self) -> (Vec<Job<'p>>, Vec<Error>) {
        let paths = &self.options.paths;
        if paths.is_empty() {
            self.path(Path::new("."));
        }
        paths.iter().for_each(|path| self.path(path));
        (self.jobs, self.errors)
    }

    fn path(&mut self, path: &Path) {
        if path.as_os_str() == STDIN {
            return self.file(path.to_owned());
        }
        if self.options.force_exclude && self.project.has_exclusions() && self.project.excludes(&real(path), path.is_dir()) {
            return;
        }
        match found::files(path, self.project, self.options.no_ignore, self.options.allow_outside) {
            Ok(files) if files.is_empty() => {
                let message = format!("there is no `*.cfg` file in `{}`", path.display());
                self.errors.push(Error::new(message, "name the files to check; a file may have any name when it is named itself"));
            }
            Ok(files) => files.into_iter().for_each(|file| self.file(file)),
            Err(error) => self.errors.push(error.into()),
        }
    }

    /// The file as a configuration of its own, or as a part of the set that it belongs to.
    fn file(&mut self, file: PathBuf) {
        match self.places.insert(real(&file), Place::Known) {
            Some(Place::Known) => {}
            Some(Place::Set(set, at)) => self.of_set(set, at, file),
            None => self.jobs.push(Job { files: vec![file], set: None, shown: None }),
        }
    }

    fn of_set(&mut self, set: usize, at: usize, file: PathBuf) {
        match self.sets[set].take() {
            Some(Ok(job)) => {
                self.begun.insert(set, self.jobs.len());
                self.jobs.push(Job { shown: Some(HashSet::new()), ..job });
            }
            Some(Err(error)) => self.errors.push(error),
            None => {}
        }
        // Of a set that cannot be read nothing is said but that.
        let Some(job) = self.begun.get(&set).map(|job| &mut self.jobs[*job]) else { return };
        job.files[at] = file;
        job.shown.get_or_insert_default().insert(at);
    }
}

/// The file that a path leads to; the path itself where that cannot be told.
pub(super) fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

impl Job<'_> {
    /// Reads its files.
    pub(crate) fn read(&self, options: &Check) -> Result<Sources> {
        let named = |path| options.paths.contains(path) || options.files.contains(path);
        let by = |path| if named(path) { By::User } else { By::Repository };
        let files = self.files.iter().map(|path| source(path, by(path), &options.stdin_filename));
        Ok(Sources::new(files.collect::<Result<_>>()?))
    }

    /// Its files, each by the name it was given.
    pub(crate) fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Whether findings in this file are shown.
    pub(crate) fn shows(&self, file: FileId) -> bool {
        self.shown.as_ref().is_none_or(|shown| shown.contains(&(file.0 as usize)))
    }
}

/// Reads a file, or standard input where the user names it.
pub(crate) fn source(path: &Path, by: By, stdin_name: &str) -> Result<SourceFile> {
    if path.as_os_str() != STDIN || by == By::Repository {
        return Ok(SourceFile::new(path.to_string_lossy(), files::read(path, by, files::largest())?));
    }
    let bytes = files::bounded(std::io::stdin().lock(), files::largest());
    let bytes = bytes.map_err(|error| ReadError { path: stdin_name.into(), error })?;
    Ok(SourceFile::new(stdin_name, bytes))
}
