//! `reference/unknown-user-or-group`.

use rustc_hash::FxHashSet;

use crate::{config::SectionView, rules::prelude::*};

rule! {
    /// A userlist names a user or group that it does not have.
    ///
    /// ## Why
    ///
    /// `group … users` names users of the same `userlist`, `user … groups` its groups. HAProxy refuses a name that is
    /// missing there, without a line number.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// userlist people
    ///     group admins users ann,bob
    ///     user ann insecure-password secret
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// userlist people
    ///     group admins users ann
    ///     user ann insecure-password secret
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8.
    "reference/unknown-user-or-group", Error, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Userlist && !cx.is_open()) {
        names(&section, "group", "user", "users", out);
        names(&section, "user", "group", "groups", out);
    }
}

/// Looks up what the lines of `keyword` name behind `list`: things that lines of `declared` declare.
fn names(section: &SectionView<'_>, keyword: &str, declared: &str, list: &str, out: &mut Sink<'_>) {
    let lines = |keyword| section.statements().filter(move |s: &Statement<'_>| s.keyword() == keyword);
    if lines(declared).any(|s| s.word(1).is_some_and(|w| w.known().is_none())) {
        return;
    }
    let known: FxHashSet<&str> = lines(declared).map(|s| s.str(1)).collect();
    for line in lines(keyword) {
        // Settings have a word each, and the last counts.
        let last = (2..line.len()).step_by(2).rfind(|at| line.str(*at) == list);
        let Some(word) = last.and_then(|at| line.word(at + 1)) else { continue };
        for name in word.known().unwrap_or("").split(',').filter(|n| !n.is_empty() && !known.contains(n)) {
            let draft = Draft::at(word.location, format!("the userlist `{}` has no {declared} `{name}`", section.name_str()))
                .label(format!("this {declared} does not exist"))
                .help(format!("add a `{declared} {name}` line to this userlist, or take the name out here"));
            out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
        }
    }
}
