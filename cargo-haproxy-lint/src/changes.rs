//! Files as they are and as they shall be: shown as a patch, or written.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    time::Instant,
};

use haproxy_lint::shown;
use imara_diff::{Algorithm, Diff, Hunk, InternedInput};
use similar::{DiffOp, TextDiff, group_diff_ops, udiff::UnifiedDiffHunk};

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
    // This one only prints: where every line differs, its own search takes the square of them, and here it is over at once.
    let diff = TextDiff::configure().deadline(Instant::now()).diff_lines(before.unwrap_or_default(), after);
    // Hunk by hunk: together they would be taken for UTF-8. Memory takes everything.
    for hunk in group_diff_ops(steps(diff.old_slices(), diff.new_slices()), CONTEXT) {
        if patch.is_empty() {
            let _ = write!(patch, "--- {from}\n+++ b/{name}\n");
        }
        let _ = UnifiedDiffHunk::new(hunk, &diff, true).to_writer(&mut patch);
    }
    patch
}

/// How many lines a patch shows around what is changed.
const CONTEXT: usize = 3;

/// What leads from some lines to others.
fn steps(old: &[&[u8]], new: &[&[u8]]) -> Vec<DiffOp> {
    let mut input = InternedInput::default();
    input.update_before(old.iter().copied());
    input.update_after(new.iter().copied());
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_no_heuristic(&input);
    let (mut steps, mut old_index, mut new_index) = (Vec::new(), 0, 0);
    for Hunk { before, after } in diff.hunks() {
        let (len, old_len, new_len) = (before.start as usize - old_index, before.len(), after.len());
        steps.push(DiffOp::Equal { old_index, new_index, len });
        (old_index, new_index) = (old_index + len, new_index + len);
        steps.push(match (old_len, new_len) {
            (_, 0) => DiffOp::Delete { old_index, old_len, new_index },
            (0, _) => DiffOp::Insert { old_index, new_index, new_len },
            _ => DiffOp::Replace { old_index, old_len, new_index, new_len },
        });
        (old_index, new_index) = (old_index + old_len, new_index + new_len);
    }
    steps.push(DiffOp::Equal { old_index, new_index, len: old.len() - old_index });
    steps.retain(|step| !step.old_range().is_empty() || !step.new_range().is_empty());
    steps
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
