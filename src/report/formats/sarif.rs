//! `sarif`: SARIF 2.1.0, within the limits of GitHub's code scanning.

use std::{
    io::{self, Write},
    sync::Arc,
};

use rustc_hash::FxHashSet;
use serde::Serialize;
use serde_json::{Value, json};

use super::Spec;
use crate::shown::Form;
use crate::{
    counted,
    finding::{Confidence, Finding, Fix, RuleInfo, Severity, summary},
    rules::{
        RULES,
        project::{Declared, GROUP, page},
    },
    source::{FileId, Location, Sources},
};

use crate::report::{
    Checked,
    fingerprint::Fingerprints,
    flat::{Flat, flat},
    pretty,
    stream::Stream,
};

pub(super) static FORMAT: Spec = Spec {
    about: "GitHub code scanning, and everything else that reads SARIF 2.1.0",
    is_document: true,
    form: |_| Form::Json,
    render: |checked, _, out| render(checked, out),
};

#[derive(Serialize)]
struct Log<R> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    runs: [Run<R>; 1],
    version: &'static str,
}

#[derive(Serialize)]
struct Run<R> {
    #[serde(rename = "automationDetails")]
    automation: Value,
    #[serde(rename = "columnKind")]
    column_kind: &'static str,
    invocations: [Value; 1],
    results: R,
    tool: Value,
}

/// What GitHub takes in one run.
const MOST_RESULTS: usize = 25_000;

fn render(checked: &[Checked<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut prints = Fingerprints::default();
    let rules = rules(checked);
    let found: usize = checked.iter().map(|c| c.report.findings.len()).sum();
    let left_out = found.saturating_sub(MOST_RESULTS);
    let mut invocation = json!({ "executionSuccessful": checked.iter().all(|c| !c.report.incomplete) });
    if left_out > 0 {
        let are = if left_out == 1 { "is" } else { "are" };
        let text = format!("{} {are} left out: GitHub takes {MOST_RESULTS} in one run", counted(left_out, "finding"));
        invocation["toolExecutionNotifications"] = json!([{ "level": "warning", "message": { "text": text } }]);
    }
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        runs: [Run {
            automation: json!({ "id": "haproxy-lint/" }),
            column_kind: "unicodeCodePoints",
            invocations: [invocation],
            results: Stream::new(flat(checked).take(MOST_RESULTS).map(|f| result(&f, &rules, &mut prints))),
            tool: json!({ "driver": {
                "name": "haproxy-lint",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.iter().map(|r| rule(r, &page(r, declared(checked)))).collect::<Vec<_>>(),
            } }),
        }],
        version: "2.1.0",
    };
    pretty::write(&log, out)
}

/// The rules that found something, in the order of all rules, and behind them those of the project.
fn rules(checked: &[Checked<'_>]) -> Vec<&'static RuleInfo> {
    let findings = || checked.iter().flat_map(|c| &c.report.findings);
    let names: FxHashSet<&str> = findings().map(|finding| finding.rule.name).collect();
    let mut rules: Vec<_> = RULES.iter().map(|rule| &rule.info).filter(|rule| names.contains(rule.name)).collect();
    let known = rules.len();
    for finding in findings().filter(|finding| finding.rule.group() == GROUP) {
        if !rules[known..].iter().any(|rule| rule.name == finding.rule.name) {
            rules.push(finding.rule);
        }
    }
    rules
}

fn declared<'c>(checked: &'c [Checked<'_>]) -> impl Iterator<Item = &'c Arc<Declared>> {
    checked.iter().flat_map(|c| &c.report.declared)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn rule(rule: &RuleInfo, page: &str) -> Value {
    let summary = summary(page).split_whitespace().collect::<Vec<_>>().join(" ");
    // The words behind `haproxy` are for the tests of the examples.
    let page: Vec<&str> = page
        .lines()
        .map(|l| l.strip_prefix(' ').unwrap_or(l))
        .map(|l| if l.starts_with("```haproxy") { "```haproxy" } else { l })
        .collect();
    let problem = match rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "recommendation",
    };
    let mut properties = json!({ "tags": [rule.group()], "precision": "high", "problem.severity": problem });
    if let Some(score) = rule.security_severity() {
        properties["tags"] = json!(if rule.group() == "security" { vec!["security"] } else { vec![rule.group(), "security"] });
        properties["security-severity"] = json!(score);
    }
    json!({
        "id": rule.name,
        "name": rule.name,
        "shortDescription": { "text": cut(&summary) },
        "fullDescription": { "text": cut(&summary) },
        "help": { "text": page.join("\n"), "markdown": page.join("\n") },
        "helpUri": rule.url(),
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": properties,
    })
}

/// GitHub takes 1024 characters.
fn cut(text: &str) -> String {
    text.chars().take(1024).collect()
}

fn result(f: &Flat<'_>, rules: &[&RuleInfo], prints: &mut Fingerprints) -> Value {
    let Finding { rule, confidence, location, related, fix, .. } = f.finding;
    let mut result = json!({
        "ruleId": rule.name,
        "ruleIndex": rules.iter().position(|r| r.name == rule.name),
        "level": level(f.severity()),
        "message": { "text": f.text() },
        "locations": [{ "physicalLocation": location.map_or_else(|| whole(f), |l| physical(f.sources, l)) }],
        "partialFingerprints": { "primaryLocationLineHash": prints.of(f.sources, f.finding) },
        "properties": { "confidence": match confidence { Confidence::High => "high", Confidence::Medium => "medium", Confidence::Low => "low" } },
    });
    if !related.is_empty() {
        let place = |(id, label): (usize, &crate::finding::Label)| json!({ "id": id + 1, "message": { "text": label.message }, "physicalLocation": physical(f.sources, label.location) });
        result["relatedLocations"] = related.iter().enumerate().map(place).collect();
    }
    if let Some(fix) = fix {
        result["fixes"] = json!([mend(f.sources, fix)]);
    }
    result
}

/// A fix as changes of files, each file once.
fn mend(sources: &Sources, fix: &Fix) -> Value {
    let mut changes: Vec<(FileId, Vec<Value>)> = Vec::new();
    for edit in &fix.edits {
        let id = edit.location.file;
        let replacement = json!({ "deletedRegion": region(sources, edit.location), "insertedContent": { "text": edit.text } });
        match changes.iter_mut().find(|(known, _)| *known == id) {
            Some((_, replacements)) => replacements.push(replacement),
            None => changes.push((id, vec![replacement])),
        }
    }
    let change = |(file, replacements): (FileId, Vec<Value>)| json!({ "artifactLocation": { "uri": uri(sources.file(file).name()) }, "replacements": replacements });
    json!({
        "description": { "text": fix.title },
        "artifactChanges": changes.into_iter().map(change).collect::<Vec<_>>(),
    })
}

/// What is about the whole configuration stands at its first line: GitHub shows nothing without a place.
fn whole(f: &Flat<'_>) -> Value {
    json!({
        "artifactLocation": { "uri": uri(f.file) },
        "region": { "startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1 },
    })
}

fn physical(sources: &Sources, location: Location) -> Value {
    json!({
        "artifactLocation": { "uri": uri(sources.file(location.file).name()) },
        "region": region(sources, location),
    })
}

fn region(sources: &Sources, location: Location) -> Value {
    let file = sources.file(location.file);
    let (start, end) = (file.position(location.span.start), file.position(location.span.end));
    json!({ "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column })
}

/// A path as a relative URI: `/`, no `./`, everything else that is not plain percent-encoded.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out += &format!("%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scores_of_security_follow_the_severity() {
        let score = |name: &str| {
            let found = rule(RULES.iter().find(|rule| rule.name == name).unwrap(), "");
            found["properties"]["security-severity"].as_str().map(|score| score.parse::<f64>().unwrap())
        };
        assert!(score("tls/bind-without-certificate") >= Some(7.0), "an error is high");
        assert!((4.0..7.0).contains(&score("security/admin-socket-open").unwrap()), "a warning is medium");
        assert_eq!(score("dead/unused-acl"), None);
    }
}
