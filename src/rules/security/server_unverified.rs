//! `security/server-unverified`.

use crate::{
    config::ServerOption,
    rules::{causes::Causes, prelude::*},
};

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
    /// ```haproxy bad select=security/server-unverified
    /// backend app
    ///     mode http
    ///     default-server ssl verify none
    ///     server one 192.0.2.1:443
    ///     server two 192.0.2.2:443
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
    let mut said = Causes::new();
    for server in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()).flat_map(|p| &p.servers) {
        if server.open || !server.has(ServerOption::Ssl) {
            continue;
        }
        match server.get(ServerOption::Verify) {
            Some(word) if word.is("none") => said.add(word.location, server.name(), server.statement.location(), word.location),
            None if default.is_some() => by_default += 1,
            _ => {}
        }
    }
    out.report_all(said.drafts(|place, servers| {
        let whose = if servers.are_many() { "their certificates" } else { "its certificate" };
        let message = format!("whoever answers is taken for {}: nobody looks at {whose}", servers.called("server"));
        Draft::at(place, message).label("verifies nothing").help(help)
    }));
    if let Some(line) = default.filter(|_| by_default > 0) {
        let message = format!("nobody looks at the certificates of servers: {by_default} of them have no `verify` of their own");
        out.report(Draft::at(line.location(), message).label("for all servers").help(help));
    }
}
