//! `host/not-listening`.

use std::net::IpAddr;

use crate::{config::address::Host, rules::prelude::*};

rule! {
    /// HAProxy runs on this host, but nobody listens at the address of the peers.
    ///
    /// ## Why
    ///
    /// The configuration says where the node listens for its peers, and the sockets of the host say that there is none. HAProxy was started with
    /// another file, or dropped the section since no peer has its name.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// topology: 1
    /// vips: [10.0.0.100]
    /// hosts:
    /// - name: lb1
    ///   addresses: [10.0.0.11]
    ///   started: 1000
    ///   listening: ["0.0.0.0:80"]
    /// - name: lb2
    ///   addresses: [10.0.0.12]
    /// configuration: |
    ///   peers cluster
    ///       peer lb1 10.0.0.11:1024
    ///       peer lb2 10.0.0.12:1024
    ///
    ///   backend sessions
    ///       stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// topology: 1
    /// vips: [10.0.0.100]
    /// hosts:
    /// - name: lb1
    ///   addresses: [10.0.0.11]
    ///   started: 1000
    ///   listening: ["10.0.0.11:1024"]
    /// - name: lb2
    ///   addresses: [10.0.0.12]
    /// configuration: |
    ///   peers cluster
    ///       peer lb1 10.0.0.11:1024
    ///       peer lb2 10.0.0.12:1024
    ///
    ///   backend sessions
    ///       stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// ss(8); HAProxy drops a section without its own name.
    "host/not-listening", Error, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for (view, section) in mesh.sections() {
        let Some(facts) = mesh.node(view).facts.as_ref().filter(|f| f.haproxy_started.is_some()) else { continue };
        let (Some(sockets), Some(listener)) = (&facts.listening, view.listener(section)) else { continue };
        let Some(port) = listener.port() else { continue };
        let ip = listener.address.host.ip().filter(|ip| !ip.is_unspecified());
        if matches!(listener.address.host, Host::Unknown | Host::Name(_)) && ip.is_none() {
            continue;
        }
        let takes = |(host, at): &(IpAddr, u16)| *at == port && (host.is_unspecified() || ip.is_none() || Some(*host) == ip);
        if sockets.iter().any(takes) {
            continue;
        }
        out.report(
            Draft::at(listener.at, format!("nobody listens on `{}` of `{}`, where HAProxy runs", listener.text, mesh.node(view).name))
                .label("the peers are to be reached here")
                .help("look into the log of HAProxy's start for `Removing incomplete section`, and reload it with this configuration")
                .nodes(mesh.node_names([view])),
        );
    }
}
