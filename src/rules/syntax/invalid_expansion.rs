//! `syntax/invalid-expansion`.

use crate::rules::prelude::*;

rule! {
    /// `${NAME[` is not followed by `*]}`.
    ///
    /// ## Why
    ///
    /// `"${NAME[*]}"` makes a word of each word in the variable. Nothing else can stand in the brackets, neither a number nor
    /// a name, and HAProxy refuses the line.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     bind "${ADDRESSES[0]}"
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good env=ADDRESSES=:80
    /// frontend web
    ///     bind "${ADDRESSES[*]}"
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/invalid-expansion", Error, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::InvalidExpansion = &problem.kind else { continue };
        let draft = Draft::at(problem.location, "only `[*]` can follow the name of a variable")
            .label("expands to all words of the variable, or not at all")
            .help("write `${NAME[*]}` for all words, or `${NAME}` for the text as one word");
        out.report(draft.only(problem.versions).stage(Stage::Words).rejected_by(VersionSet::ALL));
    }
}
