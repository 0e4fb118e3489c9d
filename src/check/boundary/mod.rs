//! Words and lines that have grown together, and words that are cut in two: they are told of once, in the place of all that only
//! follows from them.

mod cut;

use rustc_hash::FxHashMap;

use crate::{
    finding::{Edit, Finding, Fix, Severity, apply},
    rules::{
        keyword::ignored_argument,
        syntax::{lone_carriage_return, word_boundary::RULE},
    },
    secret,
    source::{FileId, Location, Sources, Span},
};

use super::Options;
use cut::{Cut, Cutter, Extent};

/// Of so many lines at most it is asked whether they are joined: each question is a small check.
const LINES: usize = 24;

/// A line, by its file and its number from 0.
type Place = (FileId, usize);

/// The causes, by their lines: how each is mended, and, where it is one that this room tells of, what is to be said.
type Causes = FxHashMap<Place, (Vec<Edit>, Option<Cut>)>;

/// Tells of what has grown together, and folds or leaves out what goes away when it is cut apart. `checked` finds what is to be
/// found in other sources, for the same options.
pub(super) fn explain(
    findings: Vec<Finding>,
    options: &Options,
    sources: &Sources,
    checked: impl Fn(&Sources) -> Vec<Finding>,
) -> Vec<Finding> {
    if !options.selection.enables(&RULE) || options.cancel.is_over() {
        return findings;
    }
    let causes = causes(&findings, options, sources);
    if causes.is_empty() {
        return findings;
    }
    let edits: Vec<&Edit> = causes.values().flat_map(|(edits, _)| edits).collect();
    let mut left: FxHashMap<(&str, String), usize> = FxHashMap::default();
    for finding in checked(&apply(sources, &edits)) {
        *left.entry((finding.rule.name, finding.message)).or_default() += 1;
    }
    // What was not looked at to the end says nothing of what is left.
    if options.cancel.is_over() { findings } else { told(findings, &causes, left, sources) }
}

/// The lines of findings that are better when they are cut apart.
fn causes(findings: &[Finding], options: &Options, sources: &Sources) -> Causes {
    let mut causes = Causes::default();
    let mut asked: Vec<(Place, Extent)> = Vec::new();
    for finding in findings.iter().filter(|f| !f.consequence) {
        let Some(at) = finding.location else { continue };
        if finding.rule.name == lone_carriage_return::RULE.name {
            causes.insert(place(at, sources), (line_feeds(at, sources), None));
            continue;
        }
        let Some(extent) = asks(finding) else { continue };
        let here = place(at, sources);
        match asked.iter().position(|(known, _)| *known == here) {
            Some(known) => asked[known].1 = asked[known].1.max(extent),
            None if asked.len() < LINES => asked.push((here, extent)),
            None => {}
        }
    }
    for ((file, line), extent) in asked {
        if !causes.contains_key(&(file, line))
            && let Some(cut) = Cutter::new(sources.file(file), line, options).cut(extent)
        {
            let span = |(start, end): (usize, usize)| Span::new(start as u32, end as u32);
            let edits = cut.edits.iter().map(|(at, text)| Edit::replace(Location { file, span: span(*at) }, text.as_str())).collect();
            causes.insert((file, line), (edits, Some(cut)));
        }
    }
    causes
}

fn place(at: Location, sources: &Sources) -> Place {
    (at.file, sources.file(at.file).line_of(at.span.start))
}

/// Whether a finding may come of words that have grown together, and what to look at then.
fn asks(finding: &Finding) -> Option<Extent> {
    match (finding.rule.name, finding.rule.group()) {
        ("reference/unknown-acl", _) => Some(Extent::Condition),
        ("dead/pattern-never-matches", _) => Some(Extent::Lines),
        ("peers/remote-without-address", _) => Some(Extent::Words),
        (_, "keyword" | "syntax") if finding.severity > Severity::Info => Some(Extent::Words),
        _ => None,
    }
}

/// A line feed for each carriage return.
fn line_feeds(at: Location, sources: &Sources) -> Vec<Edit> {
    let hidden = sources.file(at.file).slice(at.span).iter().enumerate().filter(|(_, byte)| **byte == b'\r');
    let place = |(offset, _)| {
        let start = at.span.start + offset as u32;
        Location { file: at.file, span: Span::new(start, start + 1) }
    };
    hidden.map(|one| Edit::replace(place(one), "\n")).collect()
}

/// The findings with the causes among them: `left` has those that stay when all causes are mended.
fn told(findings: Vec<Finding>, causes: &Causes, mut left: FxHashMap<(&str, String), usize>, sources: &Sources) -> Vec<Finding> {
    let mut told: Vec<Finding> = Vec::with_capacity(findings.len());
    // Whether the last finding that stands for itself is a cause.
    let mut behind_cause = false;
    for mut finding in findings {
        let line = finding.location.map(|at| place(at, sources));
        if let Some((edits, cut)) = line.and_then(|line| causes.get(&line)) {
            let Some(cut) = cut else {
                behind_cause = finding.rule.name == lone_carriage_return::RULE.name;
                told.push(finding);
                continue;
            };
            let known = told.iter_mut().rev().find(|f| f.rule.name == RULE.name && f.location.map(|at| place(at, sources)) == line);
            match known {
                Some(known) if rank(known) >= rank(&finding) => {}
                Some(known) => *known = cause(finding, edits, cut, sources),
                None => told.push(cause(finding, edits, cut, sources)),
            }
            behind_cause = true;
            continue;
        }
        let stays = left.get_mut(&(finding.rule.name, finding.message.clone())).filter(|n| **n > 0).map(|n| *n -= 1).is_some();
        if !stays && behind_cause {
            // It is mended where its cause is.
            (finding.consequence, finding.fix, finding.suggestion) = (true, None, None);
        } else if !stays && finding.haproxy.is_none() {
            continue;
        }
        behind_cause &= finding.consequence;
        told.push(finding);
    }
    told
}

/// How much of HAProxy's own word is in a finding.
fn rank(finding: &Finding) -> impl Ord + use<> {
    (finding.severity, finding.haproxy, !finding.varies)
}

/// The cause in the place of one of the findings of its line, with the verdict of that.
fn cause(mut finding: Finding, edits: &[Edit], cut: &Cut, sources: &Sources) -> Finding {
    finding.notes.extend(unread(&finding, cut, sources));
    let file = finding.location.map(|at| at.file);
    let location = file.map(|file| Location { file, span: Span::new(cut.word.0 as u32, cut.word.1 as u32) });
    let (message, label, help) = cut.texts();
    Finding {
        rule: &RULE.info,
        message,
        label,
        said: Vec::new(),
        help: Some(help),
        suggestion: None,
        location,
        related: Vec::new(),
        fix: Some(Fix::offer(cut.title(), edits.to_vec())),
        consequence: false,
        ..finding
    }
}

/// What it means that HAProxy reads over the second of two lines.
fn unread(finding: &Finding, cut: &Cut, sources: &Sources) -> Option<String> {
    let at = finding.location.filter(|_| finding.rule.name == ignored_argument::RULE.name && cut.joins_lines())?;
    let (file, line) = place(at, sources);
    let secret = secret::places(sources.file(file), line).iter().any(|secret| secret.start as usize >= cut.word.1);
    let more = if secret { ", and the password in it protects nothing" } else { "" };
    Some(format!("HAProxy reads over what stands there: it has no effect{more}"))
}
