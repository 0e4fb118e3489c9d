//! `reliability/incompatible-check-protocol`.

use crate::{config::ServerOption, rules::prelude::*};

rule! {
    /// A check is to speak a protocol that its kind does not speak.
    ///
    /// ## Why
    ///
    /// What checks speak does not follow the mode of the proxy: `check-proto h1`, `h2` and `fcgi` need `option httpchk`, which
    /// in turn cannot do with `check-proto none`. HAProxy refuses the configuration, and names the server but no line.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:80 check check-proto h2
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     option httpchk
    ///     http-check send hdr Host app.example.com
    ///     server one 192.0.2.1:80 check check-proto h2
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8, and the same in the sources of 2.4 to 3.4. There, too, `check-proto` of a
    /// `default-server` line comes to nothing.
    "reliability/incompatible-check-protocol", Error, World(check), mentions: ["check-proto"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend() && !p.in_force.open) {
        let http = proxy.in_force.get("check").is_some_and(|line| line.str(1) == "httpchk");
        let fits = |protocol: &str| if http { protocol != "none" } else { !matches!(protocol, "h1" | "h2" | "fcgi") };
        // A section of checks may be another kind of check.
        let checked = proxy.servers.iter().filter(|s| !s.open && s.has(ServerOption::Check) && !s.has(ServerOption::Healthcheck));
        for word in checked.filter_map(|s| s.get(ServerOption::CheckProto)).filter(|w| w.known().is_some_and(|name| !fits(name))) {
            let (kind, help) = match http {
                true => ("is checked by `option httpchk`", "leave it out, or write `check-proto h1` or `check-proto h2`"),
                false => ("has no check of HTTP", "leave it out, or write `option httpchk`"),
            };
            let message = format!("`check-proto {}` cannot be used here: {} {kind}", word.display(), proxy.called());
            let draft = Draft::at(word.location, message).label("not for this check").help(help);
            out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
        }
    }
}
