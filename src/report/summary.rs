//! The last lines of the formats for people.

use crate::finding::Severity;

use super::Checked;

/// What is said instead of "no findings" where nobody knows.
pub(super) const NOT_WHOLE: &str = "not everything could be looked at, so this says nothing of what is missing here";

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// `2 errors, 1 warning in 3 files`, and what else has to be said once.
pub(super) fn lines(checked: &[Checked<'_>]) -> Vec<String> {
    let files: usize = checked.iter().map(|c| c.sources.files().len()).sum();
    let count = |severity| checked.iter().map(|c| c.report.count(severity)).sum::<usize>();
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "info")];
    let counts: Vec<String> = counts.into_iter().filter(|(s, _)| count(*s) > 0).map(|(s, noun)| counted(count(s), noun)).collect();
    let files = counted(files, "file");
    if counts.is_empty() {
        let whole = checked.iter().all(|c| !c.report.incomplete);
        return vec![if whole { format!("no findings in {files}") } else { NOT_WHOLE.to_owned() }];
    }
    let mut lines = vec![format!("{} in {files}", counts.join(", "))];
    if checked.iter().flat_map(|c| &c.report.findings).any(|f| f.varies) {
        lines.push("no HAProxy version was named, so every supported one was asked; `--target X.Y` names yours".to_owned());
    }
    lines
}
