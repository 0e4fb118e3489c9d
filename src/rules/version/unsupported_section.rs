//! `version/unsupported-section`.

use crate::rules::prelude::*;

rule! {
    /// A section is unknown to the HAProxy it is meant for.
    ///
    /// ## Why
    ///
    /// Sections come and go: `crt-store` came with 3.0, `log-profile` and `traces` with 3.1, `acme` with 3.2, and `program` went with 3.3.
    /// A HAProxy that does not know one takes its header and its lines for keywords of the section before, and refuses them.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=2.8
    /// crt-store web
    ///     load crt "site.pem"
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=2.8
    /// frontend web
    ///     bind :443 ssl crt site.pem
    /// ```
    ///
    /// ## Source
    ///
    /// The manuals of each release; observed with HAProxy 2.6.12, 2.8.25, 3.0.0, 3.2.0 and 3.4.0.
    "version/unsupported-section", Error, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections() {
        let spec = section.kind.spec();
        let absent = spec.versions.complement();
        let Some(header) = section.header().filter(|_| !absent.is_empty()) else { continue };
        let draft = Draft::at(header.location(), format!("HAProxy knows `{}` sections in {} only", spec.keyword, spec.versions))
            .label("taken for a keyword of the section before")
            .help("take the section out, or put it between `.if version_atleast(…)` and `.endif` in a file for several versions");
        out.report(draft.only(absent).rejected_by(absent));
    }
}
