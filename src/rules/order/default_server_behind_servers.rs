//! `order/default-server-behind-servers`.

use crate::rules::prelude::*;

rule! {
    /// A `default-server` line stands behind the servers it seems meant for.
    ///
    /// ## Why
    ///
    /// HAProxy reads a section from top to bottom, and a server takes over the options of the `default-server` lines above it
    /// alone. Those above the line have none of its options: they are not checked, or not with that interval, without a word
    /// from HAProxy.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:80
    ///     server two 192.0.2.2:80
    ///     default-server check inter 2s
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     default-server check inter 2s
    ///     server one 192.0.2.1:80
    ///     server two 192.0.2.2:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `default-server`; server.c.
    "order/default-server-behind-servers", Warning, World(check), about: ["default-server"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.created && p.is_backend()) {
        let lines = || proxy.section.statements();
        let Some(first) = lines().find(|s| s.keyword() == "default-server") else { continue };
        let behind = |s: &Statement<'_>| (s.file_id(), s.line()) > (first.file_id(), first.line());
        let Some(server) = proxy.servers.iter().map(|s| s.statement).find(|s| !behind(s)) else { continue };
        let some = proxy.servers.iter().any(|s| behind(&s.statement));
        let message = if some {
            "`default-server` does not count for the servers above it"
        } else {
            "`default-server` has no effect: all servers of the section stand above it"
        };
        let draft = Draft::at(first.location(), message)
            .label("counts for the lines below")
            .also(server.location(), "does not take it over")
            .help("move it above the servers");
        out.report(if some { draft.severity(Severity::Info).confidence(Confidence::Low) } else { draft });
    }
}
