//! `--fix` and `--diff`: the corrected files, written or shown.

use std::{
    collections::{HashMap, HashSet},
    mem::take,
    path::{Path, PathBuf},
};

use haproxy_lint::{
    check::Report,
    counted,
    finding::Applicability,
    fix::{Dropped, MAX_ROUNDS, fix},
    shown::Form,
    source::{SourceFile, Sources},
};

use super::{Check, Done};
use crate::{
    changes::{Change, patch, print_patches, write_all},
    error::Error,
    live::files::real,
    output,
};

/// What became of the fixes of a configuration.
#[derive(Default)]
pub(crate) struct Mended {
    pub(crate) changes: Vec<Change>,
    applied: usize,
    dropped: Vec<Dropped>,
    unfinished: bool,
    /// The files as they were and what was found in them: this is shown where the fixes could not be written.
    pub(super) unmended: Option<(Sources, Report)>,
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
pub(crate) fn mend(mut done: Done, options: &Check, check: impl Fn(&Sources) -> Report) -> Done {
    let Some(level) = level(options) else { return done };
    let before: Vec<(String, Vec<u8>)> = done.sources.files().iter().map(|f| (f.name().to_owned(), f.bytes().to_vec())).collect();
    let files = before.iter().map(|(name, bytes)| SourceFile::new(name.as_str(), bytes.clone()));
    let unmended = options.fix.then(|| (Sources::new(files.collect()), done.report.clone()));
    let fixed = fix(take(&mut done.sources), take(&mut done.report), level, check);
    let changed = before.into_iter().zip(fixed.sources.files()).filter(|((_, before), file)| before != file.bytes());
    let changes = changed.map(|((name, before), file)| Change { name, before, after: file.bytes().to_vec() }).collect();
    let mended = Mended { changes, applied: fixed.applied, dropped: fixed.dropped, unfinished: fixed.unfinished, unmended };
    Done { sources: fixed.sources, report: fixed.report, mended, ..done }
}

/// Whether standard input is to come out mended.
pub(crate) fn is_filter(options: &Check) -> bool {
    options.fix && options.paths.iter().any(|path| path.as_os_str() == "-")
}

/// Writes or shows what was mended; gives whether anything was.
pub(crate) fn finish(done: &mut [Done], options: &Check, errors: &mut Vec<Error>) -> bool {
    if level(options).is_none() {
        return false;
    }
    let changed = done.iter().any(|d| !d.mended.changes.is_empty());
    if options.diff {
        let changes = done.iter().flat_map(|d| &d.mended.changes);
        errors.extend(print_patches(changes.map(|c| patch(&c.name, Some(&c.before), &c.after))).err());
        done.iter().for_each(|d| tell(d, options, true));
        return changed;
    }
    let written = write_each(done, options, errors);
    if is_filter(options) {
        let input = done.iter().flat_map(|d| d.sources.files()).find(|f| f.name() == options.stdin_filename);
        errors.extend(input.and_then(|file| output::to_stdout(Form::Raw, |out| out.write_all(file.bytes())).err()));
    }
    for (d, written) in done.iter_mut().zip(written) {
        tell(d, options, written);
        if let Some(unmended) = d.mended.unmended.take().filter(|_| !written) {
            (d.sources, d.report) = unmended;
        }
    }
    changed
}

/// Writes what was mended, all of it or nothing; says of each configuration whether it is as it was mended now. One that would
/// mend a file otherwise than one before it does waits for the next run.
fn write_each(done: &[Done], options: &Check, errors: &mut Vec<Error>) -> Vec<bool> {
    let mut texts: HashMap<PathBuf, &[u8]> = HashMap::new();
    let mut changes = Vec::new();
    let mut written = Vec::with_capacity(done.len());
    for d in done {
        let own = d.mended.changes.iter().filter(|c| c.name != options.stdin_filename);
        let own: Vec<(PathBuf, &Change)> = own.map(|c| (real(Path::new(&c.name)), c)).collect();
        if let Some((_, change)) = own.iter().find(|(path, c)| texts.get(path).is_some_and(|text| *text != c.after)) {
            let message = format!("`{}` is part of several configurations, and the fixes of one do not go with another's", change.name);
            errors.push(Error::new(message, "what the first one needs was written: run the program again for the next one"));
            written.push(false);
            continue;
        }
        changes.extend(own.iter().map(|(_, change)| *change));
        texts.extend(own.into_iter().map(|(path, change)| (path, change.after.as_slice())));
        written.push(true);
    }
    if let Err(error) = write_all(changes.into_iter()) {
        errors.push(error);
        written.fill(false);
    }
    written
}

/// Says what was mended, what was left, and why. `made` is whether the fixes are where they were asked for.
fn tell(d: &Done, options: &Check, made: bool) {
    let mended = &d.mended;
    if options.quiet {
        return;
    }
    if made {
        output::note(&told(d, options));
    }
    let (faults, guesses): (Vec<_>, Vec<_>) = mended.dropped.iter().partition(|d| d.applicability == Applicability::Safe);
    for dropped in guesses.iter().take(SHOWN) {
        let why = if dropped.reason.is_empty() { String::new() } else { format!(": {}", dropped.reason) };
        output::note(&format!("`{}`{}: to {} was tried, and does not hold{why}", dropped.rule, place(dropped), dropped.title));
    }
    if guesses.len() > SHOWN {
        output::note(&format!("{} more do not fit either", guesses.len() - SHOWN));
    }
    for dropped in faults {
        output::note(&format!(
            "`{}` was not mended{}: {}; this is a fault of the rule, please report it",
            dropped.rule,
            place(dropped),
            dropped.reason
        ));
    }
    if mended.unfinished {
        output::note(&format!("fixes were still left after {MAX_ROUNDS} rounds; run it again, and report this if it does not end"));
    }
}

/// How many fixes that do not fit are told one by one.
const SHOWN: usize = 5;

fn place(dropped: &Dropped) -> String {
    dropped.place.as_ref().map_or(String::new(), |(file, line)| format!(" at {file}:{line}"))
}

/// `mended 3 findings in `haproxy.cfg`; 2 are left that `--unsafe-fixes` mends, 1 has no fix`
fn told(d: &Done, options: &Check) -> String {
    let done = match (d.mended.applied, options.diff) {
        (0, _) => "nothing was mended".to_owned(),
        (n, true) => format!("the patch mends {}", counted(n, "finding")),
        (n, false) => format!("mended {} in {}", counted(n, "finding"), names(&d.mended.changes)),
    };
    let left = &d.report.findings;
    // Findings with one cause have one fix.
    let fixes = left.iter().filter_map(|f| f.fix.as_ref()).map(|fix| (&fix.title, fix.edits.first().map(|edit| edit.location)));
    let fixable = fixes.collect::<HashSet<_>>().len();
    let rest = left.iter().filter(|f| f.fix.is_none()).count();
    let more = if d.mended.applied > 0 { " more" } else { "" };
    let unsafe_left =
        (fixable > 0 && !options.unsafe_fixes).then(|| format!("{fixable}{more} can be with `--unsafe-fixes`: look at what it writes"));
    let no_fix = (rest > 0).then(|| format!("{} left without a fix", if rest == 1 { "1 is".to_owned() } else { format!("{rest} are") }));
    std::iter::once(done).chain(unsafe_left).chain(no_fix).collect::<Vec<_>>().join("; ")
}

fn names(changes: &[Change]) -> String {
    changes.iter().map(|c| format!("`{}`", c.name)).collect::<Vec<_>>().join(", ")
}
