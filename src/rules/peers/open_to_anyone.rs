//! `peers/open-to-anyone`.

use crate::{config::is_public, rules::prelude::*};

rule! {
    /// The node listens for its peers on a public address without asking for a certificate.
    ///
    /// ## Why
    ///
    /// The protocol of peers has no password. Whoever can connect to the port, and knows the name of a listed peer, reads the
    /// tables and writes into them: rate limits and sessions of every client. Only a firewall, a private address, or TLS with a
    /// certificate that is demanded on the `bind` line keeps others out.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// peers cluster
    ///     bind 203.0.112.10:1024 ssl crt /etc/haproxy/peers.pem
    ///     default-server ssl verify required ca-file /etc/haproxy/ca.pem
    ///     server haproxy-0
    ///     server haproxy-1 203.0.112.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good local-name=haproxy-0
    /// peers cluster
    ///     bind 203.0.112.10:1024 ssl crt /etc/haproxy/peers.pem ca-file /etc/haproxy/ca.pem verify required
    ///     default-server ssl verify required ca-file /etc/haproxy/ca.pem crt /etc/haproxy/peers.pem
    ///     server haproxy-0
    ///     server haproxy-1 203.0.112.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy source, src/peers.c: the hello names the two peers, and nothing else is asked.
    "peers/open-to-anyone", Info, World(check), about: ["peers"], asked: ByNode
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for view in cx.config.peers_views(cx.options.local_name.as_deref()) {
        let Some((statement, word, address)) = view.listener(cx.config) else { continue };
        let on_internet = address.host.is_any() && view.remotes().any(|m| m.address.as_ref().is_some_and(|(_, a)| is_public(&a.host)));
        let asks =
            Options::of_bind(statement, 2).value("verify").is_some_and(|w| !w.is("none")) || view.peers.has_default("bind", "verify");
        if asks || !(on_internet || is_public(&address.host)) {
            continue;
        }
        out.report(
            Draft::at(word.location, format!("`peers {}` listens on a public address and asks nobody for a certificate", view.peers.name()))
                .label("whoever knows the name of a peer reads and writes the tables")
                .help("let a firewall admit the peers alone, listen on a private address, or write `bind … ssl crt FILE ca-file FILE verify required`")
                .only(view.versions),
        );
    }
}
