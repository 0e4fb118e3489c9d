//! The journal of a run that writes files: with it the next run finishes or undoes what a killed one has begun.
//!
//! The new texts are prepared first. Until the journal has its last line, every file is as it was, and a run that finds such a
//! journal throws the new texts away. With the last line all new texts are there, and a run that finds it puts the rest of them
//! into their places.
//!
//! Whoever can write a journal says what is written. So it is never in the folders that are checked, which may be a stranger's.

mod entry;
mod keep;
mod state;

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use entry::Entry;

use crate::{
    error::{Error, Result},
    live::files::real,
    output,
};

/// Where earlier versions had their journal, in the folder of the first file. It may have come with the folder.
const IN_TREE: &str = ".haproxy-lint-journal";
/// How the last line begins; the numbers of the files follow that are written where they are.
const COMPLETE: &str = "complete";

/// A text that is to stand in the place of another.
pub(crate) struct Replacement {
    pub(crate) target: PathBuf,
    pub(crate) before: Vec<u8>,
    pub(crate) after: Vec<u8>,
}

/// A journal that this run holds: nobody else writes in the meantime.
struct Journal {
    path: PathBuf,
    file: File,
    entries: Vec<Entry>,
}

/// Writes all of it, or nothing.
pub(crate) fn write(replacements: &[Replacement]) -> Result<()> {
    let Some(folder) = replacements.first().and_then(|r| r.target.parent()) else { return Ok(()) };
    let path = state::journal(folder)?;
    let entry = |(number, replacement)| Entry::new(replacement, &path, number);
    let entries = replacements.iter().enumerate().map(entry).collect::<Result<_>>()?;
    let mut journal = Journal::begin(path, entries)?;
    match journal.prepare(replacements).and_then(|()| journal.complete()) {
        Ok(()) => journal.finish(),
        Err(error) => {
            journal.forget();
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
        // Between its creation and its lock another run may have taken it for one that was left behind.
        if lock(&file).is_err() || !is_at(&file, &path) {
            return Err(busy(&path));
        }
        let mut journal = Self { path: path.clone(), file, entries };
        let text: String = journal.entries.iter().map(Entry::to_line).collect();
        if let Err(error) = journal.file.write_all(text.as_bytes()).and_then(|()| journal.file.sync_all()) {
            let _ = fs::remove_file(&journal.path);
            return Err(failed(error));
        }
        sync_folder(&journal.path);
        Ok(journal)
    }

    fn prepare(&mut self, replacements: &[Replacement]) -> Result<()> {
        for (entry, replacement) in self.entries.iter_mut().zip(replacements) {
            entry.prepare(replacement).map_err(|error| Error::write(&entry.target, &error))?;
        }
        Ok(())
    }

    /// From here on the run is finished, by this program or by the next one.
    fn complete(&mut self) -> Result<()> {
        for entry in &self.entries {
            if !entry.is_before().map_err(|error| Error::write(&entry.target, &error))? {
                let message = format!("`{}` has changed while it was checked, so nothing was written", entry.target.display());
                return Err(Error::new(message, "run the program again"));
            }
        }
        let in_place = self.entries.iter().enumerate().filter(|(_, entry)| entry.in_place);
        let last: String = in_place.map(|(number, _)| format!(" {number}")).collect();
        let written = self.file.write_all(format!("{COMPLETE}{last}\n").as_bytes()).and_then(|()| self.file.sync_all());
        written.map_err(|error| Error::write(&self.path, &error))
    }

    fn finish(self) -> Result<()> {
        // Those first that may find no room: they can be given their old texts again as long as nothing was renamed.
        let (in_place, beside): (Vec<&Entry>, Vec<&Entry>) = self.entries.iter().partition(|entry| entry.in_place);
        let mut changed = Vec::new();
        let mut put = |entry: &Entry| -> Result<()> {
            if !entry.put()? {
                changed.push(format!("`{}`", entry.target.display()));
            }
            Ok(())
        };
        if let Err(error) = in_place.iter().try_for_each(|entry| put(entry)) {
            in_place.iter().for_each(|entry| entry.restore());
            self.forget();
            return Err(error);
        }
        beside.into_iter().try_for_each(put)?;
        self.entries.iter().for_each(|entry| sync_folder(&entry.target));
        self.forget();
        if changed.is_empty() {
            return Ok(());
        }
        Err(Error::new(format!("{} changed meanwhile, so it was not written", changed.join(", ")), "run the program again"))
    }

    /// Removes the journal, and what was prepared and is not in its place.
    fn forget(self) {
        self.entries.iter().for_each(Entry::tidy);
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
    for folder in folders {
        let old = folder.join(IN_TREE);
        if old.is_symlink() || old.exists() {
            output::note(&format!("`{}` is not obeyed: journals are kept outside of what is checked; remove it", old.display()));
        }
        for path in state::left(&folder) {
            if write {
                recover_one(&path)?;
            } else {
                output::note(&format!("a run was killed while it wrote files: `{}`; `--fix` finishes or undoes that", path.display()));
            }
        }
    }
    Ok(())
}

fn recover_one(path: &Path) -> Result<()> {
    let failed = |error: io::Error| Error::write(path, &error);
    if let Err(error) = state::is_ours(path) {
        return if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(failed(error)) };
    }
    let mut file = match OpenOptions::new().read(true).write(true).open(path) {
        // Its run has come to its end meanwhile.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        file => file.map_err(failed)?,
    };
    if lock(&file).is_err() {
        return Err(busy(path));
    }
    if !is_at(&file, path) {
        return Ok(());
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(failed)?;
    // A line that was cut off names nothing that was written.
    let mut entries: Vec<Entry> = Vec::new();
    for line in text.lines() {
        entries.extend(Entry::from_line(line, path, entries.len()));
    }
    let last = text.lines().last().filter(|_| text.ends_with('\n')).and_then(|line| line.strip_prefix(COMPLETE));
    for number in last.into_iter().flat_map(str::split_whitespace).filter_map(|number| number.parse::<usize>().ok()) {
        entries.get_mut(number).into_iter().for_each(|entry| entry.in_place = true);
    }
    let names = entries.iter().map(|e| format!("`{}`", e.target.display())).collect::<Vec<_>>().join(", ");
    let journal = Journal { path: path.to_owned(), file, entries };
    if last.is_some() {
        journal.finish()?;
        output::note(&format!("finished what a killed run had begun to write: {names}"));
    } else {
        journal.forget();
        output::note(&format!("undid what a killed run had begun, before it wrote anything: {names}"));
    }
    Ok(())
}

/// A file that nobody else reads.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn lock(file: &File) -> io::Result<()> {
    rustix::fs::flock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive).map_err(io::Error::from)
}

/// Whether the file is still the one of this name.
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = |there: fs::Metadata, here: fs::Metadata| (there.dev(), there.ino()) == (here.dev(), here.ino());
    fs::symlink_metadata(path).is_ok_and(|there| file.metadata().is_ok_and(|here| same(there, here)))
}

/// Lets the names in the folder of a file survive a loss of power.
fn sync_folder(file: &Path) {
    if let Some(Ok(folder)) = file.parent().map(File::open) {
        let _ = folder.sync_all();
    }
}
