//! `peers/lone-peer`.

use crate::rules::prelude::*;

rule! {
    /// A peers section has one peer, so that its tables are shared with nobody.
    ///
    /// ## Why
    ///
    /// The one peer is the node itself. It hands its tables to the new process when HAProxy is reloaded, and to nobody else. For that
    /// alone an address of the machine itself is enough, such as `127.0.0.1:1024`, and nothing is said of it.
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
    "peers/lone-peer", Info, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for peers in cx.config.peers.iter().filter(|p| !p.disabled && p.list.len() == 1 && !p.section.statements().any(|s| s.is_open())) {
        let [peer] = peers.list.as_slice() else { continue };
        let own = |word: Word<'_>| cx.config.address(word).host.is_loopback();
        let words = peer.statement.word(2).into_iter().chain(peers.binds.iter().filter_map(|bind| bind.address));
        let named = peer.name.known().is_some();
        if named && !words.into_iter().any(own) {
            let draft =
                Draft::at(peer.statement.location(), format!("`peers {}` has one peer alone: no other node gets its tables", peers.name()))
                    .label("keeps the tables over a reload, and no more")
                    .help("add a line for each other node, or listen on `127.0.0.1` if it is for reloads only");
            out.report(draft);
        }
    }
}
