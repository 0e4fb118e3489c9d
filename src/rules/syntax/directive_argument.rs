//! `syntax/directive-argument`.

use crate::rules::prelude::*;

rule! {
    /// A directive has more words than it takes.
    ///
    /// ## Why
    ///
    /// `.else` and `.endif` take none, and `.notice`, `.warning`, `.alert` and `.diag` take one: a text with blanks needs quotes. 2.4
    /// passes over what is too much.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// .notice hello world
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// .notice "hello world"
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5; refused from 2.5 on.
    "syntax/directive-argument", Error, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::UnexpectedDirectiveArgument { directive } = &problem.kind else { continue };
        let stops = matches!(directive.as_str(), ".else" | ".endif");
        let help = if stops { "delete what stands behind it; a condition goes with `.elif`" } else { "put the text in double quotes" };
        let message = format!("`{directive}` takes {}", if stops { "no argument" } else { "one argument" });
        let draft = Draft::at(problem.location, message).help(help).only(problem.versions);
        // Messages wait for the second pass of 3.1 and later.
        out.report(if stops { draft.stage(Stage::Words).aborts(problem.versions) } else { draft.rejected_by(problem.versions) });
    }
}
