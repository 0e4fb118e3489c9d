//! `peers/lone-peer`.

use crate::{config::PeerKind, rules::prelude::*};

rule! {
    /// A peers section has one peer, so that its tables are shared with nobody.
    ///
    /// ## Why
    ///
    /// The one peer is the node itself. It hands its tables to the new process when HAProxy is reloaded, and to nobody else. For that
    /// alone an address of the machine itself is enough, such as `127.0.0.1:1024`, and nothing is said of it, nor of a peer that
    /// has a name for its address, as those of a StatefulSet are, which may grow.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=lb1
    /// peers cluster
    ///     peer lb1 192.0.2.1:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m store gpc0 peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good local-name=lb1
    /// peers cluster
    ///     peer lb1 192.0.2.1:1024
    ///     peer lb2 192.0.2.2:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m store gpc0 peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, chapter 3.5.
    "peers/lone-peer", Info, World(check), about: ["peers"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for peers in cx.config.peers.iter().filter(|p| !p.disabled && p.list.len() == 1 && !p.section.statements().any(|s| s.is_open())) {
        let [peer] = peers.list.as_slice() else { continue };
        // Names are given where nodes come and go: there may be more of them tomorrow.
        let reaches = |word: Word<'_>| {
            let host = cx.config.address(word).host;
            !host.is_loopback() && (host.is_any() || host.ip().is_some())
        };
        // `server` and `bind` lines are what generated sections have, which list as many as there are nodes.
        let word = peer.statement.word(2).filter(|_| peer.kind == PeerKind::Peer);
        let named = peer.name.known().is_some();
        if named && word.is_some_and(reaches) {
            let draft =
                Draft::at(peer.statement.location(), format!("`peers {}` has one peer alone: no other node gets its tables", peers.name()))
                    .label("keeps the tables over a reload, and no more")
                    .help("add a line for each other node, or listen on `127.0.0.1` if it is for reloads only");
            out.report(draft);
        }
    }
}
