//! `gitlab`: GitLab's code quality report.

use std::io::{self, Write};

use serde_json::json;

use super::Spec;
use crate::finding::Severity;
use crate::shown::Form;

use crate::report::{Checked, fingerprint::Fingerprints, flat::flat, pretty, stream::Stream};

pub(super) static FORMAT: Spec =
    Spec { about: "GitLab's code quality report", is_document: true, form: |_| Form::Json, render: |checked, _, out| render(checked, out) };

fn render(checked: &[Checked<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut prints = Fingerprints::default();
    let issue = |f: crate::report::flat::Flat<'_>| {
        let severity = match f.severity() {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Info => "info",
        };
        // GitLab shows the description and not the name of the check.
        json!({
            "description": format!("{}: {}", f.rule(), f.text()),
            "check_name": f.rule(),
            "fingerprint": prints.of(f.sources, f.finding),
            "severity": severity,
            "location": { "path": f.path(), "positions": {
                "begin": { "line": f.start.line, "column": f.start.column },
                "end": { "line": f.end.line, "column": f.end.column },
            } },
        })
    };
    pretty::write(&Stream::new(flat(checked).map(issue)), out)
}
