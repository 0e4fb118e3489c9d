//! `peers/hostname-resolved-once`.

use crate::{
    config::{
        Role,
        address::{Address, Host},
    },
    rules::prelude::*,
};

rule! {
    /// A remote peer is given by a host name, which HAProxy resolves once, while it reads the configuration.
    ///
    /// ## Why
    ///
    /// Peers have no `resolvers`: the name goes to the system resolver at start, and if that does not know it HAProxy does not
    /// start. A node of a cluster that starts before the others, and whose readiness makes their names appear, waits for ever.
    /// An address that changes later is not noticed; the peer may still come back by connecting itself.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 haproxy-1.example.com:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// haproxy/haproxy#919; observed with HAProxy 2.4 to 3.5.
    "peers/hostname-resolved-once", Info, World(check), about: ["peers"], asked: ByNode, moot: InTopology
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for view in cx.config.peers_views(cx.options.local_name.as_deref()) {
        let mut named = view.members.iter().filter(|m| m.role != Role::Local).filter_map(|m| match &m.address {
            Some((word, Address { host: Host::Name(name), .. })) if name != "localhost" => Some((word, name)),
            _ => None,
        });
        let Some((word, name)) = named.next() else { continue };
        let more = match named.count() {
            0 => String::new(),
            1 => ", and that of one more peer,".to_owned(),
            n => format!(", and those of {n} more peers,"),
        };
        out.report(
            Draft::at(word.location, format!("the name `{name}`{more} must resolve before HAProxy can start, and is never looked up again"))
                .label("resolved while the configuration is read")
                .help("make sure that it resolves before this node is ready (in Kubernetes: `publishNotReadyAddresses`, or a Service for each pod), or write an address")
                .only(view.versions),
        );
    }
}
