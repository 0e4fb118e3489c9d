//! `host/nonlocal-hides-fault`.

use crate::{rules::prelude::*, topology::needed::needed};

rule! {
    /// HAProxy listens on an address that is not on this host and that nothing brings there.
    ///
    /// ## Why
    ///
    /// With `ip_nonlocal_bind` HAProxy starts with any address, also with a wrong one, and says nothing. That is right for an address that
    /// keepalived will bring; for any other, no packet ever arrives: HAProxy starts, but nobody can reach it.
    ///
    /// ## Example
    ///
    /// ```yaml bad also=topology/peer-unreachable
    /// topology: 1
    /// vips: [10.0.0.100]
    /// hosts:
    /// - name: lb1
    ///   addresses: [10.0.0.11]
    ///   sysctls: {net.ipv4.ip_nonlocal_bind: 1}
    /// - name: lb2
    ///   addresses: [10.0.0.12]
    /// configuration: |
    ///   peers cluster
    ///       peer lb1 10.0.9.11:1024
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
    ///   sysctls: {net.ipv4.ip_nonlocal_bind: 1}
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
    /// haproxy/haproxy#2730; observed with HAProxy 2.6 and 2.8.
    "host/nonlocal-hides-fault", Warning, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for view in &mesh.views {
        let hidden = needed(mesh, view).find(|n| !n.moves() && n.value == Some(true));
        if let Some(needed) = hidden {
            let message = format!(
                "`{}` does not have the address `{}`: with `{}` HAProxy starts, but nobody can reach it",
                mesh.node(view).name,
                needed.listener.text,
                needed.sysctl
            );
            out.report(
                Draft::at(needed.listener.at, message)
                    .label("no packet arrives here")
                    .help("write an address of this host, or `bind :PORT` for all of them; if keepalived moves it here, list it under `vips` in the topology")
                    .nodes(mesh.node_names([view])),
            );
        }
    }
}
