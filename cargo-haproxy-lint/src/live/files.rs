//! What is read and written of the file system when the files may be a stranger's: what the user names, and beyond that
//! regular files, never more of them than fits. What lies within the repository is the library's [`Fence`](haproxy_lint::source::Fence).

use std::{
    fs::{DirEntry, File, FileType, OpenOptions},
    io::{self, Read},
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::{Path, PathBuf, absolute},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use haproxy_lint::{
    source::{By, Entry, FileReader, Listed, ReadError, SETTINGS, too_large},
    threads,
};
use rustix::fs::OFlags;

use crate::error::{Error, Result};

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

/// The disk of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Disk;

impl FileReader for Disk {
    fn here(&self) -> PathBuf {
        std::env::current_dir().unwrap_or_default()
    }

    fn read(&self, path: &Path, by: By, largest: u64) -> io::Result<Vec<u8>> {
        let mut open = OpenOptions::new();
        open.read(true);
        if by == By::Repository {
            // A pipe that nobody writes into would wait for good.
            open.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed());
        }
        let file = open.open(path)?;
        let data = file.metadata()?;
        if by == By::Repository && !data.is_file() && !data.is_dir() {
            return Err(io::Error::other("it is no regular file, and nobody named it on the command line"));
        }
        // What is known to be too large is not even begun.
        if data.is_file() && data.len() > largest {
            return Err(too_large(largest));
        }
        let length = if data.is_file() { data.len() } else { 0 };
        if length >= LARGE && threads::count() > 1 {
            return in_halves(file, largest, length);
        }
        all_of(file, largest, length)
    }

    fn entry(&self, path: &Path) -> io::Result<Entry> {
        Ok(kind(std::fs::metadata(path)?.file_type()))
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Listed>> {
        let listed = |entry: io::Result<DirEntry>| {
            let entry = entry?;
            Ok(Listed { name: PathBuf::from(entry.file_name()), entry: kind(entry.file_type()?) })
        };
        std::fs::read_dir(path)?.map(listed).collect()
    }

    fn real(&self, path: &Path) -> io::Result<PathBuf> {
        path.canonicalize()
    }

    fn ignored_everywhere(&self) -> Vec<String> {
        let file = ignore::gitignore::gitconfig_excludes_path().filter(|path| path.is_file());
        let text = file.and_then(|file| self.read(&file, By::User, SETTINGS).ok());
        text.map(|text| String::from_utf8_lossy(&text).lines().map(str::to_owned).collect()).unwrap_or_default()
    }
}

fn kind(of: FileType) -> Entry {
    match of {
        of if of.is_dir() => Entry::Directory,
        of if of.is_file() => Entry::File,
        of if of.is_symlink() => Entry::Link,
        _ => Entry::Other,
    }
}

/// The disk, as a project wants it.
pub(crate) fn disk() -> Arc<dyn FileReader> {
    Arc::new(Disk)
}

/// The file that a path leads to; the path itself where that cannot be told.
pub(crate) fn real(path: &Path) -> PathBuf {
    Disk.leads_to(path)
}

/// The bytes of a file of at most `largest` bytes.
pub(crate) fn read(path: &Path, by: By, largest: u64) -> std::result::Result<Vec<u8>, ReadError> {
    Disk.read(path, by, largest).map_err(ReadError::at(path))
}

/// A text of at most `largest` bytes.
pub(crate) fn text(path: &Path, by: By, largest: u64) -> std::result::Result<String, ReadError> {
    let fail = |_| ReadError::at(path)(io::Error::new(io::ErrorKind::InvalidData, "stream did not contain valid UTF-8"));
    String::from_utf8(read(path, by, largest)?).map_err(fail)
}

/// All that `from` gives, if that is not too much.
pub(crate) fn bounded(from: impl Read, largest: u64) -> io::Result<Vec<u8>> {
    all_of(from, largest, 0)
}

/// The same of what is about so long: what is read into a list that grows is copied.
fn all_of(from: impl Read, largest: u64, length: u64) -> io::Result<Vec<u8>> {
    // With a byte more, which tells that nothing follows.
    let mut bytes = Vec::with_capacity(usize::try_from(length).map_or(0, |length| length + 1));
    from.take(largest.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > largest { Err(too_large(largest)) } else { Ok(bytes) }
}

/// From how many bytes on two threads read a file: to bring them in takes less time than to touch memory for them.
const LARGE: u64 = 1 << 20;

/// The same of a file that is so long, in two halves at once. Where it has changed meanwhile, the end is what can be read now.
fn in_halves(file: File, largest: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    let half = bytes.len() / 2;
    let (first, second) = bytes.split_at_mut(half);
    let both = std::thread::scope(|scope| {
        let second = scope.spawn(|| file.read_exact_at(second, half as u64));
        file.read_exact_at(first, 0).and(second.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    match both {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return all_of(file, largest, 0),
        done => done?,
    }
    let mut rest = [0; 1];
    if file.read_at(&mut rest, length)? > 0 {
        return all_of(file, largest, length);
    }
    Ok(bytes)
}

/// The repository that a path stands in.
pub(crate) fn repository(path: &Path) -> PathBuf {
    haproxy_lint::source::repository(&Disk, path)
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
