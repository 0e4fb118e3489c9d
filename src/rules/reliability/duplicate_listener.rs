//! `reliability/duplicate-listener`.

use std::net::IpAddr;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    config::{
        Bind,
        address::{self, Address, Family, Host, Port, Transport},
    },
    cut::Cut,
    rules::prelude::*,
};

rule! {
    /// The same address and port is bound twice.
    ///
    /// ## Why
    ///
    /// HAProxy sets `SO_REUSEPORT` on its sockets, so both `bind` lines work, and `haproxy -c` has nothing to say. The kernel
    /// then gives each connection to one of the two at random: if they stand in different sections, half of the requests
    /// meet the rules of one and half those of the other. With `noreuseport`, or where the kernel does not know the option,
    /// HAProxy does not start. Of a socket's path the second line takes over, and the first one hears nothing any more.
    ///
    /// Two lines of one section that are told apart by `process`, `thread`, `shards`, `interface` or `namespace` are meant.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     timeout client 30s
    ///     bind :80
    ///     http-request redirect scheme https
    ///
    /// frontend api
    ///     mode http
    ///     timeout client 30s
    ///     bind 0.0.0.0:80
    ///     http-request return status 404
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     timeout client 30s
    ///     bind :80
    ///     http-request return status 404 if { path_beg /api/ }
    ///     http-request redirect scheme https
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's sock_inet.c; observed with 2.6 and 2.8: `haproxy -c` accepts it.
    "reliability/duplicate-listener", Warning, World(check), about: ["bind"], mends: true
}

/// What makes two listeners meet, ports aside: the transport and the host.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    /// Whether it takes datagrams, whether it is of IPv6, and the address; `None` for all of the machine.
    Network(bool, bool, Option<IpAddr>),
    /// Whether it is a file, and its name.
    Path(bool, String),
}

/// A listener: its first and last port, and where it is declared.
struct Listener<'r> {
    ports: (u16, u16),
    bind: Bind<'r>,
    location: Location,
    proxy: usize,
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut listeners: FxHashMap<Key, Vec<Listener<'_>>> = FxHashMap::default();
    for (at, proxy) in cx.config.proxies.iter().enumerate().filter(|(_, p)| p.runs()) {
        for bind in &proxy.binds {
            let Some(word) = bind.address else { continue };
            let text = word.marked();
            for range in address::list(&text) {
                let address = address::parse(text.cut(range.clone()), &|name| cx.config.reading.environment.get(name));
                let Some((key, ports)) = key(&address) else { continue };
                let location = if word.known().is_some() { word.part(range) } else { word.location };
                listeners.entry(key).or_default().push(Listener { ports, bind: *bind, location, proxy: at });
            }
        }
    }
    let mut found: Vec<(Location, Draft)> = Vec::new();
    for mut list in listeners.into_values() {
        list.sort_by_key(|l| l.ports.0);
        // Of those seen so far, the one whose ports reach farthest.
        let mut last: Option<Listener<'_>> = None;
        let mut told = FxHashSet::default();
        for listener in list {
            let met = last.as_ref().filter(|b| listener.ports.0 <= b.ports.1 && !are_told_apart(b, &listener));
            // One word is enough for all lines of a section.
            if let Some(before) = met.filter(|b| told.insert((b.proxy, listener.proxy, listener.ports.0))) {
                found.push(draft(cx, before, &listener));
            }
            if last.as_ref().is_none_or(|b| b.ports.1 < listener.ports.1) {
                last = Some(listener);
            }
        }
    }
    found.sort_by_key(|(location, _)| (location.file.0, location.span.start));
    found.into_iter().for_each(|(_, draft)| out.report(draft));
}

fn key(address: &Address) -> Option<(Key, (u16, u16))> {
    if !address.is_network() {
        let Host::Path(path) = &address.host else { return None };
        return Some((Key::Path(address.family == Family::Unix, path.clone()), (0, 0)));
    }
    let ports = match address.port {
        Port::Fixed(0) => return None,
        Port::Fixed(port) => (port, port),
        Port::Range(low, high) => (low, high),
        _ => return None,
    };
    let datagrams = matches!(address.transport, Transport::Dgram | Transport::Quic);
    let (v6, ip) = match &address.host {
        Host::Any4 => (false, None),
        Host::Any6 => (true, None),
        host => host.ip().map(|ip| (ip.is_ipv6(), (!ip.is_unspecified()).then_some(ip)))?,
    };
    Some((Key::Network(datagrams, v6, ip), ports))
}

/// Whether options make two sockets of them that do not meet, or that are meant to share.
fn are_told_apart(a: &Listener<'_>, b: &Listener<'_>) -> bool {
    let option = |l: &Listener<'_>, name| l.bind.options().value(name).map(|w| w.display().into_owned());
    let unknown = |l: &Listener<'_>| l.bind.statement.is_open();
    let apart = ["interface", "namespace"].iter().any(|name| option(a, name) != option(b, name));
    let shared = ["process", "thread", "shards"].iter().any(|name| option(a, name).is_some() && option(b, name).is_some());
    let v6only = |l: &Listener<'_>| l.bind.options().has("v6only");
    apart || (shared && a.proxy == b.proxy) || unknown(a) || unknown(b) || v6only(a) != v6only(b)
}

fn draft(cx: &Context<'_>, a: &Listener<'_>, b: &Listener<'_>) -> (Location, Draft) {
    let before = (a.location.file.0, a.location.span.start) <= (b.location.file.0, b.location.span.start);
    let (first, second) = if before { (a, b) } else { (b, a) };
    let address = cx.text(second.location);
    let here = first.proxy == second.proxy;
    let other = cx.config.proxies[first.proxy].called();
    let message =
        if here { format!("`{address}` is bound already in this section") } else { format!("`{address}` is bound already by {other}") };
    let what = if second.ports == (0, 0) {
        "this socket takes the place of the other"
    } else {
        "the kernel picks one of the two for each connection"
    };
    let draft = Draft::at(second.location, message).label(what).also(first.location, "bound here too").help(if here {
        "remove one of the two: several certificates can stand behind `crt` on one line, or in its folder"
    } else {
        "give one of them another port or address, or put the rules of both into one section"
    });
    (second.location, draft)
}
