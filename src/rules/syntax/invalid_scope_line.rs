//! `syntax/invalid-scope-line`.

use crate::rules::prelude::*;

rule! {
    /// A line that begins with `[` is no scope.
    ///
    /// ## Why
    ///
    /// `[name]` alone on a line sets a scope, which only SPOE files use. HAProxy refuses a name with blanks or without `]`, and
    /// text behind the `]`. Section headers in brackets are the custom of other programs.
    ///
    /// ## Example
    ///
    /// ```haproxy bad also=syntax/keyword-out-of-section
    /// [frontend web]
    ///     bind :80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     bind :80
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/invalid-scope-line", Error, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::InvalidScope = &problem.kind else { continue };
        let draft = Draft::at(problem.location, "this is neither a section nor a scope").label("a line that begins with `[`");
        let draft = draft.help("write section headers without brackets, as in `frontend web`; a scope is `[name]` and nothing else");
        out.report(draft.only(problem.versions).stage(Stage::Words).rejected_by(VersionSet::ALL));
    }
}
