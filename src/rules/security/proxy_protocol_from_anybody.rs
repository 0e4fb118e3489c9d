//! `security/proxy-protocol-from-anybody`.

use crate::{
    config::{
        Proxy,
        address::{self, Host},
    },
    cut::Cut,
    rules::prelude::*,
};

rule! {
    /// A listener believes what anybody says by the PROXY protocol.
    ///
    /// ## Why
    ///
    /// With `accept-proxy` the first line of a connection says who the client is, and rules, limits and logs go by it. Who reaches the
    /// listener without the balancer in front writes that line too, with any address in it: that of an administrator, or another one
    /// for each request. Let in the balancers alone: by `tcp-request connection reject`, which sees the address before the line is
    /// believed if it asks for the real peer, by an address that only they reach, or by a firewall.
    ///
    /// ## Example
    ///
    /// ```haproxy bad select=security/proxy-protocol-from-anybody
    /// frontend web
    ///     mode http
    ///     bind :80 accept-proxy
    ///     timeout client 30s
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good select=security/proxy-protocol-from-anybody
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     tcp-request connection expect-proxy layer4 if { src 192.0.2.0/28 }
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `accept-proxy` and `tcp-request connection expect-proxy layer4`; PROXY protocol specification, chapter 2.
    "security/proxy-protocol-from-anybody", Warning, World(check), mentions: ["accept-proxy", "expect-proxy"], quiet: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend()) {
        let lines = || std::iter::once(proxy).chain(cx.config.ancestors(proxy)).flat_map(|p| p.lines(&["tcp-request", "connection"]));
        let open = proxy.binds.iter().filter(|bind| bind.options().has("accept-proxy"));
        for bind in open.filter(|bind| bind.address.and_then(Word::known).is_some_and(|list| is_reachable(list, cx))) {
            out.report(draft(bind.statement.location(), proxy, "accept-proxy"));
        }
        let always = lines().find(|line| line.str(2) == "expect-proxy" && !line.words().any(|w| w.is("if") || w.is("unless")));
        if let Some(line) = always.filter(|line| line.is_known()) {
            out.report(draft(line.location(), proxy, "expect-proxy layer4"));
        }
    }
}

fn draft(at: Location, proxy: &Proxy<'_>, words: &str) -> Draft {
    Draft::at(at, format!("whoever reaches {} chooses its own address: `{words}` believes everybody", proxy.called()))
        .label("from everybody")
        .help("write `tcp-request connection expect-proxy layer4 if { src NETWORK }` with the addresses of the balancers in its place")
}

/// Whether others than the machine itself come to one of these addresses.
fn is_reachable(list: &str, cx: &Context<'_>) -> bool {
    address::list(list).any(|range| {
        let address = address::parse(list.cut(range), &|name| cx.config.reading.environment.get(name));
        let known = matches!(address.host, Host::Any4 | Host::Any6) || address.host.ip().is_some();
        address.is_network() && known && !address.host.is_loopback()
    })
}
