//! Files that are on no disk.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use super::{
    By, Entry, FileReader, Listed,
    reader::{plain, too_large},
};

/// Files that are only in memory, by path. Relative paths begin in the root; there are no links.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// By their paths from the root.
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Memory {
    /// No file.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces the file at `path`.
    #[must_use]
    pub fn with(mut self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(key(path.as_ref()), bytes.into());
        self
    }
}

fn key(path: &Path) -> PathBuf {
    plain(&Path::new("/").join(path))
}

/// What `folder` holds of files at these paths, which are in order: files, and the first folders on the way to others.
pub(super) fn listed<'f>(files: impl Iterator<Item = &'f PathBuf>, folder: &Path) -> Vec<Listed> {
    let below = files.filter_map(|file| file.strip_prefix(folder).ok());
    let mut found: Vec<Listed> = below
        .filter_map(|rest| {
            let mut parts = rest.components();
            let name = PathBuf::from(parts.next()?.as_os_str());
            Some(Listed { name, entry: if parts.next().is_some() { Entry::Directory } else { Entry::File } })
        })
        .collect();
    found.dedup();
    found
}

impl FileReader for Memory {
    fn here(&self) -> PathBuf {
        PathBuf::from("/")
    }

    fn read(&self, path: &Path, _: By, largest: u64) -> io::Result<Vec<u8>> {
        let bytes = self.files.get(&key(path)).ok_or(io::ErrorKind::NotFound)?;
        if bytes.len() as u64 > largest { Err(too_large(largest)) } else { Ok(bytes.clone()) }
    }

    fn entry(&self, path: &Path) -> io::Result<Entry> {
        let path = key(path);
        if self.files.contains_key(&path) {
            return Ok(Entry::File);
        }
        let below = self.files.range(path.clone()..).next().is_some_and(|(file, _)| file.starts_with(&path));
        if below { Ok(Entry::Directory) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Listed>> {
        if self.entry(path)? != Entry::Directory {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok(listed(self.files.keys(), &key(path)))
    }

    fn real(&self, path: &Path) -> io::Result<PathBuf> {
        self.entry(path).map(|_| key(path))
    }
}
