//! `syntax/too-deep-condition`.

use crate::rules::prelude::*;

rule! {
    /// `.if` blocks are nested 100 deep.
    ///
    /// ## Why
    ///
    /// HAProxy keeps track of 99 open blocks and stops at the hundredth.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .if 1
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// .endif
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// .if 1
    /// .endif
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/too-deep-condition", Error, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::TooDeep = &problem.kind else { continue };
        let draft = Draft::at(problem.location, "`.if` blocks are nested more than 99 deep").label("HAProxy stops here");
        out.report(draft.help("join the conditions with `&&`").only(problem.versions).stage(Stage::Words).aborts(problem.versions));
    }
}
