//! Mends what was found: applies fixes in rounds until nothing changes, and proves each round.

mod proof;

use std::collections::BTreeMap;

use proof::Broken;

pub use crate::finding::apply;
use crate::{
    check::Report,
    finding::{Applicability, Edit, Finding, Fix},
    source::{FileId, Location, Sources, Span},
};

/// A fix may make room for another; after so many rounds two of them are taken to undo each other.
pub const MAX_ROUNDS: usize = 16;

/// How many guesses are tried alone when they do not hold together with others: each takes a check of its own.
const TRIED_ALONE: usize = 30;

/// A configuration as it is after its fixes.
#[derive(Debug)]
#[non_exhaustive]
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

/// A fix that was not made, because the proof did not hold: of a safe one that is a fault of the rule, of another one the
/// guess was wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dropped {
    /// The name of the rule.
    pub rule: &'static str,
    /// What the fix would have done.
    pub title: String,
    /// Whether it was to be made without asking.
    pub applicability: Applicability,
    /// The file and the line, from 1.
    pub place: Option<(String, usize)>,
    /// The line as it was.
    pub line: String,
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
    // How many fixes had been made when the last ones were dropped anew.
    let mut afresh = 0;
    for _ in 0..MAX_ROUNDS {
        let mut round = Round { sources: &fixed.sources, report: &fixed.report, check: &check };
        let mut candidates = round.candidates(level, &fixed.dropped);
        // What did not hold at first may hold beside what was mended since: a second run would mend it.
        if candidates.is_empty() && fixed.applied > afresh && !fixed.dropped.is_empty() {
            afresh = fixed.applied;
            fixed.dropped.clear();
            round = Round { sources: &fixed.sources, report: &fixed.report, check: &check };
            candidates = round.candidates(level, &fixed.dropped);
        }
        if candidates.is_empty() {
            return fixed.without_dropped();
        }
        let (good, together) = round.good(candidates, &mut fixed.dropped);
        if let Some((made, after)) = together.map(|after| (good.len(), after)).or_else(|| round.most_of(&good)) {
            (fixed.sources, fixed.report) = after;
            fixed.applied += made;
        }
    }
    let round = Round { sources: &fixed.sources, report: &fixed.report, check: &check };
    fixed.unfinished = !round.candidates(level, &fixed.dropped).is_empty();
    fixed.without_dropped()
}

impl Fixed {
    /// What did not pass the proof is offered no more.
    fn without_dropped(mut self) -> Self {
        let is_gone = |finding: &Finding| {
            let name = finding.fix.as_ref().map(|fix| name(&self.sources, finding, fix));
            name.is_some_and(|name| self.dropped.iter().any(|dropped| dropped.is(&name)))
        };
        let gone: Vec<bool> = self.report.findings.iter().map(is_gone).collect();
        self.report.findings.iter_mut().zip(gone).filter(|(_, gone)| *gone).for_each(|(finding, _)| finding.fix = None);
        self
    }
}

/// The files with some fixes made, and what is found in them.
type After = (Sources, Report);

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
            if !dropped.is_empty() {
                let name = name(self.sources, finding, fix);
                if dropped.iter().any(|dropped| dropped.is(&name)) {
                    continue;
                }
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

    /// Those that pass the proof, and what comes of them where all have been made together.
    fn good(&self, mut candidates: Vec<Candidate<'a>>, dropped: &mut Vec<Dropped>) -> (Vec<Candidate<'a>>, Option<After>) {
        loop {
            if candidates.is_empty() {
                return (candidates, None);
            }
            let (numbers, reason) = match self.attempt(&candidates) {
                Ok(after) => return (candidates, Some(after)),
                Err(Broken::Fixes(blamed)) => (blamed, String::new()),
                Err(Broken::Some(reason)) => (Vec::new(), reason),
            };
            if let ([], [_]) = (numbers.as_slice(), candidates.as_slice()) {
                self.drop(candidates[0], reason, dropped);
                return (Vec::new(), None);
            }
            if numbers.is_empty() {
                let second = candidates.split_off(candidates.len() / 2);
                let (mut good, _) = self.good(candidates, dropped);
                good.extend(self.good(second, dropped).0);
                return (good, None);
            }
            for (number, reason) in numbers.into_iter().rev() {
                self.drop(candidates.remove(number), reason, dropped);
            }
        }
    }

    /// Makes as many as go together, with how many these are: two good ones may disturb each other, and then half of them wait for the
    /// next round.
    fn most_of(&self, good: &[Candidate<'a>]) -> Option<(usize, After)> {
        let mut halves = std::iter::successors(Some(good.len()), |wanted| Some(wanted / 2)).take_while(|wanted| *wanted > 0);
        halves.find_map(|wanted| Some((wanted, self.attempt(&good[..wanted]).ok()?)))
    }

    fn drop(&self, candidate: Candidate<'a>, reason: String, dropped: &mut Vec<Dropped>) {
        let (finding, fix) = candidate;
        // Another fix may be to blame: it is tried alone, and waits if it holds then. Of guesses only so many are.
        if (fix.applicability == Applicability::Safe || dropped.len() < TRIED_ALONE) && self.attempt(&[candidate]).is_ok() {
            return;
        }
        let (rule, title, line) = name(self.sources, finding, fix);
        dropped.push(Dropped { rule, title: title.to_owned(), line, applicability: fix.applicability, place: self.place(finding), reason });
    }

    /// Makes fixes and proves them.
    fn attempt(&self, fixes: &[Candidate<'a>]) -> Result<After, Broken> {
        let edits: Vec<&Edit> = fixes.iter().flat_map(|(_, fix)| &fix.edits).collect();
        let sources = apply(self.sources, &edits);
        let report = (self.check)(&sources);
        proof::prove(&proof::Change { before: (self.sources, self.report), after: (&sources, &report), fixes })?;
        Ok((sources, report))
    }
}

/// What a fix is known by when lines have moved: its rule, its title, and the text of its line.
type Name<'a> = (&'static str, &'a str, String);

fn name<'a>(sources: &Sources, finding: &Finding, fix: &'a Fix) -> Name<'a> {
    let line = finding.location.map_or(String::new(), |l| {
        let file = sources.file(l.file);
        file.text(file.line_span(file.line_of(l.span.start))).into_owned()
    });
    (finding.rule.name, &fix.title, line)
}

impl Dropped {
    /// Whether this is the fix of that name.
    fn is(&self, (rule, title, line): &Name<'_>) -> bool {
        self.rule == *rule && self.title == *title && self.line == *line
    }
}

/// Whether no edit that was taken overlaps this place. What is put between two bytes must not touch another edit.
fn is_free(taken: &BTreeMap<(FileId, u32), u32>, Location { file, span }: Location) -> bool {
    let before = taken.range(..=(file, span.start)).next_back().filter(|((f, _), _)| *f == file);
    let behind = taken.range((file, span.start)..).next().filter(|((f, _), _)| *f == file);
    let apart = |start: u32, end: u32| {
        let (first, last) = if start <= span.start { (Span::new(start, end), span) } else { (span, Span::new(start, end)) };
        first.end < last.start || first.end == last.start && !first.is_empty() && !last.is_empty()
    };
    before.into_iter().chain(behind).all(|((_, start), end)| apart(*start, *end))
}
