//! What a selection grows to: an argument, a word, a line, a section, the file.

use crate::source::Span;

use super::{Cursor, View, at};

/// The spans around the cursor, the smallest first; each is in the next.
pub fn selections(view: &View<'_>, cursor: Cursor) -> Vec<Span> {
    let here = at(view, cursor);
    let Some(file) = view.file(cursor) else { return Vec::new() };
    let mut spans = Vec::new();
    spans.extend(here.symbol.map(|symbol| symbol.location.span));
    spans.extend(here.word.map(|word| word.location.span));
    if let Some(statement) = here.statement {
        spans.extend(statement.words().map(|word| word.location.span).find(|span| super::at::touches(*span, cursor.offset)));
        spans.push(statement.location().span);
    }
    let line = view.line_of(cursor).map(|line| file.line_span(line));
    spans.extend(line);
    if let Some((section, header)) = here.section.and_then(|section| Some((section, section.header()?))) {
        let last = section.statements().next_back().map_or(header.location(), |last| last.location());
        if last.file == cursor.file {
            spans.push(file.line_span(file.line_of(header.location().span.start)).to(file.line_span(file.line_of(last.span.start))));
        }
    }
    spans.push(Span::new(0, file.bytes().len() as u32));
    nested(spans, cursor.offset.min(file.bytes().len() as u32))
}

/// Those that hold the cursor, from small to large, each in the next.
fn nested(mut spans: Vec<Span>, offset: u32) -> Vec<Span> {
    spans.retain(|span| super::at::touches(*span, offset));
    spans.sort_by_key(|span| span.len());
    let mut kept: Vec<Span> = Vec::new();
    for span in spans {
        let holds = kept.last().is_none_or(|inner| span.start <= inner.start && inner.end <= span.end && *inner != span);
        if holds {
            kept.push(span);
        }
    }
    kept
}
