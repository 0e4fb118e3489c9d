//! `syntax/invalid-scope-line`.

use crate::rules::prelude::*;

rule! {
    /// A line that begins with `[` is no scope.
    ///
    /// ## Why
    ///
    /// `[name]` alone on a line sets a scope, which only SPOE files use. The name is made like that of a section. HAProxy refuses a line
    /// without name or `]`, and stops at any other character, in the name or behind the `]`. Section headers in brackets are the custom of other programs.
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
    "syntax/invalid-scope-line", Error, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::InvalidScope { character } = problem.kind else { continue };
        let message = match character {
            Some(' ') => "a blank cannot stand in the name of a scope".to_owned(),
            Some(c) => format!("`{c}` cannot stand in a scope line"),
            None => "this is neither a section nor a scope".to_owned(),
        };
        let draft = Draft::at(problem.location, message).label("a line that begins with `[`").stage(Stage::Words);
        let draft = draft.help("write section headers without brackets, as in `frontend web`; a scope is `[name]` and nothing else");
        out.report(if character.is_some() { draft.aborts(VersionSet::ALL) } else { draft.rejected_by(VersionSet::ALL) });
    }
}
