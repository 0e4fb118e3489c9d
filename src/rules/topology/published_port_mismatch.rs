//! `topology/published-port-mismatch`.

use crate::{
    rules::prelude::*,
    topology::{Platform, matrix::Cause},
};

rule! {
    /// The address of a peer has a port at which its container does not listen.
    ///
    /// ## Why
    ///
    /// On a network of Docker a container is reached at its own ports, whatever is published. Published ports are for who connects to the machine. A port
    /// that is neither the one HAProxy listens on nor one that leads there answers to nobody.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// services:
    ///   lb1:
    ///     image: haproxy:2.8
    ///     hostname: lb1
    ///     configs: [{source: one, target: /usr/local/etc/haproxy/haproxy.cfg}]
    ///   lb2:
    ///     image: haproxy:2.8
    ///     hostname: lb2
    ///     configs: [{source: two, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   one:
    ///     content: |
    ///       peers cluster
    ///           bind :1024
    ///           server lb1
    ///           server lb2 lb2:8443
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m store gpc0 peers cluster
    ///   two:
    ///     content: |
    ///       peers cluster
    ///           bind :1024
    ///           server lb1 lb1:8443
    ///           server lb2
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m store gpc0 peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// services:
    ///   lb1:
    ///     image: haproxy:2.8
    ///     hostname: lb1
    ///     configs: [{source: one, target: /usr/local/etc/haproxy/haproxy.cfg}]
    ///   lb2:
    ///     image: haproxy:2.8
    ///     hostname: lb2
    ///     configs: [{source: two, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   one:
    ///     content: |
    ///       peers cluster
    ///           bind :1024
    ///           server lb1
    ///           server lb2 lb2:1024
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m store gpc0 peers cluster
    ///   two:
    ///     content: |
    ///       peers cluster
    ///           bind :1024
    ///           server lb1 lb1:1024
    ///           server lb2
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m store gpc0 peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// haproxy/haproxy#938; Docker: "Container networking".
    "topology/published-port-mismatch", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told = Vec::new();
    for link in mesh.matrix.broken().filter(|l| l.cause == Cause::OtherPort) {
        let (from, to) = (&mesh.views[link.from], &mesh.views[link.to]);
        let peer = to.local.as_deref().and_then(|local| mesh.summary(from).sections.iter().find_map(|s| s.peer(local)));
        let address = peer.and_then(|p| p.address.as_ref());
        let Some(address) = address.filter(|a| mesh.group(to).platform == Platform::Compose && !told.contains(&a.at)) else { continue };
        told.push(address.at);
        let saved = mesh.matrix.is_saved(link);
        let own = mesh.summary(to).sections.iter().find_map(|s| to.listener(s)?.port());
        let edit = own.and_then(|port| {
            let host = address.text.rsplit_once(':').filter(|_| mesh.written(address) == address.text)?.0;
            mesh.word(address.at, &format!("{host}:{port}"))
        });
        out.report(
            Draft::at(address.at, format!("`{}` does not reach `{}`: {}", mesh.node(from).title, mesh.node(to).title, link.reason))
                .severity(if saved { Severity::Warning } else { Severity::Error })
                .fix_if("connect to the port that it listens on", edit.map(|e| vec![e]))
                .label("nobody listens at this port")
                .help("write the port that the container itself listens on; published ports count only for who connects to the machine")
                .nodes(mesh.node_names([from, to])),
        );
    }
}
