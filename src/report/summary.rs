//! The last lines of the formats for people.

use crate::finding::Severity;

use super::Checked;

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
        return vec![format!("no findings in {files}")];
    }
    let mut lines = vec![format!("{} in {files}", counts.join(", "))];
    if checked.iter().flat_map(|c| &c.report.findings).any(|f| f.varies) {
        lines.push("no HAProxy version was named, so every supported one was asked; `--target X.Y` names yours".to_owned());
    }
    lines
}
