//! What people are told once: many findings with one cause, and many that are alike. Programs get all of them.

use std::ops::Deref;

use rustc_hash::FxHashMap;

use crate::{
    check::Report,
    finding::{Finding, Severity},
    source::{FileId, Location, Sources},
};

/// How many places of a cause are named.
const NAMED: usize = 8;

/// What is told: a finding, and what is folded into it.
pub(super) struct Told<'a> {
    pub(super) finding: Shown<'a>,
    /// How many only follow from it.
    pub(super) followers: usize,
}

/// A finding of the report, or what several of one cause are joined to.
pub(super) enum Shown<'a> {
    Alone(&'a Finding),
    Joined(Box<Finding>),
}

impl Deref for Shown<'_> {
    type Target = Finding;

    fn deref(&self) -> &Finding {
        match self {
            Self::Alone(finding) => finding,
            Self::Joined(finding) => finding,
        }
    }
}

/// The findings for people: those of one cause are one, at the place of the cause, and those that only follow are counted.
pub(super) fn told<'a>(report: &'a Report, sources: &Sources) -> Vec<Told<'a>> {
    let folded = folded(report);
    let mut by_cause: FxHashMap<(&str, Location, &str), Vec<usize>> = FxHashMap::default();
    for (at, item) in folded.iter().enumerate() {
        if let Some(cause) = &item.finding.cause {
            by_cause.entry((item.finding.rule.name, cause.location, &cause.message)).or_default().push(at);
        }
    }
    by_cause.retain(|_, members| members.len() > 1);
    let mut merged: FxHashMap<usize, Told<'a>> = FxHashMap::default();
    let mut gone = vec![false; folded.len()];
    for members in by_cause.into_values() {
        members.iter().for_each(|at| gone[*at] = true);
        let all: Vec<&Told<'_>> = members.iter().map(|at| &folded[*at]).collect();
        merged.extend(one(&all, sources).map(|one| (members[0], one)));
    }
    let mut told = Vec::with_capacity(folded.len());
    for (at, item) in folded.into_iter().enumerate() {
        match merged.remove(&at) {
            Some(one) => told.push(one),
            None if gone[at] => {}
            None => told.push(item),
        }
    }
    told.sort_by_key(|item| place(item.finding.location));
    told
}

fn place(location: Option<Location>) -> (u32, u32) {
    location.map_or((u32::MAX, 0), |l| (l.file.0, l.span.start))
}

/// Folds findings that only follow from the one before them.
fn folded(report: &Report) -> Vec<Told<'_>> {
    let mut folded: Vec<Told<'_>> = Vec::new();
    for finding in &report.findings {
        match folded.last_mut() {
            Some(cause) if finding.consequence => cause.followers += 1,
            _ => folded.push(Told { finding: Shown::Alone(finding), followers: 0 }),
        }
    }
    folded
}

/// The one finding for all of a cause.
fn one<'a>(members: &[&Told<'_>], sources: &Sources) -> Option<Told<'a>> {
    let first = &members.first()?.finding;
    let cause = first.cause.as_deref()?;
    let mut finding: Finding = (**first).clone();
    finding.severity = members.iter().map(|m| m.finding.severity).max().unwrap_or(first.severity);
    finding.haproxy = members.iter().filter_map(|m| m.finding.haproxy).max();
    finding.location = Some(cause.location);
    finding.message = cause.message.clone();
    finding.label = cause.label.clone();
    finding.help = cause.help.clone().or(finding.help);
    finding.related.clear();
    finding.fix = finding.fix.filter(|fix| members.iter().all(|m| m.finding.fix.as_ref() == Some(fix)));
    let name = |m: &&Told<'_>| {
        let of = m.finding.cause.as_ref().map(|cause| cause.of.as_str()).unwrap_or_default();
        let line = |l: Location| match sources.file(l.file) {
            file if l.file == cause.location.file => format!(" (line {})", file.position(l.span.start).line),
            _ => format!(" ({})", sources.at(l)),
        };
        format!("{of}{}", m.finding.location.map(line).unwrap_or_default())
    };
    let names: Vec<String> = members.iter().take(NAMED).map(name).collect();
    let more = members.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    finding.notes.insert(0, format!("this is so {} times: {}{more}", members.len(), names.join(", ")));
    finding.cause = None;
    Some(Told { finding: Shown::Joined(Box::new(finding)), followers: members.iter().map(|m| m.followers).sum() })
}

/// Findings of a rule in one file that are alike, of which a reader needs one.
pub(super) struct Alike<'t, 'a> {
    /// What is shown whole.
    pub(super) first: &'t Told<'a>,
    /// What is shown in a line each.
    pub(super) others: Vec<&'t Told<'a>>,
    /// How many more there are.
    pub(super) left: usize,
}

/// How many findings of a rule in a file are shown whole, where each has another help.
const WHOLE: usize = 3;

/// What findings that are alike have in common: rule, file and severity.
type Kind<'t> = (&'t str, Option<FileId>, Severity);

/// Where the groups of a kind are in the list.
#[derive(Default)]
struct Groups<'t> {
    by_help: FxHashMap<(Kind<'t>, Option<&'t str>), usize>,
    of_kind: FxHashMap<Kind<'t>, Vec<usize>>,
}

impl<'t> Groups<'t> {
    /// The group of findings with this help, or any of its kind where enough of them are shown whole.
    fn find(&self, kind: Kind<'t>, help: Option<&'t str>) -> Option<usize> {
        let enough = || self.of_kind.get(&kind).filter(|of_kind| of_kind.len() >= WHOLE)?.last();
        self.by_help.get(&(kind, help)).or_else(enough).copied()
    }

    fn add(&mut self, kind: Kind<'t>, help: Option<&'t str>, at: usize) {
        self.by_help.insert((kind, help), at);
        self.of_kind.entry(kind).or_default().push(at);
    }
}

/// Puts those that are alike behind the first of them, and counts all beyond `most` of a rule in a file; 0 shows all of them
/// whole. An error is always shown whole until there are too many.
pub(super) fn alike<'t, 'a>(told: &'t [Told<'a>], most: usize) -> Vec<Alike<'t, 'a>> {
    let mut list: Vec<Alike<'t, 'a>> = Vec::new();
    let mut counts: FxHashMap<(&str, Option<FileId>), (usize, usize)> = FxHashMap::default();
    let mut groups = Groups::default();
    for item in told {
        let Finding { rule, location, severity, help, .. } = &*item.finding;
        let file = location.map(|l| l.file);
        let (count, last) = counts.entry((rule.name, file)).or_default();
        *count += 1;
        if most > 0 && *count > most {
            list[*last].left += 1;
            continue;
        }
        let (kind, help) = ((rule.name, file, *severity), help.as_deref());
        match groups.find(kind, help) {
            Some(at) if most > 0 && *severity != Severity::Error => {
                list[at].others.push(item);
                *last = at;
            }
            _ => {
                groups.add(kind, help, list.len());
                *last = list.len();
                list.push(Alike { first: item, others: Vec::new(), left: 0 });
            }
        }
    }
    list
}

impl Alike<'_, '_> {
    /// What is said of `other` in its line: its message, and its help where that is not the one of the first.
    pub(super) fn line(&self, other: &Finding) -> String {
        match &other.help {
            Some(help) if self.first.finding.help.as_ref() != Some(help) => format!("{}; help: {help}", other.message),
            _ => other.message.clone(),
        }
    }
}
