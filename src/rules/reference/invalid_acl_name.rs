//! `reference/invalid-acl-name`.

use crate::{
    rules::prelude::*,
    syntax::{is_name, is_name_char},
};

rule! {
    /// An ACL has a name that HAProxy does not take: `or`, or one with another character than letters, digits and `.:_-`.
    ///
    /// ## Why
    ///
    /// In a condition `or`, in capitals or not, separates alternatives, so an ACL of that name could never be named
    /// there. Of other characters HAProxy takes ASCII letters and digits, `.`, `:`, `_` and `-`.
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
    "reference/invalid-acl-name", Error, World(check), about: ["acl"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let sections = cx.config.sections().filter(|s| s.kind.is_proxy() || s.kind == SectionKind::FcgiApp);
    for statement in sections.flat_map(|s| s.with("acl")) {
        // Nearly all are as they should be, and no more is read of these.
        let is_fine = |name: &str| is_name(name) && !name.eq_ignore_ascii_case("or");
        if is_fine(statement.str(1)) {
            continue;
        }
        let Some((word, name)) = statement.word(1).and_then(|w| Some((w, w.known()?))) else { continue };
        let odd = name.char_indices().find(|(_, c)| !is_name_char(*c));
        let draft = if let Some((at, odd)) = odd {
            let draft = Draft::at(word.part(at..at + odd.len_utf8()), format!("`{odd}` cannot stand in the ACL name `{name}`"));
            draft.label("not permitted").help("use ASCII letters, digits, `.`, `:`, `_` and `-`")
        } else if name.eq_ignore_ascii_case("or") {
            let draft = Draft::at(word.location, format!("an ACL cannot be named `{name}`"));
            draft.label("separates alternatives in conditions").help("give it another name")
        } else {
            continue;
        };
        out.report(draft.rejected_by(VersionSet::ALL));
    }
}
