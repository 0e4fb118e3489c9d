//! `peers/peers-port-collision`.

use std::collections::BTreeMap;

use crate::{
    config::{
        Bind, Proxy,
        address::{self, Address, Host, Port, overlaps},
    },
    cut::Cut,
    rules::prelude::*,
};

rule! {
    /// The node listens for its peers at an address and port that something else listens at too.
    ///
    /// ## Why
    ///
    /// HAProxy opens its listeners so that several may share a port, so nothing fails at start. Of two with the same address the kernel
    /// hands each connection to one at random: peers then reach a frontend, or clients reach the peers protocol, every other time.
    /// Where one listens on every address (`:8080`) and the other on one of them, the other gets all connections to that address:
    /// peers that dial it reach the frontend each time, or clients the peers protocol.
    ///
    /// A name in the node's own `peer` line is an address of the node as well: HAProxy would not start otherwise.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// defaults
    ///     mode http
    ///     timeout connect 5s
    ///     timeout client 30s
    ///     timeout server 30s
    ///
    /// peers cluster
    ///     bind :8080
    ///     server haproxy-0
    ///     server haproxy-1 10.0.0.11:8080
    ///
    /// frontend web
    ///     bind 10.0.0.10:8080
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// Here the frontend takes no connection to the address of `haproxy-0`:
    ///
    /// ```haproxy bad local-name=haproxy-0 also=peers/hostname-resolved-once
    /// defaults
    ///     mode http
    ///     timeout connect 5s
    ///     timeout client 30s
    ///     timeout server 30s
    ///
    /// peers cluster
    ///     peer haproxy-0 haproxy-0.example.com:8080
    ///     peer haproxy-1 haproxy-1.example.com:8080
    ///
    /// frontend web
    ///     bind :8080
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good local-name=haproxy-0
    /// defaults
    ///     mode http
    ///     timeout connect 5s
    ///     timeout client 30s
    ///     timeout server 30s
    ///
    /// peers cluster
    ///     bind :1024
    ///     server haproxy-0
    ///     server haproxy-1 10.0.0.11:1024
    ///
    /// frontend web
    ///     bind 10.0.0.10:8080
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6, 2.8 and 3.4: of ten connections to the address that one listener names, all ten reach it, and of ten
    /// to another one none.
    "peers/peers-port-collision", Error, World(check), about: ["peers"], asked: ByNode
}

struct Listener<'r> {
    word: Word<'r>,
    address: Address,
    owner: String,
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut peers: Vec<(VersionSet, Listener<'_>)> = Vec::new();
    for view in cx.config.peers_views(cx.options.local_name.as_deref()) {
        let Some((statement, word, address)) = view.listener(cx.config) else { continue };
        if is_apart(&statement) || !matches!(address.port, Port::Fixed(1..)) {
            continue;
        }
        peers.push((view.versions, Listener { word, address, owner: format!("peers {}", view.peers.name()) }));
    }
    // Sections of one port, so that each `bind` meets only those it may collide with.
    let mut by_port: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    for (at, (versions, own)) in peers.iter().enumerate() {
        let Port::Fixed(port) = own.address.port else { continue };
        let same = by_port.entry(port).or_default();
        // One is enough to tell of; a file with many such sections would else cost the square.
        if let Some(first) = same.first().map(|i| &peers[*i]).filter(|(_, f)| meet(&f.address, &own.address) && f.owner != own.owner) {
            report(*versions & first.0, own, &first.1, out);
        }
        same.push(at);
    }
    for bind in cx.config.proxies.iter().filter(|p| !p.disabled && !p.is_defaults()).flat_map(|p| p.binds.iter().map(move |b| (p, b))) {
        frontend(cx, bind, &peers, &by_port, out);
    }
}

fn frontend(
    cx: &Context<'_>,
    (proxy, bind): (&Proxy<'_>, &Bind<'_>),
    peers: &[(VersionSet, Listener<'_>)],
    by_port: &BTreeMap<u16, Vec<usize>>,
    out: &mut Sink<'_>,
) {
    let Some(word) = bind.address.filter(|_| !peers.is_empty() && !is_apart(&bind.statement)) else { return };
    let text = word.marked();
    for range in address::list(&text) {
        let element = text.cut(range);
        // QUIC and other datagrams have ports of their own.
        if element.starts_with("quic") || element.starts_with("udp") {
            continue;
        }
        let address = address::parse(element, &|name| cx.config.reading.environment.get(name));
        let (low, high) = match address.port {
            Port::Fixed(port) => (port, port),
            Port::Range(low, high) if low <= high => (low, high),
            _ => continue,
        };
        for (versions, own) in by_port.range(low..=high).flat_map(|(_, all)| all.first()).map(|i| &peers[*i]) {
            if meet(&own.address, &address) {
                report(*versions, own, &Listener { word, address: address.clone(), owner: proxy.title() }, out);
            }
        }
    }
}

/// Whether two listeners of one node take the same connections. A name that it listens on leads to an address of its own.
fn meet(one: &Address, other: &Address) -> bool {
    let covers = |all: &Address, name: &Address| {
        let named = matches!(name.host, Host::Name(_)) && name.host.ip().is_none();
        named && is_every(all) && overlaps(&Address { host: Host::Any4, ..name.clone() }, all) == Some(true)
    };
    overlaps(one, other) == Some(true) || covers(one, other) || covers(other, one)
}

/// Whether it is every address of IPv4.
fn is_every(address: &Address) -> bool {
    address.host == Host::Any4 || address.host.ip().is_some_and(|ip| ip.is_ipv4() && ip.is_unspecified())
}

/// Whether its socket is kept apart from others of the same address, or may be.
fn is_apart(statement: &Statement<'_>) -> bool {
    Options::of_bind(*statement, 2).words().any(|w| ["interface", "namespace", "v6only", "noreuseport"].iter().any(|o| w.is(o)))
}

fn report(versions: VersionSet, own: &Listener<'_>, other: &Listener<'_>, out: &mut Sink<'_>) {
    let note = if is_every(&own.address) == is_every(&other.address) {
        "HAProxy starts without an error, and the kernel splits the connections between the two at random".to_owned()
    } else {
        let (one, all) = if is_every(&own.address) { (other, own) } else { (own, other) };
        let (word, one, all) = (one.word.display(), &one.owner, &all.owner);
        format!("HAProxy starts without an error, and `{one}` gets every connection to `{word}`, `{all}` those to other addresses alone")
    };
    out.report(
        Draft::at(own.word.location, format!("`{}` listens on `{}`, and so does `{}`", own.owner, own.word.display(), other.owner))
            .label("the peers of this node connect here")
            .also(other.word.location, format!("`{}` listens here", other.owner))
            .help("give the `peers` section a port of its own, the same on all nodes")
            .note(note)
            .only(versions),
    );
}
