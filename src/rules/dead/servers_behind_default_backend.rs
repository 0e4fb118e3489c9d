//! `dead/servers-behind-default-backend`.

use crate::{config::Mode, rules::prelude::*};

rule! {
    /// A `listen` section has servers, and a `default_backend` that takes all their traffic.
    ///
    /// ## Why
    ///
    /// `default_backend` always comes before the servers of the section itself, so they are never used. HAProxy warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// listen web
    ///     bind :80
    ///     default_backend app
    ///     server one 192.0.2.1:80
    ///
    /// backend app
    ///     server two 192.0.2.2:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// listen web
    ///     bind :80
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.4.
    "dead/servers-behind-default-backend", Warning, World(check), about: ["default_backend"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()) {
        let Some(server) = proxy.servers.iter().next() else { continue };
        let Some((line, place)) = proxy.in_force.get("default_backend").zip(proxy.place()) else { continue };
        // A backend takes the line with a warning of its own, and inherits none.
        if !proxy.is_frontend() && !proxy.holds(line) {
            continue;
        }
        let Some(target) = line.word(1).and_then(Word::known).and_then(|name| cx.config.backend(name)) else { continue };
        let (from, to) = (proxy.traffic(), target.traffic());
        let fits = from == to || (from, to) == (Mode::Tcp, Mode::Http);
        if !fits || from == Mode::Unknown || target.section.index() == proxy.section.index() {
            continue;
        }
        let at = if proxy.holds(line) { line.location() } else { place };
        let draft = Draft::at(at, format!("the servers of {} are never used: `default_backend` takes all traffic", proxy.called()))
            .label("comes before the servers")
            .help("remove `default_backend`, or the servers")
            .also(server.statement.location(), "never used");
        out.report(draft.stage(Stage::Whole).warned_by(VersionSet::ALL));
    }
}
