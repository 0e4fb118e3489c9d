//! Which files are one configuration.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use super::{Error, Met, Project, Walk};
use crate::{
    settings::ConfigSet,
    source::{By, Entry, Fence, FileId, FileReader, ReadError, SourceFile, Sources, configuration_files},
};

/// What stands for standard input among paths: it is no file, and whoever reads the set knows its text.
pub const STDIN: &str = "-";

/// The file that stands beside a folder with its parts.
const MAIN: &str = "haproxy.cfg";

/// Whether a folder is called as one with parts of a configuration.
fn is_parts(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name.to_string_lossy().ends_with(".d"))
}

/// Files that HAProxy is given together, in their order.
#[derive(Clone, Debug)]
pub struct Set {
    parts: Vec<Part>,
    /// The one of the settings that it is.
    declared: Option<usize>,
    /// Which of its files findings are shown for, by their places; `None` for all.
    shown: Option<HashSet<usize>>,
}

/// A file of a [`Set`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its path as it was given or found.
    pub path: PathBuf,
    /// Who named it.
    pub by: By,
}

/// What is looked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// The files and folders; without any the folder where the reader is.
    pub paths: &'a [PathBuf],
    /// Also files that git ignores.
    pub all: bool,
    /// What the settings exclude is left out also where it is named.
    pub force_exclude: bool,
}

/// The configurations that were found.
#[derive(Debug, Default)]
pub struct Found {
    /// In the order of what was wanted.
    pub sets: Vec<Set>,
    /// What could not be looked at.
    pub errors: Vec<Error>,
    /// What was passed over that somebody may miss.
    pub notes: Vec<String>,
}

impl Set {
    fn alone(path: PathBuf, by: By) -> Self {
        Self { parts: vec![Part { path, by }], declared: None, shown: None }
    }

    /// Its files.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Which of the `config` sets of the settings it is.
    pub fn declared(&self) -> Option<usize> {
        self.declared
    }

    /// Whether findings in this file are wanted: of a set that was met by one of its files, only those in the files that were met.
    pub fn shows(&self, file: FileId) -> bool {
        self.shown.as_ref().is_none_or(|shown| shown.contains(&(file.0 as usize)))
    }
}

impl Found {
    fn take(&mut self, set: Result<Set, Error>) {
        match set {
            Ok(set) => self.sets.push(set),
            Err(error) => self.errors.push(error),
        }
    }
}

impl Project {
    /// Files and directories as one configuration, as several `-f` mean it.
    pub fn together(&self, paths: &[PathBuf]) -> Found {
        let mut found = Found::default();
        let named = paths.iter().map(|path| (path.clone(), By::User));
        let fence = |path: &Path| Fence::around(self.reader(), [path], self.outside);
        let set = self.whole(named, fence, "a folder", &mut found.notes);
        found.take(set);
        found
    }

    /// The configurations of a command line: those of the settings where nothing is named, otherwise what the paths hold.
    pub fn sets(&self, wanted: &Wanted<'_>) -> Found {
        if !wanted.paths.is_empty() || self.settings.config.is_empty() {
            return Search::new(self, wanted).all();
        }
        let mut found = Found::default();
        for index in 0..self.settings.config.len() {
            let set = self.declared(index, &[], &mut found.notes);
            found.take(set);
        }
        found
    }

    /// The configuration that a file is part of, as an editor asks for it: a set of the settings, or what usually belongs
    /// together, or the file alone.
    ///
    /// # Errors
    /// If the set cannot be read whole.
    pub fn set_of(&self, file: &Path) -> Result<Set, Error> {
        let place = self.reader().leads_to(file);
        for (index, declared) in self.settings.config.iter().enumerate() {
            let set = self.declared(index, &[], &mut Vec::new());
            if self.claims(declared, &set).any(|claimed| claimed == place) {
                return set;
            }
        }
        Ok(self.usual(file).unwrap_or_else(|| Set::alone(file.to_owned(), By::User)))
    }

    /// What usually is one configuration with a file: `haproxy.cfg` and the one folder beside it that is called `conf.d` or the
    /// like and has configurations, or such a folder alone. `None` where that is not so.
    fn usual(&self, file: &Path) -> Option<Set> {
        let (reader, here) = (self.reader(), self.reader().here());
        let whole = here.join(file);
        let parent = whole.parent()?;
        let holds = |folder: &Path| configuration_files(reader, folder).is_ok_and(|files| !files.is_empty());
        let is_main = file.file_name()? == MAIN;
        let (beside, own) = if is_main { (parent, None) } else { (parent.parent()?, Some(parent).filter(|folder| is_parts(folder))) };
        if !is_main && own.is_none() {
            return None;
        }
        let listed = reader.list(beside).ok()?;
        let folders = listed.into_iter().filter(|listed| listed.entry == Entry::Directory).map(|listed| beside.join(listed.name));
        let folders: Vec<PathBuf> = folders.filter(|folder| is_parts(folder) && holds(folder)).collect();
        let main = beside.join(MAIN);
        let main = reader.entry(&main).is_ok_and(|entry| entry == Entry::File).then_some(main);
        let paths: Vec<PathBuf> = match (folders.as_slice(), own) {
            ([only], _) => main.into_iter().chain([only.clone()]).collect(),
            (_, Some(own)) => vec![own.to_owned()],
            _ => return None,
        };
        let fence = |path: &Path| Fence::around(reader, [path], self.outside);
        let short = |path: PathBuf| (path.strip_prefix(&here).map(Path::to_owned).unwrap_or(path), By::Repository);
        let set = self.whole(paths.into_iter().map(short), fence, "a folder", &mut Vec::new()).ok()?;
        let place = reader.leads_to(file);
        set.parts.iter().any(|part| reader.leads_to(&part.path) == place).then_some(set)
    }

    /// Reads the files of a configuration, each of at most `largest` bytes.
    ///
    /// # Errors
    /// If one of them cannot be read.
    pub fn sources(&self, set: &Set, largest: u64) -> Result<Sources, ReadError> {
        let files = set.parts.iter().map(|part| SourceFile::read(self.reader(), &part.path, part.by, largest));
        files.collect::<Result<_, _>>().map(Sources::new)
    }

    /// A set of the settings; what the user has `named` may lie anywhere.
    fn declared(&self, index: usize, named: &[PathBuf], notes: &mut Vec<String>) -> Result<Set, Error> {
        let reader = self.reader();
        let fence = self.fence.clone().and(reader, named);
        let paths: Vec<PathBuf> = self.settings.config[index].files.iter().map(|file| self.path(file)).collect();
        paths.iter().try_for_each(|path| fence.check(reader, path, "the settings file"))?;
        let paths = paths.into_iter().map(|path| {
            let by = if named.contains(&path) { By::User } else { By::Repository };
            (path, by)
        });
        let set = self.whole(paths, |_| fence.clone(), "the settings file", notes)?;
        Ok(Set { declared: Some(index), ..set })
    }

    /// The files that a set has, or would have: one that cannot be read whole still claims what can be found of it.
    fn claims(&self, declared: &ConfigSet, set: &Result<Set, Error>) -> impl Iterator<Item = PathBuf> + '_ {
        let files: Vec<PathBuf> = match set {
            Ok(set) => set.parts.iter().map(|part| part.path.clone()).collect(),
            Err(_) => {
                let found = declared.files.iter().filter_map(|file| configuration_files(self.reader(), &self.path(file)).ok());
                found.flatten().collect()
            }
        };
        files.into_iter().map(|file| self.reader().leads_to(&file))
    }

    /// Several files and directories as one configuration.
    fn whole(
        &self,
        paths: impl Iterator<Item = (PathBuf, By)>,
        fence: impl Fn(&Path) -> Fence,
        whose: &str,
        notes: &mut Vec<String>,
    ) -> Result<Set, Error> {
        let mut parts = Vec::new();
        for (path, by) in paths {
            if path.as_os_str() == STDIN {
                parts.push(Part { path, by });
                continue;
            }
            let found = configuration(self.reader(), &path, &fence(&path), whose)?;
            parts.extend(found.into_iter().map(|file| Part { by: if file == path { by } else { By::Repository }, path: file }));
        }
        let mut known = HashSet::new();
        parts.retain(|Part { path, .. }| {
            let new = known.insert(self.reader().leads_to(path));
            if !new {
                notes.push(format!("`{}` is named twice, and read once; HAProxy would read it again", path.display()));
            }
            new
        });
        if parts.is_empty() {
            return Err(Error::new("there is no file to check", "HAProxy reads the `*.cfg` files of a directory that `-f` names"));
        }
        Ok(Set { parts, declared: None, shown: None })
    }
}

/// The files that a path stands for, as HAProxy reads it. Without one of them a configuration would be another one, so where one
/// leads out of the fence there is none.
///
/// # Errors
/// If the path, or a file of a directory, may not be read.
pub fn configuration(reader: &dyn FileReader, path: &Path, fence: &Fence, whose: &str) -> Result<Vec<PathBuf>, Error> {
    let found = configuration_files(reader, path)?;
    found.iter().filter(|file| *file != path).try_for_each(|file| fence.check(reader, file, whose))?;
    Ok(found)
}

/// What a file that was found stands for.
#[derive(Clone, Copy)]
enum Place {
    /// A file of a set: which set, which file.
    Set(usize, usize),
    /// It is known already.
    Known,
}

/// Goes through the paths given; links and different spellings of a file are one file.
struct Search<'p> {
    project: &'p Project,
    wanted: &'p Wanted<'p>,
    /// The sets that no file was met of yet.
    sets: Vec<Option<Result<Set, Error>>>,
    places: HashMap<PathBuf, Place>,
    /// Where each set was put, once one of its files was met.
    begun: HashMap<usize, usize>,
    found: Found,
}

impl<'p> Search<'p> {
    fn new(project: &'p Project, wanted: &'p Wanted<'p>) -> Self {
        let (sets, places, begun) = (Vec::new(), HashMap::new(), HashMap::new());
        let mut search = Self { project, wanted, sets, places, begun, found: Found::default() };
        for (index, declared) in project.settings.config.iter().enumerate() {
            let set = project.declared(index, wanted.paths, &mut search.found.notes);
            for (at, file) in project.claims(declared, &set).enumerate() {
                search.places.entry(file).or_insert(Place::Set(index, at));
            }
            search.sets.push(Some(set));
        }
        search
    }

    fn all(mut self) -> Found {
        let paths = self.wanted.paths;
        if paths.is_empty() {
            self.path(Path::new("."));
        }
        paths.iter().for_each(|path| self.path(path));
        self.found
    }

    fn path(&mut self, path: &Path) {
        let (project, reader) = (self.project, self.project.reader());
        if path.as_os_str() == STDIN {
            return self.file(path.to_owned(), By::User);
        }
        let is_folder = || reader.entry(path).is_ok_and(|entry| entry == Entry::Directory);
        if self.wanted.force_exclude && project.has_exclusions() && project.excludes(&reader.leads_to(path), is_folder()) {
            return;
        }
        match self.files(path) {
            Ok(files) if files.is_empty() => {
                let message = format!("there is no `*.cfg` file in `{}`", path.display());
                self.found.errors.push(Error::new(message, "name the files to check; a file may have any name when it is named itself"));
            }
            Ok(files) => files.into_iter().for_each(|file| {
                let by = if file == path { By::User } else { By::Repository };
                self.file(file, by);
            }),
            Err(error) => self.found.errors.push(error.into()),
        }
    }

    /// The file at `path`, or the `*.cfg` files below it in the order of their names, without hidden ones, without what git
    /// ignores, without what the settings exclude, and without links that leave the repository.
    fn files(&mut self, path: &Path) -> Result<Vec<PathBuf>, ReadError> {
        let (project, reader) = (self.project, self.project.reader());
        if reader.entry(path).map_err(ReadError::at(path))? != Entry::Directory {
            return Ok(vec![path.to_owned()]);
        }
        let folder = reader.leads_to(path);
        let settings = project.folder().filter(|root| folder.starts_with(root));
        let fence = Fence::around(reader, std::iter::once(path).chain(settings), project.outside);
        let mut walk = Walk::new(reader, fence.clone(), self.wanted.all);
        let mut met = walk.below(path, |met| is_configuration(reader, met) && !project.excludes(&met.whole, false))?;
        self.found.notes.append(&mut walk.notes);
        if !walk.errors.is_empty() {
            return Err(walk.errors.remove(0));
        }
        met.retain(|met| {
            let leaves = met.entry == Entry::Link && fence.keeps_out(reader, &met.path);
            if leaves {
                self.found.notes.push(format!("`{}` is a link that leaves the repository, so it is not followed", met.path.display()));
            }
            !leaves
        });
        Ok(met.into_iter().map(|met| met.path).collect())
    }

    /// The file as a configuration of its own, or as a part of the set that it belongs to.
    fn file(&mut self, path: PathBuf, by: By) {
        match self.places.insert(self.project.reader().leads_to(&path), Place::Known) {
            Some(Place::Known) => {}
            Some(Place::Set(set, at)) => self.of_set(set, at, Part { path, by }),
            None => self.found.sets.push(Set::alone(path, by)),
        }
    }

    fn of_set(&mut self, set: usize, at: usize, part: Part) {
        match self.sets[set].take() {
            Some(Ok(whole)) => {
                self.begun.insert(set, self.found.sets.len());
                self.found.sets.push(Set { shown: Some(HashSet::new()), ..whole });
            }
            Some(Err(error)) => self.found.errors.push(error),
            None => {}
        }
        // Of a set that cannot be read nothing is said but that.
        let Some(set) = self.begun.get(&set).map(|set| &mut self.found.sets[*set]) else { return };
        set.parts[at] = part;
        set.shown.get_or_insert_default().insert(at);
    }
}

/// Links to files are followed, links to directories are not.
fn is_configuration(reader: &dyn FileReader, met: &Met) -> bool {
    let is_cfg = met.path.extension().is_some_and(|extension| extension == "cfg");
    let leads_to_file = || reader.entry(&met.path).is_ok_and(|entry| entry == Entry::File);
    is_cfg && (met.entry == Entry::File || met.entry == Entry::Link && leads_to_file())
}
