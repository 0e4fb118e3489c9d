//! How findings are shown: one file a format. Width and colour are parameters; nothing here looks at a terminal.

pub mod doctor;
mod fingerprint;
mod flat;
mod formats;
mod gather;
mod pretty;
mod room;
mod snippet;
mod stream;
mod summary;
mod text;

pub use fingerprint::Fingerprints;
pub use formats::Format;
pub(crate) use formats::json::value as json_value;
pub use text::Tone;

use std::io::{self, Write};

use crate::{
    check::Report,
    finding::{Finding, Label},
    shown::{self, Form},
    source::Sources,
    version::Version,
};

/// How text for people is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether colours may be used.
    pub color: bool,
    /// How many findings of one rule in one file are shown at a terminal; 0 for all.
    pub most: usize,
}

impl Style {
    /// How many findings of a rule in a file are shown where nothing is said.
    pub const MOST: usize = 10;

    /// So many columns, without colours.
    pub fn plain(width: usize) -> Self {
        Self { width, color: false, most: Self::MOST }
    }
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
    let spec = format.spec();
    let form = (spec.form)(style);
    // Few names hold what would leave its line, and many findings are not copied for nothing.
    let by_lines = matches!(form, Form::People { .. } | Form::Commands | Form::Html);
    let lines: Vec<Report> = match by_lines && !checked.iter().flat_map(|c| &c.report.findings).all(is_on_line) {
        true => checked.iter().map(|c| on_lines(c.report)).collect(),
        false => Vec::new(),
    };
    let on_lines: Vec<Checked<'_>> = checked.iter().zip(&lines).map(|(c, report)| Checked { report, ..*c }).collect();
    let checked = if lines.is_empty() { checked } else { &on_lines };
    shown::inert(form, out, |out| (spec.render)(checked, style, out))
}

/// What was found, for people: every sentence stays on its line, whatever is in the names that it holds.
fn on_lines(report: &Report) -> Report {
    let findings = report.findings.iter().map(on_line).collect();
    Report { findings, picture: report.picture.clone(), seen: report.seen, incomplete: report.incomplete, ..Report::default() }
}

/// Whether every sentence of a finding stays on its line as it is.
fn is_on_line(finding: &Finding) -> bool {
    let texts = [&finding.message, &finding.label].into_iter().chain(&finding.help).chain(&finding.notes).chain(&finding.nodes);
    let texts = texts.chain(finding.related.iter().map(|label| &label.message)).chain(finding.fix.iter().map(|fix| &fix.title));
    let causes = finding.cause.iter().flat_map(|cause| [&cause.message, &cause.label, &cause.of].into_iter().chain(&cause.help));
    texts.chain(causes).all(|text| shown::is_line(text))
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
    shown.cause.iter_mut().flat_map(|cause| cause.texts()).for_each(|text| *text = line(text));
    shown
}

/// The line that stands for folded findings.
fn followers(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 more finding follows from this one".to_owned()),
        n => Some(format!("{n} more findings follow from this one")),
    }
}
