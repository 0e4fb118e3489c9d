//! `--fix` and `--diff`: the corrected files, written or shown.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use haproxy_lint::{
    check::Report,
    finding::Applicability,
    fix::{Dropped, MAX_ROUNDS, fix},
    shown::{self, Form},
    source::Sources,
};
use similar::TextDiff;

use super::{
    check::Done,
    journal::{self, Replacement},
};
use crate::{
    cli::Check,
    error::{Error, Result},
    output,
};

/// A file that fixes have changed.
pub(crate) struct Change {
    /// The path as it was given.
    pub(crate) name: String,
    pub(crate) before: Vec<u8>,
    pub(crate) after: Vec<u8>,
}

/// What became of the fixes of a configuration.
#[derive(Default)]
pub(crate) struct Mended {
    pub(crate) changes: Vec<Change>,
    applied: usize,
    dropped: Vec<Dropped>,
    unfinished: bool,
}

impl Mended {
    /// Files that were changed otherwise than by fixes.
    pub(crate) fn by_hand(changes: Vec<Change>) -> Self {
        Self { changes, ..Self::default() }
    }
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
        errors.extend(print_patches(changes().map(|c| patch(&c.name, Some(&c.before), &c.after))).err());
    } else {
        errors.extend(write_all(changes().filter(|c| c.name != options.stdin_filename)).err());
        if is_filter(options) {
            let input = done.iter().flat_map(|d| d.sources.files()).find(|f| f.name() == options.stdin_filename);
            errors.extend(input.and_then(|file| output::to_stdout(Form::Raw, |out| out.write_all(file.bytes())).err()));
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
pub(crate) fn patch(name: &str, before: Option<&[u8]>, after: &[u8]) -> Vec<u8> {
    let name = shown::line(name.trim_start_matches("./").trim_start_matches('/'));
    let from = if before.is_some() { format!("a/{name}") } else { "/dev/null".to_owned() };
    let mut patch = Vec::new();
    let diff = TextDiff::from_lines(before.unwrap_or_default(), after);
    // Hunk by hunk: together they would be taken for UTF-8. Memory takes everything.
    for hunk in diff.unified_diff().iter_hunks() {
        if patch.is_empty() {
            let _ = write!(patch, "--- {from}\n+++ b/{name}\n");
        }
        let _ = hunk.to_writer(&mut patch);
    }
    patch
}

/// Prints patches. A log is no place for control characters: where there are some in these lines, they are shown otherwise.
pub(crate) fn print_patches(patches: impl Iterator<Item = Vec<u8>>) -> Result<()> {
    let patch = patches.collect::<Vec<_>>().concat();
    let mut inert = Vec::new();
    let _ = shown::inert(output::TEXT, &mut inert, |out| out.write_all(&patch));
    if inert != patch {
        output::note(
            "the patch shows characters that do something to a terminal or a log in another way, so it does not apply; write files instead of it",
        );
    }
    output::to_stdout(output::TEXT, |out| out.write_all(&patch))
}

/// All of it, or nothing: the journal knows what to do if the program is killed on its way.
pub(crate) fn write_all<'a>(changes: impl Iterator<Item = &'a Change>) -> Result<()> {
    let replacements: Vec<Replacement> = changes.map(replacement).collect::<Result<_>>()?;
    journal::write(&replacements)
}

/// What is written where: behind a link the file that it leads to, and nothing that is read-only.
fn replacement(change: &Change) -> Result<Replacement> {
    let given = Path::new(&change.name);
    let failed = |error: io::Error| Error::write(given, &error);
    let target = fs::canonicalize(given).map_err(failed)?;
    if given.is_symlink() {
        output::note(&format!("`{}` is a link: `{}` is written", given.display(), target.display()));
    }
    if fs::metadata(&target).map_err(failed)?.permissions().readonly() {
        return Err(Error::write(given, &io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only")));
    }
    Ok(Replacement { target, before: change.before.clone(), after: change.after.clone() })
}
