//! `rdjson`: Reviewdog's diagnostic format. Its columns are bytes.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use super::Spec;
use crate::finding::Severity;
use crate::shown::Form;

use crate::report::{
    Checked,
    flat::{Flat, flat},
    pretty,
    stream::Stream,
};

pub(super) static FORMAT: Spec =
    Spec { about: "reviewdog", is_document: true, form: |_| Form::Json, render: |checked, _, out| render(checked, out) };

#[derive(Serialize)]
struct Output<D> {
    diagnostics: D,
    source: serde_json::Value,
}

fn render(checked: &[Checked<'_>], out: &mut dyn Write) -> io::Result<()> {
    let output = Output {
        diagnostics: Stream::new(flat(checked).map(|f| diagnostic(&f))),
        source: json!({ "name": "haproxy-lint", "url": env!("CARGO_PKG_REPOSITORY") }),
    };
    pretty::write(&output, out)
}

fn diagnostic(f: &Flat<'_>) -> serde_json::Value {
    let severity = match f.severity() {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Info => "INFO",
    };
    let mut location = json!({ "path": f.path() });
    if let Some(at) = f.finding.location {
        let file = f.sources.file(at.file);
        let place = |offset: u32, line: usize| {
            let start = file.line_span(file.line_of(offset)).start;
            json!({ "line": line, "column": offset - start + 1 })
        };
        location["range"] = json!({ "start": place(at.span.start, f.start.line), "end": place(at.span.end, f.end.line) });
    }
    json!({ "message": f.text(), "location": location, "severity": severity, "code": { "value": f.rule(), "url": f.finding.rule.url() } })
}
