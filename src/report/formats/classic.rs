//! `classic`: drawn by codespan-reporting, as compilers do.

use std::{
    io::{self, Write},
    ops::Range,
};

use codespan_reporting::{
    diagnostic::{Diagnostic, Label, Severity as Level},
    files::{Error, Files},
    term::{
        self, Config, DisplayStyle,
        termcolor::{Ansi, NoColor},
    },
};

use super::Spec;
use crate::finding::{Finding, Severity};
use crate::shown::Form;

use crate::report::{
    Checked, Style, followers,
    gather::{alike, told},
    snippet::{Snippet, clean},
    summary,
};

pub(super) static FORMAT: Spec =
    Spec { about: "people: drawn as compilers do", is_document: false, form: |style| Form::People { color: style.color }, render };

/// What is drawn around the text of a line.
const GUTTER: usize = 10;

fn render(checked: &[Checked<'_>], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let config = Config { display_style: DisplayStyle::Rich, ..Config::default() };
    for one in checked {
        let told = told(one.report, one.sources);
        for group in alike(&told, style.most) {
            for item in std::iter::once(&group.first).chain(&group.others) {
                let width = style.width.saturating_sub(GUTTER).max(40);
                let snippet = Snippet::new(one.sources, &item.finding, 0, width);
                let mut diagnostic = diagnostic(&item.finding, &snippet);
                diagnostic.notes.extend(followers(item.followers).map(|n| format!("… {n}")));
                emit(&config, &snippet, &diagnostic, style.color, out)?;
            }
            if group.left > 0 {
                writeln!(out, "… {} more of {} here; `--max-per-rule 0` shows all\n", group.left, group.first.finding.rule.name)?;
            }
        }
    }
    for line in summary::lines(checked) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Draws one diagnostic, in the style of `config`.
pub(super) fn emit(config: &Config, snippet: &Snippet, diagnostic: &Diagnostic<usize>, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let drawn = if color {
        term::emit_to_write_style(&mut Ansi::new(out), config, snippet, diagnostic)
    } else {
        term::emit_to_write_style(&mut NoColor::new(out), config, snippet, diagnostic)
    };
    drawn.map_err(|error| match error {
        Error::Io(error) => error,
        other => io::Error::other(other),
    })
}

/// A finding as codespan-reporting takes it; the file of a label is its group in the snippet.
pub(super) fn diagnostic(finding: &Finding, snippet: &Snippet) -> Diagnostic<usize> {
    let level = match finding.severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Info => Level::Note,
    };
    let labels = snippet.marks.iter().filter_map(|mark| {
        let group = snippet.groups.iter().rposition(|g| g.lines.first().is_some_and(|l| l.start <= mark.range.start))?;
        let label = if mark.primary { Label::primary(group, mark.range.clone()) } else { Label::secondary(group, mark.range.clone()) };
        Some(label.with_message(mark.message.clone()))
    });
    let help = finding.help.iter().map(|h| format!("help: {}", clean(h)));
    let notes = finding.notes.iter().map(|n| format!("note: {}", clean(n)));
    let fix = finding.fix.iter().map(|fix| format!("fix: {}", clean(&summary::fix(fix))));
    Diagnostic::new(level)
        .with_code(finding.rule.name)
        .with_message(clean(&finding.message))
        .with_labels(labels.collect())
        .with_notes(help.chain(notes).chain(fix).collect())
}

impl<'a> Files<'a> for Snippet {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, group: usize) -> Result<&'a str, Error> {
        self.groups.get(group).map(|g| g.name.as_str()).ok_or(Error::FileMissing)
    }

    fn source(&'a self, _: usize) -> Result<&'a str, Error> {
        Ok(&self.text)
    }

    fn line_index(&'a self, group: usize, at: usize) -> Result<usize, Error> {
        let lines = &self.groups.get(group).ok_or(Error::FileMissing)?.lines;
        Ok(lines.partition_point(|l| l.start <= at).saturating_sub(1))
    }

    fn line_number(&'a self, group: usize, line: usize) -> Result<usize, Error> {
        self.groups.get(group).map(|g| g.first_line + line + 1).ok_or(Error::FileMissing)
    }

    fn column_number(&'a self, _: usize, _: usize, at: usize) -> Result<usize, Error> {
        Ok(self.marks.iter().find(|m| m.range.start == at).map_or(1, |m| m.position.1))
    }

    fn line_range(&'a self, group: usize, line: usize) -> Result<Range<usize>, Error> {
        let group = self.groups.get(group).ok_or(Error::FileMissing)?;
        let range = group.lines.get(line).ok_or(Error::LineTooLarge { given: line, max: group.lines.len() })?;
        Ok(range.start..(range.end + 1).min(self.text.len()))
    }
}
