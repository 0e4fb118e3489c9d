//! `security/server-unverified`.

use crate::{config::ServerOption, rules::prelude::*};

rule! {
    /// Traffic to a server is encrypted, and whoever answers is taken for the server.
    ///
    /// ## Why
    ///
    /// With `verify none`, or `ssl-server-verify none` in `global`, HAProxy looks at no certificate: who can redirect the traffic on its
    /// way, by ARP, DNS or a route, reads and changes all of it. That is fit for a test, and for a network that needs no TLS either.
    ///
    /// ## Example
    ///
    /// ```haproxy bad select=security/server-unverified
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:443 ssl verify none
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good select=security/server-unverified
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:443 ssl ca-file /etc/ssl/certs/ca-certificates.crt sni str(app.example.com)
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `verify` and `ssl-server-verify`.
    "security/server-unverified", Warning, World(check), quiet: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let default = cx.config.global_line("ssl-server-verify").filter(|line| line.str(1) == "none");
    let help = "verify the certificate with `ca-file`, and say whose it is with `sni`";
    let mut by_default = 0;
    for server in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()).flat_map(|p| &p.servers) {
        if server.open || !server.has(ServerOption::Ssl) {
            continue;
        }
        match server.get(ServerOption::Verify) {
            Some(word) if word.is("none") => {
                let message = format!("whoever answers is taken for server `{}`: nobody looks at its certificate", server.name().display());
                out.report(Draft::at(word.location, message).label("verifies nothing").help(help));
            }
            None if default.is_some() => by_default += 1,
            _ => {}
        }
    }
    if let Some(line) = default.filter(|_| by_default > 0) {
        let message = format!("nobody looks at the certificates of servers: {by_default} of them have no `verify` of their own");
        out.report(Draft::at(line.location(), message).label("for all servers").help(help));
    }
}
