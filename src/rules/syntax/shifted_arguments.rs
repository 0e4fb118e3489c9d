//! `syntax/shifted-arguments`.

use crate::rules::prelude::*;

rule! {
    /// A variable that is not set takes the blank behind it along, and the next word takes its place.
    ///
    /// ## Why
    ///
    /// In 2.8.25 and from 2.9 to 3.2, `"$NAME"` with a `NAME` that is not set swallows its closing quote and the blanks
    /// behind it. `server app "$ADDRESS" check` becomes `server app check`: a server whose address is `check`. Other versions read an empty word.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=2.8.25 env-closed
    /// global
    ///     description "$OWNER" on call
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=2.8.25 env-closed
    /// global
    ///     description "${OWNER-nobody}" on call
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.8.25, 3.0.0 and 3.2.0; not with 2.6.12.
    "syntax/shifted-arguments", Warning, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::ShiftedArguments { variable } = &problem.kind else { continue };
        let draft = Draft::at(problem.location, format!("`{variable}` is not set, and the next word takes its place"))
            .label("the words behind it move one place to the left")
            .help(format!("give it a default with `${{{variable}-…}}`, or set it"));
        out.report(draft.only(problem.versions));
    }
}
