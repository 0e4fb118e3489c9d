//! Text that is not saved yet, over the files that are.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
};

use super::{By, Entry, FileReader, Listed, memory::listed, reader::too_large};

/// The files that an editor has open, over any reader: what it shows counts, saved or not, and under every spelling of its path.
///
/// ```
/// use haproxy_lint::source::{By, FileReader, Memory, Overlay};
/// let overlay = Overlay::over(Memory::new().with("haproxy.cfg", "global\n"));
/// overlay.open("haproxy.cfg".as_ref(), "defaults\n");
/// assert_eq!(overlay.read("./haproxy.cfg".as_ref(), By::Repository, 1 << 20).unwrap(), b"defaults\n");
/// overlay.close("haproxy.cfg".as_ref());
/// assert_eq!(overlay.read("haproxy.cfg".as_ref(), By::Repository, 1 << 20).unwrap(), b"global\n");
/// ```
#[derive(Debug, Default)]
pub struct Overlay<R> {
    below: R,
    /// By their paths from the root, links followed.
    texts: RwLock<BTreeMap<PathBuf, Arc<[u8]>>>,
}

impl<R: FileReader> Overlay<R> {
    /// Nothing is open yet.
    pub fn over(below: R) -> Self {
        Self { below, texts: RwLock::default() }
    }

    /// From now on the file has this text. Whoever reads at the same time sees the old one or the new one.
    pub fn open(&self, path: &Path, text: impl AsRef<[u8]>) {
        let (path, text) = (self.below.whole(path), Arc::from(text.as_ref()));
        self.texts.write().unwrap_or_else(PoisonError::into_inner).insert(path, text);
    }

    /// From now on the file is again what it is below.
    pub fn close(&self, path: &Path) {
        let path = self.below.whole(path);
        self.texts.write().unwrap_or_else(PoisonError::into_inner).remove(&path);
    }

    fn texts(&self) -> RwLockReadGuard<'_, BTreeMap<PathBuf, Arc<[u8]>>> {
        self.texts.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// What `path` is among the texts; nothing is asked below where there is none.
    fn own(&self, path: &Path) -> Option<Entry> {
        let texts = self.texts();
        if texts.is_empty() {
            return None;
        }
        let path = self.below.whole(path);
        let (file, _) = texts.range(path.clone()..).next().filter(|(file, _)| file.starts_with(&path))?;
        Some(if *file == path { Entry::File } else { Entry::Directory })
    }
}

impl<R: FileReader> FileReader for Overlay<R> {
    fn here(&self) -> PathBuf {
        self.below.here()
    }

    fn read(&self, path: &Path, by: By, largest: u64) -> io::Result<Vec<u8>> {
        let text = if self.texts().is_empty() { None } else { self.texts().get(&self.below.whole(path)).cloned() };
        match text {
            Some(text) if text.len() as u64 > largest => Err(too_large(largest)),
            Some(text) => Ok(text.to_vec()),
            None => self.below.read(path, by, largest),
        }
    }

    fn entry(&self, path: &Path) -> io::Result<Entry> {
        self.own(path).map_or_else(|| self.below.entry(path), Ok)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Listed>> {
        let own = if self.own(path) == Some(Entry::Directory) { listed(self.texts().keys(), &self.below.whole(path)) } else { Vec::new() };
        let mut found = match self.below.list(path) {
            Err(_) if !own.is_empty() => Vec::new(),
            found => found?,
        };
        let new: Vec<Listed> = own.into_iter().filter(|own| !found.iter().any(|known| known.name == own.name)).collect();
        found.extend(new);
        Ok(found)
    }

    fn real(&self, path: &Path) -> io::Result<PathBuf> {
        self.below.real(path).or_else(|error| self.own(path).map(|_| self.below.whole(path)).ok_or(error))
    }

    fn ignored_everywhere(&self) -> Vec<String> {
        self.below.ignored_everywhere()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::configuration_files, *};
    use crate::source::Memory;

    fn names(overlay: &Overlay<Memory>, folder: &str) -> Vec<String> {
        configuration_files(overlay, Path::new(folder)).unwrap().iter().map(|file| file.display().to_string()).collect()
    }

    fn text(overlay: &Overlay<Memory>, path: &str) -> Option<String> {
        overlay.read(Path::new(path), By::Repository, 64).ok().and_then(|bytes| String::from_utf8(bytes).ok())
    }

    #[test]
    fn open_files_hide_those_below() {
        let overlay = Overlay::over(Memory::new().with("d/a.cfg", "a").with("d/b.cfg", "b"));
        overlay.open(Path::new("d/../d/a.cfg"), "new");
        assert_eq!((text(&overlay, "/d/a.cfg"), text(&overlay, "d/b.cfg")), (Some("new".to_owned()), Some("b".to_owned())));
        assert_eq!(names(&overlay, "d"), ["d/a.cfg", "d/b.cfg"]);
        overlay.close(Path::new("d/a.cfg"));
        assert_eq!(text(&overlay, "d/a.cfg").as_deref(), Some("a"));
    }

    #[test]
    fn files_that_are_nowhere_yet_are_there() {
        let overlay = Overlay::over(Memory::new().with("d/b.cfg", "b"));
        overlay.open(Path::new("d/a.cfg"), "a");
        overlay.open(Path::new("new/deep/c.cfg"), "c");
        assert_eq!(names(&overlay, "d"), ["d/a.cfg", "d/b.cfg"]);
        assert_eq!(overlay.entry(Path::new("new")).unwrap(), Entry::Directory);
        assert_eq!(overlay.list(Path::new("new")).unwrap(), [Listed { name: "deep".into(), entry: Entry::Directory }]);
        assert_eq!(overlay.real(Path::new("new/deep/c.cfg")).unwrap(), Path::new("/new/deep/c.cfg"));
        assert!(overlay.real(Path::new("new/other")).is_err() && overlay.list(Path::new("nope")).is_err());
        overlay.close(Path::new("d/a.cfg"));
        assert_eq!(names(&overlay, "d"), ["d/b.cfg"]);
    }

    #[test]
    fn text_that_is_too_large_is_not_given() {
        let overlay = Overlay::over(Memory::new());
        overlay.open(Path::new("a.cfg"), "x".repeat(65));
        let error = overlay.read(Path::new("a.cfg"), By::User, 64).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }
}
