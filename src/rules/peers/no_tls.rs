//! `peers/no-tls`.

use crate::{
    config::{Role, is_public},
    rules::prelude::*,
};

rule! {
    /// Tables are sent over a public network in clear text, or to a peer whose certificate nobody checks.
    ///
    /// ## Why
    ///
    /// The protocol of peers has neither encryption nor a password: whoever reads the traffic sees every client address and
    /// counter, and whoever answers at the address under the right name receives and writes them. On a private network that may be
    /// fine; to a public address it should go through TLS, with certificates checked on both sides. `ssl verify none` encrypts, but
    /// does not tell who is there.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0 also=peers/open-to-anyone
    /// peers cluster
    ///     peer haproxy-0 203.0.112.10:1024
    ///     peer haproxy-1 203.0.112.11:1024
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
    /// haproxy/haproxy#753.
    "peers/no-tls", Info, World(check), about: ["peers"], asked: ByNode
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for view in cx.config.peers_views(cx.options.local_name.as_deref()) {
        let default_verify = view.peers.default_servers.iter().rev().find_map(|d| Options::of_server(*d, 1).value("verify"));
        let default_ssl = view.peers.has_default("server", "ssl");
        for member in view.members.iter().filter(|m| m.role != Role::Local) {
            let Some((word, address)) = &member.address else { continue };
            let unchecked = member.peer.option("verify").or(default_verify).is_some_and(|w| w.is("none"));
            let name = member.peer.name.display();
            if unchecked && !address.host.is_loopback() {
                out.report(
                    Draft::at(word.location, format!("the certificate of the peer `{name}` is not checked"))
                        .label("`verify none` is in force")
                        .help("write `ssl verify required ca-file FILE`, and `verify required ca-file FILE` on `bind` too")
                        .only(view.versions),
                );
                break;
            }
            if is_public(&address.host) && !default_ssl && !member.peer.has("ssl") {
                out.report(
                    Draft::at(word.location, format!("tables go to the peer `{name}` in clear text over a public address"))
                        .label("without TLS")
                        .help("write `bind … ssl crt FILE ca-file FILE verify required` and `default-server ssl verify required ca-file FILE crt FILE` in this section, and `server` lines")
                        .only(view.versions),
                );
                break;
            }
        }
    }
}
