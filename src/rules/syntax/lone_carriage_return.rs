//! `syntax/lone-carriage-return`.

use crate::{rules::prelude::*, syntax::Tail};

rule! {
    /// A carriage return in mid-line hides the rest of the line from HAProxy.
    ///
    /// ## Why
    ///
    /// A carriage return ends a line for HAProxy, but only a line feed begins the next one: what stands between them is
    /// dropped without a word. `maxconn 10<CR>user haproxy` sets `maxconn` and no user. Files with the line ends of old
    /// Macintosh systems are one long line of which only the beginning counts.
    ///
    /// ## Example
    ///
    /// ```haproxy bad escapes
    /// global
    ///     maxconn 1000\ruser haproxy
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     maxconn 1000
    ///     user haproxy
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/lone-carriage-return", Warning, Text(check)
}

fn check(cx: &TextContext<'_>, out: &mut Sink<'_>) {
    // Most files have none at all.
    let files = cx.sources.iter().zip(cx.trees).filter(|((_, file), _)| memchr::memchr(b'\r', file.bytes()).is_some());
    for ((id, file), tree) in files {
        for (_, line) in tree.ending_in(Tail::Cut) {
            let hidden = file.text(Span::new(line.tail_start + 1, line.span.end));
            if hidden.trim().is_empty() {
                continue;
            }
            let draft = Draft::at(
                Location { file: id, span: Span::new(line.tail_start, line.span.end) },
                "a carriage return hides the rest of this line from HAProxy",
            );
            out.report(draft.label("never read").help("replace the carriage return by a line feed, or delete it"));
        }
    }
}
