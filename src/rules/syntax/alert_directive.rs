//! `syntax/alert-directive`.

use crate::rules::prelude::*;

rule! {
    /// A `.alert` is reached, and HAProxy stops.
    ///
    /// ## Why
    ///
    /// `.alert` is there to stop HAProxy with a message where something is missing. For the versions and the environment at
    /// hand, it does.
    ///
    /// ## Example
    ///
    /// ```haproxy bad env-closed
    /// .if !defined(POD_IP)
    /// .alert "POD_IP is not set"
    /// .endif
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good env=POD_IP=10.0.0.1
    /// .if !defined(POD_IP)
    /// .alert "POD_IP is not set"
    /// .endif
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/alert-directive", Error, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::Message { directive: ".alert", text } = &problem.kind else { continue };
        let draft = Draft::at(problem.location, format!("HAProxy stops here: {text}")).label("reached");
        let draft = draft.help("meet the condition of its block, or say with `--env` what the environment will be");
        out.report(draft.only(problem.versions).aborts(problem.versions));
    }
}
