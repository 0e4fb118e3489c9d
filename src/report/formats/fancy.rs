//! `fancy`: drawn by miette, with every place that matters.

use std::{
    fmt,
    io::{self, Write},
};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents,
    ThemeCharacters, ThemeStyles,
};

use super::Spec;
use crate::shown::Form;
use crate::{finding::Finding, finding::Severity};

use crate::report::{
    Checked, Style, folded, followers,
    snippet::{Snippet, clean},
    summary,
};

pub(super) static FORMAT: Spec = Spec {
    about: "people at a terminal: every place that matters is shown",
    is_document: false,
    form: |style| Form::People { color: style.color },
    render,
};

/// What miette draws around the text of a line: the number, the bar and some air.
const GUTTER: usize = 12;

fn render(checked: &[Checked<'_>], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let styles = if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let theme = GraphicalTheme { characters: ThemeCharacters::unicode(), styles };
    let handler =
        GraphicalReportHandler::new_themed(theme).with_width(style.width).with_links(false).with_urls(false).with_context_lines(1);
    for one in checked {
        for item in folded(one.report) {
            let width = style.width.saturating_sub(GUTTER).max(40);
            let shown = Shown::new(Snippet::new(one.sources, item.finding, 1, width), item.finding, item.followers);
            let mut text = String::new();
            handler.render_report(&mut text, &shown).map_err(io::Error::other)?;
            out.write_all(text.as_bytes())?;
            out.write_all(b"\n")?;
        }
    }
    for line in summary::lines(checked) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// A finding as miette takes it.
struct Shown<'a> {
    finding: &'a Finding,
    message: String,
    help: Option<String>,
    snippet: Snippet,
}

impl<'a> Shown<'a> {
    fn new(snippet: Snippet, finding: &'a Finding, folded: usize) -> Self {
        let notes = finding.notes.iter().map(|n| format!("note: {n}")).chain(followers(folded));
        let help: Vec<String> = finding.help.iter().cloned().chain(notes).map(|line| clean(&line)).collect();
        Self { finding, message: clean(&finding.message), help: (!help.is_empty()).then(|| help.join("\n")), snippet }
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(self.finding.rule.name))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.snippet.groups.is_empty()).then_some(&self.snippet as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = |m: &crate::report::snippet::Mark| {
            let message = (!m.message.is_empty()).then(|| m.message.clone());
            let span = SourceSpan::new(m.range.start.into(), m.range.len());
            if m.primary { LabeledSpan::new_primary_with_span(message, span) } else { LabeledSpan::new_with_span(message, span) }
        };
        (!self.snippet.marks.is_empty()).then(|| Box::new(self.snippet.marks.iter().map(label)) as Box<dyn Iterator<Item = _>>)
    }
}

impl SourceCode for Snippet {
    /// Gives lines of one group only, each with the number it has in its file.
    fn read_span<'a>(&'a self, span: &SourceSpan, before: usize, after: usize) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        let (group, first) = self.find(span.offset()).ok_or(MietteError::OutOfBounds)?;
        let last = group.lines.iter().rposition(|l| l.start <= end).unwrap_or(first).max(first);
        if end > group.lines.last().map_or(0, |l| l.end + 1) {
            return Err(MietteError::OutOfBounds);
        }
        let from = first.saturating_sub(before);
        let to = (last + after).min(group.lines.len() - 1);
        let (start, column) = if before == 0 {
            let mark = self.marks.iter().find(|m| m.range.start == span.offset());
            (span.offset(), mark.map_or(0, |m| m.position.1 - 1))
        } else {
            (group.lines[from].start, 0)
        };
        let stop = (group.lines[to].end + 1).min(self.text.len());
        let data = self.text.as_bytes()[start..stop].strip_suffix(b"\n").unwrap_or(&self.text.as_bytes()[start..stop]);
        let contents = SourceSpan::new(start.into(), data.len());
        let line = group.first_line + from;
        Ok(Box::new(MietteSpanContents::new_named(group.name.clone(), data, contents, line, column, to - from + 1)))
    }
}
