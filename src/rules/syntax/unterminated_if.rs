//! `syntax/unterminated-if`.

use crate::rules::prelude::*;

rule! {
    /// A `.if` is never closed by `.endif`.
    ///
    /// ## Why
    ///
    /// A block has to end in the file it begins in. HAProxy stops at the end of the file with `non-terminated '.if' block`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad env=A=1
    /// .if defined(A)
    /// global
    ///     maxconn 1000
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// .if defined(A)
    /// global
    ///     maxconn 1000
    /// .endif
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/unterminated-if", Error, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems().iter().filter(|p| p.kind == ProblemKind::UnterminatedIf) {
        // HAProxy notices at the last line.
        let file = cx.config.reading.sources.file(problem.location.file);
        let last = file.line_span(file.line_of((file.bytes().len() as u32).saturating_sub(1)));
        let at = Location { file: problem.location.file, span: last };
        let line = file.line_of(problem.location.span.start) + 1;
        let draft = Draft::at(at, format!("the `.if` of line {line} is never closed")).label("the file ends here");
        let draft = draft.also(problem.location, "opened here").help("close it with `.endif`");
        out.report(draft.only(problem.versions).stage(Stage::Words).aborts(problem.versions));
    }
}
