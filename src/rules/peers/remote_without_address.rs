//! `peers/remote-without-address`.

use crate::{
    config::{Member, PeerKind, PeersView, Role},
    rules::prelude::*,
};

rule! {
    /// A peer has no address, or an address without a port.
    ///
    /// ## Why
    ///
    /// A `peer` line always needs `ADDRESS:PORT`, and so does the `server` line of another node; only the local `server` goes
    /// without. HAProxy drops a remote peer without an address, most versions without a word, and the two nodes never
    /// synchronise. If it is the line of the node itself, the whole section goes; 3.0.0 crashes on it. Peers have no default
    /// port: from a late 2.8 on an address without one is refused, before it becomes port 0.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// peers cluster
    ///     bind :1024
    ///     server haproxy-0
    ///     server haproxy-1
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
    "peers/remote-without-address", Error, World(check), about: ["peers"], asked: ByNode, mends: true, mend: mend
}

/// Where a `peer` line without an address gets a warning.
const TELLS: VersionSet = VersionSet::branch_since(2, 8, 25).or(VersionSet::since(3, 2, 0));
/// Where a missing port is refused for every peer, not only for the local one.
const NEEDS_PORT: VersionSet = VersionSet::branch_since(2, 8, 25).or(VersionSet::since(3, 0, 0));

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for view in cx.config.peers_views(cx.options.local_name.as_deref()) {
        let bare = |m: &&Member<'_, '_>| m.address.is_none() && m.peer.kind == PeerKind::Server && m.role == Role::Unknown;
        let several = view.members.iter().filter(bare).count() > 1;
        for member in &view.members {
            match (member.peer.kind, member.role) {
                _ if member.lacks_port() => without_port(&view, member, out),
                _ if member.address.is_some() => {}
                (PeerKind::Peer, _) => out.report(draft(&view, member).warned_by(TELLS)),
                (PeerKind::Server, Role::Remote) => out.report(draft(&view, member)),
                (PeerKind::Server, Role::Unknown) if several && view.local.is_none() => {
                    out.report(
                        draft(&view, member)
                            .severity(Severity::Warning)
                            .note("only one of the peers without an address can be the local one"),
                    );
                }
                (PeerKind::Server, _) => {}
            }
        }
    }
}

fn draft(view: &PeersView<'_, '_>, member: &Member<'_, '_>) -> Draft {
    let (name, keyword) = (member.peer.name.display(), member.peer.statement.keyword());
    let effect = if member.role == Role::Local {
        "HAProxy drops the line, and with it the whole section: nothing is replicated"
    } else {
        "HAProxy drops the line without an error, so this node never connects to that peer, and refuses it under this name"
    };
    let draft = match as_address(&name) {
        // Who forgets the name writes the address in its place.
        Some(address) => {
            Draft::at(member.peer.name.location, format!("`{name}` is taken for the name of a peer, which then has no address"))
                .label("the name must stand before it")
                .help(format!("write `{keyword} NAME {address}`; NAME is the name of that node: its `localpeer`, `-L` or host name"))
        }
        None => Draft::at(member.peer.statement.location(), format!("the peer `{name}` has no address"))
            .label("`ADDRESS:PORT` is missing")
            .help(format!("write `{keyword} {name} ADDRESS:PORT`")),
    };
    draft.about(Subject::new(SubjectKind::Peer, name.as_ref()).at(member.peer.name.location)).note(effect).only(view.versions)
}

fn without_port(view: &PeersView<'_, '_>, member: &Member<'_, '_>, out: &mut Sink<'_>) {
    let Some((word, _)) = &member.address else { return };
    if member.role == Role::Local && member.peer.kind == PeerKind::Server {
        return;
    }
    let shown = word.display();
    let text = shown.trim_end_matches(':');
    let refused = if member.role == Role::Local { VersionSet::ALL } else { NEEDS_PORT };
    out.report(
        Draft::at(word.location, format!("the address of the peer `{}` has no port", member.peer.name.display()))
            .label("peers have no default port")
            .help(format!("write `{text}:PORT`, for example `{text}:1024`"))
            .only(view.versions)
            .rejected_by(refused),
    );
}

/// The address at which the node reaches that peer.
fn mend(m: &Mending<'_>) -> Option<Fix> {
    m.mesh.addressed(m.view, m.section, m.peer?).map(|edits| Fix::offer("write its address", edits))
}

/// The address with a port that a name is, if it is one.
fn as_address(name: &str) -> Option<String> {
    let host = |text: &str| text.parse::<std::net::IpAddr>().is_ok();
    if host(name) {
        return Some(format!("{name}:PORT"));
    }
    name.rsplit_once(':').filter(|(address, port)| host(address) && port.parse::<u16>().is_ok()).map(|_| name.to_owned())
}
