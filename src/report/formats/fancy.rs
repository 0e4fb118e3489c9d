//! `fancy`: drawn by miette, with every place that matters.

use std::{
    fmt,
    io::{self, Write},
    ops::Range,
};

use miette::{Diagnostic, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::Spec;
use crate::{
    finding::{Finding, Severity},
    report::{
        Checked, Style, Tone, followers,
        gather::{Alike, Told, alike, told},
        room::{Block, Form, ROOM, forms},
        snippet::{Mark, Snippet, clean},
        summary,
    },
    shown,
    source::{Location, Sources},
};

pub(super) static FORMAT: Spec = Spec {
    about: "people at a terminal: every place that matters is shown",
    is_document: false,
    form: |style| shown::Form::People { color: style.color },
    render,
};

/// What miette draws around the text of a line: the number, the bar and some air.
const GUTTER: usize = 12;

/// What is at least left for the words of a label.
const LABEL: usize = 16;

fn render(checked: &[Checked<'_>], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let end: Vec<String> = summary::lines(checked).iter().flat_map(|line| style.wrapped(line, 0)).collect();
    for one in checked {
        let told = told(one.report, one.sources);
        let blocks: Vec<Block> = alike(&told, style.most).iter().map(|group| block(one.sources, group, style)).collect();
        // What is said of it below takes a line or two.
        let room = if style.most > 0 { ROOM.saturating_sub(end.len() + SHORTENED) } else { usize::MAX };
        let forms = forms(&blocks, room);
        let mut before = Form::Whole;
        for (block, form) in blocks.iter().zip(&forms) {
            if before == Form::Headline && *form < before {
                out.write_all(b"\n")?;
            }
            out.write_all(block.text(*form).as_bytes())?;
            before = if *form == Form::Counted { before } else { *form };
        }
        shortened(&forms, before, style, out)?;
    }
    end.iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// How many lines it takes at most to say that findings are shown in short, with blank lines between them.
const SHORTENED: usize = 6;

/// What is said below findings of which not all is shown.
fn shortened(forms: &[Form], last: Form, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let short = forms.iter().filter(|form| matches!(form, Form::Words | Form::Headline)).count();
    let counted = forms.iter().filter(|form| **form == Form::Counted).count();
    let text = match (short, counted) {
        (0, 0) => return Ok(()),
        (_, 0) => format!("{short} of these in short: `--max-per-rule 0` shows all of them whole"),
        (_, 1) => format!("{short} of these in short, one warning or info not at all: `--max-per-rule 0` shows all of them whole"),
        _ => format!("{short} of these in short, {counted} warnings and infos not at all: `--max-per-rule 0` shows all of them whole"),
    };
    if last == Form::Headline {
        writeln!(out)?;
    }
    style.wrapped(&text, 0).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    writeln!(out)
}

/// A finding and those that are like it, in all forms.
fn block(sources: &Sources, group: &Alike<'_, '_>, style: Style) -> Block {
    let finding = &*group.first.finding;
    let (head, words) = (headline(sources, finding, style), words(group.first, style) + &others(sources, group, style));
    let more = group.others.len() + group.left;
    let short = match (finding.severity, more) {
        (Severity::Error, 0) => help(finding, style),
        (_, 0) => String::new(),
        _ => style.paragraph("  and ", Tone::Other, &format!("{more} more of {}", finding.rule.name)),
    };
    Block {
        severity: finding.severity,
        texts: [format!("{head}{}{words}", lines(sources, finding, style)), format!("{head}{words}"), format!("{head}{short}")],
    }
}

/// Those that are like the first of a group, a line each, and how many more there are.
fn others(sources: &Sources, group: &Alike<'_, '_>, style: Style) -> String {
    let mut text = String::new();
    for other in &group.others {
        let place = other.finding.location.map_or_else(String::new, |l| format!("{}: ", position(sources, l)));
        let line = format!("{}{}", clean(&place), clean(&group.line(&other.finding)));
        text += &style.paragraph("  also: ", Tone::Other, &line);
    }
    if group.left > 0 {
        let line = format!("{} more of {} here; `--max-per-rule 0` shows all", group.left, group.first.finding.rule.name);
        text += &style.paragraph("  and ", Tone::Other, &line);
    }
    text
}

/// The help of a finding, its notes and what mends it.
fn words(item: &Told<'_>, style: Style) -> String {
    let finding = &*item.finding;
    let notes = finding.notes.iter().cloned().chain(followers(item.followers)).map(|note| ("  note: ", Tone::Message, note));
    let fix = finding.fix.iter().map(|fix| ("  fix: ", Tone::Fix, summary::fix(fix)));
    let said = notes.chain(fix).map(|(name, tone, words)| style.paragraph(name, tone, &clean(&words)));
    help(finding, style) + &said.collect::<String>()
}

fn help(finding: &Finding, style: Style) -> String {
    finding.help.as_ref().map_or_else(String::new, |help| style.paragraph("  help: ", Tone::Help, &clean(help)))
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
