//! Which files are one configuration.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use super::{Error, Met, Neighbours, Project, Walk};
use crate::{
    counted,
    settings::ConfigSet,
    source::{By, Entry, Fence, FileId, FileReader, ReadError, SourceFile, Sources, configuration_files, overlooked_files},
};

/// What stands for standard input among paths: it is no file, and whoever reads the set knows its text.
pub const STDIN: &str = "-";

/// Files that HAProxy is given together, in their order.
#[derive(Clone, Debug)]
pub struct Set {
    parts: Vec<Part>,
    /// Why these are one configuration.
    why: Why,
    /// Which of its files findings are shown for, by their places; `None` for all.
    shown: Option<HashSet<usize>>,
}

/// Why the files of a [`Set`] are one configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// A file for itself.
    Alone,
    /// They were named so.
    Named,
    /// It is this one of the `config` sets of the settings.
    Declared(usize),
    /// They lie as the parts of one do.
    Neighbours(Neighbours),
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
    /// Files are not put together by how they lie: they are no whole files.
    pub apart: bool,
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
    /// Files that may be one configuration, and were not put together.
    pub doubtful: Vec<Neighbours>,
}

impl Set {
    fn alone(path: PathBuf, by: By) -> Self {
        Self { parts: vec![Part { path, by }], why: Why::Alone, shown: None }
    }

    /// Files that lie together, of which the user has named one.
    fn laid_out(neighbours: Neighbours, named: &Path) -> Self {
        let by = |path: &PathBuf| if path == named { By::User } else { By::Repository };
        let parts = neighbours.files.iter().map(|path| Part { by: by(path), path: path.clone() }).collect();
        Self { parts, why: Why::Neighbours(neighbours), shown: None }
    }

    /// Its files.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Which of the `config` sets of the settings it is.
    pub fn declared(&self) -> Option<usize> {
        if let Why::Declared(index) = self.why { Some(index) } else { None }
    }

    /// Why its files are one configuration.
    pub fn why(&self) -> &Why {
        &self.why
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

    /// The configuration that a file is part of, as an editor asks for it: a set of the settings, the files that it lies among as
    /// a part, or the file alone.
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
        let here = self.reader().here();
        let short = file.strip_prefix(&here).unwrap_or(file);
        let neighbours = self.neighbours(short).filter(|neighbours| neighbours.doubt.is_none());
        Ok(neighbours.map_or_else(|| Set::alone(file.to_owned(), By::User), |neighbours| Set::laid_out(neighbours, short)))
    }

    fn neighbours(&self, file: &Path) -> Option<Neighbours> {
        Neighbours::around(self.reader(), file, self.outside)
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
        Ok(Set { why: Why::Declared(index), ..set })
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
            notes.extend(overlooked(self.reader(), &path, &found));
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
        Ok(Set { parts, why: Why::Named, shown: None })
    }
}

/// What is to be said of the files of a directory that HAProxy does not read.
pub(super) fn overlooked(reader: &dyn FileReader, path: &Path, found: &[PathBuf]) -> Option<String> {
    let names = if found == [path.to_owned()] { Vec::new() } else { overlooked_files(reader, path) };
    let first = names.first()?;
    let more = if names.len() > 1 { format!(" and {} are", counted(names.len() - 1, "more file")) } else { " is".to_owned() };
    Some(format!("`{}`{more} not read: of a directory HAProxy reads `*.cfg` alone", path.join(first).display()))
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
    /// Files that were looked at with their neighbours.
    seen: HashSet<PathBuf>,
    found: Found,
}

impl<'p> Search<'p> {
    fn new(project: &'p Project, wanted: &'p Wanted<'p>) -> Self {
        let (sets, places, begun, seen) = (Vec::new(), HashMap::new(), HashMap::new(), HashSet::new());
        let mut search = Self { project, wanted, sets, places, begun, seen, found: Found::default() };
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
        self.related();
        self.found
    }

    /// Notes which of the files that stand for themselves look like parts of one configuration.
    fn related(&mut self) {
        let mut folders: Vec<(&Path, Vec<&Path>)> = Vec::new();
        let alone = self.found.sets.iter().filter(|set| set.why == Why::Alone && !self.wanted.apart);
        for path in alone.flat_map(|set| &set.parts).map(|part| part.path.as_path()).filter(|path| path.as_os_str() != STDIN) {
            let folder = path.parent().unwrap_or(Path::new(""));
            match folders.iter_mut().find(|(known, _)| *known == folder) {
                Some((_, files)) => files.push(path),
                None => folders.push((folder, vec![path])),
            }
        }
        let told = |files: &[&Path]| {
            self.found.doubtful.iter().any(|neighbours| neighbours.files.iter().any(|file| files.contains(&file.as_path())))
        };
        let new = folders.iter().filter(|(_, files)| !told(files));
        let new: Vec<Neighbours> = new.filter_map(|(_, files)| Neighbours::of_uses(self.project.reader(), files)).collect();
        self.found.doubtful.extend(new);
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
        // Where nothing was named, nobody has said `./` either.
        let bare = |path: PathBuf| path.strip_prefix(".").map(Path::to_owned).unwrap_or(path);
        let named = !self.wanted.paths.is_empty();
        Ok(met.into_iter().map(|met| if named { met.path } else { bare(met.path) }).collect())
    }

    /// The file as a configuration of its own, or as a part of the set that it belongs to.
    fn file(&mut self, path: PathBuf, by: By) {
        match self.places.insert(self.project.reader().leads_to(&path), Place::Known) {
            Some(Place::Known) => {}
            Some(Place::Set(set, at)) => self.of_set(set, at, Part { path, by }),
            None => match self.neighbours(&path) {
                Some((set, at)) => self.of_set(set, at, Part { path, by }),
                None => self.found.sets.push(Set::alone(path, by)),
            },
        }
    }

    /// The set of the files that this one lies among, and its place in it. Files that the settings know are left to them.
    fn neighbours(&mut self, path: &Path) -> Option<(usize, usize)> {
        let reader = self.project.reader();
        if self.wanted.apart || path.as_os_str() == STDIN || self.seen.contains(&reader.leads_to(path)) {
            return None;
        }
        let neighbours = self.project.neighbours(path)?;
        let real: Vec<PathBuf> = neighbours.files.iter().map(|file| reader.leads_to(file)).collect();
        self.seen.extend(real.iter().cloned());
        if real.iter().any(|file| matches!(self.places.get(file), Some(Place::Set(..)))) {
            return None;
        }
        if neighbours.doubt.is_some() {
            self.found.doubtful.push(neighbours);
            return None;
        }
        let own = neighbours.files.iter().position(|file| file == path)?;
        let set = self.sets.len();
        for (at, file) in real.into_iter().enumerate() {
            self.places.entry(file).or_insert(Place::Set(set, at));
        }
        self.sets.push(Some(Ok(Set::laid_out(neighbours, path))));
        Some((set, own))
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
