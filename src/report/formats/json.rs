//! `json`: version 1 of the contract, for programs.

use std::{
    borrow::Cow,
    io::{self, BufWriter, Write},
};

use serde::Serialize;

use super::Spec;
use crate::shown::Form;
use crate::{
    finding::{Edit, Finding, Fix, Severity},
    source::{Location, Position, Sources},
};

use crate::report::{Checked, fingerprint::Fingerprints, pretty, stream::Stream};

pub(super) static FORMAT: Spec = Spec {
    about: "programs of your own; [the schema](schema/report-v1.schema.json)",
    is_document: true,
    form: |_| Form::Json,
    render: |checked, _, out| render(checked, out),
};

#[derive(Serialize)]
struct Output<F> {
    version: u8,
    tool: Tool,
    target: Option<String>,
    summary: Summary,
    findings: F,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    fixable: usize,
}

#[derive(Serialize)]
struct Item<'a> {
    rule: &'a str,
    severity: &'a str,
    confidence: &'a str,
    haproxy: Option<&'a str>,
    nodes: &'a [String],
    message: &'a str,
    help: Option<Cow<'a, str>>,
    url: String,
    file: Option<&'a str>,
    range: Option<Range>,
    /// Where the configuration stands in a manifest.
    embedded: Option<Embedded<'a>>,
    related: Vec<Related<'a>>,
    /// None or one.
    fixes: Vec<Mend<'a>>,
    fingerprint: String,
}

#[derive(Serialize)]
struct Embedded<'a> {
    kind: &'a str,
    namespace: Option<&'a str>,
    name: &'a str,
    key: &'a str,
    line: usize,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    file: &'a str,
    range: Range,
}

#[derive(Serialize)]
struct Mend<'a> {
    title: &'a str,
    applicability: &'a str,
    edits: Vec<Change<'a>>,
}

#[derive(Serialize)]
struct Change<'a> {
    file: &'a str,
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Range {
    start: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
    offset: usize,
}

impl From<Position> for Place {
    fn from(at: Position) -> Self {
        Self { line: at.line, column: at.column, offset: at.offset }
    }
}

fn render(checked: &[Checked<'_>], out: &mut dyn Write) -> io::Result<()> {
    pretty::write(&output(checked), out)
}

/// The same as a value, for the doctor, which has more to say.
pub(crate) fn value(checked: &[Checked<'_>]) -> io::Result<serde_json::Value> {
    Ok(serde_json::to_value(output(checked))?)
}

fn output<'c>(checked: &'c [Checked<'c>]) -> Output<impl Serialize> {
    let count = |severity| checked.iter().map(|c| c.report.count(severity)).sum();
    let targets = checked.iter().map(|c| c.target).collect::<Vec<_>>();
    let same = targets.windows(2).all(|pair| pair[0] == pair[1]);
    Output {
        version: 1,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        target: targets.first().copied().flatten().filter(|_| same).map(|v| v.to_string()),
        summary: Summary {
            files: checked.iter().map(|c| c.sources.files().len()).sum(),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            infos: count(Severity::Info),
            fixable: checked.iter().flat_map(|c| &c.report.findings).filter(|f| f.fix.is_some()).count(),
        },
        findings: Stream::new(items(checked)),
    }
}

/// `jsonl`: the findings of [`render`], a line each, for programs that read as they go.
pub(super) fn render_lines(checked: &[Checked<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    for item in items(checked) {
        serde_json::to_writer(&mut out, &item)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn items<'c>(checked: &'c [Checked<'c>]) -> impl Iterator<Item = Item<'c>> {
    let mut prints = Fingerprints::default();
    let findings = checked.iter().flat_map(|c| c.report.findings.iter().map(|finding| (c.sources, finding)));
    findings.map(move |(sources, finding)| item(sources, finding, &mut prints))
}

fn item<'a>(sources: &'a Sources, finding: &'a Finding, prints: &mut Fingerprints) -> Item<'a> {
    let help = match (&finding.help, finding.notes.as_slice()) {
        (None, []) => None,
        (Some(only), []) | (None, [only]) => Some(Cow::Borrowed(only.as_str())),
        (help, notes) => Some(Cow::Owned(help.iter().chain(notes).map(String::as_str).collect::<Vec<_>>().join("\n"))),
    };
    Item {
        rule: finding.rule.name,
        severity: finding.severity.as_str(),
        confidence: finding.confidence.as_str(),
        haproxy: finding.haproxy.map(|v| v.as_str()),
        nodes: &finding.nodes,
        message: &finding.message,
        help,
        url: finding.rule.url(),
        file: finding.location.map(|l| sources.file(l.file).name()),
        range: finding.location.map(|l| range(sources, l)),
        embedded: finding.embedded.as_ref().map(|e| Embedded {
            kind: &e.kind,
            namespace: e.namespace.as_deref(),
            name: &e.name,
            key: &e.key,
            line: e.line,
        }),
        related: finding
            .related
            .iter()
            .map(|l| Related { message: &l.message, file: sources.file(l.location.file).name(), range: range(sources, l.location) })
            .collect(),
        fixes: finding.fix.iter().map(|fix| mend(sources, fix)).collect(),
        fingerprint: prints.of(sources, finding),
    }
}

fn mend<'a>(sources: &'a Sources, fix: &'a Fix) -> Mend<'a> {
    let change =
        |edit: &'a Edit| Change { file: sources.file(edit.location.file).name(), range: range(sources, edit.location), text: &edit.text };
    Mend { title: &fix.title, applicability: fix.applicability.as_str(), edits: fix.edits.iter().map(change).collect() }
}

fn range(sources: &Sources, location: Location) -> Range {
    let file = sources.file(location.file);
    Range { start: file.position(location.span.start).into(), end: file.position(location.span.end).into() }
}
