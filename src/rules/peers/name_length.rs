//! `peers/name-length`.

use crate::rules::prelude::*;

rule! {
    /// A peer has a name of more than 63 bytes, which no host name that HAProxy reads can be.
    ///
    /// ## Why
    ///
    /// Without `-L` and `localpeer` the node goes by its host name, of which HAProxy reads 63 bytes. A longer name in the section
    /// can never be equal to it, so the node finds itself missing and drops the section. A name given with `-L` or `localpeer`
    /// may be of any length.
    ///
    /// ## Example
    ///
    /// ```haproxy bad also=peers/local-name-missing
    /// peers cluster
    ///     peer haproxy-with-a-name-that-is-far-too-long-for-any-host-name-of-linux-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good local-name=haproxy-with-a-name-that-is-far-too-long-for-any-host-name-of-linux-0
    /// peers cluster
    ///     peer haproxy-with-a-name-that-is-far-too-long-for-any-host-name-of-linux-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// openstack/octavia; observed with HAProxy 2.6, 2.8 and 3.5.
    "peers/name-length", Error, World(check), about: ["peers"], asked: ByNode
}

/// What HAProxy keeps of the host name.
const LIMIT: usize = 63;

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    // Whoever has set the name has seen to it.
    if !cx.config.localpeer.is_empty() || cx.options.local_name.is_some() {
        return;
    }
    for peers in cx.config.peers.iter().filter(|p| !p.disabled) {
        let Some((peer, name)) = peers.list.iter().find_map(|p| p.name.known().filter(|n| n.len() > LIMIT).map(|n| (p, n))) else {
            continue;
        };
        out.report(
            Draft::at(peer.name.location, format!("this name has {} bytes, and HAProxy reads {LIMIT} of a host name", name.len()))
                .severity(Severity::Warning)
                .confidence(Confidence::Medium)
                .label("no node is called that by its host name")
                .help("start HAProxy with `-L` and this name on that node, or give the node a shorter one"),
        );
    }
}
