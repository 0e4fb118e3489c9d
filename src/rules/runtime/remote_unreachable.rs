//! `runtime/remote-unreachable`.

use crate::rules::prelude::*;
use crate::runtime::{Remote, probe::Reached};

rule! {
    /// The connection to a peer does not come about.
    ///
    /// ## Why
    ///
    /// `last_status=CONN` is the state of a peer that was tried and did not answer: refused (`state=TAR`, and `inactive` in between), dropped on the way (`state=CON` while it waits), or a
    /// failed TLS handshake. HAProxy tries again every five seconds, and `new_conn` counts. From 3.3 on the same is shown as `HSHK`.
    ///
    /// `last_hdshk` is the time of the last attempt, no proof of a handshake. The other side may still connect to this one: then the line says `ESTA`.
    ///
    /// ## Example
    ///
    /// ```show-peers bad
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,active) addr=10.0.0.2:1024 last_status=CONN last_hdshk=2s
    ///         reconnect=2s heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=85 proto_err=0 coll=0
    ///         flags=0x0 appctx:0x3 st0=6 st1=0 task_calls=2 state=TAR
    ///   0x6: id=a(local,inactive) addr=10.0.0.1:1024 last_status=NONE last_hdshk=<NEVER>
    ///         reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
    ///         flags=0x0
    /// ```
    ///
    /// ## Use instead
    ///
    /// This is how it looks when it is well:
    ///
    /// ```show-peers good
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,active) addr=10.0.0.2:1024 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
    ///         shared tables:
    ///           0x4 local_id=1 remote_id=1 flags=0x0 remote_data=0x14
    ///               last_acked=0 last_pushed=1 last_get=0 teaching_origin=0 update=1
    ///               table:0x5 id=st update=1 localupdate=1 commitupdate=1 refcnt=1
    ///   0x6: id=a(local,inactive) addr=10.0.0.1:1024 last_status=NONE last_hdshk=<NEVER>
    ///         reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
    ///         flags=0x0
    /// ```
    ///
    /// ## Source
    ///
    /// haproxy/haproxy#2730, element-hq/jitsi-helm#10; `show peers` of HAProxy 2.0 to 3.5, captured in network namespaces.
    "runtime/remote-unreachable", Error, Runtime(check)
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    out.report_all(cluster.probed(
        |r| matches!(r, Reached::Refused | Reached::TimedOut | Reached::Unreachable(_)),
        "start HAProxy there, let it listen on an address that others reach, and let TCP to that port pass",
    ));
    for remote in cluster.in_state(&[State::Unreachable, State::Refused, State::Dropped]) {
        let (us, peer, address) = (&remote.node.name, &remote.peer.name, remote.peer.address());
        let words = [remote.status_words(), remote.words(&["new_conn", "state"])].join(" ");
        let (what, help) = match remote.seen.state {
            State::Refused => (
                "the connection is refused, or TLS fails",
                format!(
                    "on `{peer}`: `ss -ltn` must show a listener for {address}, or for that port on all addresses, in the network namespace of HAProxy; with TLS, compare `ssl`, `verify` and `verifyhost` of both sides"
                ),
            ),
            State::Dropped => (
                "packets vanish on the way",
                format!(
                    "let TCP to {address} pass: NetworkPolicy, security group, firewall, and a route to it; `nc -vz` from this node must connect"
                ),
            ),
            _ if is_closed_there(cluster, &remote) => (
                "no connection comes about, or TLS fails",
                format!(
                    "write `ssl` on both sides or on neither: in the other direction `{peer}` gets a connection and no answer (`HSHK`). If they are alike, \
                     from this node: `nc -vz` to {address}"
                ),
            ),
            _ if remote.status_words().ends_with("HSHK") => (
                "the connection is refused, or closed at once",
                format!(
                    "from this node: `nc -vz` to {address}. Refused: on `{peer}`, `ss -ltn` must show a listener there. Connected: write `ssl` on both sides or on neither"
                ),
            ),
            _ if cluster.line(&remote).is_some_and(|line| line.tls) => (
                "no connection comes about, or TLS fails",
                format!(
                    "from this node: `openssl s_client -connect {address}`. Connected: compare the certificates with `ca-file`, `verify` and `verifyhost` of \
                     both sides: one that has expired, or is signed by another CA. Refused: on `{peer}`, `ss -ltn` must show a listener there. No answer: a \
                     firewall, NetworkPolicy or route"
                ),
            ),
            _ => (
                "no connection comes about",
                format!(
                    "from this node: `nc -vz` to {address}. Refused: on `{peer}`, `ss -ltn` must show a listener there. No answer: a firewall, NetworkPolicy or route"
                ),
            ),
        };
        let mut draft = cluster
            .draft(&remote, "last_status", format!("`{us}` does not reach `{peer}` at {address}: {what} (`{}`)", words.trim()))
            .help(help);
        draft =
            draft.note("it is tried again every five seconds by itself: once it is mended, `last_status=ESTA` follows without a reload");
        if remote.peer.fields.number("new_conn").is_some_and(|n| n < 3) {
            draft = draft
                .confidence(Confidence::Medium)
                .note("only a few attempts were made: in the first seconds after a start this may pass, ask again in ten seconds");
        }
        if let Some(own) = remote.section.local().map(|l| l.address()).filter(|own| is_loopback(own) && !is_loopback(address)) {
            draft = draft.note(format!("`{us}` itself listens on {own}: that is loopback, so `{peer}` cannot connect to it either; one side that listens on an address others reach is enough"));
        }
        draft = listens(cluster, &remote, draft);
        out.report(draft.note("`net.ipv4.ip_nonlocal_bind=1` lets HAProxy start on an address that is not its own, and no packet arrives there: it is no cure for this"));
    }
}

/// Whether the peer's own connection to this node comes about and is closed: so it is where one side of both speaks TLS, and then
/// this side's connection fails in its handshake.
fn is_closed_there(cluster: &Cluster<'_>, remote: &Remote<'_>) -> bool {
    let closed = |other: &Remote<'_>| matches!(other.seen.state, State::Silent | State::Closed);
    remote.status_words().ends_with("CONN") && cluster.other_side(remote).is_some_and(|other| closed(&other))
}

fn is_loopback(address: &str) -> bool {
    address.starts_with("127.") || address.starts_with("::1:")
}

/// What the other side's own dump says of where it listens.
fn listens(cluster: &Cluster<'_>, remote: &Remote<'_>, draft: Draft) -> Draft {
    let Some(node) = cluster.named(&remote.peer.name).next() else { return draft };
    let local = node.dump().sections.iter().find(|s| s.name == remote.section.name).and_then(|s| s.local());
    match local.map(|l| l.address()) {
        Some(address) if is_loopback(address) && !is_loopback(remote.peer.address()) => {
            draft.note(format!("`{}` listens on {address}: loopback, nobody else reaches that", node.name))
        }
        Some(address) if address.rsplit(':').next() != remote.peer.address().rsplit(':').next() => {
            draft.note(format!("`{}` shows {address} as its own address: another port", node.name))
        }
        Some(address) => draft.note(format!("`{}` runs, and shows {address} as its own address", node.name)),
        None if node.dump().sections.is_empty() => draft.note(format!("`{}` runs no `peers` section at all", node.name)),
        None => draft,
    }
}
