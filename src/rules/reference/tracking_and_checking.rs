//! `reference/tracking-and-checking`.

use crate::{config::ServerOption, rules::prelude::*};

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
    "reference/tracking-and-checking", Error, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if !cx.config.reading.may_mention("track") {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.created && p.is_backend()) {
        for server in proxy.servers.iter().filter(|s| !s.open) {
            let Some((check, track)) = server.get(ServerOption::Check).zip(server.get(ServerOption::Track)) else { continue };
            let name = server.name().display();
            let draft = Draft::at(server.statement.location(), format!("server `{name}` has both `check` and `track`"))
                .label("refused")
                .also(check.location, "checked because of this")
                .also(track.location, "takes its health from here")
                .help("remove one of the two; `no-check` takes back a `check` of `default-server`");
            out.report(draft.rejected_by(VersionSet::ALL));
        }
    }
}
