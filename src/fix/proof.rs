//! What must hold after fixes were made: the findings are gone, nothing new stands where the edits are, HAProxy is
//! predicted to take the configuration no worse than before, no link between nodes is lost, and every word outside the edits
//! is the same.

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use crate::{
    check::Report,
    finding::{Applicability, Edit, Finding, Severity, Verdict},
    source::{FileId, Location, SourceFile, Sources, Span, is_manifest},
    syntax::Tree,
    topology::{
        edit::documents,
        yaml::{Value, Yaml},
    },
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
    no_worse(change).and_then(|()| no_more_errors(change)).and(words).map_err(Broken::Some)
}

/// A finding as it is known again where lines have moved: its rule, and what it is about.
type Key<'f> = (&'static str, Vec<&'f str>);

fn key(finding: &Finding) -> Key<'_> {
    (finding.rule.name, finding.about().collect())
}

fn count(report: &Report) -> HashMap<Key<'_>, usize> {
    counted(report, |_| true)
}

fn counted(report: &Report, of: impl Fn(&Finding) -> bool) -> HashMap<Key<'_>, usize> {
    let mut counts = HashMap::new();
    report.findings.iter().filter(|f| of(f)).for_each(|f| *counts.entry(key(f)).or_insert(0) += 1);
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
    let (before, after) = refusals(change);
    let (had, has) = (change.before.1.seen, change.after.1.seen);
    let seen = [
        (has.links, had.links, "link", "between nodes would work"),
        (has.nodes, had.nodes, "node", "would be left"),
        (has.configurations, had.configurations, "configuration", "would be left"),
    ];
    if let Some((has, had, noun, rest)) = seen.into_iter().find(|(has, had, ..)| has < had) {
        return Err(format!("{} {rest} instead of {had}", crate::counted(has, noun)));
    }
    if after > before { Err(format!("HAProxy would refuse {} instead of {before}", crate::counted(after, "place"))) } else { Ok(()) }
}

/// A guess that makes more errors was a wrong one, wherever they are.
fn no_more_errors(change: &Change<'_>) -> Result<(), String> {
    if change.fixes.iter().all(|(_, fix)| fix.applicability == Applicability::Safe) {
        return Ok(());
    }
    let [before, after] = [change.before.1, change.after.1].map(|report| report.count(Severity::Error));
    if after > before { Err(format!("there would be {} instead of {before}", crate::counted(after, "error"))) } else { Ok(()) }
}

/// In how many places HAProxy would refuse it before and after. Where the first ones are mended it goes on reading, and says what
/// was found before and never reached: that is no harm done.
fn refusals(change: &Change<'_>) -> (usize, usize) {
    let of = |report| counted(report, |f| f.haproxy >= Some(Verdict::Alert));
    let (found, before, after) = (count(change.before.1), of(change.before.1), of(change.after.1));
    let left = |(key, now): (&_, &usize)| {
        let had = *before.get(key).unwrap_or(&0);
        let unsaid = found.get(key).unwrap_or(&0) - had;
        now - now.saturating_sub(had).min(unsaid)
    };
    (before.values().sum(), after.iter().map(left).sum())
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
    if is_manifest(file.name()) {
        return same_values(&edits, file, after);
    }
    let words = |file: &SourceFile| -> Vec<Span> {
        let tree = Tree::new(file);
        (0..tree.lines().len()).flat_map(|line| tree.words(line).iter().map(|w| w.span()).collect::<Vec<_>>()).collect()
    };
    let new = words(after);
    let there = |span: Span| new.binary_search(&span).is_ok();
    match changed(&edits, words(file).into_iter(), &|old, new| there(new) && file.slice(old) == after.slice(new)) {
        Some(word) => Err(format!("the word `{}` would change", file.text(word))),
        None => Ok(()),
    }
}

/// The first of some places, in their order, that no edit touches and that is not the same afterwards.
fn changed(edits: &[&Edit], places: impl Iterator<Item = Span>, same: &dyn Fn(Span, Span) -> bool) -> Option<Span> {
    let (mut next, mut shift) = (0, 0i64);
    for place in places {
        while let Some(edit) = edits.get(next).filter(|e| e.location.span.end < place.start) {
            shift += edit.text.len() as i64 - edit.location.span.len() as i64;
            next += 1;
        }
        if edits[next..].iter().take_while(|e| e.location.span.start <= place.end).any(|e| meets(e.location.span, place)) {
            continue;
        }
        let moved = |at: u32| (i64::from(at) + shift) as u32;
        if !same(place, Span::new(moved(place.start), moved(place.end))) {
            return Some(place);
        }
    }
    None
}

/// The same for a manifest: its keys and values are its words, and of a text that an edit is in every other line stays.
fn same_values(edits: &[&Edit], file: &SourceFile, after: &SourceFile) -> Result<(), String> {
    let (old, new) = (scalars(file), scalars(after));
    let new: HashMap<u32, &str> = new.iter().map(|(span, text)| (span.start, text.as_str())).collect();
    let texts: HashMap<u32, &str> = old.iter().map(|(span, text)| (span.start, text.as_str())).collect();
    let same = |there: Span, here: Span| new.get(&here.start) == texts.get(&there.start);
    if let Some(place) = changed(edits, old.iter().map(|(span, _)| *span), &same) {
        return Err(format!("the value `{}` would change", file.text(place)));
    }
    for (span, text) in old.iter().filter(|(_, text)| text.contains('\n')) {
        let inside: Vec<&&Edit> = edits.iter().filter(|e| meets(e.location.span, *span)).collect();
        let before = edits.iter().filter(|e| e.location.span.end < span.start);
        let shift: i64 = before.map(|e| e.text.len() as i64 - e.location.span.len() as i64).sum();
        let feeds = |e: &Edit| file.text(e.location.span).matches(['\n', '\\']).count() + 1;
        let touched = inside.iter().map(|e| feeds(e)).sum();
        let now = new.get(&((i64::from(span.start) + shift) as u32));
        if !inside.is_empty() && now.is_some_and(|now| lost_lines(text, now) > touched) {
            return Err("lines of the text beside the edit would change".to_owned());
        }
    }
    Ok(())
}

/// How many lines of `old` are not in `new`, in their order.
fn lost_lines(old: &str, new: &str) -> usize {
    let new: Vec<&str> = new.lines().collect();
    let mut at = 0;
    let mut lost = 0;
    for line in old.lines() {
        match new[at..].iter().position(|l| *l == line) {
            Some(found) => at += found + 1,
            None => lost += 1,
        }
    }
    lost
}

/// The keys and values of a manifest with their places, in order; what several aliases stand for once.
fn scalars(file: &SourceFile) -> Vec<(Span, String)> {
    let (mut found, mut known) = (Vec::new(), HashSet::new());
    let mut waiting: Vec<Rc<Yaml>> = documents(file);
    while let Some(node) = waiting.pop() {
        if !known.insert(Rc::as_ptr(&node)) {
            continue;
        }
        match &node.value {
            Value::Scalar(text, _) if !node.span.is_empty() => found.push((node.span, text.clone())),
            Value::Scalar(..) => {}
            Value::List(list) => waiting.extend(list.iter().cloned()),
            Value::Map(pairs) => waiting.extend(pairs.iter().flat_map(|(k, v)| [k.clone(), v.clone()])),
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use crate::check::Seen;

    use super::*;

    #[test]
    fn what_is_lost_is_told_in_numbers() {
        let lost = |(links, nodes, configurations): (usize, usize, usize)| {
            let report = |links, nodes, configurations| Report { seen: Seen { configurations, nodes, links }, ..Report::default() };
            let (sources, before, after) = (Sources::default(), report(2, 2, 2), report(links, nodes, configurations));
            no_worse(&Change { before: (&sources, &before), after: (&sources, &after), fixes: &[] }).unwrap_err()
        };
        assert_eq!(lost((1, 2, 2)), "1 link between nodes would work instead of 2");
        assert_eq!(lost((0, 1, 2)), "0 links between nodes would work instead of 2");
        assert_eq!(lost((2, 1, 2)), "1 node would be left instead of 2");
        assert_eq!(lost((2, 2, 0)), "0 configurations would be left instead of 2");
    }
}
