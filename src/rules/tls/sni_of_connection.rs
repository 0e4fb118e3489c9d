//! `tls/sni-of-connection`.

use crate::{
    config::{Bind, Mode, Proxy, Server, ServerOption},
    rules::prelude::*,
};

rule! {
    /// A server is sent the server name of the client's TLS connection, which is none, or that of another request.
    ///
    /// ## Why
    ///
    /// `sni ssl_fc_sni` hands on what the client named when it opened its TLS connection with HAProxy. Where no `bind` line speaks TLS
    /// there is no such name, and the server gets none: behind many names it answers with a wrong certificate, or not at all. TLS that
    /// HAProxy only passes on is not its own.
    ///
    /// In HTTP mode the name belongs to the connection: a browser asks on it for other hosts that the certificate is for, too, and the
    /// server hears the name of the first one. The name that is meant is in each request.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:443 ssl verify required ca-file /etc/haproxy/ca.pem sni ssl_fc_sni
    /// ```
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt /etc/haproxy/wildcard.pem alpn h2,http/1.1
    ///     timeout client 30s
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:443 ssl verify required ca-file /etc/haproxy/ca.pem sni ssl_fc_sni
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt /etc/haproxy/wildcard.pem alpn h2,http/1.1
    ///     timeout client 30s
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:443 ssl verify required ca-file /etc/haproxy/ca.pem sni req.hdr(host),field(1,:)
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `ssl_fc_sni` and `sni`; RFC 7540, section 9.1.1.
    "tls/sni-of-connection", Warning, World(check), mentions: ["ssl_fc_sni"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let listens = cx.config.proxies.iter().any(|p| !p.binds.is_empty());
    let tls = cx.is_open() || !listens || cx.config.proxies.iter().flat_map(|p| &p.binds).any(may_be_tls);
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()) {
        let mut told: Vec<Location> = Vec::new();
        for word in proxy.servers.iter().filter_map(name_of_connection) {
            // What a `default-server` line says is told once.
            if !told.contains(&word.location) {
                told.push(word.location);
                tell(proxy, word, tls, out);
            }
        }
    }
}

fn tell(proxy: &Proxy<'_>, word: Word<'_>, tls: bool, out: &mut Sink<'_>) {
    let help = "write `sni req.hdr(host),field(1,:)`, or the name itself: `sni str(app.example.com)`";
    if !tls {
        let draft =
            Draft::at(word.location, "no server name is sent: no `bind` line of this configuration speaks TLS, so clients name none");
        out.report(draft.label("always missing").help(if proxy.traffic() == Mode::Http {
            help
        } else {
            "write the name itself: `sni str(app.example.com)`"
        }));
    } else if proxy.traffic() == Mode::Http {
        let draft = Draft::at(word.location, "this is the name of the client's connection, on which requests for other hosts may come");
        out.report(draft.label("not that of the request").help(help).severity(Severity::Info));
    }
}

/// The option that hands on the name of the connection as it is.
fn name_of_connection<'r>(server: Server<'r>) -> Option<Word<'r>> {
    let sni = server.get(ServerOption::Sni).filter(|_| !server.open)?;
    sni.known()?.split([',', '(']).next().filter(|fetch| *fetch == "ssl_fc_sni").map(|_| sni)
}

fn may_be_tls(bind: &Bind<'_>) -> bool {
    let other = |word: Word<'_>| word.known().is_none_or(|text| text.starts_with("quic") || text.starts_with("fd@"));
    !bind.statement.is_known() || bind.address.is_some_and(other) || bind.options().has("ssl")
}
