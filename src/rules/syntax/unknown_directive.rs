//! `syntax/unknown-directive`.

use crate::{finding::Help, nearest::nearest, rules::prelude::*};

rule! {
    /// A word that begins with a dot is no directive of HAProxy's.
    ///
    /// ## Why
    ///
    /// A first word that begins with `.` is for HAProxy's preprocessor: `.if`, `.elif`, `.else`, `.endif`, `.notice`,
    /// `.warning`, `.alert`, `.diag`. HAProxy refuses any other, and leaves out the rest of the file. In a branch that is not
    /// taken it looks at no other word than the first four, so a `.elseif` there is passed over, and its block with it.
    ///
    /// ## Example
    ///
    /// ```haproxy bad env=A=1
    /// .if defined(A)
    /// .elseif defined(B)
    /// .endif
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// .if defined(A)
    /// .elif defined(B)
    /// .endif
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/unknown-directive", Error, World(check), about: [PROBLEM], mends: true
}

const DIRECTIVES: [&str; 8] = [".if", ".elif", ".else", ".endif", ".notice", ".warning", ".alert", ".diag"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::UnknownDirective { word } = &problem.kind else { continue };
        let near = match word.as_str() {
            ".elseif" | ".elsif" => Some(".elif"),
            ".fi" | ".end" => Some(".endif"),
            _ => nearest(word, DIRECTIVES),
        };
        let directives = || format!("the directives are {}", DIRECTIVES.map(|d| format!("`{d}`")).join(", "));
        let help = Help::near(problem.location, word, near, directives);
        let draft = Draft::at(problem.location, format!("there is no directive `{word}`")).label("HAProxy leaves out the rest of the file");
        out.report(draft.help(help).aborts(problem.versions));
    }
}
