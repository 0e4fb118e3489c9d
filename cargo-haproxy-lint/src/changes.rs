//! Files as they are and as they shall be: shown as a patch, or written.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use haproxy_lint::shown;
use similar::TextDiff;

use crate::{
    error::{Error, Result},
    journal::{self, Replacement},
    output,
};

/// A file that is to be changed.
pub(crate) struct Change {
    /// The path as it was given.
    pub(crate) name: String,
    pub(crate) before: Vec<u8>,
    pub(crate) after: Vec<u8>,
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
    let mut replacements: Vec<Replacement> = Vec::new();
    for change in changes {
        let new = replacement(change)?;
        match replacements.iter().find(|known| known.target == new.target) {
            None => replacements.push(new),
            Some(known) if known.after == new.after => {}
            Some(_) => {
                let message = format!("`{}` would be written in two ways, so nothing was written", change.name);
                return Err(Error::new(message, "it is part of several configurations: name the files of one of them"));
            }
        }
    }
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
        let message = format!("cannot write `{}`: it is read-only", given.display());
        return Err(Error::new(message, "make it writable first (`chmod u+w`), or take the patch of `--diff`"));
    }
    Ok(Replacement { target, before: change.before.clone(), after: change.after.clone() })
}
