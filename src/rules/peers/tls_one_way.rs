//! `peers/tls-one-way`.

use crate::{
    config::{Member, PeerKind, PeersView, Role},
    rules::prelude::*,
};

rule! {
    /// A node listens for its peers without TLS, and its own line says that others come with it, or the other way round.
    ///
    /// ## Why
    ///
    /// `ssl` on a `peer` or `server` line is for the connections that go out to that peer. What a node listens with is said by `bind` and
    /// `default-bind` lines alone, also where the address stands on its own `peer` line. All nodes read the same section as a rule: with
    /// `ssl` on the `peer` lines and nothing else every node calls with TLS and none of them answers with it. `show peers` says
    /// `last_status=CONN` on both sides, or `HSHK` where it is the other way round, and nothing is replicated. HAProxy has one
    /// warning for it and starts.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0 also=peers/no-tls
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024 ssl verify none
    ///     peer haproxy-1 10.0.0.11:1024 ssl verify none
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good local-name=haproxy-0
    /// peers cluster
    ///     default-bind ssl crt /etc/haproxy/peers.pem verify required ca-file /etc/haproxy/peers-ca.pem
    ///     default-server ssl verify required ca-file /etc/haproxy/peers-ca.pem crt /etc/haproxy/peers.pem
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 to 3.5; the sessions with 2.6 and 2.8.
    "peers/tls-one-way", Warning, World(check), about: ["peers"], asked: ByNode
}

/// Where HAProxy says it.
const TELLS: VersionSet = VersionSet::since(2, 6, 12);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for view in cx.config.peers_views(cx.options.local_name.as_deref()) {
        let listens = view.peers.listens_with_tls();
        let differs = |own: &&Member<'_, '_>| view.peers.dials_with_tls(own.peer) != listens;
        let Some(own) = own(&view).filter(differs).filter(|own| own.peer.kind == PeerKind::Peer || !view.peers.binds.is_empty()) else {
            continue;
        };
        let alone = view.members.iter().any(|other| view.peers.dials_with_tls(other.peer) == listens);
        let (message, help) = told(&name(&view, own), listens, alone);
        let draft = Draft::at(own.peer.name.location, message)
            .label(if listens { "called without TLS" } else { "called with TLS" })
            .help(help)
            .note("where all nodes read the same, no session is ever established, and `show peers` says `CONN` or `HSHK`")
            .stage(Stage::Whole)
            .warned_by(TELLS)
            .only(view.versions);
        let draft = match view.local {
            Some(local) => draft.about(Subject::new(SubjectKind::Node, local)),
            None => draft,
        };
        out.report(match view.peers.binds.first() {
            Some(bind) => draft.also(bind.statement.location(), "it listens here"),
            None => draft,
        });
    }
}

/// The message and the help; `alone` says that other lines of the section call as it is listened.
fn told(name: &str, listens: bool, alone: bool) -> (String, &'static str) {
    match (listens, alone) {
        (true, false) => (
            format!("{name} listens with TLS, and the lines of the section connect without"),
            "add `default-server ssl verify required ca-file FILE` above the peers, or take `ssl` away from `bind` and `default-bind`",
        ),
        (true, true) => (
            format!("{name} listens with TLS, and its own line, by which the others call it, has no `ssl`"),
            "write `ssl` and what stands behind it on the other lines here as well: all nodes read this line as a rule",
        ),
        (false, false) => (
            format!("{name} listens without TLS, and the lines of the section connect with it"),
            "add `default-bind ssl crt FILE` to the section: `ssl` on a `peer` or `server` line is for what goes out alone",
        ),
        (false, true) => (
            format!("{name} listens without TLS, and its own line, by which the others call it, has `ssl`"),
            "add `default-bind ssl crt FILE` to the section, or take `ssl` away from this line: it is for what goes out alone",
        ),
    }
}

fn name(view: &PeersView<'_, '_>, own: &Member<'_, '_>) -> String {
    if own.role == Role::Local { format!("`{}`", own.peer.name.display()) } else { format!("every node of {}", view.peers.title()) }
}

/// The node's own line. Where nobody knows which one that is, any of them, if they are all called alike.
fn own<'v, 'a, 'r>(view: &'v PeersView<'a, 'r>) -> Option<&'v Member<'a, 'r>> {
    let first = view.members.first()?;
    let alike =
        |m: &Member<'_, '_>| m.peer.kind == PeerKind::Peer && view.peers.dials_with_tls(m.peer) == view.peers.dials_with_tls(first.peer);
    view.own().or_else(|| (view.local.is_none() && view.members.iter().all(alike)).then_some(first))
}
