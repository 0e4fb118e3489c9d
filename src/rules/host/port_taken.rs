//! `host/port-taken`.

use std::net::IpAddr;

use crate::{config::address::Host, rules::prelude::*, topology::Held};

rule! {
    /// Another program listens where HAProxy is to listen.
    ///
    /// ## Why
    ///
    /// Two programs cannot listen on the same address and port. HAProxy ends with `cannot bind socket (Address already in use)` and does not run,
    /// until the other program is stopped or listens elsewhere.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// topology: 1
    /// hosts:
    /// - name: lb1
    ///   addresses: [10.0.0.11]
    ///   held: {"0.0.0.0:80": nginx}
    /// configuration: |
    ///   frontend web
    ///       mode http
    ///       bind :80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// topology: 1
    /// hosts:
    /// - name: lb1
    ///   addresses: [10.0.0.11]
    ///   held: {"127.0.0.1:80": nginx}
    /// configuration: |
    ///   frontend web
    ///       mode http
    ///       bind 10.0.0.11:80
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 and 2.8: a port held by a socket of another program.
    "host/port-taken", Error, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for view in &mesh.views {
        let Some(facts) = mesh.node(view).facts.as_ref().filter(|f| !f.held.is_empty() && !f.other_namespace) else { continue };
        let summary = mesh.summary(view);
        let peers = summary.sections.iter().filter_map(|s| view.listener(s));
        let all = summary.binds.iter().chain(&summary.sockets).map(|b| &b.listener).chain(peers);
        for listener in all.filter(|l| l.address.is_network() && !l.address.is_datagram() && !l.namespace) {
            let Some(port) = listener.port().filter(|p| *p > 0) else { continue };
            let host = &listener.address.host;
            let ip = if host.is_any() { None } else { host.ip() };
            if ip.is_none() && !host.is_any() {
                continue;
            }
            let six = matches!(host, Host::Any6);
            let Some(held) = facts.held.iter().find(|h| h.port == port && meets(ip, six, h.address)) else { continue };
            let Held { address, program, .. } = held;
            out.report(
                Draft::at(
                    listener.at,
                    format!("`{program}` listens on port {port} of `{}`, where HAProxy is to listen", mesh.node(view).name),
                )
                .label("this is taken")
                .help(format!("stop `{program}`, or let one of the two listen on another port or address"))
                .note(format!("it has `{address}`; HAProxy says `cannot bind socket (Address already in use)`"))
                .nodes(mesh.node_names([view])),
            );
        }
    }
}

/// Whether two sockets are in each other's way. Whether one for every IPv6 address takes IPv4 too cannot be seen.
fn meets(ip: Option<IpAddr>, six: bool, held: IpAddr) -> bool {
    match ip {
        Some(ip) => held == ip || (held.is_unspecified() && held.is_ipv4() == ip.is_ipv4()),
        None if six => held.is_ipv6(),
        None => held.is_ipv4(),
    }
}
