//! `peers/shards-differ`.

use crate::{rules::prelude::*, topology::PeerLine};

rule! {
    /// The nodes divide their tables into another number of shards, or give a peer another shard.
    ///
    /// ## Why
    ///
    /// With `shards` each key belongs to one shard, which is the hash of the key divided by the number of shards. Nodes that divide otherwise send a
    /// key to peers that another node does not send it to, so entries are missing here and there, and nobody says so. A node sends
    /// nothing to itself, so its own line needs no `shard`.
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
    ///           shards 2
    ///           peer lb1 lb1:1024 shard 1
    ///           peer lb2 lb2:1024 shard 2
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m store gpc0 peers cluster
    ///   two:
    ///     content: |
    ///       peers cluster
    ///           shards 3
    ///           peer lb1 lb1:1024 shard 1
    ///           peer lb2 lb2:1024 shard 2
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
    /// HAProxy 2.7 and later; configuration manual, `shards`.
    "peers/shards-differ", Error, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told = Vec::new();
    for (a, b, one, two) in mesh.meetings() {
        let (Some(place), Some(other)) = (one.at, two.at) else { continue };
        let key = (place.min(other), place.max(other));
        if place == other || told.contains(&key) {
            continue;
        }
        // A node sends nothing to itself: the shard of its own line means nothing.
        let own = |line: &PeerLine| [(a, one), (b, two)].iter().any(|(v, s)| v.own(s).is_some_and(|own| own.name == line.name));
        let differs = |p: &&PeerLine| !own(p) && p.name.as_deref().and_then(|n| two.peer(n)).is_some_and(|q| q.shard != p.shard);
        let message = if one.shards != two.shards {
            let text = |s: &Section| s.shards.clone().map_or("none".to_owned(), |n| format!("`{n}`"));
            format!("`{}` has {} shards, and `{}` has {}", mesh.node(a).title, text(one), mesh.node(b).title, text(two))
        } else if let Some(peer) = one.peers.iter().find(differs) {
            format!("`{}` has another shard on `{}` than on `{}`", peer.shown, mesh.node(a).title, mesh.node(b).title)
        } else {
            continue;
        };
        told.push(key);
        out.report(
            Draft::at(place, message)
                .help("write the same `shards`, and the same `shard` of each remote peer, on every node")
                .also(other, "the other node says this")
                .nodes(mesh.node_names([a, b])),
        );
    }
}
