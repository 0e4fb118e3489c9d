//! The journal of a run that writes files: with it the next run finishes or undoes what a killed one has begun.
//!
//! The new texts are written beside their places first. Until the journal has its last line, every file is as it was, and a run
//! that finds such a journal throws the new texts away. With the last line all new texts are there, and a run that finds it puts
//! the rest of them into their places.

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::jobs::real;
use crate::{
    error::{Error, Result},
    output,
};

/// The journal's name, in the folder of the first file that is written.
const NAME: &str = ".haproxy-lint-journal";
/// Its last line.
const COMPLETE: &str = "complete";

/// A text that is to stand in the place of another.
pub(crate) struct Replacement {
    pub(crate) target: PathBuf,
    pub(crate) before: Vec<u8>,
    pub(crate) after: Vec<u8>,
}

/// A file that a run writes.
struct Entry {
    target: PathBuf,
    /// Where its new text is until then.
    new: PathBuf,
    before: Mark,
    after: Mark,
}

/// What a text is known by.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Mark {
    len: u64,
    hash: u64,
}

impl Mark {
    /// By FNV-1a: whoever changes a file means no harm to its mark.
    fn of(text: &[u8]) -> Self {
        let hash = text.iter().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3));
        Self { len: text.len() as u64, hash }
    }

    fn to_json(self) -> Value {
        json!([self.len, self.hash])
    }

    fn from_json(value: &Value) -> Option<Self> {
        Some(Self { len: value.get(0)?.as_u64()?, hash: value.get(1)?.as_u64()? })
    }
}

impl Entry {
    fn new(replacement: &Replacement) -> Result<Self> {
        let target = replacement.target.clone();
        let plain = target.to_str().and_then(|_| target.file_name()?.to_str());
        let Some(name) = plain else {
            return Err(Error::new(format!("`{}` is not written: its name is not UTF-8", target.display()), "give it another name"));
        };
        let new = target.with_file_name(format!(".{name}.haproxy-lint-new"));
        Ok(Self { target, new, before: Mark::of(&replacement.before), after: Mark::of(&replacement.after) })
    }

    fn to_line(&self) -> String {
        let path = |p: &Path| p.to_str().map(str::to_owned);
        let line =
            json!({"target": path(&self.target), "new": path(&self.new), "before": self.before.to_json(), "after": self.after.to_json()});
        format!("{line}\n")
    }

    fn from_line(line: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(line).ok()?;
        let path = |key: &str| value.get(key).and_then(Value::as_str).map(PathBuf::from);
        let mark = |key: &str| value.get(key).and_then(Mark::from_json);
        Some(Self { target: path("target")?, new: path("new")?, before: mark("before")?, after: mark("after")? })
    }

    /// What stands in its place now.
    fn now(&self) -> io::Result<Mark> {
        fs::read(&self.target).map(|text| Mark::of(&text))
    }

    /// Puts the new text into its place; `false` where somebody has changed the old one.
    fn put(&self) -> Result<bool> {
        let failed = |error: io::Error| Error::write(&self.target, &error);
        let now = self.now().map_err(failed)?;
        let there = now == self.after;
        let free = !there && now == self.before && fs::read(&self.new).is_ok_and(|text| Mark::of(&text) == self.after);
        if free {
            fs::rename(&self.new, &self.target).map_err(failed)?;
        } else {
            let _ = fs::remove_file(&self.new);
        }
        Ok(there || free)
    }
}

/// A journal that this run holds: nobody else writes in the meantime.
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    entries: Vec<Entry>,
}

/// Writes all of it, or nothing.
pub(crate) fn write(replacements: &[Replacement]) -> Result<()> {
    let entries: Vec<Entry> = replacements.iter().map(Entry::new).collect::<Result<_>>()?;
    let Some(folder) = entries.first().and_then(|e| e.target.parent()) else { return Ok(()) };
    let mut journal = Journal::begin(folder.join(NAME), entries)?;
    let complete = journal.prepare(replacements).and_then(|()| journal.complete());
    match complete {
        Ok(()) => journal.finish(),
        Err(error) => {
            journal.undo();
            Err(error)
        }
    }
}

impl Journal {
    fn begin(path: PathBuf, entries: Vec<Entry>) -> Result<Self> {
        let failed = |error: io::Error| Error::write(&path, &error);
        let file = match private().create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(busy(&path)),
            file => file.map_err(failed)?,
        };
        let mut journal = Self { path: path.clone(), file, entries };
        let text: String = journal.entries.iter().map(Entry::to_line).collect();
        let written = lock(&journal.file).and_then(|()| journal.file.write_all(text.as_bytes())).and_then(|()| journal.file.sync_all());
        if let Err(error) = written {
            let _ = fs::remove_file(&journal.path);
            return Err(failed(error));
        }
        sync_folder(&journal.path);
        Ok(journal)
    }

    /// Writes every new text beside its place, with mode and owner of the old one.
    fn prepare(&self, replacements: &[Replacement]) -> Result<()> {
        for (entry, replacement) in self.entries.iter().zip(replacements) {
            let prepared = || {
                let metadata = fs::metadata(&entry.target)?;
                let _ = fs::remove_file(&entry.new);
                let mut file = private().create_new(true).open(&entry.new)?;
                file.write_all(&replacement.after)?;
                file.set_permissions(metadata.permissions())?;
                keep_owner(&file, &metadata)?;
                file.sync_all()
            };
            prepared().map_err(|error| Error::write(&entry.target, &error))?;
        }
        Ok(())
    }

    /// From here on the run is finished, by this program or by the next one.
    fn complete(&mut self) -> Result<()> {
        for entry in &self.entries {
            if entry.now().map_err(|error| Error::write(&entry.target, &error))? != entry.before {
                let message = format!("`{}` has changed while it was checked, so nothing was written", entry.target.display());
                return Err(Error::new(message, "run the program again"));
            }
        }
        let last = format!("{COMPLETE}\n");
        let written = self.file.write_all(last.as_bytes()).and_then(|()| self.file.sync_all());
        written.map_err(|error| Error::write(&self.path, &error))
    }

    fn finish(self) -> Result<()> {
        let mut changed = Vec::new();
        for entry in &self.entries {
            if !entry.put()? {
                changed.push(format!("`{}`", entry.target.display()));
            }
        }
        self.entries.iter().for_each(|entry| sync_folder(&entry.target));
        self.forget();
        if changed.is_empty() {
            return Ok(());
        }
        Err(Error::new(format!("{} changed meanwhile, so it was not written", changed.join(", ")), "run the program again"))
    }

    fn undo(self) {
        self.entries.iter().for_each(|entry| {
            let _ = fs::remove_file(&entry.new);
        });
        self.forget();
    }

    fn forget(self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn busy(path: &Path) -> Error {
    let message = format!("another run writes here at the moment: `{}` is there", path.display());
    Error::new(message, "wait for it; a journal that nobody holds is finished or undone by the next `--fix`")
}

/// Finishes or undoes what killed runs have left in the folders of these files. Without `write` it is only told.
pub(crate) fn recover<'p>(files: impl Iterator<Item = &'p Path>, write: bool) -> Result<()> {
    let folders: BTreeSet<PathBuf> = files.filter_map(|file| real(file).parent().map(Path::to_owned)).collect();
    for path in folders.iter().map(|folder| folder.join(NAME)).filter(|path| path.exists()) {
        if write {
            recover_one(&path)?;
        } else {
            output::note(&format!("a run was killed while it wrote files: `{}`; `--fix` finishes or undoes that", path.display()));
        }
    }
    Ok(())
}

fn recover_one(path: &Path) -> Result<()> {
    let failed = |error: io::Error| Error::write(path, &error);
    let mut file = match OpenOptions::new().read(true).write(true).open(path) {
        // Its run has come to its end meanwhile.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        file => file.map_err(failed)?,
    };
    if lock(&file).is_err() {
        return Err(busy(path));
    }
    let mut text = String::new();
    file.rewind().and_then(|()| file.read_to_string(&mut text)).map_err(failed)?;
    let complete = text.lines().last() == Some(COMPLETE) && text.ends_with('\n');
    // A line that was cut off names nothing that was written.
    let entries: Vec<Entry> = text.lines().filter_map(Entry::from_line).collect();
    let journal = Journal { path: path.to_owned(), file, entries };
    let names: Vec<String> = journal.entries.iter().map(|e| format!("`{}`", e.target.display())).collect();
    let names = names.join(", ");
    if complete {
        journal.finish()?;
        output::note(&format!("finished what a killed run had begun to write: {names}"));
    } else {
        journal.undo();
        output::note(&format!("undid what a killed run had begun, before it wrote anything: {names}"));
    }
    Ok(())
}

/// A file that nobody else reads until it has the mode of the one it replaces.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
fn lock(file: &File) -> io::Result<()> {
    rustix::fs::flock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive).map_err(io::Error::from)
}

#[cfg(not(unix))]
fn lock(_: &File) -> io::Result<()> {
    Ok(())
}

/// Lets the names in the folder of a file survive a loss of power.
fn sync_folder(file: &Path) {
    #[cfg(unix)]
    if let Some(Ok(folder)) = file.parent().map(File::open) {
        let _ = folder.sync_all();
    }
}

#[cfg(unix)]
fn keep_owner(file: &File, of: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let now = file.metadata()?;
    if (now.uid(), now.gid()) == (of.uid(), of.gid()) { Ok(()) } else { fchown(file, Some(of.uid()), Some(of.gid())) }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}
