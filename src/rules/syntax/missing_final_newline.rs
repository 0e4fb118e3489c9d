//! `syntax/missing-final-newline`.

use crate::rules::prelude::*;

rule! {
    /// The last line of a file has no line feed, and HAProxy refuses the file.
    ///
    /// ## Why
    ///
    /// HAProxy takes a last line without a line feed for a sign that the file was cut off while it was written, and
    /// stops with `Missing LF on last line, file might have been truncated`. Editors that do not end files with a
    /// line feed, and template engines that strip blanks, are the usual cause.
    ///
    /// ## Example
    ///
    /// ```haproxy bad no-final-newline
    /// defaults
    ///     timeout connect 5s
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// defaults
    ///     timeout connect 5s
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/missing-final-newline", Error, Text(check), mends: true
}

fn check(cx: &TextContext<'_>, out: &mut Sink<'_>) {
    for ((id, file), tree) in cx.sources.iter().zip(cx.trees) {
        let Some(line) = tree.lines().next_back().filter(|l| !l.line_feed) else { continue };
        let end = line.span.end;
        // The last character, so that there is something to point at: the bytes that go on with it are 10xxxxxx.
        let text = file.slice(line.span);
        let last = text.iter().rposition(|b| b & 0xC0 != 0x80).unwrap_or(0) as u32;
        let at = Location { file: id, span: Span::new(line.span.start + last, end) };
        let message = format!("the last line of `{}` has no line feed", file.name());
        let draft = Draft::at(at, message).label("the file ends here").stage(Stage::Words).rejected_by(VersionSet::ALL);
        // HAProxy does not see a line feed behind such a byte, either: it would say the same.
        out.report(match text.contains(&0) {
            true => draft.help("delete the NUL bytes of the line with `tr -d '\\0'`, and end it with a line feed"),
            false => draft
                .help("end the last line with a line feed")
                .fix("end the last line", vec![Edit::replace(Location { file: id, span: Span::new(end, end) }, "\n")]),
        });
    }
}
