//! `peers/mix-bind-peer`.

use crate::{
    config::{Peer, PeerKind},
    rules::prelude::*,
};

rule! {
    /// A `peers` section has both `peer` and `bind` lines.
    ///
    /// ## Why
    ///
    /// There are two ways to write a section. With `peer NAME ADDRESS:PORT` for every node, the address of the local line is also
    /// where HAProxy listens. With a `bind` line, every node is a `server`, and the local one has no address. HAProxy refuses
    /// a mixture: `peer` and `bind` would give it two places to listen at.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// peers cluster
    ///     bind :1024
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good local-name=haproxy-0
    /// peers cluster
    ///     bind :1024
    ///     server haproxy-0
    ///     server haproxy-1 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "peers/mix-bind-peer", Error, World(check), about: ["peers"], asked: ByNode, mends: true, mend: mend
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let given = cx.config.local_names(cx.options.local_name.as_deref()).last().and_then(|(_, name)| *name);
    for peers in &cx.config.peers {
        let is = |s: &Statement<'_>| matches!(s.keyword(), "bind" | "peer");
        let mut lines = peers.section.statements().filter(is);
        let Some(first) = lines.next() else { continue };
        let Some(second) = lines.find(|l| l.keyword() != first.keyword()) else { continue };
        let own = |peer: &Peer<'_>| given.is_some_and(|local| peer.name.is(local));
        let wrong = peers.list.iter().filter(|p| p.kind == PeerKind::Peer);
        let edits = wrong.flat_map(|p| {
            let keyword = p.statement.word(0).map(|w| Edit::replace(w.location, "server"));
            keyword.into_iter().chain(p.statement.cut(2, 2).filter(|_| own(p)).map(Edit::delete))
        });
        let edits = given.is_some().then(|| edits.collect());
        out.report(
            Draft::at(second.location(), format!("`{}` and `{}` lines in one `peers` section", first.keyword(), second.keyword()))
                .offer_if("keep `bind`, and write `server`", edits)
                .label("HAProxy refuses this line")
                .also(first.location(), format!("`{}` is used first here", first.keyword()))
                .help("keep `bind` and write `server NAME ADDRESS:PORT` for the other nodes and `server NAME` without an address for this one; or delete `bind` and write `peer NAME ADDRESS:PORT` for all")
                .rejected_by(VersionSet::ALL),
        );
    }
}

/// Every node listens by `bind`, and its own line has no address.
fn mend(m: &Mending<'_>) -> Option<Fix> {
    m.mesh.listen_everywhere(m.view, m.section).map(|edits| Fix::safe("give each node's own line no address", edits))
}
