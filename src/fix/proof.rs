//! What must hold after fixes were made: the findings are gone, nothing new stands where the edits are, HAProxy is
//! predicted to take the configuration no worse than before, and every word outside the edits is the same.

use std::collections::HashMap;

use crate::{
    check::Report,
    finding::{Edit, Finding, Verdict},
    source::{FileId, Location, SourceFile, Sources, Span},
    syntax::Tree,
};

/// Files before and after some edits, with what was found in them.
pub(super) struct Change<'a> {
    pub(super) before: (&'a Sources, &'a Report),
    pub(super) after: (&'a Sources, &'a Report),
    pub(super) edits: &'a [&'a Edit],
    /// What the edits are to mend.
    pub(super) findings: &'a [&'a Finding],
}

/// What does not hold, in a few words.
pub(super) fn prove(change: &Change<'_>) -> Result<(), String> {
    gone(change)?;
    nothing_new(change)?;
    no_worse(change)?;
    change.before.0.iter().try_for_each(|(id, file)| same_words(change, id, file))
}

/// A finding as it is known again where lines have moved.
fn key(finding: &Finding) -> (&'static str, &str) {
    (finding.rule.name, &finding.message)
}

fn count(report: &Report) -> HashMap<(&'static str, &str), usize> {
    let mut counts = HashMap::new();
    report.findings.iter().for_each(|f| *counts.entry(key(f)).or_insert(0) += 1);
    counts
}

fn gone(change: &Change<'_>) -> Result<(), String> {
    let (before, after) = (count(change.before.1), count(change.after.1));
    let mut mended: HashMap<_, usize> = HashMap::new();
    change.findings.iter().for_each(|f| *mended.entry(key(f)).or_insert(0) += 1);
    match mended.iter().find(|(key, n)| after.get(*key).unwrap_or(&0) + **n > before[*key]) {
        Some(((rule, message), _)) => Err(format!("`{rule}` is still found: {message}")),
        None => Ok(()),
    }
}

fn nothing_new(change: &Change<'_>) -> Result<(), String> {
    let before = count(change.before.1);
    let after = count(change.after.1);
    let touched = |location: Location| {
        let new = |edit: &&&Edit| edit.location.file == location.file && meets(placed(change.edits, edit), location.span);
        change.edits.iter().any(|edit| new(&edit))
    };
    let more = |f: &&Finding| after[&key(f)] > *before.get(&key(f)).unwrap_or(&0);
    match change.after.1.findings.iter().filter(more).find(|f| f.location.is_some_and(touched)) {
        Some(finding) => Err(format!("it brings up `{}`: {}", finding.rule.name, finding.message)),
        None => Ok(()),
    }
}

fn no_worse(change: &Change<'_>) -> Result<(), String> {
    let refusals = |report: &Report| report.findings.iter().filter(|f| f.haproxy >= Some(Verdict::Alert)).count();
    let (before, after) = (refusals(change.before.1), refusals(change.after.1));
    if after > before { Err(format!("HAProxy would refuse {after} places instead of {before}")) } else { Ok(()) }
}

fn meets(a: Span, b: Span) -> bool {
    a.start <= b.end && b.start <= a.end
}

/// Where the text of an edit stands afterwards.
fn placed(edits: &[&Edit], edit: &Edit) -> Span {
    let start = moved(edits, edit.location.file, edit.location.span.start);
    Span::new(start, start + edit.text.len() as u32)
}

/// Where the byte `at` is afterwards, if no edit holds it.
fn moved(edits: &[&Edit], file: FileId, at: u32) -> u32 {
    let before = edits.iter().filter(|e| e.location.file == file && e.location.span.end <= at && e.location.span != Span::new(at, at));
    let shift: i64 = before.map(|e| e.text.len() as i64 - e.location.span.len() as i64).sum();
    (i64::from(at) + shift) as u32
}

fn same_words(change: &Change<'_>, id: FileId, file: &SourceFile) -> Result<(), String> {
    let mut edits: Vec<&Edit> = change.edits.iter().copied().filter(|e| e.location.file == id).collect();
    if edits.is_empty() {
        return Ok(());
    }
    edits.sort_by_key(|e| e.location.span);
    let after = change.after.0.file(id);
    let words = |file: &SourceFile| -> Vec<Span> {
        let tree = Tree::new(file);
        (0..tree.lines().len()).flat_map(|line| tree.words(line).iter().map(|w| w.span()).collect::<Vec<_>>()).collect()
    };
    let new = words(after);
    let (mut next, mut shift) = (0, 0i64);
    for word in words(file) {
        while let Some(edit) = edits.get(next).filter(|e| e.location.span.end < word.start) {
            shift += edit.text.len() as i64 - edit.location.span.len() as i64;
            next += 1;
        }
        if edits[next..].iter().take_while(|e| e.location.span.start <= word.end).any(|e| meets(e.location.span, word)) {
            continue;
        }
        let there = Span::new((i64::from(word.start) + shift) as u32, (i64::from(word.end) + shift) as u32);
        if new.binary_search(&there).is_err() || file.slice(word) != after.slice(there) {
            return Err(format!("the word `{}` would change", file.text(word)));
        }
    }
    Ok(())
}
