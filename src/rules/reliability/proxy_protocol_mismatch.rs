//! `reliability/proxy-protocol-mismatch`.

use crate::{
    config::{
        Proxy, Server, ServerOption,
        address::{self, Address, overlaps},
    },
    cut::Cut,
    rules::prelude::*,
};

rule! {
    /// A server leads to a listener of this configuration, and only one of the two speaks the PROXY protocol.
    ///
    /// ## Why
    ///
    /// With `accept-proxy` a listener waits for a line that says who the client is, and closes the connection where something else
    /// comes. Without it, the line that `send-proxy` writes is no request, and is answered with 400. Both happen to every connection,
    /// and no start tells of it: the two ends are told of in different sections.
    ///
    /// ```text
    /// server inner 127.0.0.1:8443               ──► bind 127.0.0.1:8443 accept-proxy    closed
    /// server inner 127.0.0.1:8443 send-proxy-v2 ──► bind 127.0.0.1:8443                 400 Bad request
    /// ```
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend tls
    ///     mode tcp
    ///     bind :443
    ///     timeout client 30s
    ///     default_backend inner
    ///
    /// backend inner
    ///     mode tcp
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server inner 127.0.0.1:8080 send-proxy-v2
    ///
    /// frontend web
    ///     mode http
    ///     bind 127.0.0.1:8080
    ///     timeout client 30s
    ///     http-request return status 200
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend tls
    ///     mode tcp
    ///     bind :443
    ///     timeout client 30s
    ///     default_backend inner
    ///
    /// backend inner
    ///     mode tcp
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server inner 127.0.0.1:8080 send-proxy-v2
    ///
    /// frontend web
    ///     mode http
    ///     bind 127.0.0.1:8080 accept-proxy
    ///     timeout client 30s
    ///     http-request return status 200
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12, 2.8.25 and 3.2: all four combinations.
    "reliability/proxy-protocol-mismatch", Warning, World(check), mentions: ["send-proxy", "accept-proxy"], mends: true
}

/// A listener.
struct Listener<'a> {
    line: Statement<'a>,
    address: Address,
    accepts: bool,
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let frontends = || cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend());
    let listeners: Vec<Listener<'_>> = frontends().filter(|p| !may_expect(p, cx)).flat_map(|p| listeners(p, cx)).collect();
    for server in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()).flat_map(|p| &p.servers) {
        let sends = server.has(ServerOption::SendProxy);
        // Mostly all agree, and no address is to be read.
        if !listeners.iter().any(|listener| listener.accepts != sends) {
            continue;
        }
        let Some(word) = server.address().filter(|_| !server.open && !is_elsewhere(&server)) else { continue };
        let target = cx.config.address(word);
        let mut here = listeners.iter().filter(|listener| leads_to(&target, &listener.address));
        let Some(first) = here.next() else { continue };
        if first.accepts != sends && here.all(|other| other.accepts == first.accepts) {
            out.report(draft(&server, word, first));
        }
    }
}

fn draft(server: &Server<'_>, word: Word<'_>, listener: &Listener<'_>) -> Draft {
    let name = server.name().display();
    let (message, label, help) = if listener.accepts {
        (
            format!("server `{name}` says nothing by the PROXY protocol, and its listener closes such connections"),
            "sends no PROXY line",
            "write `send-proxy-v2` behind the server, or take `accept-proxy` from the `bind` line",
        )
    } else {
        (
            format!("server `{name}` begins with a PROXY line, and its listener takes that for a broken request"),
            "sends a PROXY line",
            "write `accept-proxy` behind the `bind` line, or take `send-proxy` from the server",
        )
    };
    let edit = if listener.accepts {
        Edit::replace(server.statement.end(), " send-proxy-v2")
    } else {
        Edit::replace(listener.line.end(), " accept-proxy")
    };
    Draft::at(word.location, message)
        .label(label)
        .also(listener.line.location(), "leads here")
        .help(help)
        .offer_if("let both speak it", Some(vec![edit]))
}

/// Whether rules of a frontend ask some connections for the line themselves.
fn may_expect(proxy: &Proxy<'_>, cx: &Context<'_>) -> bool {
    let asks = |line: Statement<'_>| line.words().any(|w| w.known().is_none_or(|text| text.starts_with("expect-")));
    std::iter::once(proxy).chain(cx.config.ancestors(proxy)).any(|p| p.lines(&["tcp-request", "connection"]).any(asks))
}

fn listeners<'a>(proxy: &Proxy<'a>, cx: &Context<'a>) -> Vec<Listener<'a>> {
    let known = proxy.binds.iter().filter(|bind| bind.statement.words().all(|w| w.known().is_some()));
    let own = known.filter(|bind| !bind.statement.words().any(|w| matches!(w.known(), Some("namespace" | "accept-netscaler-cip"))));
    let each = own.flat_map(|bind| {
        let text = bind.address.and_then(Word::known).unwrap_or("");
        let accepts = bind.statement.words().skip(2).any(|w| w.is("accept-proxy"));
        let listen = |range| Listener {
            line: bind.statement,
            address: address::parse(text.cut(range), &|name| cx.config.reading.environment.get(name)),
            accepts,
        };
        address::list(text).map(listen).collect::<Vec<_>>()
    });
    each.collect()
}

/// Whether a server is dialled in another way than by its address.
fn is_elsewhere(server: &Server<'_>) -> bool {
    server.template || server.statement.words().any(|w| matches!(w.known(), Some("namespace" | "socks4" | "disabled")))
}

/// Whether a connection to `target` certainly comes to `listener`.
fn leads_to(target: &Address, listener: &Address) -> bool {
    let own = !target.is_network() || target.host.is_loopback() || !listener.host.is_any();
    let fixed = !target.is_network() || matches!(target.port, address::Port::Fixed(_));
    own && fixed && target.host.ip().is_none_or(|ip| !ip.is_unspecified()) && overlaps(target, listener) == Some(true)
}
