//! `reliability/fcgi-without-server`.

use crate::{
    config::{Proxy, ServerOption},
    rules::prelude::*,
};

rule! {
    /// A FastCGI application and the servers that speak FastCGI do not come together.
    ///
    /// ## Why
    ///
    /// Servers with `proto fcgi` need `use-fcgi-app` in their backend, which says what to send; and where that stands, a server
    /// must speak FastCGI. HAProxy refuses one without the other, even in a proxy that is `disabled`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// fcgi-app php
    ///     docroot /var/www
    ///
    /// backend app
    ///     mode http
    ///     use-fcgi-app php
    ///     server one 192.0.2.1:9000
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// fcgi-app php
    ///     docroot /var/www
    ///
    /// backend app
    ///     mode http
    ///     use-fcgi-app php
    ///     server one 192.0.2.1:9000 proto fcgi
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8, and the same in the sources of 2.4 to 3.4.
    "reliability/fcgi-without-server", Error, World(check), mentions: ["fcgi"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.created && !p.is_defaults() && !p.in_force.open) {
        if let Some(draft) = apart(proxy) {
            out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
        }
    }
}

fn apart(proxy: &Proxy<'_>) -> Option<Draft> {
    if proxy.servers.iter().any(|s| s.open) {
        return None;
    }
    let app = proxy.lines(&["use-fcgi-app"]).chain(proxy.lines(&["filter", "fcgi-app"])).next();
    let server = proxy.servers.iter().find(|s| s.get(ServerOption::Proto).is_some_and(|proto| proto.is("fcgi")));
    match (app, server) {
        (Some(app), None) => {
            let message = format!("{} has a FastCGI application, and no server that speaks FastCGI", proxy.called());
            Some(Draft::at(app.location(), message).label("for no server").help("add `proto fcgi` to its servers"))
        }
        (None, Some(server)) => {
            let message = format!("server `{}` speaks FastCGI, and {} has no FastCGI application", server.name().display(), proxy.called());
            let help = "add a `fcgi-app` section, and `use-fcgi-app NAME` to the backend";
            Some(Draft::at(server.name().location, message).label("for no application").help(help))
        }
        _ => None,
    }
}
