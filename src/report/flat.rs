//! A finding as formats for programs need it: its place in numbers, its words in one text.

use crate::{
    finding::{Finding, Severity},
    source::{Position, Sources},
};

use super::Checked;

/// A finding with its place worked out.
pub(super) struct Flat<'a> {
    pub(super) sources: &'a Sources,
    pub(super) finding: &'a Finding,
    /// The file as it was given; the first one where the finding is about the whole configuration.
    pub(super) file: &'a str,
    pub(super) start: Position,
    pub(super) end: Position,
}

impl<'a> Flat<'a> {
    pub(super) fn new(sources: &'a Sources, finding: &'a Finding) -> Self {
        let nowhere = Position { line: 1, column: 1, offset: 0 };
        let first = sources.files().first().map_or("", |file| file.name());
        let (file, start, end) = finding.location.map_or((first, nowhere, nowhere), |l| {
            let file = sources.file(l.file);
            (file.name(), file.position(l.span.start), file.position(l.span.end))
        });
        Self { sources, finding, file, start, end }
    }

    /// The path with `/` and without `./` in front, as code hosts want it.
    pub(super) fn path(&self) -> String {
        let path = self.file.replace('\\', "/");
        path.strip_prefix("./").unwrap_or(&path).to_owned()
    }

    /// The message with the help behind it.
    pub(super) fn text(&self) -> String {
        let mut text = self.finding.message.clone();
        for more in self.finding.help.iter().chain(&self.finding.notes) {
            text += "\n";
            text += more;
        }
        text
    }

    pub(super) fn rule(&self) -> &'static str {
        self.finding.rule.name
    }

    pub(super) fn severity(&self) -> Severity {
        self.finding.severity
    }
}

/// All findings, in order.
pub(super) fn flat<'a>(checked: &'a [Checked<'a>]) -> impl Iterator<Item = Flat<'a>> {
    checked.iter().flat_map(|c| c.report.findings.iter().map(|f| Flat::new(c.sources, f)))
}

/// The findings of each file, in the order of the files.
pub(super) fn by_file<'a>(checked: &'a [Checked<'a>]) -> Vec<(&'a str, Vec<Flat<'a>>)> {
    let mut files: Vec<(&str, Vec<Flat<'_>>)> = Vec::new();
    let mut places = rustc_hash::FxHashMap::default();
    let names = checked.iter().flat_map(|c| c.sources.files().iter().map(|f| f.name()));
    for name in names {
        places.entry(name).or_insert_with(|| {
            files.push((name, Vec::new()));
            files.len() - 1
        });
    }
    for finding in flat(checked) {
        let at = *places.entry(finding.file).or_insert_with(|| {
            files.push((finding.file, Vec::new()));
            files.len() - 1
        });
        files[at].1.push(finding);
    }
    files
}

/// Text for XML: the five special characters escaped, and what XML 1.0 forbids left out.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&apos;",
            // In attributes a bare line break is read as a blank.
            '\n' => out += "&#10;",
            '\t' => out += "&#9;",
            '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'.. => out.push(c),
            _ => {}
        }
    }
    out
}
