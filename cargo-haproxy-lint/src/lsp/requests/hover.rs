//! What is to be told of a place.

use std::path::Path;

use gen_lsp_types as lsp;
use haproxy_lint::{
    analysis::{Part, hover},
    shown,
    source::Location,
};

use crate::lsp::{
    handler::{Handler, Read},
    text::Text,
    wire::Answer,
};

/// `textDocument/hover`.
pub(super) fn handler() -> Handler {
    Handler::read::<lsp::HoverRequest>(|params| params.text_document_position_params.text_document.uri.as_ref(), answer)
        .announced(|_, server| server.hover_provider = Some(true.into()))
}

fn answer(read: &Read<'_>, params: lsp::HoverParams) -> Answer<Option<lsp::Hover>> {
    let cursor = read.text.cursor(&params.text_document_position_params)?;
    let local = read.text.frame.options.local_name.as_deref();
    Ok(hover(read.view, cursor, local).map(|told| {
        let markdown = read.text.client().lists("/textDocument/hover/contentFormat", "markdown");
        let kind = if markdown { lsp::MarkupKind::Markdown } else { lsp::MarkupKind::PlainText };
        let parts: Vec<String> = told.parts.iter().map(|part| written(read.text, part, markdown)).collect();
        let contents = lsp::MarkupContent { kind, value: parts.join("\n\n") };
        lsp::Hover { contents: contents.into(), range: Some(read.text.range(told.location)) }
    }))
}

/// A part of what is told, in Markdown or as it is.
pub(super) fn written(text: &Text, part: &Part, markdown: bool) -> String {
    match part {
        Part::Description(description) if markdown => description.markdown(),
        Part::Description(description) => {
            let forms: Vec<&str> = description.forms.iter().map(|form| form.text.as_str()).collect();
            let rows: Vec<String> = description.rows.iter().map(|(name, row)| format!("- {name}: {row}")).collect();
            [forms.join("\n") + &description.carets(), description.text.clone().into_owned(), rows.join("\n")].join("\n\n")
        }
        Part::Code(code) if markdown => fenced(code),
        Part::Code(code) => code.clone(),
        Part::Text(sentence) => sentence.clone(),
        Part::Lines { heading, lines, more } => {
            let more = if *more > 0 { format!("\n- … and {more} more") } else { String::new() };
            let lines: Vec<String> = lines.iter().map(|line| line_of(text, *line, markdown)).collect();
            format!("{heading}:\n{}{more}", lines.join("\n"))
        }
        _ => String::new(),
    }
}

/// A block of code, which no text ends before its end.
fn fenced(code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    format!("{fence}haproxy\n{code}\n{fence}")
}

/// A line of the configuration with its place, which a client may follow.
fn line_of(text: &Text, line: Location, markdown: bool) -> String {
    let file = text.sources.file(line.file);
    let name = Path::new(file.name()).file_name().map_or_else(|| file.name().into(), |name| name.to_string_lossy());
    let number = file.line_of(line.span.start) + 1;
    let words = file.text(line.span);
    let words = shown::line(&words);
    if !markdown {
        return format!("- {name}:{number}: {words}");
    }
    let longest = words.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    let blank = if longest > 0 { " " } else { "" };
    let uri = text.uri(line.file).0;
    let name: String = name.chars().map(|c| if "[]()*_`<>\\".contains(c) { '_' } else { c }).collect();
    format!("- [{name}:{number}]({uri}#L{number}) {ticks}{blank}{words}{blank}{ticks}")
}
