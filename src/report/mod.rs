//! How findings are shown: one file a format. Width and colour are parameters; nothing here looks at a terminal.

mod checkstyle;
mod classic;
pub mod doctor;
mod fancy;
mod fingerprint;
mod flat;
mod github;
mod gitlab;
mod html;
pub(crate) mod json;
mod junit;
mod markdown;
mod rdjson;
mod sarif;
mod short;
mod snippet;
mod stream;
mod summary;

pub use fingerprint::Fingerprints;

use std::io::{self, Write};

use crate::{
    check::Report,
    finding::{Finding, Label},
    shown::{self, Form},
    source::Sources,
    version::Version,
};

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Drawn by miette, for people at a terminal.
    Fancy,
    /// A line a finding, `file:line:column: severity[rule]: message`, for editors and `grep`.
    Short,
    /// Drawn by codespan-reporting, as compilers do.
    Classic,
    /// Version 1 of the JSON contract; its schema is `docs/schema/report-v1.schema.json`.
    Json,
    /// The findings of the JSON contract, one a line.
    Jsonl,
    /// SARIF 2.1.0, for GitHub's code scanning.
    Sarif,
    /// GitHub's workflow commands.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// Checkstyle's XML.
    Checkstyle,
    /// JUnit's XML.
    Junit,
    /// Reviewdog's JSON.
    Rdjson,
    /// A Markdown table.
    Markdown,
    /// A page that needs nothing but itself: the text with the findings in it.
    Html,
}

impl Format {
    /// All formats with their names on the command line.
    pub const ALL: [(&'static str, Self); 13] = [
        ("fancy", Self::Fancy),
        ("short", Self::Short),
        ("classic", Self::Classic),
        ("json", Self::Json),
        ("jsonl", Self::Jsonl),
        ("sarif", Self::Sarif),
        ("github", Self::Github),
        ("gitlab", Self::Gitlab),
        ("checkstyle", Self::Checkstyle),
        ("junit", Self::Junit),
        ("rdjson", Self::Rdjson),
        ("markdown", Self::Markdown),
        ("html", Self::Html),
    ];

    /// Whether programs read it: they want a document even where nothing was checked.
    pub fn is_for_programs(self) -> bool {
        !matches!(self, Self::Fancy | Self::Short | Self::Classic | Self::Github | Self::Markdown)
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, format)| format)
    }
}

/// How text for people is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether colours may be used.
    pub color: bool,
}

/// A configuration that was checked.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    /// Its files.
    pub sources: &'a Sources,
    /// What was found in them.
    pub report: &'a Report,
    /// What it was checked for.
    pub target: Option<Version>,
}

/// Writes what was found in some configurations.
///
/// # Errors
/// Whatever `out` gives.
pub fn render(format: Format, checked: &[Checked<'_>], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let form = match format {
        Format::Fancy | Format::Classic => Form::People { color: style.color },
        Format::Short | Format::Markdown => Form::People { color: false },
        Format::Github => Form::Commands,
        Format::Html => Form::Html,
        Format::Checkstyle | Format::Junit => Form::Xml,
        _ => Form::Json,
    };
    let lines: Vec<Report> = if matches!(form, Form::People { .. } | Form::Commands | Form::Html) {
        checked.iter().map(|c| on_lines(c.report)).collect()
    } else {
        Vec::new()
    };
    let on_lines: Vec<Checked<'_>> = checked.iter().zip(&lines).map(|(c, report)| Checked { report, ..*c }).collect();
    let checked = if lines.is_empty() { checked } else { &on_lines };
    shown::inert(form, out, |out| match format {
        Format::Fancy => fancy::render(checked, style, out),
        Format::Short => short::render(checked, out),
        Format::Classic => classic::render(checked, style, out),
        Format::Json => json::render(checked, out),
        Format::Jsonl => json::render_lines(checked, out),
        Format::Sarif => sarif::render(checked, out),
        Format::Github => github::render(checked, out),
        Format::Gitlab => gitlab::render(checked, out),
        Format::Checkstyle => checkstyle::render(checked, out),
        Format::Junit => junit::render(checked, out),
        Format::Rdjson => rdjson::render(checked, out),
        Format::Markdown => markdown::render(checked, out),
        Format::Html => html::render(checked, out),
    })
}

/// What was found, for people: every sentence stays on its line, whatever is in the names that it holds.
fn on_lines(report: &Report) -> Report {
    let findings = report.findings.iter().map(on_line).collect();
    Report { findings, picture: report.picture.clone(), seen: report.seen, incomplete: report.incomplete, ..Report::default() }
}

/// A finding whose every sentence stays on its line.
pub(crate) fn on_line(finding: &Finding) -> Finding {
    let line = |text: &String| shown::line(text).into_owned();
    let mut shown = finding.clone();
    shown.message = line(&finding.message);
    shown.label = line(&finding.label);
    shown.help = finding.help.as_ref().map(line);
    shown.notes = finding.notes.iter().map(line).collect();
    shown.nodes = finding.nodes.iter().map(line).collect();
    shown.related = finding.related.iter().map(|l| Label { message: line(&l.message), location: l.location }).collect();
    if let (Some(shown), Some(fix)) = (&mut shown.fix, &finding.fix) {
        shown.title = line(&fix.title);
    }
    shown
}

/// A finding for people, and how many that only follow from it are folded into it.
struct Folded<'a> {
    finding: &'a Finding,
    followers: usize,
}

/// Folds findings that only follow from the one before them.
fn folded(report: &Report) -> Vec<Folded<'_>> {
    let mut folded: Vec<Folded<'_>> = Vec::new();
    for finding in &report.findings {
        match folded.last_mut() {
            Some(cause) if finding.consequence => cause.followers += 1,
            _ => folded.push(Folded { finding, followers: 0 }),
        }
    }
    folded
}

/// The line that stands for folded findings.
fn followers(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 more finding follows from this one".to_owned()),
        n => Some(format!("{n} more findings follow from this one")),
    }
}
