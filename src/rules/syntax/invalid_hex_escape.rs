//! `syntax/invalid-hex-escape`.

use crate::rules::prelude::*;

rule! {
    /// `\x` is not followed by two hexadecimal digits.
    ///
    /// ## Why
    ///
    /// In a word, quoted with `"` or not, `\x` and two hexadecimal digits stand for a byte. With anything else behind it
    /// HAProxy refuses the line. Regular expressions that hold `\x` are best written between `'`, where a backslash is a backslash.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     http-request deny if { path_reg ^/\xZZ }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     http-request deny if { path_reg '^/\x41' }
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/invalid-hex-escape", Error, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::InvalidHexEscape = &problem.kind else { continue };
        let draft = Draft::at(problem.location, "two hexadecimal digits must follow this `\\x`")
            .label("begins a byte by its number")
            .help("write `\\\\x` for a backslash and an `x`, or put the word between `'`");
        out.report(draft.only(problem.versions).stage(Stage::Words).rejected_by(VersionSet::ALL));
    }
}
