//! `peers/tls-asymmetry`.

use crate::{rules::prelude::*, topology::matrix::Cause};

rule! {
    /// One node connects with TLS where the other one does not speak it, or the other way round.
    ///
    /// ## Why
    ///
    /// `ssl` on `bind` and `default-bind` lines is for connections that come in; `ssl` on `peer`, `server` and `default-server` lines is for those that
    /// go out. Both sides need both. Otherwise `show peers` says `last_status=CONN` or `HSHK`, and no log says why. One direction that works is enough, then this is a
    /// warning.
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
    ///           bind :1024 ssl crt /etc/haproxy/peers.pem
    ///           default-server ssl verify none
    ///           server lb1
    ///           server lb2 lb2:1024
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m store gpc0 peers cluster
    ///   two:
    ///     content: |
    ///       peers cluster
    ///           peer lb1 lb1:1024
    ///           peer lb2 lb2:1024
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
    ///           peer lb1 lb1:1024
    ///           peer lb2 lb2:1024
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m store gpc0 peers cluster
    ///   two:
    ///     content: |
    ///       peers cluster
    ///           peer lb1 lb1:1024
    ///           peer lb2 lb2:1024
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m store gpc0 peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// haproxy/haproxy#753; observed with HAProxy 2.6 and 2.8.
    "peers/tls-asymmetry", Error, Mesh(check), covers: "peers/tls-one-way"
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told = Vec::new();
    for link in mesh.matrix.broken().filter(|l| matches!(l.cause, Cause::Tls | Cause::Certificate)) {
        let (from, to) = (&mesh.views[link.from], &mesh.views[link.to]);
        let line = to.local.as_deref().and_then(|local| mesh.summary(from).sections.iter().find_map(|s| s.peer(local)));
        let Some(line) = line.filter(|l| !told.contains(&l.at)) else { continue };
        told.push(line.at);
        let saved = mesh.matrix.is_saved(link);
        let listener = mesh.summary(to).sections.iter().find_map(|s| to.listener(s));
        let help = if link.cause == Cause::Certificate {
            "add `crt FILE` to this line or to `default-server`, or write `verify optional` or `verify none` on the `bind` of the other node"
        } else if line.tls {
            "add `default-bind ssl crt FILE` to the section of the other node (`ssl` on a `peer` line is for what goes out alone), or take `ssl` out here"
        } else {
            "add `default-server ssl verify required ca-file FILE` to this section"
        };
        let draft = Draft::at(line.at, format!("`{}` does not reach `{}`: {}", mesh.node(from).title, mesh.node(to).title, link.reason))
            .severity(if saved { Severity::Warning } else { Severity::Error })
            .help(help)
            .nodes(mesh.node_names([from, to]));
        out.report(match listener {
            Some(listener) => draft.also(listener.at, "it listens here"),
            None => draft,
        });
    }
}
