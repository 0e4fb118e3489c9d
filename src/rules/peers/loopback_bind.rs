//! `peers/loopback-bind`.

use crate::{
    config::{
        Member, PeersView, Role,
        address::{Address, Port},
    },
    rules::prelude::*,
};

rule! {
    /// The node listens for its peers on the loopback address, where no other node can reach it.
    ///
    /// ## Why
    ///
    /// 127.0.0.1 and `::1` are this machine, or this container, alone. With a remote peer elsewhere, that peer tries this node in
    /// vain: its `show peers` says `last_status=CONN` and counts `new_conn` up. The two still synchronise if this node reaches
    /// the other one, since one direction is enough; with the same file on both nodes none does.
    ///
    /// That the local peer is shown as `inactive` is no symptom of it: it always is, but during a reload.
    ///
    /// A section with no remote peer, which only keeps tables over a reload, is right on the loopback address, and so are
    /// remote peers that are reached through a tunnel on it.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// peers cluster
    ///     bind 127.0.0.1:1024
    ///     server haproxy-0
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
    /// haproxy/haproxy#2730; observed with HAProxy 2.6 and 2.8.
    "peers/loopback-bind", Error, World(check), about: ["peers"], asked: ByNode, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for view in cx.config.peers_views(cx.options.local_name.as_deref()) {
        let Some((_, word, address)) = view.listener(cx.config) else {
            undecided(&view, out);
            continue;
        };
        let remote = view.members.iter().find(|m| m.role != Role::Local && m.is_elsewhere());
        let (true, Some(remote)) = (address.host.is_loopback(), remote) else { continue };
        let port = port(&address);
        let help = if view.peers.binds.is_empty() {
            format!(
                "write an address of this machine that the others reach, such as `10.0.0.10{port}`; or `bind {port}`, `server` in place of `peer`, and no address for this node"
            )
        } else {
            format!("write `bind {port}` to listen on every address")
        };
        let message =
            format!("this node listens for its peers on `{}`, where `{}` cannot reach it", word.display(), remote.peer.name.display());
        let draft = draft(&view, word, remote, message).help(help);
        out.report(match address.port {
            Port::Fixed(_) if !view.peers.binds.is_empty() => {
                draft.offer("listen on every address", vec![Edit::replace(word.location, port)])
            }
            _ => draft,
        });
    }
}

fn port(address: &Address) -> String {
    match address.port {
        Port::Fixed(port) => format!(":{port}"),
        _ => ":PORT".to_owned(),
    }
}

fn draft(view: &PeersView<'_, '_>, word: Word<'_>, remote: &Member<'_, '_>, message: String) -> Draft {
    let draft = Draft::at(word.location, message)
        .label("reachable from this machine alone")
        .note(
            "the remote peer keeps trying: its `show peers` says `last_status=CONN`; that the local peer is shown as `inactive` is normal",
        )
        .only(view.versions);
    match &remote.address {
        Some((word, _)) => draft.also(word.location, "this peer is on another machine"),
        None => draft,
    }
}

/// Nobody knows which peer is this node, but a loopback address beside one of another machine is wrong for either.
fn undecided(view: &PeersView<'_, '_>, out: &mut Sink<'_>) {
    if view.local.is_some() || view.own().is_some() || !view.peers.binds.is_empty() {
        return;
    }
    let loopback = view.members.iter().find_map(|m| m.address.as_ref().filter(|(_, a)| a.host.is_loopback()));
    let elsewhere = view.members.iter().find(|m| m.is_elsewhere());
    let (Some((word, _)), Some(elsewhere)) = (loopback, elsewhere) else { return };
    let message =
        format!("`{}` is an address for one machine alone, and `{}` is on another", word.display(), elsewhere.peer.name.display());
    out.report(
        draft(view, *word, elsewhere, message)
            .severity(Severity::Warning)
            .confidence(Confidence::Medium)
            .help("give every peer an address that all nodes reach it at; a loopback address is right only for a tunnel to another node"),
    );
}
