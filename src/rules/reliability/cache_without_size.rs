//! `reliability/cache-without-size`.

use crate::rules::prelude::*;

rule! {
    /// A `cache` section does not say how big the cache is.
    ///
    /// ## Why
    ///
    /// `total-max-size` has no default: HAProxy refuses a cache without it, and does not tell the line.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// cache pictures
    ///     max-age 60
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// cache pictures
    ///     total-max-size 64
    ///     max-age 60
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.0.
    "reliability/cache-without-size", Error, World(check), about: ["cache"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Cache && !cx.is_open()) {
        // The last one counts.
        let said = section.statements().rfind(|s| s.keyword() == "total-max-size");
        let sized = said.is_some_and(|s| !s.str(1).bytes().all(|digit| digit == b'0') || s.str(1).is_empty());
        let Some(word) = section.name().filter(|_| !sized) else { continue };
        let draft = Draft::at(word.location, format!("the cache `{}` has no `total-max-size`", word.display()))
            .label("how big?")
            .help("add `total-max-size 64`: the size in megabytes");
        out.report(draft.rejected_by(VersionSet::ALL));
    }
}
