//! What the rules share that report what the catalog found.

use crate::finding::{Draft, Fault, FaultKind, Severity, Stage, Verdict};

use super::Sink;

/// Reports the faults of a kind.
pub(crate) fn report(faults: &[Fault], kind: FaultKind, out: &mut Sink<'_>) {
    // What HAProxy takes is no error, even if others of the kind are.
    let mild = out.rule.severity.min(Severity::Warning);
    for fault in faults.iter().filter(|f| f.kind == kind) {
        out.report(draft(fault, mild));
    }
}

fn draft(fault: &Fault, mild: Severity) -> Draft {
    let mut draft = Draft::at(fault.location, &fault.message).only(fault.versions);
    if let Some(help) = &fault.help {
        draft = draft.help(help.clone());
    }
    draft.fix.clone_from(&fault.fix);
    if fault.at_the_end {
        draft = draft.stage(Stage::Whole);
    }
    if fault.first_pass {
        draft = draft.stage(Stage::Words);
    }
    if fault.consequence {
        draft = draft.consequence();
    }
    match fault.verdict {
        Some(Verdict::Reject) if fault.aborts => draft.aborts(fault.versions),
        Some(Verdict::Reject) => draft.rejected_by(fault.versions),
        Some(Verdict::Alert) => draft.alerted_by(fault.versions),
        Some(Verdict::Warning) => draft.warned_by(fault.versions).severity(mild),
        None => draft.severity(mild),
    }
}
