//! What is mended in the failures of clusters that people reported: each case of `tests/topology/cases`, as a patch, with the
//! links between the nodes before and after.

use std::{fmt::Write, fs, path::Path};

use haproxy_lint::{
    check::{Options, Report},
    finding::{Applicability, Finding},
    fix::{Fixed, fix},
    source::{SourceFile, Sources},
    topology::{self, matrix::Verdict},
};
use similar::TextDiff;

fn check(sources: &Sources) -> Report {
    let files = sources.files().iter().map(|f| SourceFile::new(f.name(), f.bytes().to_vec())).collect();
    topology::check(&topology::read(files).0, &Options::default()).report
}

fn mended(name: &str, text: &str, level: Applicability) -> Fixed {
    let sources = Sources::single(name, text);
    let report = check(&sources);
    fix(sources, report, level, check)
}

/// How many links are fine, unknown and broken.
fn links(name: &str, text: &str) -> [usize; 3] {
    let (topology, _) = topology::read(vec![SourceFile::new(name, text.as_bytes().to_vec())]);
    let checked = topology::check(&topology, &Options::default());
    let count = |verdict| checked.mesh.matrix.links.iter().filter(|l| l.verdict == verdict).count();
    [Verdict::Fine, Verdict::Unknown, Verdict::Broken].map(count)
}

fn cases() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/topology/cases");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn told(finding: &Finding) -> String {
    format!("    {} {}: {}\n", finding.severity, finding.rule.name, finding.message)
}

/// The patch of a case, and what is left.
fn story(name: &str, text: &str) -> String {
    let fixed = mended(name, text, Applicability::Unsafe);
    let after = String::from_utf8_lossy(fixed.sources.files()[0].bytes()).into_owned();
    let mut story = format!("## {name}\n");
    let [fine, unknown, broken] = links(name, text);
    let [fine_now, unknown_now, broken_now] = links(name, &after);
    let _ = writeln!(story, "links: {fine} fine, {unknown} unknown, {broken} broken -> {fine_now}, {unknown_now}, {broken_now}");
    let safe = mended(name, text, Applicability::Safe).applied;
    let _ = writeln!(story, "fixes: {safe} safe, {} in all", fixed.applied);
    for dropped in &fixed.dropped {
        let _ = writeln!(story, "dropped: {} ({}): {}", dropped.rule, dropped.applicability.as_str(), dropped.reason);
    }
    let diff = TextDiff::from_lines(text, after.as_str());
    story += &diff.unified_diff().context_radius(1).to_string();
    let left: String = fixed.report.findings.iter().filter(|f| f.severity >= haproxy_lint::finding::Severity::Warning).map(told).collect();
    if !left.is_empty() {
        story += &format!("left:\n{left}");
    }
    story + "\n"
}

#[test]
fn failures_are_mended_as_reviewed() {
    let stories: String = cases().iter().map(|(name, text)| story(name, text)).collect();
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("cures", stories);
    });
}
