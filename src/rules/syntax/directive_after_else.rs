//! `syntax/directive-after-else`.

use crate::rules::prelude::*;

rule! {
    /// `.elif` or `.else` stands behind `.else`.
    ///
    /// ## Why
    ///
    /// `.else` is the last branch of a block. HAProxy stops at whatever else would follow it.
    ///
    /// ## Example
    ///
    /// ```haproxy bad env-closed
    /// .if defined(A)
    /// .else
    /// .elif defined(B)
    /// .endif
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// .if defined(A)
    /// .elif defined(B)
    /// .else
    /// .endif
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/directive-after-else", Error, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::AfterElse { directive, earlier } = &problem.kind else { continue };
        let draft =
            Draft::at(problem.location, format!("this `{directive}` stands behind the `.else` of its block")).label("HAProxy stops here");
        let draft = draft.also(*earlier, "the last branch").help("put it above the `.else`");
        out.report(draft.only(problem.versions).stage(Stage::Words).aborts(problem.versions));
    }
}
