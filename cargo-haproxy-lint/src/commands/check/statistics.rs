//! `--statistics`: how often each rule speaks.

use std::collections::BTreeMap;

use haproxy_lint::{
    check::Report,
    finding::{RuleInfo, Severity},
    report::Format,
    shown::Form,
};

use crate::{
    error::{Error, Result},
    output,
};

struct Count {
    rule: &'static RuleInfo,
    severity: Severity,
    findings: usize,
    files: usize,
}

/// Prints a line a rule and severity, the most frequent first.
pub(crate) fn show<'a>(reports: impl Iterator<Item = &'a Report>, format: Option<Format>) -> Result<()> {
    let counts = count(reports);
    match format {
        None | Some(Format::Fancy | Format::Short | Format::Classic) => output::to_stdout(output::TEXT, |out| {
            counts.iter().try_for_each(|c| writeln!(out, "{:>7}  {:<8} {}", c.findings, c.severity.as_str(), c.rule.name))
        }),
        Some(Format::Json) => output::to_stdout(Form::Json, |out| {
            let rows = counts.iter().map(|c| {
                serde_json::json!({ "rule": c.rule.name, "severity": c.severity.as_str(), "findings": c.findings, "configurations": c.files })
            });
            serde_json::to_writer_pretty(&mut *out, &rows.collect::<Vec<_>>())?;
            writeln!(out)
        }),
        Some(_) => Err(Error::new("statistics are text or JSON", "write `--format json`, or leave `--format` out")),
    }
}

fn count<'a>(reports: impl Iterator<Item = &'a Report>) -> Vec<Count> {
    // By name and severity; with the last report that was counted for it.
    let mut counts: BTreeMap<(&str, Severity), (Count, usize)> = BTreeMap::new();
    for (at, report) in reports.enumerate() {
        for f in &report.findings {
            let new = || (Count { rule: f.rule, severity: f.severity, findings: 0, files: 0 }, usize::MAX);
            let (count, last) = counts.entry((f.rule.name, f.severity)).or_insert_with(new);
            count.findings += 1;
            count.files += usize::from(*last != at);
            *last = at;
        }
    }
    let mut counts: Vec<Count> = counts.into_values().map(|(count, _)| count).collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.findings));
    counts
}
