//! `peers/localhost-name`.

use crate::{
    config::{Role, address::Host},
    rules::prelude::*,
};

rule! {
    /// `localhost` in the address of a peer may be `::1` or 127.0.0.1.
    ///
    /// ## Why
    ///
    /// Which of the two it is, the system resolver decides while HAProxy reads the configuration: one machine or image listens on
    /// IPv6, another on IPv4, and what dials 127.0.0.1 is refused. It is also the address of this machine alone: no other node
    /// reaches it.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 localhost:1024
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
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// haproxy/haproxy#938.
    "peers/localhost-name", Warning, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for peers in &cx.config.peers {
        let addresses = peers.list.iter().filter_map(|p| p.address(Role::Unknown)).chain(peers.binds.iter().filter_map(|b| b.address));
        for word in addresses {
            if matches!(cx.config.address(word).host, Host::Name(name) if name == "localhost") {
                out.report(
                    Draft::at(word.location, "`localhost` may be `::1` here and 127.0.0.1 there")
                        .label("the system resolver decides")
                        .help("write `127.0.0.1`; or, if other nodes are to reach it, an address that they see"),
                );
            }
        }
    }
}
