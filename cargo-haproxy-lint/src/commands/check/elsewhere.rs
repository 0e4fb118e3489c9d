//! A file of several that was named alone: the others are read with it, and what is found in them is only counted.

use haproxy_lint::{
    check::Report,
    counted,
    finding::{Finding, Severity},
    project::{Set, Why},
};

use super::Done;
use crate::output;

/// Whether a finding concerns the files that were named: it is in them, it points to them, or it is a name that nothing has, which
/// may have stood there before.
fn concerns(set: &Set, finding: &Finding) -> bool {
    let is_named = finding.location.is_none_or(|place| set.shows(place.file));
    let may_have_stood_there = || finding.severity == Severity::Error && finding.rule.group() == "reference";
    is_named || finding.related.iter().any(|related| set.shows(related.location.file)) || may_have_stood_there()
}

/// Takes the fixes away from what does not concern the files that were named.
pub(super) fn leave_as_it_is(set: &Set, report: &mut Report) {
    report.findings.iter_mut().filter(|finding| !concerns(set, finding)).for_each(|finding| finding.fix = None);
}

/// What concerns the files that were named, and the rest.
pub(super) fn concerning(set: &Set, mut report: Report) -> (Report, Report) {
    let mut rest = Report::default();
    (report.findings, rest.findings) = report.findings.into_iter().partition(|finding| concerns(set, finding));
    (report, rest)
}

/// Puts aside what does not concern the files that were named.
pub(super) fn part(set: &Set, done: &mut Done) {
    (done.report, done.elsewhere) = concerning(set, std::mem::take(&mut done.report));
    if let Some((_, unmended)) = &mut done.mended.unmended {
        *unmended = concerning(set, std::mem::take(unmended)).0;
    }
    done.whole = match set.why() {
        Why::Neighbours(neighbours) => neighbours.options(),
        _ => String::new(),
    };
}

/// Says how much there is in files that were not named, and how to see it.
pub(super) fn tell(done: &Done) {
    let found = &done.elsewhere.findings;
    let of = |severity: Severity| {
        let count = found.iter().filter(|finding| finding.severity == severity).count();
        (count > 0).then(|| counted(count, severity.as_str()))
    };
    let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Info].into_iter().filter_map(of).collect();
    if !counts.is_empty() {
        let command = [output::program(), "check", &done.whole].join(" ");
        output::note(&format!(
            "{} more in other files of this configuration, which were not named: `{}` shows all",
            counts.join(", "),
            command.trim_end()
        ));
    }
}
