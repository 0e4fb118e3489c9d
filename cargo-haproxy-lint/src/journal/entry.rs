//! One file of a run that writes: its new text takes the place of the old one, by renaming or inside of the same file.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use rustix::fs::OFlags;
use serde_json::{Value, json};

use super::{Replacement, keep};
use crate::error::{Error, Result};

/// A file that a run writes.
pub(super) struct Entry {
    pub(super) target: PathBuf,
    /// The text to be renamed, beside the target. Its name follows from the target's, so that a journal names no other file.
    new: PathBuf,
    before: Mark,
    after: Mark,
    /// The texts of a file that is written where it is.
    kept: Kept,
    pub(super) in_place: bool,
}

/// The old text and the new one, beside the journal.
struct Kept {
    old: PathBuf,
    new: PathBuf,
}

/// What a text is known by.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Mark {
    len: u64,
    hash: u64,
}

/// By FNV-1a: whoever changes a file means no harm to its mark.
pub(super) fn hash(text: &[u8]) -> u64 {
    text.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

impl Mark {
    fn of(text: &[u8]) -> Self {
        Self { len: text.len() as u64, hash: hash(text) }
    }

    fn to_json(self) -> Value {
        json!([self.len, self.hash])
    }

    fn from_json(value: &Value) -> Option<Self> {
        Some(Self { len: value.get(0)?.as_u64()?, hash: value.get(1)?.as_u64()? })
    }
}

impl Entry {
    pub(super) fn new(replacement: &Replacement, journal: &Path, number: usize) -> Result<Self> {
        let target = &replacement.target;
        Self::of(target.clone(), Mark::of(&replacement.before), Mark::of(&replacement.after), journal, number)
            .ok_or_else(|| Error::new(format!("`{}` is not written: its name is not UTF-8", target.display()), "give it another name"))
    }

    fn of(target: PathBuf, before: Mark, after: Mark, journal: &Path, number: usize) -> Option<Self> {
        target.to_str().filter(|_| target.is_absolute())?;
        let new = target.with_file_name(format!(".{}.haproxy-lint-new", target.file_name()?.to_str()?));
        let kept = |which: &str| journal.with_extension(format!("{number}.{which}"));
        Some(Self { target, new, before, after, kept: Kept { old: kept("old"), new: kept("new") }, in_place: false })
    }

    pub(super) fn to_line(&self) -> String {
        format!("{}\n", json!({"target": self.target.to_str(), "before": self.before.to_json(), "after": self.after.to_json()}))
    }

    pub(super) fn from_line(line: &str, journal: &Path, number: usize) -> Option<Self> {
        let value: Value = serde_json::from_str(line).ok()?;
        let target = PathBuf::from(value.get("target")?.as_str()?);
        Self::of(target, Mark::from_json(value.get("before")?)?, Mark::from_json(value.get("after")?)?, journal, number)
    }

    /// Whether the path still leads where it led when it was written down, and not through a link.
    fn is_here(&self) -> bool {
        self.target.parent().is_some_and(|folder| folder.canonicalize().is_ok_and(|real| real == folder))
    }

    /// Writes the new text beside the target, or both texts beside the journal where the file itself has to stay.
    pub(super) fn prepare(&mut self, replacement: &Replacement) -> io::Result<()> {
        // A file that nobody may change is told of before the first one is written.
        let old = open(&self.target, OpenOptions::new().read(true).write(true))?;
        self.in_place = keep::has_other_names(&old.metadata()?);
        if !self.in_place {
            let _ = fs::remove_file(&self.new);
            match write_new(&self.new, &replacement.after).and_then(|new| keep::all(&old, &new)) {
                Ok(true) => return File::open(&self.new)?.sync_all(),
                // Somebody else's file, or a folder or name that takes no other.
                Ok(false) => self.in_place = true,
                Err(error) if is_of_the_folder(&error) => self.in_place = true,
                Err(error) => return Err(error),
            }
            let _ = fs::remove_file(&self.new);
        }
        write_new(&self.kept.old, &replacement.before)?.sync_all()?;
        write_new(&self.kept.new, &replacement.after)?.sync_all()
    }

    /// Whether the old text stands there.
    pub(super) fn is_before(&self) -> io::Result<bool> {
        Ok(Mark::of(&read(&self.target)?) == self.before)
    }

    /// Puts the new text into its place; `false` where somebody has changed the old one.
    pub(super) fn put(&self) -> Result<bool> {
        let failed = |error: io::Error| Error::write(&self.target, &error);
        if !self.is_here() {
            return Ok(false);
        }
        let text = read(&self.target).map_err(failed)?;
        let now = Mark::of(&text);
        if now == self.after {
            // A run that was killed behind its first exchange may have left somebody's text beside ours.
            let theirs = !self.in_place && self.beside().is_some_and(|mark| mark != self.before && mark != self.after);
            return if theirs { self.exchange(self.after).map_err(failed) } else { Ok(true) };
        }
        if self.in_place {
            return self.overwrite(&text).map_err(failed);
        }
        if now != self.before || self.beside() != Some(self.after) {
            return Ok(false);
        }
        self.exchange(self.before).map_err(failed)
    }

    /// Lets the target and the text beside it change places, and looks at what came out. Where that is not what was looked at
    /// before, somebody has saved theirs in between, and it goes back: until nobody has. Whether the new text is in its place.
    fn exchange(&self, mut expected: Mark) -> io::Result<bool> {
        loop {
            let given = self.beside();
            if !exchange(&self.new, &self.target)? {
                // On a file system that knows no exchange: who saves between the look and this loses their text.
                return fs::rename(&self.new, &self.target).map(|()| true);
            }
            if self.beside() == Some(expected) {
                return Ok(given == Some(self.after));
            }
            let Some(given) = given else { return Ok(false) };
            expected = given;
        }
    }

    /// What the text beside the target is known by.
    fn beside(&self) -> Option<Mark> {
        read(&self.new).ok().map(|text| Mark::of(&text))
    }

    /// The same inside of the file. Where that fails, the old text is put back.
    fn overwrite(&self, now: &[u8]) -> io::Result<bool> {
        let (old, new) = (read(&self.kept.old)?, read(&self.kept.new)?);
        let right = Mark::of(&old) == self.before && Mark::of(&new) == self.after;
        if !right || !is_between(now, &old, &new) {
            return Ok(false);
        }
        overwrite(&self.target, &new).inspect_err(|_| {
            let _ = overwrite(&self.target, &old);
        })?;
        Ok(true)
    }

    /// Puts the old text back into a file that was written where it is.
    pub(super) fn restore(&self) {
        let texts = || Some((read(&self.target).ok()?, read(&self.kept.old).ok()?, read(&self.kept.new).ok()?));
        if let Some((_, old, _)) = texts().filter(|(now, old, new)| is_between(now, old, new)) {
            let _ = overwrite(&self.target, &old);
        }
    }

    /// Removes what was prepared.
    pub(super) fn tidy(&self) {
        let beside = self.is_here().then_some(&self.new);
        for text in beside.into_iter().chain([&self.kept.old, &self.kept.new]) {
            let _ = fs::remove_file(text);
        }
    }
}

/// Whether a text is what is left where a run was killed while it wrote `new` over `old`: each byte is of one of them.
fn is_between(now: &[u8], old: &[u8], new: &[u8]) -> bool {
    let lengths = old.len().min(new.len())..=old.len().max(new.len());
    lengths.contains(&now.len()) && now.iter().enumerate().all(|(at, byte)| old.get(at) == Some(byte) || new.get(at) == Some(byte))
}

/// Whether another file may not be made there, while the file itself may be written.
fn is_of_the_folder(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidFilename, PermissionDenied, ReadOnlyFilesystem};
    matches!(error.kind(), PermissionDenied | InvalidFilename | ReadOnlyFilesystem)
}

/// Opens a regular file, and no link.
fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    options.custom_flags(flags.bits() as i32);
    let file = options.open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is no regular file")) }
}

/// Lets two files change their places in one step; `false` where the file system does not know how.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::{
        fs::{CWD, RenameFlags, renameat_with},
        io::Errno,
    };
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
        done => done.map(|()| true).map_err(io::Error::from),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    open(path, OpenOptions::new().read(true))?.read_to_end(&mut text)?;
    Ok(text)
}

/// Writes a file that was not there. Nobody else reads it until it has the mode of the one that it replaces.
fn write_new(path: &Path, text: &[u8]) -> io::Result<File> {
    let mut file = super::private().create_new(true).open(path)?;
    file.write_all(text)?;
    Ok(file)
}

/// Writes a text over another: first its bytes, then its length, so that each moment is known again by `is_between`.
fn overwrite(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = open(path, OpenOptions::new().read(true).write(true))?;
    file.write_all(text)?;
    file.set_len(text.len() as u64)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::{sync::Barrier, thread};

    use super::*;

    /// Beside a folder of its own: an entry whose new text lies beside its target.
    fn prepared(folder: &Path) -> Entry {
        let replacement = Replacement { target: folder.join("f"), before: b"old".to_vec(), after: b"new".to_vec() };
        fs::write(&replacement.target, "old").unwrap();
        let mut entry = Entry::new(&replacement, &folder.join("f.journal"), 0).unwrap();
        entry.prepare(&replacement).unwrap();
        entry
    }

    /// Whether the file system of temporary files lets two of them change places.
    fn exchanges(folder: &Path) -> bool {
        let (one, other) = (folder.join("one"), folder.join("other"));
        [&one, &other].into_iter().for_each(|file| fs::write(file, "").unwrap());
        let does = exchange(&one, &other).unwrap();
        if !does {
            println!("skipped: the file system of `{}` knows no exchange", folder.display());
        }
        does
    }

    #[test]
    fn who_saves_while_a_text_is_put_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        if !exchanges(&folder) {
            return;
        }
        let theirs = folder.join("theirs");
        for round in 0..1_200_u32 {
            let entry = prepared(&folder);
            fs::write(&theirs, format!("theirs {round}")).unwrap();
            let start = Barrier::new(2);
            let wait = |turns: u32| {
                start.wait();
                (0..turns).for_each(|_| std::hint::spin_loop());
            };
            let save = || {
                wait(round % 100 * 30);
                fs::rename(&theirs, &entry.target).unwrap();
            };
            let done = thread::scope(|scope| {
                scope.spawn(save);
                wait(round % 7 * 200);
                entry.put().unwrap()
            });
            entry.tidy();
            assert_eq!(fs::read_to_string(&entry.target).unwrap(), format!("theirs {round}"), "put: {done}");
        }
    }

    #[test]
    fn what_was_taken_out_when_a_run_was_killed_goes_back() {
        let folder = tempfile::tempdir().unwrap();
        if !exchanges(folder.path()) {
            return;
        }
        let entry = prepared(&folder.path().canonicalize().unwrap());
        fs::write(&entry.target, "theirs").unwrap();
        assert!(exchange(&entry.new, &entry.target).unwrap());
        assert!(!entry.put().unwrap());
        entry.tidy();
        assert_eq!(fs::read_to_string(&entry.target).unwrap(), "theirs");
        assert!(!entry.new.exists());
    }
}
