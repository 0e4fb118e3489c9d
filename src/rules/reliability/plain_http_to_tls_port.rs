//! `reliability/plain-http-to-tls-port`.

use std::cell::LazyCell;

use rustc_hash::FxHashSet;

use crate::{
    address::{self, Port},
    config::{Mode, NameKind, Proxy, Server, ServerOption},
    rules::prelude::*,
    syntax::Lookup,
};

rule! {
    /// Requests go to port 443 of a server without TLS.
    ///
    /// ## Why
    ///
    /// A `server` line without `ssl` is spoken to in plain HTTP, whatever its port is. What listens on port 443 expects TLS: it answers
    /// 400, `The plain HTTP request was sent to HTTPS port`, or closes the connection, which clients see as 502. That clients come by
    /// `https` is another matter: HAProxy ends their TLS.
    ///
    /// Nothing is said in TCP mode, where the client's TLS is passed on, of servers without an address of their own, and of backends that
    /// nothing sends traffic to.
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
    ///     server one 192.0.2.1:443 check
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
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
    ///     server one 192.0.2.1:443 check ssl ca-file /etc/haproxy/ca.crt verifyhost one.internal sni str(one.internal)
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `server`, `ssl`; the answer of nginx, and many questions about it.
    "reliability/plain-http-to-tls-port", Warning, World(check), mentions: ["443"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let may_go = cx.config.reading.may_mention("set-dst");
    let goes_elsewhere = |p: &Proxy<'_>| may_go && p.section.statements().any(|line| line.str(1) == "set-dst");
    // What nobody sends traffic to may be for Lua alone, which speaks as it likes.
    let used: LazyCell<FxHashSet<&str>, _> = LazyCell::new(|| cx.config.names.uses_of(NameKind::Backend).map(|used| used.name).collect());
    let is_used = |p: &Proxy<'_>| p.is_frontend() || used.contains(p.section.name_str());
    let sends = |p: &&Proxy<'_>| p.runs() && p.is_backend() && p.traffic() == Mode::Http && !goes_elsewhere(p);
    for proxy in cx.config.proxies.iter().filter(sends) {
        let mut plain = proxy.servers.iter().filter(|server| is_plain(server)).filter_map(|server| Some((server, server.address()?)));
        let Some((server, address)) = plain.next().filter(|_| is_used(proxy)) else { continue };
        let message = format!("requests to server `{}` go to port 443 in plain HTTP: the line has no `ssl`", server.name().display());
        let draft = Draft::at(address.location, message)
            .label("TLS is expected here")
            .help("add `ssl` with `ca-file` and the name in the certificate, or `mode tcp` where the client's TLS is to be passed on");
        let more = plain.count();
        out.report(if more == 0 { draft } else { draft.note(format!("so it is with {more} more of its servers")) });
    }
}

/// Whether a server is spoken to without TLS, on the port of https.
fn is_plain(server: &Server<'_>) -> bool {
    use ServerOption::Ssl;
    // Of an address that is not all known nothing is here.
    let known = server.address_bytes();
    if !known.is_empty() && !known.ends_with(b"443") {
        return false;
    }
    let Some(whole) = server.address().map(Word::marked).filter(|whole| whole.ends_with("443")) else { return false };
    let port = || address::parse(&whole, &|_| Lookup::Unknown).port;
    // With an address of zeros it goes where the client wanted to.
    let fixed = !whole.starts_with("0.0.0.0") && !whole.starts_with("::") && !whole.starts_with(['*', ':']);
    fixed && !server.open && !server.has(Ssl) && matches!(port(), Port::Fixed(443))
}
