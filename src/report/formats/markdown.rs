//! `markdown`: a table, for the summary of a CI run or a comment.

use std::io::{self, Write};

use super::Spec;
use crate::shown::Form;
use crate::{
    finding::{Finding, Severity},
    shown,
};

use crate::report::{
    Checked, Style,
    flat::Flat,
    gather::{alike, told},
    summary,
};

pub(super) static FORMAT: Spec =
    Spec { about: "the summary of a run, a comment", is_document: false, form: |_| Form::People { color: false }, render };

fn render(checked: &[Checked<'_>], style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### haproxy-lint\n")?;
    if checked.iter().any(|c| !c.report.findings.is_empty()) {
        writeln!(out, "| | Where | What | Rule |\n| --- | --- | --- | --- |")?;
    }
    for one in checked {
        for group in alike(&told(one.report, one.sources), style.most) {
            for item in std::iter::once(&group.first).chain(&group.others) {
                row(&Flat::new(one.sources, &item.finding), out)?;
            }
            if group.left > 0 {
                writeln!(out, "| | | and {} more; `--max-per-rule 0` shows all | {} |", group.left, link(&group.first.finding))?;
            }
        }
    }
    writeln!(out, "\n{}", summary::lines(checked).join(". "))
}

fn row(f: &Flat<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mark = match f.severity() {
        Severity::Error => "❌",
        Severity::Warning => "⚠️",
        Severity::Info => "ℹ️",
    };
    let place = if f.file.is_empty() { String::new() } else { format!("{}:{}", f.path(), f.start.line) };
    let help = f.finding.help.as_deref().map(|help| format!("<br>{}", words(help))).unwrap_or_default();
    writeln!(out, "| {mark} | {} | {}{help} | {} |", file(&place), words(&f.finding.message), link(f.finding))
}

fn link(finding: &Finding) -> String {
    format!("[{}]({})", finding.rule.name, finding.rule.url())
}

/// A file and line: as it is, where nothing in its name means anything.
fn file(place: &str) -> String {
    let plain = place.chars().all(|c| c.is_ascii_alphanumeric() || "/._-:".contains(c));
    if plain { place.to_owned() } else { code(&shown::line(place)) }
}

/// A sentence: what stands in backticks is code. A name that holds backticks itself turns this around, so nothing outside of
/// them means anything either.
fn words(sentence: &str) -> String {
    let mut shown = String::new();
    for (at, part) in sentence.split('`').enumerate() {
        if at % 2 == 0 {
            let calls = ["@", "://", "www."].iter().any(|mark| part.contains(mark));
            shown +=
                &if calls { element(part) } else { part.chars().map(|c| if is_markup(c) { entity(c) } else { c.to_string() }).collect() };
        } else if shown.ends_with('`') {
            // Two backticks beside each other are a sign of their own.
            shown += &element(part);
        } else {
            shown += &code(part);
        }
    }
    shown
}

fn is_markup(c: char) -> bool {
    r"\`*_{}[]()#!|<>&~$".contains(c)
}

/// A character that means nothing.
fn entity(c: char) -> String {
    format!("&#{};", u32::from(c))
}

/// Code in a cell of a table.
fn code(text: &str) -> String {
    if text.contains(['`', '|']) || text.is_empty() { element(text) } else { format!("`{text}`") }
}

/// Code with whatever characters.
fn element(text: &str) -> String {
    let inner: String = text.chars().map(|c| if c.is_ascii_punctuation() { entity(c) } else { c.to_string() }).collect();
    if inner.is_empty() { inner } else { format!("<code>{inner}</code>") }
}
