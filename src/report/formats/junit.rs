//! `junit`: JUnit's XML, for CI systems that count tests.

use std::io::{self, Write};

use super::Spec;
use crate::finding::Severity;
use crate::shown::Form;

use crate::report::{
    Checked,
    flat::{Flat, by_file, xml},
    summary::NOT_WHOLE,
};

pub(super) static FORMAT: Spec = Spec {
    about: "Jenkins and most others: each error and warning is a failed test",
    is_document: true,
    form: |_| Form::Xml,
    render: |checked, _, out| render(checked, out),
};

fn render(checked: &[Checked<'_>], out: &mut dyn Write) -> io::Result<()> {
    let files = by_file(checked);
    // A clean file is one passed test: without any, CI systems complain that there are none.
    let tests: usize = files.iter().map(|(_, findings)| findings.len().max(1)).sum();
    let whole = checked.iter().all(|c| !c.report.incomplete);
    let empty = files.iter().filter(|(_, findings)| findings.is_empty()).count();
    let errors = if whole { 0 } else { empty };
    let failures: usize = files.iter().map(|(_, findings)| failed(findings)).sum();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>")?;
    writeln!(out, "<testsuites name=\"haproxy-lint\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">")?;
    for (file, findings) in files {
        let name = xml(file);
        let unknown = findings.is_empty() && !whole;
        let (tests, failures, errors) = (findings.len().max(1), failed(&findings), u8::from(unknown));
        writeln!(out, "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">")?;
        if unknown {
            writeln!(out, "    <testcase name=\"incomplete\" classname=\"{name}\"><error message=\"{NOT_WHOLE}\"/></testcase>")?;
        } else if findings.is_empty() {
            writeln!(out, "    <testcase name=\"no findings\" classname=\"{name}\"/>")?;
        }
        for f in findings {
            let place = format!("{}:{}:{}", f.file, f.start.line, f.start.column);
            writeln!(out, "    <testcase name=\"{}\" classname=\"{name}\">", xml(&format!("{} at line {}", f.rule(), f.start.line)))?;
            let text = xml(&format!("{place}\n{}", f.text()));
            if is_failure(&f) {
                let (kind, message) = (f.severity().as_str(), xml(&f.finding.message));
                writeln!(out, "      <failure type=\"{kind}\" message=\"{message}\">{text}</failure>")?;
            } else {
                writeln!(out, "      <system-out>{text}</system-out>")?;
            }
            writeln!(out, "    </testcase>")?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// Whether a finding is a failed test: what is only to be known passes, and its text is told.
fn is_failure(finding: &Flat<'_>) -> bool {
    finding.severity() > Severity::Info
}

fn failed(findings: &[Flat<'_>]) -> usize {
    findings.iter().filter(|finding| is_failure(finding)).count()
}
