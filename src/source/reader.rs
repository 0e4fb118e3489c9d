//! Where files come from: disk, memory, or an editor's unsaved text, all behind one trait.

use std::{
    fmt, io,
    path::{Component, Path, PathBuf},
};

use super::SourceFile;

/// What a path of the file system is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link: only where links are not followed.
    Link,
    /// A socket, a device, or something else that is never read from a directory.
    Other,
}

/// What a directory holds under a name. A link is told as a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name, without the directory.
    pub name: PathBuf,
    /// What has that name.
    pub entry: Entry,
}

/// Who names a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The person at the keyboard: it may also be a pipe such as `<(…)`.
    User,
    /// A folder, settings, a manifest: what may be a stranger's names only regular files.
    Repository,
}

/// The largest file of settings, variables or patterns.
pub const SETTINGS: u64 = 1 << 20;

/// Reads files and directories. The library itself looks at no machine: whoever has a disk implements this for it.
/// [`Memory`](super::Memory) holds text that is on no disk, and [`Overlay`](super::Overlay) what is not saved yet.
pub trait FileReader: fmt::Debug + Send + Sync {
    /// The directory that relative paths begin in; empty where nobody knows.
    fn here(&self) -> PathBuf;

    /// The bytes of the file at `path`, which has at most `largest` of them. What is too large is [`too_large`], and what
    /// nobody has named but the [repository](By::Repository) is not even opened unless it is a regular file.
    ///
    /// # Errors
    /// Whatever kept it from being read.
    fn read(&self, path: &Path, by: By, largest: u64) -> io::Result<Vec<u8>>;

    /// What `path` is, links followed.
    ///
    /// # Errors
    /// If it does not exist or may not be looked at.
    fn entry(&self, path: &Path) -> io::Result<Entry>;

    /// What is in the directory `path`, in any order.
    ///
    /// # Errors
    /// If it may not be read.
    fn list(&self, path: &Path) -> io::Result<Vec<Listed>>;

    /// The path from the root, without links and `..`.
    ///
    /// # Errors
    /// If it does not exist or may not be looked at.
    fn real(&self, path: &Path) -> io::Result<PathBuf>;

    /// Patterns of files that this user leaves alone everywhere, as lines of a `.gitignore`.
    fn ignored_everywhere(&self) -> Vec<String> {
        Vec::new()
    }

    /// The file that a path leads to; the path itself where that cannot be told.
    fn leads_to(&self, path: &Path) -> PathBuf {
        self.real(path).unwrap_or_else(|_| path.to_owned())
    }

    /// The path from the root, links followed as far as there is something.
    fn whole(&self, path: &Path) -> PathBuf {
        self.real(path).unwrap_or_else(|_| {
            let whole = plain(&self.here().join(path));
            // Below what is not there is nothing: of thousands of folders a few are asked for.
            let ancestors: Vec<&Path> = whole.ancestors().collect();
            let first = ancestors.partition_point(|above| self.real(above).is_err());
            let known = ancestors.get(first).and_then(|above| Some((self.real(above).ok()?, whole.strip_prefix(above).ok()?)));
            known.map_or_else(|| whole.clone(), |(real, rest)| if rest.as_os_str().is_empty() { real } else { real.join(rest) })
        })
    }
}

impl<R: FileReader + ?Sized> FileReader for &R {
    fn here(&self) -> PathBuf {
        (**self).here()
    }

    fn read(&self, path: &Path, by: By, largest: u64) -> io::Result<Vec<u8>> {
        (**self).read(path, by, largest)
    }

    fn entry(&self, path: &Path) -> io::Result<Entry> {
        (**self).entry(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Listed>> {
        (**self).list(path)
    }

    fn real(&self, path: &Path) -> io::Result<PathBuf> {
        (**self).real(path)
    }

    fn ignored_everywhere(&self) -> Vec<String> {
        (**self).ignored_everywhere()
    }
}

/// The path without `.` and `..`, as far as its letters tell.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => _ = plain.pop(),
            part => plain.push(part),
        }
    }
    plain
}

/// What is said of a file with more than `largest` bytes.
pub fn too_large(largest: u64) -> io::Error {
    let size = if largest.is_multiple_of(1 << 20) { format!("{} MB", largest >> 20) } else { crate::counted(largest, "byte") };
    io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {size}"))
}

/// A path that could not be read.
#[derive(Debug)]
pub struct ReadError {
    /// The path as it was given or found.
    pub path: PathBuf,
    /// What the system said.
    pub error: io::Error,
}

impl ReadError {
    /// For `map_err`: the error of this path.
    pub fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self { path, error }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self.error.kind() {
            io::ErrorKind::NotFound => "name an existing file or directory, or `-` for standard input",
            io::ErrorKind::FileTooLarge => "look at what it is; `--max-file-size` lets larger files be read",
            io::ErrorKind::PermissionDenied => "run this as somebody who may read it",
            _ => "name a file or directory that can be read",
        }
    }
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
    if reader.entry(path).map_err(ReadError::at(path))? != Entry::Directory {
        return Ok(vec![path.to_owned()]);
    }
    let listed = reader.list(path).map_err(ReadError::at(path))?;
    let mut names: Vec<PathBuf> = listed.into_iter().map(|listed| listed.name).collect();
    names.retain(|name| is_configuration_name(&name.to_string_lossy()));
    names.sort_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
    let mut files = Vec::new();
    for name in names {
        let file = path.join(name);
        if reader.entry(&file).map_err(ReadError::at(&file))? == Entry::File {
            files.push(file);
        }
    }
    Ok(files)
}

/// The files of a directory that are named as configurations are, and that HAProxy does not read: it reads `*.cfg` alone. What
/// cannot be listed has none.
pub fn overlooked_files(reader: &dyn FileReader, directory: &Path) -> Vec<PathBuf> {
    let listed = reader.list(directory).unwrap_or_default().into_iter().filter(|listed| listed.entry == Entry::File);
    let mut names: Vec<PathBuf> = listed.map(|listed| listed.name).collect();
    names.retain(|name| name.extension().is_some_and(|extension| extension == "conf" || extension == "haproxy"));
    names.sort();
    names
}

fn is_configuration_name(name: &str) -> bool {
    !name.starts_with('.') && name.find(".cfg").is_some_and(|at| at + 4 == name.len())
}

impl SourceFile {
    /// Reads the file at `path` and names it as it was given.
    ///
    /// # Errors
    /// If it cannot be read, or is larger than `largest` bytes.
    pub fn read(reader: &dyn FileReader, path: &Path, by: By, largest: u64) -> Result<Self, ReadError> {
        let bytes = reader.read(path, by, largest).map_err(ReadError::at(path))?;
        Ok(Self::new(path.to_string_lossy(), bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Memory, *};

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
