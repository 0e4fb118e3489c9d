//! `peers/local-server-with-addr`.

use crate::{
    config::{PeerKind, PeersView, Role},
    rules::prelude::*,
};

rule! {
    /// The `server` line of the local peer has an address.
    ///
    /// ## Why
    ///
    /// In a section with `server` lines, the local node listens at the `bind` line, and its own `server` line must not say an
    /// address: HAProxy takes the address for an option that it does not know, and refuses the line. With a `peer` line it is
    /// the other way round: there the address is needed.
    ///
    /// One file for all nodes is possible with `.if`, or with `peer` lines.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// peers cluster
    ///     bind :1024
    ///     server haproxy-0 10.0.0.10:1024
    ///     server haproxy-1 10.0.0.11:1024
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
    /// haproxy/haproxy#751; observed with HAProxy 2.4 to 3.5.
    "peers/local-server-with-addr", Error, World(check), about: ["peers"], asked: ByNode, mends: true, mend: mend
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for view in cx.config.all_peers_views(cx.options.local_name.as_deref()) {
        for member in view.members.iter().filter(|m| m.role == Role::Local && m.peer.kind == PeerKind::Server) {
            let (Some((word, _)), Some(name)) = (&member.address, member.peer.name.known()) else { continue };
            if word.known().is_none() {
                continue;
            }
            out.report(
                Draft::at(word.location, format!("`{name}` is this node, so its `server` line takes no address"))
                    .about(Subject::new(SubjectKind::Peer, name).at(member.peer.name.location))
                    .offer_if("delete the address", member.peer.statement.cut(2, 2).map(|all| vec![Edit::delete(all)]))
                    .label("HAProxy takes this for an option, which it does not know")
                    .help(format!("write `server {name}` alone, and `bind {}` to listen; or use `peer` lines throughout", word.display()))
                    .only(view.versions)
                    .rejected_by(VersionSet::ALL),
            );
        }
        none_can_be_local(cx, &view, out);
    }
}

/// Where the node's name is not known, but no line could be its own.
fn none_can_be_local(cx: &Context<'_>, view: &PeersView<'_, '_>, out: &mut Sink<'_>) {
    let all = view.members.iter().all(|m| m.role == Role::Unknown && m.peer.kind == PeerKind::Server && m.address.is_some());
    let (Some(bind), false, true, None) = (view.peers.binds.first(), view.members.is_empty(), all, view.local) else { return };
    if cx.config.reading.opaque || view.peers.disabled {
        return;
    }
    out.report(
        Draft::at(bind.statement.location(), format!("every `server` of {} has an address, so none of them can be the node that listens here", view.peers.title()))
            .label("the local peer would be a `server` without an address")
            .help("write the `server` line of this node without an address, for example between `.if streq(\"$HOSTNAME\",NAME)` and `.endif`; or delete `bind` and use `peer` lines, which may be the same on all nodes")
            .note("whatever the node is called, HAProxy refuses the address on its own line, or drops the section if there is no such line")
            .only(view.versions),
    );
}

/// Every node listens by `bind`, and its own line has no address.
fn mend(m: &Mending<'_>) -> Option<Fix> {
    m.mesh.listen_everywhere(m.view, m.section).map(|edits| Fix::safe("give each node's own line no address", edits))
}
