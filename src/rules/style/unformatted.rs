//! `style/unformatted`.

use crate::{
    format::{format, is_configuration},
    rules::prelude::*,
};

rule! {
    /// A file is not laid out as `haproxy-lint fmt` writes it.
    ///
    /// It speaks only where it is selected: `--select style/unformatted`, or `select` in the settings.
    ///
    /// ## Why
    ///
    /// Files that all look alike are easier to read, and a change of one line is a change of one line. The finding names the first
    /// line that would be written otherwise, and its fix lays out the whole file; [the guide](../../format.md) says how.
    ///
    /// ## Example
    ///
    /// ```haproxy bad select=style/unformatted
    /// global
    ///     maxconn   1000
    ///   nbthread 2
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good select=style/unformatted
    /// global
    ///     maxconn 1000
    ///     nbthread 2
    /// ```
    ///
    /// ## Source
    ///
    /// Our own.
    "style/unformatted", Warning, Text(check), quiet: true, mends: true
}

fn check(cx: &TextContext<'_>, out: &mut Sink<'_>) {
    for ((id, file), _) in cx.sources.iter().zip(cx.templates).filter(|(_, template)| template.is_none()) {
        // Files of other programs end in `.cfg` as well, and what cannot be laid out is not to be.
        let Ok(edits) = format(id, file, cx.styles.of(file.name()), None) else { continue };
        if !edits.is_empty() && !is_configuration(file) {
            continue;
        }
        let line = |edit: &Edit| file.line_of(edit.location.span.start);
        let mut lines: Vec<usize> = edits.iter().map(line).collect();
        lines.dedup();
        let Some(first) = lines.first() else { continue };
        let at = Location { file: id, span: file.line_span(*first) };
        let label = match lines.len() {
            1 => "this line would be written otherwise".to_owned(),
            count => format!("the first of {count} lines that would be written otherwise"),
        };
        let draft = Draft::at(at, format!("`{}` is not laid out as `fmt` writes it", file.name())).label(label);
        out.report(draft.help("run `haproxy-lint fmt`").fix("lay out the file", edits));
    }
}
