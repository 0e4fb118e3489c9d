//! Where files come from: disk, memory, or an editor's unsaved text, all behind one trait.

use std::{
    collections::BTreeMap,
    fmt, io,
    path::{Path, PathBuf},
};

use walkdir::WalkDir;

use super::SourceFile;

/// What a path of the file system is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A regular file, links followed.
    File,
    /// A directory, links followed.
    Directory,
    /// A socket, a device, or something else that is never read from a directory.
    Other,
}

/// Reads files and directories. [`Disk`] does it for real; [`Memory`] holds text that is on no disk.
pub trait FileReader {
    /// The bytes of the file at `path`.
    ///
    /// # Errors
    /// Whatever kept it from being read.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// What `path` is, links followed.
    ///
    /// # Errors
    /// If it does not exist or may not be looked at.
    fn entry(&self, path: &Path) -> io::Result<Entry>;

    /// The names in the directory `path`, in any order.
    ///
    /// # Errors
    /// If it may not be read.
    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>>;

    /// Every `*.cfg` file below the directory `path`, sorted. Hidden directories are passed over.
    ///
    /// # Errors
    /// The first directory that may not be read.
    fn walk(&self, path: &Path) -> io::Result<Vec<PathBuf>>;
}

/// The real file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl FileReader for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn entry(&self, path: &Path) -> io::Result<Entry> {
        let kind = std::fs::metadata(path)?;
        Ok(if kind.is_dir() {
            Entry::Directory
        } else if kind.is_file() {
            Entry::File
        } else {
            Entry::Other
        })
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        std::fs::read_dir(path)?.map(|entry| Ok(PathBuf::from(entry?.file_name()))).collect()
    }

    fn walk(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
        let entries = WalkDir::new(path).sort_by_file_name().into_iter();
        let entries = entries.filter_entry(|e| e.depth() == 0 || !(e.file_type().is_dir() && hidden(e.file_name())));
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry?;
            let is_cfg = entry.path().extension().is_some_and(|e| e == "cfg");
            if is_cfg && !hidden(entry.file_name()) && matches!(self.entry(entry.path()), Ok(Entry::File)) {
                found.push(entry.into_path());
            }
        }
        Ok(found)
    }
}

/// Files that are only in memory, by path.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Memory {
    /// No file.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces the file at `path`.
    #[must_use]
    pub fn with(mut self, path: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), bytes.into());
        self
    }
}

impl FileReader for Memory {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn entry(&self, path: &Path) -> io::Result<Entry> {
        if self.files.contains_key(path) {
            Ok(Entry::File)
        } else if self.files.keys().any(|file| file.starts_with(path)) {
            Ok(Entry::Directory)
        } else {
            Err(io::ErrorKind::NotFound.into())
        }
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let below = self.files.keys().filter_map(|file| file.strip_prefix(path).ok());
        let mut names: Vec<PathBuf> = below.filter_map(|rest| rest.components().next().map(|c| PathBuf::from(c.as_os_str()))).collect();
        names.dedup();
        Ok(names)
    }

    fn walk(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(self.files.keys().filter(|f| f.starts_with(path) && f.extension().is_some_and(|e| e == "cfg")).cloned().collect())
    }
}

/// A path that could not be read.
#[derive(Debug)]
pub struct ReadError {
    /// The path as it was given or found.
    pub path: PathBuf,
    /// What the system said.
    pub error: io::Error,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.error.kind() {
            io::ErrorKind::NotFound => "there is no such file or directory".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => self.error.to_string(),
        };
        write!(f, "cannot read `{}`: {why}", self.path.display())
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// The files that `haproxy -f PATH` reads, in its order: the file itself, or what a directory holds in byte order.
///
/// Of a directory HAProxy takes the regular files whose name does not start with `.` and whose *first* `.cfg` ends
/// the name (so neither `x.cfg.cfg` nor `z.cfg.bak`); it does not look into directories below
/// (observed with 2.4 to 3.5).
///
/// # Errors
/// If the path, or a `*.cfg` entry such as a dangling link, cannot be looked at: HAProxy stops there as well.
pub fn configuration_files(reader: &dyn FileReader, path: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |error| ReadError { path, error }
    };
    if reader.entry(path).map_err(fail(path))? != Entry::Directory {
        return Ok(vec![path.to_owned()]);
    }
    let mut names = reader.list(path).map_err(fail(path))?;
    names.retain(|name| is_configuration_name(&name.to_string_lossy()));
    names.sort_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
    let mut files = Vec::new();
    for name in names {
        let file = path.join(name);
        if reader.entry(&file).map_err(fail(&file))? == Entry::File {
            files.push(file);
        }
    }
    Ok(files)
}

fn is_configuration_name(name: &str) -> bool {
    !name.starts_with('.') && name.find(".cfg").is_some_and(|at| at + 4 == name.len())
}

/// The configurations that a positional path means: the file itself, or every `*.cfg` below a directory.
///
/// # Errors
/// If the path or a directory below it cannot be read.
pub fn walk(reader: &dyn FileReader, path: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let fail = |error| ReadError { path: path.to_owned(), error };
    match reader.entry(path).map_err(fail)? {
        Entry::Directory => reader.walk(path).map_err(fail),
        _ => Ok(vec![path.to_owned()]),
    }
}

impl SourceFile {
    /// Reads the file at `path` and names it as it was given.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(reader: &dyn FileReader, path: &Path) -> Result<Self, ReadError> {
        let bytes = reader.read(path).map_err(|error| ReadError { path: path.to_owned(), error })?;
        Ok(Self::new(path.to_string_lossy(), bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_read_as_haproxy_reads_it() {
        let names = ["d/10.cfg", "d/2.cfg", "d/A.cfg", "d/_z.cfg", "d/a.cfg", "d/.h.cfg", "d/x.cfg.cfg", "d/z.cfg.bak", "d/sub.cfg/b.cfg"];
        let memory = names.iter().fold(Memory::new(), |m, n| m.with(*n, ""));
        let files = configuration_files(&memory, Path::new("d")).unwrap();
        let files: Vec<_> = files.iter().map(|f| f.to_str().unwrap()).collect();
        assert_eq!(files, ["d/10.cfg", "d/2.cfg", "d/A.cfg", "d/_z.cfg", "d/a.cfg"]);
    }

    #[test]
    fn what_does_not_exist_is_named() {
        let error = configuration_files(&Memory::new(), Path::new("nope")).unwrap_err();
        assert_eq!(error.to_string(), "cannot read `nope`: there is no such file or directory");
    }
}
