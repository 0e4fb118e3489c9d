//! `syntax/warning-directive`.

use crate::rules::prelude::*;

rule! {
    /// A `.warning` is reached.
    ///
    /// ## Why
    ///
    /// `.warning` makes HAProxy print a warning when it reads the line. With `-dW` or `zero-warning` it does not start then.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=2.6
    /// .if version_before(2.8)
    /// .warning "this file is meant for 2.8 and later"
    /// .endif
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=2.8
    /// .if version_before(2.8)
    /// .warning "this file is meant for 2.8 and later"
    /// .endif
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/warning-directive", Warning, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::Message { directive: ".warning", text } = &problem.kind else { continue };
        let draft = Draft::at(problem.location, format!("HAProxy warns here: {text}")).label("reached");
        out.report(draft.help("meet the condition of its block").only(problem.versions).warned_by(problem.versions));
    }
}
