//! `syntax/unmatched-brace`.

use crate::rules::prelude::*;

rule! {
    /// `${` is not closed by `}`.
    ///
    /// ## Why
    ///
    /// `"${NAME}"` and, from 2.5 on, `"${NAME-default}"` end in a brace; without it HAProxy refuses the line. HAProxy 2.4
    /// knows no defaults and takes the `-` for the place where the brace should be.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     bind "${ADDRESS:80"
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     bind "${ADDRESS}:80"
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5. Defaults: 2.4.0 refuses them, 2.5 introduced them.
    "syntax/unmatched-brace", Error, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::UnmatchedBrace { default } = &problem.kind else { continue };
        let draft = if *default {
            Draft::at(problem.location, "HAProxy 2.4 knows no default for a variable")
                .label("`-` begins a default from 2.5 on")
                .help("set the variable before, with `presetenv NAME default` in `global`")
        } else {
            let draft = Draft::at(problem.location, "this `${` is never closed").label("a `}` is missing");
            draft.help("close the name with `}`; a default stands behind `-`, as in `${NAME-default}`")
        };
        out.report(draft.only(problem.versions).stage(Stage::Words).rejected_by(problem.versions));
    }
}
