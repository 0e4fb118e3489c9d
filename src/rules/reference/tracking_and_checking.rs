//! `reference/tracking-and-checking`.

use crate::{
    config::ServerOption,
    rules::{
        causes::{Causes, is_own},
        prelude::*,
    },
};

rule! {
    /// A server takes its health from another one, and is checked itself.
    ///
    /// ## Why
    ///
    /// `track` and `check` exclude each other, and HAProxy refuses a server that has both. A `check` of a `default-server` line
    /// counts; `no-check` takes it back.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     server one 192.0.2.1:80 check
    ///     server two 192.0.2.1:81 check track one
    /// ```
    ///
    /// ```haproxy bad
    /// backend app
    ///     default-server check track other/one
    ///     server one 192.0.2.1:80
    ///     server two 192.0.2.2:80
    ///
    /// backend other
    ///     server one 192.0.2.1:80 check
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     server one 192.0.2.1:80 check
    ///     server two 192.0.2.1:81 track one
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.0.
    "reference/tracking-and-checking", Error, World(check), mentions: ["track"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut found = Causes::new();
    for proxy in cx.config.proxies.iter().filter(|p| p.created && p.is_backend()) {
        for server in proxy.servers.iter().filter(|s| !s.open) {
            let Some((check, track)) = server.get(ServerOption::Check).zip(server.get(ServerOption::Track)) else { continue };
            let line = server.statement;
            // Where neither is its own, the line does nothing wrong itself.
            let own = is_own(line.location(), check) || is_own(line.location(), track);
            let place = if own { line.location() } else { track.location };
            found.add(place, server.name(), line.location(), (place, check.location, track.location));
        }
    }
    out.report_all(found.drafts(|(place, check, track), servers| {
        let have = if servers.are_many() { "have" } else { "has" };
        let draft = Draft::at(place, format!("{} {have} both `check` and `track`", servers.called("server")))
            .label("refused")
            .also(check, "checked because of this")
            .help("remove one of the two; `no-check` takes back a `check` of `default-server`")
            .rejected_by(VersionSet::ALL);
        if place == track { draft } else { draft.also(track, "takes its health from here") }
    }));
}
