//! `dead/source-header-in-tcp`.

use crate::{config::Mode, rules::prelude::*};

rule! {
    /// Connections are to come from an address in a header, in a proxy that reads no headers.
    ///
    /// ## Why
    ///
    /// `usesrc hdr_ip(…)` takes the address of the client from the request. Outside of HTTP mode there is none: HAProxy warns, and
    /// connects from its own address.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode tcp
    ///     source 0.0.0.0 usesrc hdr_ip(x-forwarded-for)
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode tcp
    ///     source 0.0.0.0 usesrc clientip
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8, and the same in the sources of 2.4 to 3.4.
    "dead/source-header-in-tcp", Warning, World(check), mentions: ["hdr_ip("]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend() && !matches!(p.traffic(), Mode::Http | Mode::Unknown)) {
        // What `defaults` say of it is not inherited.
        let own = proxy.in_force.get("source").filter(|line| proxy.holds(*line));
        for line in own.into_iter().chain(proxy.servers.iter().map(|s| s.statement)) {
            let Some(word) = line.after("usesrc", 1).filter(|word| word.known().is_some_and(|text| text.starts_with("hdr_ip("))) else {
                continue;
            };
            let message = format!("there are no headers in {}: it is in {} mode", proxy.called(), proxy.traffic().word());
            let draft = Draft::at(word.location, message).label("has no effect").help("write `usesrc clientip`, or use HTTP mode");
            out.report(draft.stage(Stage::Whole).warned_by(VersionSet::ALL));
        }
    }
}
