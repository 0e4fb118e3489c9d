//! `--fix` and `--diff`: the corrected files, written or shown.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use haproxy_lint::{
    check::Report,
    finding::Applicability,
    fix::{Dropped, MAX_ROUNDS, fix},
    source::Sources,
};
use similar::TextDiff;
use tempfile::NamedTempFile;

use super::check::Done;
use crate::{
    cli::Check,
    error::{Error, Result},
    output,
};

/// A file that fixes have changed.
pub(crate) struct Change {
    /// The path as it was given.
    pub(super) name: String,
    pub(super) before: Vec<u8>,
    pub(super) after: Vec<u8>,
}

/// What became of the fixes of a configuration.
#[derive(Default)]
pub(crate) struct Mended {
    changes: Vec<Change>,
    applied: usize,
    dropped: Vec<Dropped>,
    unfinished: bool,
}

/// Which fixes are asked for.
fn level(options: &Check) -> Option<Applicability> {
    let level = if options.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    (options.fix || options.diff).then_some(level)
}

/// Makes the fixes that are asked for, in memory.
pub(crate) fn mend(done: Done, options: &Check, check: impl Fn(&Sources) -> Report) -> Done {
    let Some(level) = level(options) else { return done };
    let before: Vec<(String, Vec<u8>)> = done.sources.files().iter().map(|f| (f.name().to_owned(), f.bytes().to_vec())).collect();
    let fixed = fix(done.sources, done.report, level, check);
    let changed = before.into_iter().zip(fixed.sources.files()).filter(|((_, before), file)| before != file.bytes());
    let changes = changed.map(|((name, before), file)| Change { name, before, after: file.bytes().to_vec() }).collect();
    let mended = Mended { changes, applied: fixed.applied, dropped: fixed.dropped, unfinished: fixed.unfinished };
    Done { sources: fixed.sources, report: fixed.report, target: done.target, mended }
}

/// Whether standard input is to come out mended.
pub(crate) fn is_filter(options: &Check) -> bool {
    options.fix && options.paths.iter().any(|path| path.as_os_str() == "-")
}

/// Writes or shows what was mended; gives whether anything was.
pub(crate) fn finish(done: &[Done], options: &Check, errors: &mut Vec<Error>) -> bool {
    if level(options).is_none() {
        return false;
    }
    let known = errors.len();
    let changes = || done.iter().flat_map(|d| &d.mended.changes);
    if options.diff {
        let patch: String = changes().map(patch).collect();
        errors.extend(output::to_stdout(|out| out.write_all(patch.as_bytes())).err());
    } else {
        errors.extend(write_all(changes().filter(|c| c.name != options.stdin_filename)).err());
        if is_filter(options) {
            let input = done.iter().flat_map(|d| d.sources.files()).find(|f| f.name() == options.stdin_filename);
            errors.extend(input.and_then(|file| output::to_stdout(|out| out.write_all(file.bytes())).err()));
        }
    }
    let written = errors.len() == known;
    for mended in done.iter().map(|d| &d.mended) {
        tell(mended, written && !options.diff);
    }
    changes().next().is_some()
}

fn tell(mended: &Mended, written: bool) {
    if mended.applied > 0 && written {
        let plural = if mended.applied == 1 { "" } else { "s" };
        output::note(&format!("mended {} finding{plural} in {}", mended.applied, names(&mended.changes)));
    }
    let (faults, guesses): (Vec<_>, Vec<_>) = mended.dropped.iter().partition(|d| d.applicability == Applicability::Safe);
    if !guesses.is_empty() {
        output::note(&format!("{} more could not be mended: what was probably meant does not fit there", guesses.len()));
    }
    for dropped in faults {
        let place = dropped.place.as_ref().map_or(String::new(), |(file, line)| format!(" at {file}:{line}"));
        output::note(&format!(
            "`{}` was not mended{place}: {}; this is a fault of the rule, please report it",
            dropped.rule, dropped.reason
        ));
    }
    if mended.unfinished {
        output::note(&format!("fixes were still left after {MAX_ROUNDS} rounds; run it again, and report this if it does not end"));
    }
}

fn names(changes: &[Change]) -> String {
    changes.iter().map(|c| format!("`{}`", c.name)).collect::<Vec<_>>().join(", ")
}

/// A patch that `git apply` and `patch -p1` take.
fn patch(change: &Change) -> String {
    let (before, after) = (String::from_utf8_lossy(&change.before), String::from_utf8_lossy(&change.after));
    let name = change.name.trim_start_matches("./").trim_start_matches('/');
    TextDiff::from_lines(before.as_ref(), after.as_ref()).unified_diff().header(&format!("a/{name}"), &format!("b/{name}")).to_string()
}

/// Every file is prepared beside its place before the first one is put there.
pub(super) fn write_all<'a>(changes: impl Iterator<Item = &'a Change>) -> Result<()> {
    let prepared: Vec<(NamedTempFile, PathBuf, &Change)> = changes.map(prepare).collect::<Result<_>>()?;
    for (file, target, change) in prepared {
        let now = fs::read(&target).map_err(|error| Error::write(&target, &error))?;
        if now != change.before {
            let message = format!("`{}` has changed while it was checked, so it was not written", change.name);
            return Err(Error::new(message, "run the program again"));
        }
        file.persist(&target).map_err(|error| Error::write(&target, &error.error))?;
    }
    Ok(())
}

fn prepare(change: &Change) -> Result<(NamedTempFile, PathBuf, &Change)> {
    let given = Path::new(&change.name);
    let failed = |error: io::Error| Error::write(given, &error);
    let target = fs::canonicalize(given).map_err(failed)?;
    if given.is_symlink() {
        output::note(&format!("`{}` is a link: `{}` is written", given.display(), target.display()));
    }
    let metadata = fs::metadata(&target).map_err(failed)?;
    if metadata.permissions().readonly() {
        return Err(Error::write(given, &io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only")));
    }
    let mut file = NamedTempFile::new_in(target.parent().unwrap_or(Path::new("."))).map_err(failed)?;
    file.write_all(&change.after).map_err(failed)?;
    file.as_file().set_permissions(metadata.permissions()).map_err(failed)?;
    keep_owner(&file, &metadata).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    Ok((file, target, change))
}

#[cfg(unix)]
fn keep_owner(file: &NamedTempFile, of: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let now = file.as_file().metadata()?;
    if (now.uid(), now.gid()) == (of.uid(), of.gid()) { Ok(()) } else { fchown(file.as_file(), Some(of.uid()), Some(of.gid())) }
}

#[cfg(not(unix))]
fn keep_owner(_: &NamedTempFile, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}
