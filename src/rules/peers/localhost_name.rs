//! `peers/localhost-name`.

use std::cell::LazyCell;

use crate::{
    config::{Peer, Role, address::Host},
    rules::prelude::*,
};

rule! {
    /// `localhost` in the address of a peer may be `::1` or 127.0.0.1.
    ///
    /// ## Why
    ///
    /// Which of the two it is, the system resolver decides while HAProxy reads the configuration: one machine or image listens on
    /// IPv6, another on IPv4, and what connects to 127.0.0.1 is refused. It is also the address of this machine alone: no other node
    /// reaches it. Of a section with one peer nothing is said: only the next process of the same machine connects to that one.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 localhost:1024
    ///     peer haproxy-1 127.0.0.1:1025
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 127.0.0.1:1024
    ///     peer haproxy-1 127.0.0.1:1025
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ```haproxy good local-name=haproxy-0
    /// peers reload
    ///     peer haproxy-0 localhost:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers reload
    /// ```
    ///
    /// ## Source
    ///
    /// haproxy/haproxy#938.
    "peers/localhost-name", Warning, World(check), about: ["peers"], asked: ByNode, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for peers in cx.config.peers.iter().filter(|peers| peers.list.len() > 1) {
        // Beside peers on other machines it is the wrong address, however it is written.
        let elsewhere = |p: &Peer<'_>| match p.address(Role::Unknown).map(|w| cx.config.address(w).host) {
            Some(Host::Ip(ip)) => !ip.is_loopback() && !ip.is_unspecified(),
            Some(Host::Name(name)) => name != "localhost",
            _ => false,
        };
        let alone = LazyCell::new(|| !peers.list.iter().any(elsewhere));
        let addresses = peers.list.iter().filter_map(|p| p.address(Role::Unknown)).chain(peers.binds.iter().filter_map(|b| b.address));
        for word in addresses {
            if matches!(cx.config.address(word).host, Host::Name(name) if name == "localhost") {
                let raw = cx.text(word.location).into_owned();
                let alone = raw.starts_with("localhost:") && *alone;
                let edit = alone.then(|| {
                    let span = Span::new(word.location.span.start, word.location.span.start + "localhost".len() as u32);
                    vec![Edit::replace(Location { span, ..word.location }, "127.0.0.1")]
                });
                out.report(
                    Draft::at(word.location, "`localhost` may be `::1` here and 127.0.0.1 there")
                        .fix_if("write `127.0.0.1`", edit)
                        .label("the system resolver decides")
                        .help("write `127.0.0.1`; or, if other nodes are to reach it, an address that they see"),
                );
            }
        }
    }
}
