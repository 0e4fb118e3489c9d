//! `reliability/fast-open-without-retries`.

use crate::{config::ServerOption, rules::prelude::*};

rule! {
    /// Requests are sent with the first packet of a connection, and lost if that is.
    ///
    /// ## Why
    ///
    /// With `tfo` the request travels in the packet that opens the connection. Where that fails, HAProxy only sends it again if
    /// `retry-on` allows it for `empty-response` and `response-timeout`; by default it retries failed connections alone.
    /// HAProxy warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     server a 192.0.2.1:80 tfo
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     retry-on conn-failure empty-response response-timeout
    ///     server a 192.0.2.1:80 tfo
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8, and the same in the sources of 2.4 to 3.4.
    "reliability/fast-open-without-retries", Warning, World(check), mentions: ["tfo"]
}

/// What must be retried, each of them or all.
const WANTED: [&str; 2] = ["empty-response", "response-timeout"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend() && !p.in_force.open) {
        let retries = proxy.in_force.get("retry-on");
        let retried =
            |what| retries.is_some_and(|line| line.words().any(|w| w.is(what) || w.is("all-retryable-errors") || w.known().is_none()));
        let Some(missing) = WANTED.into_iter().find(|what| !retried(what)) else { continue };
        for server in proxy.servers.iter().filter(|s| !s.open) {
            let Some(tfo) = server.get(ServerOption::Tfo) else { continue };
            let name = server.name().display();
            let message = format!("server `{name}` gets requests with the first packet, and `{missing}` is not retried");
            let draft = Draft::at(server.name().location, message).also(tfo.location, "fast open is asked for here").stage(Stage::Whole);
            let help = match retries {
                Some(_) => format!("add `{missing}` to its `retry-on`"),
                None => "add `retry-on conn-failure empty-response response-timeout` to the backend".to_owned(),
            };
            out.report(draft.label("may lose requests").help(help).warned_by(VersionSet::ALL));
        }
    }
}
