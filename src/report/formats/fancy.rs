//! `fancy`: drawn by miette, with every place that matters.

use std::{
    fmt,
    io::{self, Write},
    ops::Range,
};

use miette::{Diagnostic, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::Spec;
use crate::{
    finding::Finding,
    report::{
        Checked, Style, Tone, followers,
        gather::{Told, alike, told},
        snippet::{Mark, Snippet, clean},
        summary,
    },
    shown::Form,
    source::{Location, Sources},
};

pub(super) static FORMAT: Spec = Spec {
    about: "people at a terminal: every place that matters is shown",
    is_document: false,
    form: |style| Form::People { color: style.color },
    render,
};

/// What miette draws around the text of a line: the number, the bar and some air.
const GUTTER: usize = 12;

/// What is at least left for the words of a label.
const LABEL: usize = 16;

fn render(checked: &[Checked<'_>], style: Style, out: &mut dyn Write) -> io::Result<()> {
    for one in checked {
        let told = told(one.report, one.sources);
        for group in alike(&told, style.most) {
            out.write_all(whole(one.sources, group.first, style).as_bytes())?;
            for other in &group.others {
                let place = other.finding.location.map_or_else(String::new, |l| format!("{}: ", position(one.sources, l)));
                let text = format!("{}{}", clean(&place), clean(&group.line(&other.finding)));
                out.write_all(style.paragraph("  also: ", Tone::Other, &text).as_bytes())?;
            }
            if group.left > 0 {
                let text = format!("{} more of {} here; `--max-per-rule 0` shows all", group.left, group.first.finding.rule.name);
                out.write_all(style.paragraph("  and ", Tone::Other, &text).as_bytes())?;
            }
            out.write_all(b"\n")?;
        }
    }
    summary::lines(checked).iter().try_for_each(|line| style.wrapped(line, 0).iter().try_for_each(|line| writeln!(out, "{line}")))
}

/// A finding with its lines, its help, its notes and what mends it.
fn whole(sources: &Sources, item: &Told<'_>, style: Style) -> String {
    let finding = &*item.finding;
    let mut text = headline(sources, finding, style) + &lines(sources, finding, style);
    let help = finding.help.iter().map(|help| ("  help: ", Tone::Help, help.clone()));
    let notes = finding.notes.iter().cloned().chain(followers(item.followers)).map(|note| ("  note: ", Tone::Message, note));
    let fix = finding.fix.iter().map(|fix| ("  fix: ", Tone::Fix, summary::fix(fix)));
    for (name, tone, words) in help.chain(notes).chain(fix) {
        text += &style.paragraph(name, tone, &clean(&words));
    }
    text
}

/// `haproxy.cfg:3:5`
fn position(sources: &Sources, location: Location) -> String {
    let (file, place) = (sources.file(location.file), sources.file(location.file).position(location.span.start));
    format!("{}:{}:{}", file.name(), place.line, place.column)
}

/// `haproxy.cfg:3:5: error: no backend is named `app` [reference/unknown-backend]`
fn headline(sources: &Sources, finding: &Finding, style: Style) -> String {
    let place = finding.location.map(|location| format!("{}: ", clean(&position(sources, location)))).unwrap_or_default();
    let (severity, rule) = (finding.severity.as_str(), format!("[{}]", finding.rule.name));
    let begin = format!("{place}{severity}: ");
    let lines = style.wrapped(&format!("{begin}{} {rule}", clean(&finding.message)), 2);
    let last = lines.len() - 1;
    let painted = |(at, line): (usize, &String)| {
        let (start, rest) = match line.strip_prefix(&begin).filter(|_| at == 0) {
            Some(rest) => (format!("{place}{}: ", style.painted(Tone::Of(finding.severity), severity)), rest),
            None => (String::new(), line.as_str()),
        };
        let (message, end) = match rest.strip_suffix(&rule).filter(|_| at == last) {
            Some(message) => (message, style.painted(Tone::Faint, &rule)),
            None => (rest, String::new()),
        };
        format!("{start}{}{end}\n", style.painted(Tone::Message, message))
    };
    lines.iter().enumerate().map(painted).collect()
}

/// The lines that a finding is about: the place itself in the colour of the severity, other places in another one.
fn lines(sources: &Sources, finding: &Finding, style: Style) -> String {
    let snippet = Snippet::new(sources, finding, 1, style.width.saturating_sub(GUTTER).max(20));
    let shown = Shown { snippet, width: style.width };
    let mut marks: Vec<(usize, bool)> = shown.snippet.marks.iter().map(|mark| (mark.range.start, mark.primary)).collect();
    marks.sort_by_key(|(start, _)| *start);
    let tone = |(_, primary)| if primary { Tone::Of(finding.severity) } else { Tone::Other };
    let tones: Vec<Tone> = marks.into_iter().map(tone).collect();
    if tones.is_empty() { String::new() } else { style.drawn(&shown, &tones).unwrap_or_default() }
}

/// The lines of a finding as miette takes them.
struct Shown {
    snippet: Snippet,
    width: usize,
}

impl Shown {
    /// The words of a label in as many lines as there is room for, behind the arrow that leads to them.
    fn label(&self, mark: &Mark) -> Option<String> {
        let begin = self.snippet.find(mark.range.start).map_or(0, |(group, line)| group.lines[line].start);
        let columns = |range: Range<usize>| self.snippet.text.get(range).map_or(0, Style::columns);
        let room = self.width.saturating_sub(GUTTER + columns(begin..mark.range.start) + columns(mark.range.clone()) / 2).max(LABEL);
        let lines = Style::plain(room).wrapped(&mark.message, 0);
        (!mark.message.is_empty()).then(|| lines.join("\n"))
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.snippet)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = |m: &Mark| {
            let message = self.label(m);
            let span = SourceSpan::new(m.range.start.into(), m.range.len());
            if m.primary { LabeledSpan::new_primary_with_span(message, span) } else { LabeledSpan::new_with_span(message, span) }
        };
        Some(Box::new(self.snippet.marks.iter().map(label)))
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
        // The first line of the finding has its own file.
        let own = self.marks.iter().any(|mark| mark.primary) && self.groups.first().is_some_and(|first| first.name == group.name);
        let count = to - from + 1;
        Ok(Box::new(match own {
            true => MietteSpanContents::new(data, contents, line, column, count),
            false => MietteSpanContents::new_named(group.name.clone(), data, contents, line, column, count),
        }))
    }
}
