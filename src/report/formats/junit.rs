//! `junit`: JUnit's XML, for CI systems that count tests.

use std::io::{self, Write};

use super::Spec;
use crate::finding::Severity;
use crate::shown::Form;

use crate::report::{
    Checked,
    flat::{by_file, xml},
    summary::NOT_WHOLE,
};

pub(super) static FORMAT: Spec = Spec {
    about: "Jenkins and most others: each finding is a failed test",
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
    let failures: usize = files.iter().map(|(_, findings)| findings.len()).sum();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>")?;
    writeln!(out, "<testsuites name=\"haproxy-lint\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">")?;
    for (file, findings) in files {
        let name = xml(file);
        let unknown = findings.is_empty() && !whole;
        let (tests, failures, errors) = (findings.len().max(1), findings.len(), u8::from(unknown));
        writeln!(out, "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">")?;
        if unknown {
            writeln!(out, "    <testcase name=\"incomplete\" classname=\"{name}\"><error message=\"{NOT_WHOLE}\"/></testcase>")?;
        } else if findings.is_empty() {
            writeln!(out, "    <testcase name=\"no findings\" classname=\"{name}\"/>")?;
        }
        for f in findings {
            let place = format!("{}:{}:{}", f.file, f.start.line, f.start.column);
            let kind = if f.severity() == Severity::Error { "error" } else { f.severity().as_str() };
            writeln!(out, "    <testcase name=\"{}\" classname=\"{name}\">", xml(&format!("{} at line {}", f.rule(), f.start.line)))?;
            writeln!(
                out,
                "      <failure type=\"{kind}\" message=\"{}\">{}</failure>",
                xml(&f.finding.message),
                xml(&format!("{place}\n{}", f.text()))
            )?;
            writeln!(out, "    </testcase>")?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}
