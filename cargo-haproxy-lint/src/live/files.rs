//! What is read and written of the file system when the files may be a stranger's: what the user names, and beyond that
//! regular files within the repository, never more of them than fits.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf, absolute},
    sync::atomic::{AtomicU64, Ordering},
};

use haproxy_lint::source::ReadError;
use rustix::fs::OFlags;

use crate::error::{Error, Result};

/// The largest file of settings or variables.
pub(crate) const SETTINGS: u64 = 1 << 20;

/// The largest of all other files: one limit for the whole run, which `--max-file-size` sets before anything is read.
static LARGEST: AtomicU64 = AtomicU64::new(64 << 20);

/// Sets how large files may be.
pub(crate) fn limit(bytes: u64) {
    LARGEST.store(bytes, Ordering::Relaxed);
}

/// How large files may be.
pub(crate) fn largest() -> u64 {
    LARGEST.load(Ordering::Relaxed)
}

/// Who names a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The command line: also a pipe such as `<(…)`.
    User,
    /// A folder, settings, a manifest: only regular files.
    Repository,
}

/// The bytes of a file of at most `largest` bytes.
pub(crate) fn read(path: &Path, by: By, largest: u64) -> std::result::Result<Vec<u8>, ReadError> {
    let fail = |error| ReadError { path: path.to_owned(), error };
    let mut open = OpenOptions::new();
    open.read(true);
    if by == By::Repository {
        // A pipe that nobody writes into would wait for good.
        open.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed());
    }
    let file = open.open(path).map_err(fail)?;
    let data = file.metadata().map_err(fail)?;
    if by == By::Repository && !data.is_file() && !data.is_dir() {
        return Err(fail(io::Error::other("it is no regular file, and nobody named it on the command line")));
    }
    // What is known to be too large is not even begun.
    if data.is_file() && data.len() > largest {
        return Err(fail(too_large(largest)));
    }
    bounded(file, largest).map_err(fail)
}

/// A text of at most `largest` bytes.
pub(crate) fn text(path: &Path, by: By, largest: u64) -> std::result::Result<String, ReadError> {
    let fail =
        |_| ReadError { path: path.to_owned(), error: io::Error::new(io::ErrorKind::InvalidData, "stream did not contain valid UTF-8") };
    String::from_utf8(read(path, by, largest)?).map_err(fail)
}

/// All that `from` gives, if that is not too much.
pub(crate) fn bounded(from: impl Read, largest: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(largest.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > largest { Err(too_large(largest)) } else { Ok(bytes) }
}

fn too_large(largest: u64) -> io::Error {
    let size = if largest.is_multiple_of(1 << 20) { format!("{} MB", largest >> 20) } else { format!("{largest} bytes") };
    io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {size}"))
}

/// The places that may be read without being named.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fence {
    roots: Vec<PathBuf>,
    /// Everything may be.
    open: bool,
}

impl Fence {
    /// Around the repositories that `folders` and files stand in; an `open` one holds nothing back.
    pub(crate) fn around<'p>(paths: impl IntoIterator<Item = &'p Path>, open: bool) -> Self {
        Self { roots: paths.into_iter().map(repository).collect(), open }
    }

    /// Also lets in what the user names.
    pub(crate) fn and<'p>(mut self, named: impl IntoIterator<Item = &'p PathBuf>) -> Self {
        self.roots.extend(named.into_iter().filter_map(|path| path.canonicalize().ok()));
        self
    }

    /// Whether `path` leads out of it. What git keeps for itself, with the passwords in it, is outside as well. Where nobody
    /// can tell where something leads that is there, it leads out.
    pub(crate) fn keeps_out(&self, path: &Path) -> bool {
        let is_in =
            |real: &Path, root: &PathBuf| real.strip_prefix(root).is_ok_and(|rest| rest.components().all(|c| c.as_os_str() != ".git"));
        !self.open && path.canonicalize().map_or_else(|_| path.exists(), |real| !self.roots.iter().any(|root| is_in(&real, root)))
    }

    /// An error where `path` leads out of it.
    pub(crate) fn check(&self, path: &Path, whose: &str) -> Result<()> {
        if !self.keeps_out(path) {
            return Ok(());
        }
        let message = format!("`{}`, which {whose} names, lies outside the repository, so it is not read", path.display());
        Err(Error::new(message, "name it on the command line if you trust it, or add `--allow-outside`"))
    }
}

/// The repository that a path stands in: the nearest folder with a `.git`; without one, the folder itself.
pub(crate) fn repository(path: &Path) -> PathBuf {
    let real = path.canonicalize().or_else(|_| absolute(path)).unwrap_or_else(|_| path.to_owned());
    let folder = if real.is_dir() { real.as_path() } else { real.parent().unwrap_or(&real) };
    folder.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(folder).to_owned()
}

/// Refuses to write through a link, or into a folder of the repository that is a link out of it: both may have been put there
/// by somebody else. What the system itself keeps, `/dev/stdout`, is no such link; gives whether `path` is one of those.
pub(crate) fn may_write(path: &Path) -> Result<bool> {
    let refused = |what: &str| {
        let message = format!("`{}` is not written: {what}", path.display());
        Error::new(message, "name a file that is no link, or take the link away")
    };
    let whole = absolute(path).unwrap_or_else(|_| path.to_owned());
    if ["/dev", "/proc"].iter().any(|system| whole.starts_with(system)) {
        return Ok(true);
    }
    if path.is_symlink() {
        return Err(refused("it is a link"));
    }
    let root = repository(Path::new("."));
    let folder = whole.parent().unwrap_or(&whole);
    if folder.starts_with(&root) && folder.canonicalize().is_ok_and(|real| !real.starts_with(&root)) {
        return Err(refused("its folder is a link that leaves the repository"));
    }
    Ok(false)
}

/// Opens a file to write a report into.
pub(crate) fn create(path: &Path) -> Result<File> {
    let mut open = OpenOptions::new();
    open.write(true).create(true).truncate(true);
    if !may_write(path)? {
        // Nobody makes a link of it meanwhile.
        open.custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
    }
    open.open(path).map_err(|error| Error::write(path, &error))
}
