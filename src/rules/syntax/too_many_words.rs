//! `syntax/too-many-words`.

use crate::rules::prelude::*;

rule! {
    /// A line has more words than HAProxy takes.
    ///
    /// ## Why
    ///
    /// HAProxy reads at most 64 words of a line, the keyword included, and refuses a line with more. Up to 3.1 it
    /// also refuses a line of exactly 64 words that ends in blanks.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     acl many src 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7 10.0.0.8 10.0.0.9 10.0.0.10 10.0.0.11 10.0.0.12 10.0.0.13 10.0.0.14 10.0.0.15 10.0.0.16 10.0.0.17 10.0.0.18 10.0.0.19 10.0.0.20 10.0.0.21 10.0.0.22 10.0.0.23 10.0.0.24 10.0.0.25 10.0.0.26 10.0.0.27 10.0.0.28 10.0.0.29 10.0.0.30 10.0.0.31 10.0.0.32 10.0.0.33 10.0.0.34 10.0.0.35 10.0.0.36 10.0.0.37 10.0.0.38 10.0.0.39 10.0.0.40 10.0.0.41 10.0.0.42 10.0.0.43 10.0.0.44 10.0.0.45 10.0.0.46 10.0.0.47 10.0.0.48 10.0.0.49 10.0.0.50 10.0.0.51 10.0.0.52 10.0.0.53 10.0.0.54 10.0.0.55 10.0.0.56 10.0.0.57 10.0.0.58 10.0.0.59 10.0.0.60 10.0.0.61 10.0.0.62
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     acl many src 10.0.0.0/26
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/too-many-words", Error, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::TooManyWords { count } = problem.kind else { continue };
        let draft = if count > 64 {
            Draft::at(problem.location, format!("this line has {count} words, and HAProxy reads at most 64"))
                .label("HAProxy refuses the whole line")
                .help("split it over several lines; patterns of one ACL may stand on several `acl` lines of the same name, or in a file behind `-f`")
        } else {
            Draft::at(problem.location, "the blanks behind the 64th word count as one word too many")
                .label("blanks follow this word")
                .help("delete the blanks at the end of the line")
        };
        out.report(draft.only(problem.versions).stage(Stage::Words).rejected_by(problem.versions));
    }
}
