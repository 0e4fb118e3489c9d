//! `syntax/invalid-variable-name`.

use crate::rules::prelude::*;

rule! {
    /// A `$` between double quotes is not followed by the name of a variable.
    ///
    /// ## Why
    ///
    /// Between `"` a `$` always begins the name of an environment variable, and a name begins with a letter or `_`. A regular
    /// expression such as `"^/api$"` ends in a `$` that HAProxy takes for one, and it refuses the line.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     http-request deny if { path_reg "^/api$" }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     http-request deny if { path_reg '^/api$' }
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/invalid-variable-name", Error, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::InvalidVariableName = &problem.kind else { continue };
        let draft = Draft::at(problem.location, "no variable can begin like this")
            .label("between `\"`, a `$` begins the name of a variable")
            .help("write `\\$` for the character itself, or put the word between `'`, where `$` is an ordinary character");
        out.report(draft.only(problem.versions).stage(Stage::Words).rejected_by(VersionSet::ALL));
    }
}
