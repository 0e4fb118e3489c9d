//! `dead/switch-mode-without-backend`.

use crate::{config::Mode, rules::prelude::*};

rule! {
    /// Connections become HTTP in a proxy whose servers cannot take that.
    ///
    /// ## Why
    ///
    /// `tcp-request content switch-mode http` turns a connection of a TCP proxy into HTTP. Such a connection can only go to an
    /// HTTP backend, not to the servers of the `listen` section itself, which is in TCP mode. HAProxy warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// listen web
    ///     bind :80
    ///     tcp-request content switch-mode http if HTTP
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// listen web
    ///     mode http
    ///     bind :80
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8.
    "dead/switch-mode-without-backend", Warning, World(check), about: ["tcp-request"], mentions: ["switch-mode"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend() && p.has_servers() && p.traffic() == Mode::Tcp) {
        let Some(line) = proxy.lines(&["tcp-request", "content", "switch-mode"]).next() else { continue };
        let elsewhere = proxy.in_force.get("default_backend").is_some() || proxy.lines(&["use_backend"]).next().is_some();
        if elsewhere || cx.is_open() {
            continue;
        }
        let draft = Draft::at(line.location(), format!("{} has no backend for the connections that become HTTP here", proxy.called()))
            .label("cannot go to the servers of this section")
            .help("add a `default_backend` in HTTP mode, or set the mode of this section itself");
        out.report(draft.stage(Stage::Whole).warned_by(VersionSet::ALL));
    }
}
