//! `reliability/track-at-session`.

use crate::{config::Mode, rules::prelude::*};

rule! {
    /// Clients of an HTTP frontend are counted only once a request of theirs is understood.
    ///
    /// ## Why
    ///
    /// In HTTP mode `tcp-request content` rules run for requests that could be read. A rule there that counts clients by their
    /// address misses those who send something else, and `http_err_rate` stays at zero for them. `tcp-request session` sees
    /// every connection. HAProxy warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     stick-table type ip size 100k expire 30s store http_err_rate(10s)
    ///     tcp-request content track-sc0 src
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     stick-table type ip size 100k expire 30s store http_err_rate(10s)
    ///     tcp-request session track-sc0 src
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8.
    "reliability/track-at-session", Warning, World(check), about: ["tcp-request"], mentions: ["track-sc"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend() && p.traffic() == Mode::Http) {
        for line in proxy.lines(&["tcp-request", "content"]) {
            // A condition may depend on the request; then the rule is where it has to be.
            let plain = line.len() == 4 || (line.len() == 6 && line.str(4) == "table");
            let by_source = line.str(3) == "src" || line.str(3).starts_with("src,");
            if !plain || !by_source || !line.str(2).starts_with("track-sc") {
                continue;
            }
            let draft = Draft::at(line.location(), format!("{} counts clients only once it has read a request", proxy.called()))
                .label("misses clients that send something else")
                .help("write `session` instead of `content`");
            out.report(draft.stage(Stage::Whole).warned_by(VersionSet::ALL));
        }
    }
}
