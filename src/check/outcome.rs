//! From what the rules said in each world to what is true for the targets: versions, verdicts, severities.

use std::cell::LazyCell;

use rustc_hash::FxHashMap;

use crate::{
    finding::{Applicability, Draft, Finding, Help, Says, Severity, Stage, Verdict},
    rules::Rule,
    secret,
    source::{Location, Sources},
    syntax::World,
    version::VersionSet,
};

use super::{
    Found, Options,
    answers::{Answers, OF_BUILD, Where},
};

/// A draft with what is known of when it is true.
struct Judged {
    rule: &'static Rule,
    draft: Draft,
    /// The targets it is true of.
    versions: VersionSet,
    /// What it depends on, where it is not true of all worlds.
    condition: Option<Where>,
}

/// A version with two reading passes sees no line before all words are right.
const TWO_PASSES: VersionSet = VersionSet::since(3, 1, 0);

pub(super) fn findings(found: Vec<Found>, options: &Options, sources: &Sources) -> Vec<Finding> {
    let targets = options.versions();
    let mut judged = merge(found, targets);
    // What is sorted is large: it is moved once.
    judged.sort_by_cached_key(|j| order(&j.draft));
    first_of_each_line(&mut judged, sources);
    let reach = Reach::new(&judged);
    let targets = match options.upgrade_to {
        Some(later) => upgrade(&mut judged, &reach, targets, VersionSet::only(later)),
        None => targets,
    };
    let mut findings: Vec<Finding> = judged.into_iter().map(|j| finish(j, &reach, targets, options)).collect();
    secret::hide(&mut findings, &options.environment, sources);
    one_each(&mut findings);
    findings.dedup_by(|a, b| a.rule.name == b.rule.name && a.location == b.location && a.message == b.message);
    findings
}

/// What some versions refuse and others only warn of at the same word is told once: the worse, with what the others say as a note.
fn one_each(findings: &mut Vec<Finding>) {
    let apart = |a: &Finding, b: &Finding| !a.versions.meets(b.versions) && a.rule.name != b.rule.name;
    let same = |a: &Finding, b: &Finding| a.location.is_some() && a.location == b.location && a.rule.group() == b.rule.group();
    let mut told: Vec<Finding> = Vec::with_capacity(findings.len());
    for mut finding in findings.drain(..) {
        let Some(other) = told.last_mut().filter(|last| same(last, &finding) && last.rule.group() == "keyword" && apart(last, &finding))
        else {
            told.push(finding);
            continue;
        };
        if finding.severity > other.severity {
            std::mem::swap(&mut finding, other);
        }
        other.notes.push(format!("in HAProxy {}: {}", finding.versions, finding.message));
        other.fix = other.fix.take().or(finding.fix);
        other.versions = other.versions | finding.versions;
    }
    *findings = told;
}

/// HAProxy leaves a line at its first fault: what comes later on it is true, and nothing that HAProxy says.
fn first_of_each_line(judged: &mut [Judged], sources: &Sources) {
    let mut line = (u32::MAX, usize::MAX);
    let mut refused = VersionSet::NONE;
    for j in judged.iter_mut().filter(|j| j.condition.is_none() && j.draft.stage == Stage::Lines) {
        let refusing = said(&j.draft.says, Verdict::Reject) & j.versions;
        let Some(at) = j.draft.location.filter(|_| !refusing.is_empty()) else { continue };
        let here = (at.file.0, sources.file(at.file).line_of(at.span.start));
        if here != line {
            (line, refused) = (here, VersionSet::NONE);
        }
        for says in j.draft.says.iter_mut().filter(|s| s.verdict == Verdict::Reject && s.aborts) {
            says.versions = says.versions.minus(refused);
        }
        refused = refused | refusing;
    }
}

/// Keeps what is worse in `later` than before, as it is there.
fn upgrade(judged: &mut Vec<Judged>, reach: &Reach, all: VersionSet, later: VersionSet) -> VersionSet {
    let before = all.minus(later);
    judged.retain_mut(|j| {
        let heard = j.versions.minus(reach.short_of(&j.draft));
        let new = j.versions.meets(later) && !j.versions.meets(before);
        let worse = worst(&j.draft.says, heard & later) > worst(&j.draft.says, heard & before);
        j.versions = j.versions & later;
        new || worse
    });
    later
}

/// The worst that any of these versions says.
fn worst(says: &[Says], within: VersionSet) -> Option<Verdict> {
    says.iter().filter(|s| s.versions.meets(within)).map(|s| s.verdict).max()
}

fn order(draft: &Draft) -> (u32, u32, u32) {
    draft.location.map_or((u32::MAX, 0, 0), |l| (l.file.0, l.span.start, l.span.end))
}

/// Joins what several worlds said of the same thing.
fn merge(found: Vec<Found>, targets: VersionSet) -> Vec<Judged> {
    let worlds: Vec<World> = found.iter().filter_map(|f| f.world.clone()).collect();
    let mut judged = Vec::with_capacity(if worlds.len() == 1 { found.iter().map(|f| f.drafts.len()).sum() } else { 0 });
    let mut by_key: FxHashMap<(&str, Option<Location>, String), Vec<usize>> = FxHashMap::default();
    let mut once: Vec<Option<(&'static Rule, Draft)>> = Vec::new();
    let mut keys = Vec::new();
    let mut next_world = 0;
    for found in found {
        let Some(_) = found.world else {
            let certain =
                |(rule, draft): (&'static Rule, Draft)| Judged { rule, versions: targets & draft.versions, draft, condition: None };
            judged.extend(found.drafts.into_iter().map(certain));
            continue;
        };
        for (rule, draft) in found.drafts {
            if worlds.len() == 1 {
                judged.push(Judged { rule, versions: targets & draft.versions, draft, condition: None });
                continue;
            }
            let key = (rule.name, draft.location, draft.message.clone());
            let seen = by_key.entry(key.clone()).or_default();
            if seen.is_empty() {
                keys.push((key, once.len()));
                once.push(Some((rule, draft)));
            }
            if seen.last() != Some(&next_world) {
                seen.push(next_world);
            }
        }
        next_world += 1;
    }
    let answers = LazyCell::new(|| Answers::of(&worlds));
    for (key, at) in keys {
        if let Some((rule, draft)) = once[at].take() {
            judged.push(across(rule, draft, &by_key[&key], &worlds, &answers));
        }
    }
    judged.retain(|j| !j.versions.is_empty());
    judged
}

/// Judges a draft that the worlds numbered `present` agree on.
fn across(rule: &'static Rule, draft: Draft, present: &[usize], worlds: &[World], answers: &Answers<'_>) -> Judged {
    let mut here = VersionSet::NONE;
    let mut elsewhere = VersionSet::NONE;
    for (index, world) in worlds.iter().enumerate() {
        let set = if present.contains(&index) { &mut here } else { &mut elsewhere };
        *set = *set | world.versions;
    }
    let versions = here & draft.versions;
    let condition = versions.meets(elsewhere).then(|| answers.common(present));
    Judged { rule, draft, versions, condition }
}

/// How far each version gets before it refuses the configuration.
struct Reach {
    words: VersionSet,
    lines: VersionSet,
    /// Where some versions stop reading for anything.
    stops: Stops,
    /// Where some versions stop reading for words: nothing else stops the first of two passes.
    word_stops: Stops,
}

/// Places at which some versions stop reading, in order, with all versions that have stopped by then.
#[derive(Default)]
struct Stops(Vec<((u32, u32, u32), VersionSet)>);

impl Stops {
    fn add(&mut self, at: (u32, u32, u32), versions: VersionSet) {
        let before = self.0.last().map_or(VersionSet::NONE, |s| s.1);
        self.0.push((at, before | versions));
    }

    fn before(&self, at: (u32, u32, u32)) -> VersionSet {
        self.0.partition_point(|s| s.0 < at).checked_sub(1).map_or(VersionSet::NONE, |i| self.0[i].1)
    }
}

impl Reach {
    fn new(judged: &[Judged]) -> Self {
        let mut reach = Self { words: VersionSet::NONE, lines: VersionSet::NONE, stops: Stops::default(), word_stops: Stops::default() };
        for j in judged.iter().filter(|j| j.condition.is_none()) {
            for says in j.draft.says.iter().filter(|s| s.verdict == Verdict::Reject) {
                let versions = says.versions & j.versions;
                match j.draft.stage {
                    Stage::Words => reach.words = reach.words | versions,
                    Stage::Lines => reach.lines = reach.lines | versions,
                    Stage::Whole => continue,
                }
                if says.aborts {
                    reach.stops.add(order(&j.draft), versions);
                    if j.draft.stage == Stage::Words {
                        reach.word_stops.add(order(&j.draft), versions);
                    }
                }
            }
        }
        reach
    }

    /// The versions that never get as far as to notice this.
    fn short_of(&self, draft: &Draft) -> VersionSet {
        let at = order(draft);
        let stopped = self.stops.before(at);
        match draft.stage {
            Stage::Words => stopped.minus(TWO_PASSES) | self.word_stops.before(at),
            Stage::Lines => stopped | (self.words & TWO_PASSES),
            Stage::Whole => self.words | self.lines,
        }
    }
}

fn finish(judged: Judged, reach: &Reach, targets: VersionSet, options: &Options) -> Finding {
    let Judged { rule, draft, versions, condition } = judged;
    let unheard = reach.short_of(&draft);
    let haproxy = if condition.is_some() { None } else { worst(&draft.says, versions.minus(unheard)) };
    let refused = said(&draft.says, Verdict::Reject) & versions;
    let mut severity = draft.severity.unwrap_or(rule.severity);
    severity = severity.max(match worst(&draft.says, versions) {
        Some(Verdict::Reject | Verdict::Alert) => Severity::Error,
        Some(Verdict::Warning) => Severity::Warning,
        None => Severity::Info,
    });
    let everywhere = targets.minus(versions).is_empty();
    // An alert is an error as much as a refusal is.
    let alerted = said(&draft.says, Verdict::Alert) & versions;
    let refused_everywhere = refused.is_empty() || (refused | alerted).covers(targets);
    if condition.is_some() || !everywhere || !refused_everywhere {
        severity = severity.min(Severity::Warning);
    }
    if options.target.is_none() && options.upgrade_to.is_none() && concerns_few(rule, &draft, versions, targets) {
        severity = severity.min(Severity::Info);
    }
    let (help, suggestion) = match draft.help {
        Some(Help::Say(text)) => (Some(text), None),
        Some(meant @ Help::Meant(_)) => (Some(meant.to_string()), meant.suggestion().cloned()),
        None => (None, None),
    };
    let mut fix = draft.fix;
    // What is wrong in one world or version may be right in another.
    if condition.is_some() || !everywhere {
        fix.iter_mut().for_each(|fix| fix.applicability = Applicability::Unsafe);
    }
    let mut notes = draft.notes;
    let range = if options.target.is_none() { range_note(&draft.says, versions, targets) } else { None };
    let varies = range.is_some();
    notes.extend(range);
    notes.extend(condition.map(|c| {
        let why = if c.is_of_build() && !refused.is_empty() { OF_BUILD } else { "" };
        format!("this is so where {c}{why}")
    }));
    Finding {
        rule: &rule.info,
        severity: options.selection.severity_of(rule).unwrap_or(severity),
        confidence: draft.confidence,
        haproxy,
        versions,
        varies,
        nodes: draft.nodes,
        embedded: None,
        message: draft.message,
        said: draft.subjects,
        label: draft.label,
        help,
        suggestion,
        notes,
        location: draft.location,
        related: draft.related,
        fix,
        consequence: draft.consequence,
        cause: draft.cause,
    }
}

/// Whether it is no more than a warning of some versions, while nobody has named one of them.
fn concerns_few(rule: &Rule, draft: &Draft, versions: VersionSet, targets: VersionSet) -> bool {
    let newest = targets.newest();
    if rule.group() != "version" && versions.covers(newest) {
        return false;
    }
    let verdicts = [Verdict::Reject, Verdict::Alert, Verdict::Warning].map(|verdict| said(&draft.says, verdict) & versions);
    let [rejected, alerted, warned] = verdicts;
    let about_versions = rule.group() == "version" && !warned.is_empty() && !warned.covers(newest);
    (rejected | alerted).is_empty() && (!versions.covers(newest) || about_versions)
}

fn said(says: &[Says], verdict: Verdict) -> VersionSet {
    says.iter().filter(|s| s.verdict == verdict).fold(VersionSet::NONE, |all, s| all | s.versions)
}

/// Which versions say what, where they differ.
fn range_note(says: &[Says], versions: VersionSet, targets: VersionSet) -> Option<String> {
    let mut parts = Vec::new();
    for (verdict, verb) in [(Verdict::Reject, "refused by"), (Verdict::Alert, "an alert in"), (Verdict::Warning, "a warning in")] {
        let set = said(says, verdict) & versions;
        if !set.is_empty() && !set.covers(targets) {
            parts.push(format!("{verb} HAProxy {set}"));
        }
    }
    if parts.is_empty() && !versions.covers(targets) {
        parts.push(format!("true of HAProxy {versions}"));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::{
        finding::Confidence,
        rules::RULES,
        source::{FileId, Span},
        version::Version,
    };

    use super::*;

    fn draft(at: u32) -> Draft {
        Draft::at(Location { file: FileId(0), span: Span::new(at, at + 1) }, format!("fault {at}"))
    }

    fn world(versions: VersionSet, assumed: &[(&str, bool)]) -> World {
        World { versions, assumed: assumed.iter().map(|(atom, truth)| ((*atom).to_owned(), *truth)).collect() }
    }

    fn run(found: Vec<(World, Vec<Draft>)>, target: Option<&str>) -> Vec<Finding> {
        let found = found.into_iter().map(|(world, drafts)| Found {
            world: Some(world),
            drafts: drafts.into_iter().map(|d| (RULES[0], d.severity(Severity::Error))).collect(),
        });
        findings(
            found.collect(),
            &Options { target: target.map(|t| t.parse().unwrap()), ..Options::default() },
            &Sources::single("f", "one line"),
        )
    }

    #[test]
    fn what_all_worlds_have_is_certain_and_the_rest_names_its_condition() {
        let all = VersionSet::supported();
        let (yes, no) = (world(all, &[("defined(A)", true)]), world(all, &[("defined(A)", false)]));
        let refused = |at| draft(at).rejected_by(VersionSet::ALL);
        let found = run(vec![(yes, vec![refused(1), refused(2)]), (no, vec![refused(2)])], None);
        assert_eq!((found[0].severity, found[0].haproxy), (Severity::Warning, None));
        assert_eq!(found[0].notes, ["this is so where `defined(A)` is true"]);
        assert_eq!((found[1].severity, found[1].haproxy), (Severity::Error, Some(Verdict::Reject)));
        assert!(found[1].notes.is_empty() && found[1].confidence == Confidence::High);
    }

    #[test]
    fn a_version_that_reads_it_otherwise_is_no_doubt() {
        let (old, new) = [VersionSet::before(3, 0, 0), VersionSet::since(3, 0, 0)].map(|set| set & VersionSet::supported()).into();
        let found = run(vec![(world(old, &[]), vec![draft(1).rejected_by(VersionSet::ALL)]), (world(new, &[]), vec![])], None);
        assert_eq!(found[0].severity, Severity::Warning);
        assert_eq!(found[0].notes, ["refused by HAProxy 2.6 to 2.9"]);
        assert!(found[0].versions.contains(Version::new(2, 9, 0)) && !found[0].versions.contains(Version::new(3, 0, 0)));
    }

    #[test]
    fn haproxy_says_nothing_of_what_it_never_reaches() {
        let words = || draft(9).stage(Stage::Words).rejected_by(VersionSet::ALL);
        let line = || draft(1).rejected_by(VersionSet::ALL);
        let whole = || draft(2).stage(Stage::Whole).rejected_by(VersionSet::ALL);
        let verdicts = |drafts, target| -> Vec<Option<Verdict>> {
            run(vec![(world(VersionSet::ALL, &[]), drafts)], Some(target)).iter().map(|f| f.haproxy).collect()
        };
        let reject = Some(Verdict::Reject);
        assert_eq!(verdicts(vec![line(), whole(), words()], "3.2"), [None, None, reject], "two passes");
        assert_eq!(verdicts(vec![line(), whole(), words()], "2.8"), [reject, None, reject], "one pass");
        assert_eq!(verdicts(vec![draft(0).aborts(VersionSet::ALL), line()], "2.8"), [reject, None], "an abort");
        assert_eq!(verdicts(vec![whole()], "2.8"), [reject]);
    }

    #[test]
    fn what_a_build_decides_is_a_warning_that_says_why() {
        let notes = |condition: &str| {
            let text = format!("global\n.if {condition}\n tune.made-up 1\n.endif\n");
            let options = Options { target: Some("2.8".parse().unwrap()), ..Options::default() };
            let report = crate::check::check(&Sources::single("a.cfg", text), &options);
            let found = report.findings.into_iter().find(|f| f.rule.name == "keyword/unknown-keyword").unwrap();
            assert_eq!((found.severity, found.haproxy), (Severity::Warning, None));
            found.notes.join(" ")
        };
        assert!(notes("feature(QUIC)").ends_with(OF_BUILD) && notes("openssl_version_atleast(3.0.0)").ends_with(OF_BUILD));
        assert!(notes("defined(X)").ends_with("`defined(X)` is true"));
    }
}
