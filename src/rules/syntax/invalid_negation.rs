//! `syntax/invalid-negation`.

use crate::{catalog::Fact, rules::prelude::*};

rule! {
    /// `no` or `default` stands before a keyword that takes neither.
    ///
    /// ## Why
    ///
    /// Only `option`, `log` and a few keywords of `global` can be switched off with `no`, or back to what they were before
    /// `defaults` with `default`. HAProxy refuses it anywhere else.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// defaults
    ///     no maxconn 1000
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// defaults
    ///     no option httpclose
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/invalid-negation", Error, World(check), about: ["no", "default"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for statement in cx.config.sections().flat_map(|section| section.statements()).filter(|s| matches!(s.keyword(), "no" | "default")) {
        let prefix = statement.keyword();
        let keyword = statement.word(1).map(Word::display).unwrap_or_default();
        let unknown = statement.word(1).is_some_and(|word| word.known().is_none());
        if unknown || Fact::negatable(&keyword).is_some() {
            continue;
        }
        let message =
            if keyword.is_empty() { format!("nothing follows `{prefix}`") } else { format!("`{prefix}` cannot stand before `{keyword}`") };
        let draft = Draft::at(statement.location(), message)
            .help("delete the line, or the prefix; only `option`, `log`, `busy-polling`, `set-dumpable`, `strict-limits`, `insecure-fork-wanted` and `numa-cpu-mapping` take one");
        out.report(draft.stage(Stage::Words).rejected_by(VersionSet::ALL));
    }
}
