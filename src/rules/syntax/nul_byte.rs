//! `syntax/nul-byte`.

use crate::rules::prelude::*;

rule! {
    /// A line holds a NUL byte, and HAProxy refuses the file.
    ///
    /// ## Why
    ///
    /// HAProxy sees nothing of the line behind the byte, and stops reading the file with `Stray NUL character`. Editors show
    /// such a byte as `^@`, or not at all; files that were cut off by a crash often end in many of them.
    ///
    /// ## Example
    ///
    /// ```haproxy bad escapes
    /// global
    ///     maxconn 1000\0
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     maxconn 1000
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5. On the last line HAProxy calls it a missing line feed.
    "syntax/nul-byte", Error, Text(check)
}

fn check(cx: &TextContext<'_>, out: &mut Sink<'_>) {
    for (id, file) in cx.sources.iter() {
        let Some(at) = memchr::memchr(0, file.bytes()) else { continue };
        if !file.bytes()[at..].contains(&b'\n') {
            // `missing-final-newline` speaks of this one.
            continue;
        }
        let count = file.bytes()[at..].iter().filter(|b| **b == 0).count();
        let at = at as u32;
        let draft = Draft::at(Location { file: id, span: Span::new(at, at + 1) }, "there is a NUL byte in this line")
            .label("HAProxy sees nothing from here on")
            .help("delete the byte; `tr -d '\\0'` deletes all of them")
            .stage(Stage::Words)
            .aborts(VersionSet::ALL);
        out.report(if count > 1 { draft.note(format!("the file has {count} such bytes; this is the first")) } else { draft });
    }
}
