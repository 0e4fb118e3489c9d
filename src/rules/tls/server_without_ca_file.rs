//! `tls/server-without-ca-file`.

use crate::{
    config::{Proxy, Server, ServerOption, Servers},
    rules::{
        causes::{Causes, is_own},
        prelude::*,
    },
};

rule! {
    /// The certificate of a server is to be verified, but nothing says against what.
    ///
    /// ## Why
    ///
    /// HAProxy verifies the certificates of servers unless it is told otherwise, and needs `ca-file` for that. It refuses
    /// a server with `ssl` or `check-ssl` that has neither `ca-file` nor `verify none`, and a peer or a server of a `ring` likewise.
    /// `ssl-server-verify none` in `global` changes the default. `verify none` accepts whoever answers.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     server one 192.0.2.1:443 ssl
    /// ```
    ///
    /// ```haproxy bad local-name=lb1
    /// peers cluster
    ///     default-bind ssl crt /etc/haproxy/peers.pem
    ///     default-server ssl
    ///     peer lb1 192.0.2.1:1024
    ///     peer lb2 192.0.2.2:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ```haproxy bad
    /// backend app
    ///     default-server ssl verify required
    ///     server one 192.0.2.1:443
    ///     server two 192.0.2.2:443
    /// ```
    ///
    /// ```haproxy bad
    /// ring remote
    ///     size 1048576
    ///     timeout connect 5s
    ///     timeout server 10s
    ///     server collector 192.0.2.5:6514 ssl
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     server one 192.0.2.1:443 ssl ca-file /etc/haproxy/ca.crt sni str(app.example.com)
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.5.
    "tls/server-without-ca-file", Error, World(check), mentions: ["ssl"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let globals = cx.config.sections().filter(|s| s.kind == SectionKind::Global);
    let unverified = globals.flat_map(|s| s.statements()).any(|s| s.keyword() == "ssl-server-verify" && s.str(1) != "required");
    if cx.is_open() {
        return;
    }
    let mut found = Causes::new();
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()) {
        let checks = checks_with_tls(cx, proxy);
        for server in &proxy.servers {
            let asked = server.get(ServerOption::Ssl).or(server.get(ServerOption::CheckSsl)).or(checks);
            let Some(ssl) = asked.filter(|_| is_unverifiable(&server, unverified)) else { continue };
            let cause = [server.get(ServerOption::Verify), Some(ssl)]
                .into_iter()
                .flatten()
                .find(|word| !is_own(server.statement.location(), *word));
            found.add(cause.unwrap_or(server.name()).location, server.name(), server.statement.location(), (cause, server, ssl));
        }
    }
    out.report_all(found.drafts(|(cause, server, ssl), servers| {
        let place = cause.filter(|_| servers.are_many()).unwrap_or(server.name());
        let whose = servers.called("server");
        unverifiable(&whose, servers.are_many(), place, ssl).rejected_by(VersionSet::ALL)
    }));
    peers(cx, unverified, out);
    rings(cx, unverified, out);
}

/// A ring is a backend of the servers it sends to, which no `default-server` line helps.
fn rings(cx: &Context<'_>, unverified: bool, out: &mut Sink<'_>) {
    let rings = cx.config.sections().filter(|s| s.kind == SectionKind::Ring);
    for line in rings.flat_map(|s| s.with("server")).filter(|line| line.is_known()) {
        let servers = Servers::of_ring(line);
        let Some(server) = servers.iter().next() else { continue };
        let asked = server.get(ServerOption::Ssl).or(server.get(ServerOption::CheckSsl));
        let Some(ssl) = asked.filter(|_| is_unverifiable(&server, unverified)) else { continue };
        let whose = format!("server `{}`", server.name().display());
        out.report(unverifiable(&whose, false, server.name(), ssl).rejected_by(VersionSet::ALL));
    }
}

/// The lines of peers are those of servers. A section without this node is dropped before anybody looks at its certificates.
fn peers(cx: &Context<'_>, unverified: bool, out: &mut Sink<'_>) {
    for view in cx.config.peers_views(cx.options.local_name.as_deref()) {
        let own = view.own().is_some();
        if !own && view.local.is_some_and(|local| !view.peers.list.iter().any(|p| p.may_be(local))) {
            continue;
        }
        for member in view.members.iter().filter(|m| view.peers.dials_with_tls(m.peer)) {
            let servers = view.peers.server(member);
            let Some(server) = servers.iter().next() else { continue };
            let asked = server.get(ServerOption::Ssl).filter(|_| is_unverifiable(&server, unverified));
            let whose = format!("peer `{}`", server.name().display());
            let draft = asked.map(|ssl| unverifiable(&whose, false, server.name(), ssl).only(view.versions));
            // Which node this is decides whether HAProxy looks; what the line says is wrong on the one that it is for.
            out.report_all(draft.map(|draft| if own { draft.rejected_by(view.versions) } else { draft }));
        }
    }
}

/// Whether the certificate is to be looked at and cannot be; `unverified` is what holds where the line says nothing.
fn is_unverifiable(server: &Server<'_>, unverified: bool) -> bool {
    let wanted = match server.get(ServerOption::Verify).map(Word::known) {
        None => !unverified,
        Some(verify) => verify == Some("required"),
    };
    wanted && !server.open && !server.has(ServerOption::CaFile)
}

/// What is to be said at the word `place` of lines that ask for TLS at the word `ssl`.
fn unverifiable(whose: &str, are_many: bool, place: Word<'_>, ssl: Word<'_>) -> Draft {
    let certificate = if are_many { "certificates" } else { "certificate" };
    let are = if are_many { "are" } else { "is" };
    let message = format!("the {certificate} of {whose} {are} to be verified, and there is no `ca-file`");
    let draft = Draft::at(place.location, message);
    let draft = if ssl.location == place.location { draft } else { draft.also(ssl.location, "TLS is asked for here") };
    let help = "add `ca-file FILE` (`ca-file @system-ca` since 2.4), or `verify none` to trust whoever answers";
    draft.label("cannot be verified").help(help).stage(Stage::Whole)
}

/// The word that makes a step of the health check speak TLS.
fn checks_with_tls<'r>(cx: &Context<'r>, proxy: &Proxy<'r>) -> Option<Word<'r>> {
    if !cx.config.reading.may_have(&["tcp-check", "http-check"]) {
        return None;
    }
    let connects = |p: &Proxy<'r>| {
        let mut lines = p.section.statements().filter(|s| matches!(s.keyword(), "tcp-check" | "http-check") && s.str(1) == "connect");
        lines.find_map(|line| Options::of(line, 2).find("ssl"))
    };
    connects(proxy).or_else(|| connects(&cx.config.proxies[proxy.defaults()?]))
}
