//! `syntax/invalid-condition`.

use crate::rules::prelude::*;

rule! {
    /// The condition of `.if` or `.elif` cannot be read.
    ///
    /// ## Why
    ///
    /// A condition is made of numbers and predicates such as `defined(NAME)` and `streq(a,b)`, joined by `!`, `&&`, `||` and
    /// parentheses. HAProxy stops at the first one it cannot read. 2.4 knows no operators and reads one word.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// .if enabled-feature(LUA)
    /// .endif
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// .if feature(LUA)
    /// .endif
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/invalid-condition", Error, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::InvalidCondition { message, help } = &problem.kind else { continue };
        let draft = Draft::at(problem.location, message.clone()).label("HAProxy stops here");
        let draft = draft.only(problem.versions).stage(Stage::Words).aborts(problem.versions);
        out.report(match help {
            Some(help) => draft.help(help.clone()),
            None => draft,
        });
    }
}
