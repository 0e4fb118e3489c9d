//! `reference/invalid-acl-name`.

use crate::rules::prelude::*;

rule! {
    /// An ACL is named `or`.
    ///
    /// ## Why
    ///
    /// In a condition `or`, in capitals or not, separates alternatives, so an ACL of that name could never be named
    /// there. HAProxy refuses it.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     acl or path_beg /or
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     acl is_or path_beg /or
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "reference/invalid-acl-name", Error, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let sections = cx.config.sections().filter(|s| s.kind.is_proxy() || s.kind == SectionKind::FcgiApp);
    for statement in sections.flat_map(|s| s.statements()).filter(|s| s.keyword() == "acl") {
        if let Some(name) = statement.word(1).filter(|w| w.known().is_some_and(|n| n.eq_ignore_ascii_case("or"))) {
            let draft = Draft::at(name.location, format!("an ACL cannot be named `{}`", name.display()));
            let draft = draft.label("separates alternatives in conditions").help("give it another name");
            out.report(draft.rejected_by(VersionSet::ALL));
        }
    }
}
