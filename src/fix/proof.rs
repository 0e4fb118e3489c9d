//! What must hold after fixes were made: the findings are gone, nothing new stands where the edits are, HAProxy is
//! predicted to take the configuration no worse than before, no link between nodes is lost, and every word outside the edits
//! is the same.

use std::collections::HashMap;

use crate::{
    check::Report,
    finding::{Edit, Finding, Verdict},
    source::{FileId, Location, SourceFile, Sources, Span},
    syntax::Tree,
};

use super::Candidate;

/// Files before and after some fixes, with what was found in them.
pub(super) struct Change<'a> {
    pub(super) before: (&'a Sources, &'a Report),
    pub(super) after: (&'a Sources, &'a Report),
    pub(super) fixes: &'a [Candidate<'a>],
}

/// What does not hold.
#[derive(Debug)]
pub(super) enum Broken {
    /// These fixes are to blame, by their number.
    Fixes(Vec<(usize, String)>),
    /// Some of them are.
    Some(String),
}

/// Proves all of it.
pub(super) fn prove(change: &Change<'_>) -> Result<(), Broken> {
    let mut blamed = still_found(change);
    blamed.extend(brings_up(change));
    blamed.sort();
    blamed.dedup_by_key(|(number, _)| *number);
    if !blamed.is_empty() {
        return Err(Broken::Fixes(blamed));
    }
    let edits: Vec<&Edit> = change.fixes.iter().flat_map(|(_, fix)| &fix.edits).collect();
    let words = change.before.0.iter().try_for_each(|(id, file)| same_words(change, &edits, id, file));
    no_worse(change).and(words).map_err(Broken::Some)
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

/// The fixes whose findings are not gone.
fn still_found(change: &Change<'_>) -> Vec<(usize, String)> {
    let (before, after) = (count(change.before.1), count(change.after.1));
    let mut mended: HashMap<_, usize> = HashMap::new();
    change.fixes.iter().for_each(|(f, _)| *mended.entry(key(f)).or_insert(0) += 1);
    let left = |f: &Finding| after.get(&key(f)).unwrap_or(&0) + mended[&key(f)] > before[&key(f)];
    let found = change.fixes.iter().enumerate().filter(|(_, (f, _))| left(f));
    found.map(|(number, (f, _))| (number, format!("`{}` is still found: {}", f.rule.name, f.message))).collect()
}

/// The fixes with something new where their edits are.
fn brings_up(change: &Change<'_>) -> Vec<(usize, String)> {
    let (before, after) = (count(change.before.1), count(change.after.1));
    let more = |f: &&Finding| after[&key(f)] > *before.get(&key(f)).unwrap_or(&0);
    let new: Vec<(&Finding, Location)> = change.after.1.findings.iter().filter(more).filter_map(|f| Some((f, f.location?))).collect();
    if new.is_empty() {
        return Vec::new();
    }
    let mut blamed = Vec::new();
    for (number, file, span) in placed(change) {
        let here = new.iter().find(|(_, l)| l.file == file && meets(span, l.span));
        blamed.extend(here.map(|(f, _)| (number, format!("it brings up `{}`: {}", f.rule.name, f.message))));
    }
    blamed
}

/// Where the text of each edit stands afterwards, with the number of its fix.
fn placed(change: &Change<'_>) -> Vec<(usize, FileId, Span)> {
    let all = change.fixes.iter().enumerate().flat_map(|(number, (_, fix))| fix.edits.iter().map(move |edit| (number, edit)));
    let mut all: Vec<(usize, &Edit)> = all.collect();
    all.sort_by_key(|(_, edit)| (edit.location.file, edit.location.span));
    let (mut shift, mut current) = (0i64, None);
    let place = |(number, edit): (usize, &Edit)| {
        if current != Some(edit.location.file) {
            (shift, current) = (0, Some(edit.location.file));
        }
        let start = (i64::from(edit.location.span.start) + shift) as u32;
        shift += edit.text.len() as i64 - edit.location.span.len() as i64;
        (number, edit.location.file, Span::new(start, start + edit.text.len() as u32))
    };
    all.into_iter().map(place).collect()
}

fn no_worse(change: &Change<'_>) -> Result<(), String> {
    let refusals = |report: &Report| report.findings.iter().filter(|f| f.haproxy >= Some(Verdict::Alert)).count();
    let (before, after) = (refusals(change.before.1), refusals(change.after.1));
    let (had, has) = (change.before.1.seen, change.after.1.seen);
    if has.links < had.links || has.nodes < had.nodes || has.configurations < had.configurations {
        return Err(format!("{} links between nodes would work instead of {}", has.links, had.links));
    }
    if after > before { Err(format!("HAProxy would refuse {after} places instead of {before}")) } else { Ok(()) }
}

fn meets(a: Span, b: Span) -> bool {
    a.start <= b.end && b.start <= a.end
}

fn same_words(change: &Change<'_>, edits: &[&Edit], id: FileId, file: &SourceFile) -> Result<(), String> {
    let mut edits: Vec<&Edit> = edits.iter().copied().filter(|e| e.location.file == id).collect();
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
