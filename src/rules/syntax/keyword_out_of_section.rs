//! `syntax/keyword-out-of-section`.

use crate::{nearest::nearest, rules::prelude::*, syntax::SECTIONS};

rule! {
    /// A keyword stands before the first section of its file.
    ///
    /// ## Why
    ///
    /// Every keyword belongs to a section, and a section ends with the file it is in: the next file begins without one. A
    /// misspelt section header is a keyword as well, and takes all lines up to the next header with it.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// maxconn 1000
    /// global
    ///     user haproxy
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     maxconn 1000
    ///     user haproxy
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/keyword-out-of-section", Error, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut seen = None;
    for problem in cx.problems() {
        let ProblemKind::OutOfSection { keyword } = &problem.kind else { continue };
        let draft =
            Draft::at(problem.location, format!("`{keyword}` stands before the first section of this file")).label("belongs to no section");
        let near = nearest(keyword, SECTIONS.iter().map(|s| s.keyword));
        let draft = draft.help(match near {
            Some(near) => format!("did you mean the section `{near}`?"),
            None => "put it below the header of its section, such as `global` or `defaults`; a section does not go on into the next file"
                .to_owned(),
        });
        // One cause, many lines; a byte order mark is a cause of its own.
        let follows = seen == Some(problem.location.file) || keyword.starts_with('\u{FEFF}');
        seen = Some(problem.location.file);
        let draft = draft.only(problem.versions).rejected_by(VersionSet::ALL);
        out.report(if follows { draft.consequence() } else { draft });
    }
}
