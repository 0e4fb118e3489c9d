//! Mends what was found: applies fixes in rounds until nothing changes, and proves each round.

mod proof;

use std::collections::BTreeMap;

use crate::{
    check::Report,
    finding::{Applicability, Edit, Finding, Fix},
    source::{FileId, Location, SourceFile, Sources},
};

/// A fix may make room for another; after so many rounds two of them are taken to undo each other.
pub const MAX_ROUNDS: usize = 12;

/// A configuration as it is after its fixes.
#[derive(Debug)]
pub struct Fixed {
    /// The files, in their order.
    pub sources: Sources,
    /// What is still found.
    pub report: Report,
    /// How many fixes were made.
    pub applied: usize,
    /// The fixes that did not pass the proof, and were not made.
    pub dropped: Vec<Dropped>,
    /// Whether fixes were left after [`MAX_ROUNDS`].
    pub unfinished: bool,
}

/// A fix that was not made. It is always a fault of the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The name of the rule.
    pub rule: &'static str,
    /// What the fix would have done.
    pub title: String,
    /// The file and the line, from 1.
    pub place: Option<(String, usize)>,
    /// What the proof found.
    pub reason: String,
}

/// Mends what `report` has found in `sources`, with fixes up to `level`. `check` is asked again after each round.
///
/// ```
/// use haproxy_lint::{check::{Options, check}, finding::Applicability, fix::fix, source::Sources};
/// let sources = Sources::single("haproxy.cfg", "global\n    maxconn 10");
/// let options = Options::default();
/// let report = check(&sources, &options);
/// let fixed = fix(sources, report, Applicability::Safe, |sources| check(sources, &options));
/// assert_eq!(fixed.sources.files()[0].bytes(), b"global\n    maxconn 10\n");
/// ```
pub fn fix(sources: Sources, report: Report, level: Applicability, check: impl Fn(&Sources) -> Report) -> Fixed {
    let mut fixed = Fixed { sources, report, applied: 0, dropped: Vec::new(), unfinished: false };
    for _ in 0..MAX_ROUNDS {
        let round = Round { sources: &fixed.sources, report: &fixed.report, check: &check };
        let candidates = round.candidates(level, &fixed.dropped);
        if candidates.is_empty() {
            return fixed;
        }
        let good = round.good(&candidates, &mut fixed.dropped);
        // Two good ones may still disturb each other: then half of them wait for the next round.
        let mut wanted = good.len();
        let made = loop {
            match round.attempt(&good[..wanted]) {
                Ok(after) => break Some(after),
                Err(_) if wanted > 1 => wanted /= 2,
                Err(_) => break None,
            }
        };
        if let Some((sources, report)) = made.filter(|_| wanted > 0) {
            (fixed.sources, fixed.report) = (sources, report);
            fixed.applied += wanted;
        }
    }
    let round = Round { sources: &fixed.sources, report: &fixed.report, check: &check };
    fixed.unfinished = !round.candidates(level, &fixed.dropped).is_empty();
    fixed
}

/// A finding and its fix.
type Candidate<'a> = (&'a Finding, &'a Fix);

struct Round<'a, C> {
    sources: &'a Sources,
    report: &'a Report,
    check: &'a C,
}

impl<'a, C: Fn(&Sources) -> Report> Round<'a, C> {
    /// The fixes of this round: of two that overlap, the later one waits for the next.
    fn candidates(&self, level: Applicability, dropped: &[Dropped]) -> Vec<Candidate<'a>> {
        let mut taken: BTreeMap<(FileId, u32), u32> = BTreeMap::new();
        let mut candidates = Vec::new();
        for finding in &self.report.findings {
            let Some(fix) = finding.fix.as_ref().filter(|f| f.applicability <= level) else { continue };
            if dropped.iter().any(|d| d.rule == finding.rule.name && d.title == fix.title && d.place == self.place(finding)) {
                continue;
            }
            if fix.edits.iter().all(|edit| is_free(&taken, edit.location)) {
                taken.extend(fix.edits.iter().map(|e| ((e.location.file, e.location.span.start), e.location.span.end)));
                candidates.push((finding, fix));
            }
        }
        candidates
    }

    fn place(&self, finding: &Finding) -> Option<(String, usize)> {
        let file = |l: Location| (self.sources.file(l.file).name().to_owned(), self.sources.file(l.file).position(l.span.start).line);
        finding.location.map(file)
    }

    /// Those that pass the proof, found by halves.
    fn good(&self, candidates: &[Candidate<'a>], dropped: &mut Vec<Dropped>) -> Vec<Candidate<'a>> {
        let Err(reason) = self.attempt(candidates) else { return candidates.to_vec() };
        if let [(finding, fix)] = candidates {
            dropped.push(Dropped { rule: finding.rule.name, title: fix.title.clone(), place: self.place(finding), reason });
            return Vec::new();
        }
        let (first, second) = candidates.split_at(candidates.len() / 2);
        let mut good = self.good(first, dropped);
        good.extend(self.good(second, dropped));
        good
    }

    /// Makes fixes and proves them.
    fn attempt(&self, fixes: &[Candidate<'a>]) -> Result<(Sources, Report), String> {
        let edits: Vec<&Edit> = fixes.iter().flat_map(|(_, fix)| &fix.edits).collect();
        let sources = apply(self.sources, &edits);
        let report = (self.check)(&sources);
        let findings: Vec<&Finding> = fixes.iter().map(|(finding, _)| *finding).collect();
        proof::prove(&proof::Change {
            before: (self.sources, self.report),
            after: (&sources, &report),
            edits: &edits,
            findings: &findings,
        })?;
        Ok((sources, report))
    }
}

/// Whether no edit that was taken overlaps this place, or begins where it begins.
fn is_free(taken: &BTreeMap<(FileId, u32), u32>, Location { file, span }: Location) -> bool {
    let before = taken.range(..=(file, span.start)).next_back().filter(|((f, _), _)| *f == file);
    let behind = taken.range((file, span.start)..).next().filter(|((f, _), _)| *f == file);
    before.is_none_or(|((_, start), end)| *end <= span.start && *start < span.start)
        && behind.is_none_or(|((_, start), _)| *start >= span.end)
}

/// The files with the edits made. Edits must not overlap.
pub fn apply(sources: &Sources, edits: &[&Edit]) -> Sources {
    let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    edits.iter().for_each(|edit| by_file.entry(edit.location.file).or_default().push(edit));
    let file = |(id, file): (FileId, &SourceFile)| {
        let mut bytes = Vec::with_capacity(file.bytes().len());
        let mut done = 0;
        let mut here = by_file.remove(&id).unwrap_or_default();
        here.sort_by_key(|edit| edit.location.span);
        for edit in here {
            bytes.extend_from_slice(&file.bytes()[done..edit.location.span.start as usize]);
            bytes.extend_from_slice(edit.text.as_bytes());
            done = edit.location.span.end as usize;
        }
        bytes.extend_from_slice(&file.bytes()[done..]);
        SourceFile::new(file.name(), bytes)
    };
    Sources::new(sources.iter().map(file).collect())
}
