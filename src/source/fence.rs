//! What may be read without being named: files of a repository may be a stranger's, and name whatever they like.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use super::{Entry, FileReader};

/// The places that may be read without being named.
#[derive(Clone, Debug, Default)]
pub struct Fence {
    roots: Vec<PathBuf>,
    /// Everything may be.
    open: bool,
}

/// A path that leads out of a [`Fence`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside {
    /// The path.
    pub path: PathBuf,
    /// Who names it.
    pub whose: String,
}

impl Outside {
    /// What to do about it.
    pub fn help() -> &'static str {
        "name it on the command line if you trust it, or add `--allow-outside`"
    }
}

impl fmt::Display for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`, which {} names, lies outside the repository, so it is not read", self.path.display(), self.whose)
    }
}

impl std::error::Error for Outside {}

impl Fence {
    /// Around the repositories that folders and files stand in; an `open` one holds nothing back.
    pub fn around<'p>(reader: &dyn FileReader, paths: impl IntoIterator<Item = &'p Path>, open: bool) -> Self {
        Self { roots: paths.into_iter().map(|path| repository(reader, path)).collect(), open }
    }

    /// One that holds nothing back.
    pub fn open() -> Self {
        Self { roots: Vec::new(), open: true }
    }

    /// Also lets in what the user names.
    #[must_use]
    pub fn and<'p>(mut self, reader: &dyn FileReader, named: impl IntoIterator<Item = &'p PathBuf>) -> Self {
        self.roots.extend(named.into_iter().filter_map(|path| reader.real(path).ok()));
        self
    }

    /// Whether `path` leads out of it. What git keeps for itself, with the passwords in it, is outside as well. Where nobody
    /// can tell where something leads that is there, it leads out.
    pub fn keeps_out(&self, reader: &dyn FileReader, path: &Path) -> bool {
        let is_in =
            |real: &Path, root: &PathBuf| real.strip_prefix(root).is_ok_and(|rest| rest.components().all(|c| c.as_os_str() != ".git"));
        let outside = |real: PathBuf| !self.roots.iter().any(|root| is_in(&real, root));
        !self.open && reader.real(path).map_or_else(|_| reader.entry(path).is_ok(), outside)
    }

    /// An error where `path`, which `whose` file names, leads out of it.
    ///
    /// # Errors
    /// If it does.
    pub fn check(&self, reader: &dyn FileReader, path: &Path, whose: &str) -> Result<(), Outside> {
        if self.keeps_out(reader, path) { Err(Outside { path: path.to_owned(), whose: whose.to_owned() }) } else { Ok(()) }
    }
}

/// The repository that a path stands in: the nearest folder with a `.git`; without one, the folder itself.
pub fn repository(reader: &dyn FileReader, path: &Path) -> PathBuf {
    let whole = reader.whole(path);
    let is_folder = reader.entry(&whole).is_ok_and(|entry| entry == Entry::Directory);
    let folder = if is_folder { whole.as_path() } else { whole.parent().unwrap_or(&whole) };
    folder.ancestors().find(|folder| reader.entry(&folder.join(".git")).is_ok()).unwrap_or(folder).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Memory;

    #[test]
    fn what_git_keeps_and_what_lies_elsewhere_is_outside() {
        let memory = Memory::new().with("/r/.git/config", "").with("/r/lb/a.cfg", "").with("/else/b.cfg", "");
        let fence = Fence::around(&memory, [Path::new("/r/lb")], false);
        assert!(!fence.keeps_out(&memory, Path::new("r/lb/a.cfg")) && !fence.keeps_out(&memory, Path::new("/nowhere")));
        assert!(fence.keeps_out(&memory, Path::new("/r/lb/../.git/config")) && fence.keeps_out(&memory, Path::new("/r/../else/b.cfg")));
        let error = fence.check(&memory, Path::new("/else/b.cfg"), "`extend`").unwrap_err();
        assert_eq!(error.to_string(), "`/else/b.cfg`, which `extend` names, lies outside the repository, so it is not read");
        assert!(!fence.and(&memory, [&PathBuf::from("/else")]).keeps_out(&memory, Path::new("/else/b.cfg")));
        assert!(!Fence::around(&memory, [Path::new("/r")], true).keeps_out(&memory, Path::new("/else/b.cfg")));
    }
}
