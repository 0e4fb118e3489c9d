//! The lines around the labels of a finding, made harmless: clipped to the width, no control characters, all of it UTF-8.
//!
//! Both drawing libraries get this small text instead of the file, so that a finding costs the same in a large file
//! as in a small one, and a line of a megabyte is no longer than the terminal is wide.

use std::ops::Range;

use super::text::{columns_of, is_wide};
use crate::{
    finding::Finding,
    secret, shown,
    source::{FileId, Location, SourceFile, Sources, Span},
};

/// Lines of one file that follow each other.
pub(super) struct Group {
    pub(super) name: String,
    /// The number of the first line, from 0.
    pub(super) first_line: usize,
    /// Where each line is in the text, without its line feed.
    pub(super) lines: Vec<Range<usize>>,
}

/// A label in the text of the snippet.
pub(super) struct Mark {
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) primary: bool,
    /// Line and column in the file, both from 1.
    pub(super) position: (usize, usize),
}

/// What is shown of the files for one finding.
pub(super) struct Snippet {
    pub(super) text: String,
    pub(super) groups: Vec<Group>,
    pub(super) marks: Vec<Mark>,
}

/// A place on one line of a file.
struct Place<'a> {
    location: Location,
    message: &'a str,
    primary: bool,
    line: usize,
}

impl Snippet {
    /// The lines of `finding` with `context` lines around them, each at most `width` columns.
    pub(super) fn new(sources: &Sources, finding: &Finding, context: usize, width: usize) -> Self {
        let mut snippet = Self { text: String::new(), groups: Vec::new(), marks: Vec::new() };
        let places = places(sources, finding);
        for (file, lines) in line_groups(sources, &places, context) {
            snippet.group(sources.file(file), file, lines, &places, width);
        }
        snippet.marks.sort_by_key(|m| !m.primary);
        snippet
    }

    fn group(&mut self, file: &SourceFile, id: FileId, lines: Range<usize>, places: &[Place<'_>], width: usize) {
        let mut group = Group { name: clean(file.name()), first_line: lines.start, lines: Vec::new() };
        for line in lines {
            let here: Vec<&Place<'_>> = places.iter().filter(|p| p.location.file == id && p.line == line).collect();
            let mut span = file.line_span(line);
            // The carriage return of a CRLF says nothing.
            span.end -= u32::from(file.slice(span).ends_with(b"\r"));
            let shown = Shown::new(file, span, &here, width);
            let base = self.text.len();
            for place in here {
                let range = shown.range(place.location.span);
                self.marks.push(Mark {
                    range: base + range.start..base + range.end,
                    message: clean(place.message),
                    primary: place.primary,
                    position: (line + 1, file.position(place.location.span.start).column),
                });
            }
            self.text += &shown.text;
            group.lines.push(base..self.text.len());
            self.text.push('\n');
        }
        self.groups.push(group);
    }

    /// The group and the line in it that hold the byte `at` of the text.
    pub(super) fn find(&self, at: usize) -> Option<(&Group, usize)> {
        let group = self.groups.iter().rfind(|g| g.lines.first().is_some_and(|l| l.start <= at))?;
        Some((group, group.lines.partition_point(|l| l.start <= at) - 1))
    }
}

fn places<'a>(sources: &Sources, finding: &'a Finding) -> Vec<Place<'a>> {
    let primary = finding.location.map(|location| (location, finding.label.as_str(), true));
    let related = finding.related.iter().map(|l| (l.location, l.message.as_str(), false));
    let place = |(location, message, primary): (Location, &'a str, bool)| {
        let line = sources.file(location.file).line_of(location.span.start);
        Place { location, message, primary, line }
    };
    primary.into_iter().chain(related).map(place).collect()
}

/// Which lines to show: those around the finding's own place first, then the others by file and line.
fn line_groups(sources: &Sources, places: &[Place<'_>], context: usize) -> Vec<(FileId, Range<usize>)> {
    let mut groups: Vec<(FileId, Range<usize>)> = Vec::new();
    let mut sorted: Vec<&Place<'_>> = places.iter().collect();
    sorted.sort_by_key(|p| (p.location.file, p.line));
    for place in sorted {
        let file = sources.file(place.location.file);
        let starts = file.line_starts();
        let ends_in_feed = starts.len() > 1 && starts.last() == Some(&(file.bytes().len() as u32));
        let last = starts.len() - usize::from(ends_in_feed);
        let lines = place.line.saturating_sub(context)..(place.line + context + 1).min(last).max(place.line + 1);
        match groups.last_mut() {
            Some((id, range)) if *id == place.location.file && lines.start <= range.end => range.end = range.end.max(lines.end),
            _ => groups.push((place.location.file, lines)),
        }
    }
    groups.iter_mut().for_each(|(file, lines)| *lines = without_blank_ends(sources.file(*file), *file, lines.clone(), places));
    let own = |g: &(FileId, Range<usize>)| places.iter().any(|p| p.primary && p.location.file == g.0 && g.1.contains(&p.line));
    groups.sort_by_key(|g| !own(g));
    groups
}

/// `lines` without the blank ones at both ends that nothing is said of: they show nobody where he is.
fn without_blank_ends(file: &SourceFile, id: FileId, mut lines: Range<usize>, places: &[Place<'_>]) -> Range<usize> {
    let dull = |line: usize| {
        let blank = file.slice(file.line_span(line)).trim_ascii().is_empty();
        blank && !places.iter().any(|place| place.location.file == id && place.line == line)
    };
    while lines.len() > 1 && dull(lines.start) {
        lines.start += 1;
    }
    while lines.len() > 1 && dull(lines.end - 1) {
        lines.end -= 1;
    }
    lines
}

/// One line as it is shown.
struct Shown {
    text: String,
    /// For each character shown: its offset in the file and in `text`, in order; and the end of both.
    offsets: Vec<(u32, usize)>,
    line: Span,
}

impl Shown {
    /// Shows `line` of `file` in at most `width` columns, with the first of `places` among them, and room for what is said of each.
    fn new(file: &SourceFile, line: Span, places: &[&Place<'_>], width: usize) -> Self {
        let chars = without_secrets(decoded(file.slice(line), line.start), &secret::places(file, file.line_of(line.start)));
        let at = |offset: u32| chars.partition_point(|c| c.0 < offset);
        let mark = |place: &&Place<'_>| {
            let span = place.location.span;
            Said { from: at(span.start), to: at(span.end), columns: columns_of(place.message).min(LABEL.max(width / 3)) }
        };
        let (from, to) = window(&chars, &places.iter().map(mark).collect::<Vec<_>>(), width);
        let mut shown = Self { text: String::new(), offsets: Vec::new(), line };
        if from > 0 {
            shown.text.push('…');
        }
        for (offset, c) in &chars[from..to] {
            shown.offsets.push((*offset, shown.text.len()));
            push(&mut shown.text, *c);
        }
        shown.offsets.push((chars.get(to).map_or(line.end, |c| c.0), shown.text.len()));
        if to < chars.len() {
            shown.text.push('…');
        }
        shown
    }

    /// Where a span of the file is in the text; what is clipped off counts as its nearest end.
    fn range(&self, span: Span) -> Range<usize> {
        let at = |offset: u32| {
            let index = self.offsets.partition_point(|o| o.0 < offset.clamp(self.line.start, self.line.end));
            self.offsets[index.min(self.offsets.len() - 1)].1
        };
        let start = at(span.start);
        start..at(span.end).max(start)
    }
}

/// So many columns a label gets where it has more to say: the rest goes into further lines.
const LABEL: usize = 20;

/// Characters that something is said of, and how many columns that takes.
struct Said {
    from: usize,
    to: usize,
    columns: usize,
}

/// Which characters are shown in so many columns: all of them if they and what is said beneath them fit, else those around the
/// first that something is said of.
fn window(chars: &[(u32, char)], said: &[Said], width: usize) -> (usize, usize) {
    let columns = |(_, letter): &(u32, char)| if is_wide(*letter) { 2 } else { 1 };
    let fitting = |letters: &mut dyn Iterator<Item = &(u32, char)>, room: usize| {
        let sums = letters.scan(0, |sum, letter| {
            *sum += columns(letter);
            Some(*sum)
        });
        sums.take_while(|sum| *sum <= room).count()
    };
    let focus = said.first().map_or(0, |said| said.from);
    let mut from = 0;
    if fitting(&mut chars.iter(), width) < chars.len() {
        from = focus - fitting(&mut chars[..focus].iter().rev(), width / 3);
        from = from.min(chars.len() - fitting(&mut chars.iter().rev(), width));
    }
    // A label begins below the middle of what it is about; one column is for the mark of what is left out before.
    for Said { from: start, to, columns: wanted } in said {
        let middle = start + to.saturating_sub(*start).min(width) / 2;
        let room = width.saturating_sub(*wanted + 1);
        from = from.max(middle - fitting(&mut chars[..middle].iter().rev(), room)).min(focus);
    }
    (from, from + fitting(&mut chars[from..].iter(), width))
}

/// The characters of `bytes` with their offsets; a byte that is not UTF-8 is one replacement character.
fn decoded(bytes: &[u8], base: u32) -> Vec<(u32, char)> {
    let mut chars = Vec::with_capacity(bytes.len());
    let mut at = base;
    for chunk in bytes.utf8_chunks() {
        chars.extend(chunk.valid().char_indices().map(|(i, c)| (at + i as u32, c)));
        at += chunk.valid().len() as u32;
        if !chunk.invalid().is_empty() {
            chars.push((at, char::REPLACEMENT_CHARACTER));
            at += chunk.invalid().len() as u32;
        }
    }
    chars
}

/// The characters with a mark in the place of each secret.
fn without_secrets(chars: Vec<(u32, char)>, secrets: &[Span]) -> Vec<(u32, char)> {
    if secrets.is_empty() {
        return chars;
    }
    let within = |at: u32| secrets.get(secrets.partition_point(|span| span.end <= at)).filter(|span| span.start <= at);
    let mut shown = Vec::with_capacity(chars.len());
    for (at, c) in chars {
        match within(at) {
            Some(secret) if secret.start == at => shown.extend(secret::HIDDEN.chars().map(|dot| (at, dot))),
            Some(_) => {}
            None => shown.push((at, c)),
        }
    }
    shown
}

/// Adds a character, or what stands for it; tabs have no width of their own.
fn push(text: &mut String, c: char) {
    match c {
        '\t' => text.push_str("    "),
        c => shown::push(text, c),
    }
}

/// A word of a sentence that is longer than this is clipped: names of a megabyte exist.
const LONGEST_WORD: usize = 100;

/// Text on one line, without characters that a terminal would obey, and without endless words.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(4096));
    let mut word = 0;
    for c in text.chars() {
        word = if c.is_whitespace() { 0 } else { word + 1 };
        match word {
            LONGEST_WORD => out.push('…'),
            _ if word > LONGEST_WORD && c != '`' => {}
            _ => push(&mut out, c),
        }
    }
    out
}
