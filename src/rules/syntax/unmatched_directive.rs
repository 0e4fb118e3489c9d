//! `syntax/unmatched-directive`.

use crate::rules::prelude::*;

rule! {
    /// `.elif`, `.else` or `.endif` has no `.if`.
    ///
    /// ## Why
    ///
    /// Blocks end with the file they begin in, so a `.endif` in the next file has nothing to close. HAProxy stops there.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global
    ///     maxconn 1000
    /// .endif
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// .if defined(SMALL)
    /// global
    ///     maxconn 1000
    /// .endif
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/unmatched-directive", Error, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::LoneDirective { directive } = &problem.kind else { continue };
        let draft =
            Draft::at(problem.location, format!("there is no `.if` that this `{directive}` belongs to")).label("HAProxy stops here");
        let draft = draft.help("delete the line, or write the `.if` above it in the same file");
        out.report(draft.only(problem.versions).stage(Stage::Words).aborts(problem.versions));
    }
}
