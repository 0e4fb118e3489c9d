//! `syntax/unterminated-quote`.

use crate::rules::prelude::*;

rule! {
    /// A quote is opened and never closed on its line.
    ///
    /// ## Why
    ///
    /// A quoted string ends on the line it began on: HAProxy has no continuation lines. It refuses the line with
    /// `unmatched quote`. A backslash does not help inside of `'…'`, where every byte stands for itself.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     http-request deny if { path_beg "/private }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     http-request deny if { path_beg "/private" }
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/unterminated-quote", Error, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        if problem.kind == ProblemKind::UnterminatedQuote {
            let quote = cx.text(problem.location);
            let draft = Draft::at(problem.location, format!("this `{quote}` is never closed"))
                .label("opened here")
                .help(format!("close it with `{quote}` on the same line, or write `\\{quote}` outside of quotes for the character itself"));
            out.report(draft.only(problem.versions).stage(Stage::Words).rejected_by(VersionSet::ALL));
        }
    }
}
