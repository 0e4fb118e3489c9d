//! `syntax/comment-in-word`.

use crate::{
    rules::prelude::*,
    syntax::{Line, Tail},
};

rule! {
    /// A `#` in the middle of a word begins a comment.
    ///
    /// ## Why
    ///
    /// HAProxy does not need a blank in front of a comment. In `http://example.com/#top` everything from the `#` on is gone,
    /// and the word that is left may still be valid, so that nothing is said.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     http-request redirect location /index#top
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     http-request redirect location "/index#top"
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/comment-in-word", Warning, Text(check)
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

fn check(cx: &TextContext<'_>, out: &mut Sink<'_>) {
    for ((id, file), tree) in cx.sources.iter().zip(cx.trees) {
        let before = |at: u32| (at as usize).checked_sub(1).and_then(|at| file.bytes().get(at));
        let is_apart = |line: &Line| before(line.tail_start).is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\n'));
        for (number, line) in tree.ending_in(Tail::Comment).filter(|(_, line)| !is_apart(line)) {
            // A byte order mark sticks to the comment as well; it has a rule of its own.
            let touches = tree.words(number).last().is_some_and(|w| w.span().end == line.tail_start && file.slice(w.span()) != BOM);
            let comment = file.slice(Span::new(line.tail_start, line.span.end));
            // `5s# why` is a comment that somebody was in a hurry to write; `index#top` is a word.
            let is_word = comment.get(1).is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'?' | b'='));
            if !touches || !is_word {
                continue;
            }
            let end = comment.iter().position(u8::is_ascii_whitespace).unwrap_or(comment.len()) as u32;
            let at = Location { file: id, span: Span::new(line.tail_start, line.tail_start + end) };
            let draft = Draft::at(at, "this `#` begins a comment in the middle of a word")
                .label("HAProxy reads nothing from here on")
                .help("put the word in quotes or write `\\#`; put a blank in front of the `#` if it is a comment");
            out.report(draft.confidence(Confidence::Medium));
        }
    }
}
