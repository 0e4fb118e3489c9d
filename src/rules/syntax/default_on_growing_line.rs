//! `syntax/default-on-growing-line`.

use crate::rules::prelude::*;

rule! {
    /// A default stands on the line on which HAProxy's line buffer grows, and HAProxy refuses it.
    ///
    /// ## Why
    ///
    /// HAProxy copies each line into a buffer that begins empty in each file and grows in steps of 1024 bytes. A line that
    /// does not fit is read again, but the first try has already overwritten the brace behind a default. So `"${NAME-default}"`
    /// fails with `unmatched brace` on the very first line of a file, and on the first line that is longer than 1024 bytes and than all lines before it.
    /// An empty line or a comment at the top is enough to get past the first case.
    ///
    /// ## Example
    ///
    /// ```haproxy bad env-closed
    /// .if streq("${STAGE-test}",test)
    /// .endif
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// # which stage is this
    /// .if streq("${STAGE-test}",test)
    /// .endif
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6.12, 2.8.25, 3.0 to 3.5.
    "syntax/default-on-growing-line", Error, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::DefaultOnGrowingLine { first } = &problem.kind else { continue };
        let (message, help) = if *first {
            ("a default on the first line of a file is refused by HAProxy", "begin the file with a comment or an empty line")
        } else {
            (
                "a default on the longest line so far is refused by HAProxy",
                "put a longer comment above this line, or set the variable with `presetenv`",
            )
        };
        let draft = Draft::at(problem.location, message).label("HAProxy loses this brace while its line buffer grows").help(help);
        out.report(draft.only(problem.versions).stage(Stage::Words).rejected_by(problem.versions));
    }
}
