//! `reference/tracking-loop`.

use crate::{
    config::{Proxy, Server, ServerOption},
    rules::{prelude::*, reference::tracking_unchecked::target},
};

rule! {
    /// Servers take their health from each other in a circle.
    ///
    /// ## Why
    ///
    /// `track` follows the health of another server. If that one follows in turn the first, nobody is checked, and HAProxy refuses
    /// the configuration.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     server a 192.0.2.1:80 track b
    ///     server b 192.0.2.2:80 track a
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     server a 192.0.2.1:80 check
    ///     server b 192.0.2.2:80 track a
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8.
    "reference/tracking-loop", Error, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() || !cx.config.reading.may_mention("track") {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()) {
        for server in &proxy.servers {
            let Some(last) = circle(cx, proxy, server).filter(|last| last.name().location == server.name().location) else { continue };
            let message = format!("server `{}` takes its health from servers that take theirs from it", last.name().display());
            let track = last.get(ServerOption::Track).map_or(last.name().location, |word| word.location);
            let draft =
                Draft::at(track, message).label("ends where it began").help("let one of them be checked: `check` instead of `track`");
            out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
        }
    }
}

/// The last server, in the order of the file, of the circle that `server` is a part of.
fn circle<'a>(cx: &'a Context<'a>, proxy: &'a Proxy<'a>, server: &'a Server<'a>) -> Option<&'a Server<'a>> {
    let (mut home, mut at, mut last) = (proxy, server, server);
    // A chain that is longer than that is none of this circle.
    for _ in 0..1000 {
        let name = at.get(ServerOption::Track)?.known()?;
        if let Some((other, _)) = name.rsplit_once('/') {
            home = cx.config.backend(other)?;
        }
        at = target(cx, home, name)?;
        let place = |server: &Server<'_>| (server.name().location.file, server.name().location.span.start);
        if place(at) == place(server) {
            return Some(last);
        }
        if place(at) > place(last) {
            last = at;
        }
    }
    None
}
