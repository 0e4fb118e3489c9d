//! `reliability/resolvers-without-nameserver`.

use crate::rules::prelude::*;

rule! {
    /// A `resolvers` section has no server to ask.
    ///
    /// ## Why
    ///
    /// Without a `nameserver` line, or `parse-resolv-conf`, no name is ever resolved there. HAProxy warns and starts.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// resolvers dns
    ///     hold valid 10s
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// resolvers dns
    ///     nameserver one 192.0.2.53:53
    ///     hold valid 10s
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.4.
    "reliability/resolvers-without-nameserver", Warning, World(check), about: ["resolvers"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let resolvers = cx.config.sections().filter(|s| s.kind == SectionKind::Resolvers && !cx.is_open());
    for section in resolvers {
        let asks = section.statements().any(|s| matches!(s.keyword(), "nameserver" | "parse-resolv-conf"));
        let Some(header) = section.header().filter(|_| !asks) else { continue };
        let draft = Draft::at(header.location(), format!("the resolvers section `{}` has no `nameserver`", section.name_str()))
            .label("nobody to ask")
            .help("add a `nameserver` line, or `parse-resolv-conf`");
        out.report(draft.stage(Stage::Whole).warned_by(VersionSet::ALL));
    }
}
