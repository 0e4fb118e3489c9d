//! `dead/http-log-format-in-tcp`.

use crate::{config::Mode, rules::prelude::*};

rule! {
    /// A proxy that is not in HTTP mode has the log format of HTTP.
    ///
    /// ## Why
    ///
    /// `option httplog` and `option httpslog` log requests, and a proxy in TCP mode knows of none: HAProxy falls back to the
    /// format of `option tcplog` and warns. Often `mode http` is what is missing.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     bind :80
    ///     log stdout format raw local0
    ///     option httplog
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     log stdout format raw local0
    ///     option httplog
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.4.
    "dead/http-log-format-in-tcp", Warning, World(check), mentions: ["httplog", "httpslog"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && !matches!(p.traffic(), Mode::Http | Mode::Unknown)) {
        let Some(line) = proxy.in_force.get("log-format").filter(|line| matches!(line.str(1), "httplog" | "httpslog")) else { continue };
        let option = line.str(1);
        let mode = proxy.traffic().word();
        let draft = Draft::at(line.location(), format!("`option {option}` does not work in {}: it is in {mode} mode", proxy.called()))
            .label("HAProxy takes `option tcplog` instead")
            .help("put this proxy into HTTP mode, or use the format of TCP")
            .stage(Stage::Whole)
            .warned_by(VersionSet::ALL);
        let header = proxy.place().filter(|_| !proxy.holds(line));
        out.report(header.map_or(draft.clone(), |header| draft.also(header, "inherited here")));
    }
}
