//! The last lines of the formats for people, and what is said of fixes.

use crate::{
    counted,
    finding::{Applicability, Fix, Severity},
};

use super::{
    Checked,
    gather::{Told, told},
};

/// What is said instead of "no findings" where nobody knows.
pub(super) const NOT_WHOLE: &str = "not everything could be looked at, so this says nothing of what is missing here";

/// `2 errors, 1 warning in 3 files`, and what else has to be said once.
pub(super) fn lines(checked: &[Checked<'_>]) -> Vec<String> {
    let files: usize = checked.iter().map(|c| c.sources.files().len()).sum();
    let told: Vec<Told<'_>> = checked.iter().flat_map(|c| told(c.report, c.sources)).collect();
    let count = |severity| told.iter().filter(|item| item.finding.severity == severity).count();
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "info")];
    let counts: Vec<String> = counts.into_iter().filter(|(s, _)| count(*s) > 0).map(|(s, noun)| counted(count(s), noun)).collect();
    let files = counted(files, "file");
    if counts.is_empty() {
        let whole = checked.iter().all(|c| !c.report.incomplete);
        return vec![if whole { format!("no findings in {files}") } else { NOT_WHOLE.to_owned() }];
    }
    let mut lines = vec![format!("{} in {files}", counts.join(", "))];
    lines.extend(fixable(&told));
    if checked.iter().flat_map(|c| &c.report.findings).any(|f| f.varies) {
        lines.push("no HAProxy version was named, so every supported one was asked; `--target X.Y` names yours".to_owned());
    }
    lines
}

/// `3 can be mended: 1 with `--fix`, 2 more with `--fix --unsafe-fixes``
fn fixable(told: &[Told<'_>]) -> Option<String> {
    let count = |wanted| told.iter().filter(|item| item.finding.fix.as_ref().is_some_and(|fix| fix.applicability == wanted)).count();
    match (count(Applicability::Safe), count(Applicability::Unsafe)) {
        (0, 0) => None,
        (safe, 0) => Some(format!("{safe} can be mended with `--fix`")),
        (0, guesses) => Some(format!("{guesses} can be mended with `--fix --unsafe-fixes`")),
        (safe, guesses) => {
            Some(format!("{} can be mended: {safe} with `--fix`, {guesses} more with `--fix --unsafe-fixes`", safe + guesses))
        }
    }
}

/// What a fix does, and whether it is made without asking.
pub(super) fn fix(fix: &Fix) -> String {
    match fix.applicability {
        Applicability::Safe => format!("{} (safe)", fix.title),
        Applicability::Unsafe => format!("{} (unsafe: look at the result)", fix.title),
    }
}
