//! `tls/check-sni-alone`.

use crate::{config::ServerOption, rules::prelude::*};

rule! {
    /// The health checks of a server send a server name, and its traffic does not.
    ///
    /// ## Why
    ///
    /// `check-sni` is for checks alone. A server that chooses its certificate by the name, as all behind a CDN or an ingress do,
    /// answers the checks and refuses the traffic, or shows it the certificate of somebody else: the server is UP, and every request
    /// gets a 503. From HAProxy 3.3 on traffic of mode http sends the name of the `Host` header by itself.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=2.8
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:443 ssl verify none check check-sni app.example.com
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=2.8
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:443 ssl verify none sni str(app.example.com) check check-sni app.example.com
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `check-sni` and `sni`; observed with HAProxy 2.6 and 2.8.
    "tls/check-sni-alone", Warning, World(check), mentions: ["check-sni"], mends: true
}

/// The versions without an automatic `sni`.
const MANUAL: VersionSet = VersionSet::ALL.minus(VersionSet::since(3, 3, 0));

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()) {
        for server in proxy.servers.iter().filter(|s| !s.open && s.has(ServerOption::Ssl) && !s.has(ServerOption::Sni)) {
            let Some(name) = server.get(ServerOption::CheckSni).filter(|_| server.has(ServerOption::Check)) else { continue };
            let message =
                format!("checks of server `{}` send the name `{}`, its traffic sends none", server.name().display(), name.display());
            let plain = name.known().filter(|n| n.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c)));
            let edit = plain.map(|n| vec![Edit::replace(server.statement.end(), format!(" sni str({n})"))]);
            let draft = Draft::at(name.location, message).label("for checks alone").only(MANUAL);
            out.report(
                draft
                    .help("add `sni str(NAME)`, or `sni req.hdr(host)` to send what the client asks for")
                    .offer_if("send the same name with traffic", edit),
            );
        }
    }
}
