//! `markdown`: a table, for the summary of a CI run or a comment.

use std::io::{self, Write};

use crate::finding::Severity;

use super::{Checked, flat::flat, summary};

pub(super) fn render(checked: &[Checked<'_>], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### haproxy-lint\n")?;
    let mut rows = flat(checked).filter(|f| !f.finding.consequence).peekable();
    if rows.peek().is_some() {
        writeln!(out, "| | Where | What | Rule |\n| --- | --- | --- | --- |")?;
    }
    for f in rows {
        let mark = match f.severity() {
            Severity::Error => "❌",
            Severity::Warning => "⚠️",
            Severity::Info => "ℹ️",
        };
        let place = if f.file.is_empty() { String::new() } else { format!("{}:{}", f.path(), f.start.line) };
        let help = f.finding.help.as_deref().map(|help| format!("<br>{}", cell(help))).unwrap_or_default();
        writeln!(out, "| {mark} | {} | {}{help} | [{}]({}) |", cell(&place), cell(&f.finding.message), f.rule(), f.finding.rule.url())?;
    }
    writeln!(out, "\n{}", summary::lines(checked).join(". "))
}

/// Text that stays in its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace(['\n', '\r'], " ")
}
