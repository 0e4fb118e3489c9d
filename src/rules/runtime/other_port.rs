//! `runtime/other-port`.

use crate::rules::prelude::*;
use crate::runtime::Remote;

rule! {
    /// A node connects to a peer at another port than the one that the peer itself shows.
    ///
    /// ## Why
    ///
    /// Each node prints the address that it listens on at its own line, and the one that it connects to at the lines of the others. Where the
    /// machine is the same and the port is not, that direction never works. The pair synchronises as long as the other side can connect;
    /// after a reload there, or behind a firewall, it does not, and nobody knows why.
    ///
    /// ## Example
    ///
    /// ```show-peers bad
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,active) addr=10.0.0.2:1025 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
    ///         shared tables:
    ///           0x4 local_id=1 remote_id=1 flags=0x0 remote_data=0x14
    ///               last_acked=0 last_pushed=1 last_get=0 teaching_origin=0 update=1
    ///               table:0x5 id=st update=1 localupdate=1 commitupdate=1 refcnt=1
    ///   0x6: id=a(local,inactive) addr=10.0.0.1:1024 last_status=NONE last_hdshk=<NEVER>
    ///         reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
    ///         flags=0x0
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=a(remote,active) addr=10.0.0.1:1024 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
    ///         shared tables:
    ///           0x4 local_id=1 remote_id=1 flags=0x0 remote_data=0x14
    ///               last_acked=0 last_pushed=1 last_get=0 teaching_origin=0 update=1
    ///               table:0x5 id=st update=1 localupdate=1 commitupdate=1 refcnt=1
    ///   0x6: id=b(local,inactive) addr=10.0.0.2:1024 last_status=NONE last_hdshk=<NEVER>
    ///         reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
    ///         flags=0x0
    /// ```
    ///
    /// ## Use instead
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
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=a(remote,active) addr=10.0.0.1:1024 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
    ///         shared tables:
    ///           0x4 local_id=1 remote_id=1 flags=0x0 remote_data=0x14
    ///               last_acked=0 last_pushed=1 last_get=0 teaching_origin=0 update=1
    ///               table:0x5 id=st update=1 localupdate=1 commitupdate=1 refcnt=1
    ///   0x6: id=b(local,inactive) addr=10.0.0.2:1024 last_status=NONE last_hdshk=<NEVER>
    ///         reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
    ///         flags=0x0
    /// ```
    ///
    /// ## Source
    ///
    /// `show peers` of HAProxy 2.6 and 2.8, with a wrong port on one side.
    "runtime/other-port", Warning, Runtime(check)
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    for remote in cluster.remotes() {
        if let Some((called, own)) = ports(cluster, &remote) {
            out.report(draft(cluster, &remote, called, own));
        }
    }
}

/// The port that a node connects to, and the one that the peer itself shows for the same address.
fn ports(cluster: &Cluster<'_>, remote: &Remote<'_>) -> Option<(u16, u16)> {
    let (host, called) = remote.peer.host_and_port()?;
    let mut others = cluster.named(&remote.peer.name);
    let other = others.next().filter(|_| others.next().is_none())?;
    let section = other.dump().sections.iter().find(|s| s.name == remote.section.name)?;
    let (theirs, own) = section.local()?.host_and_port()?;
    (theirs == host && own != called && own > 0 && called > 0).then_some((called, own))
}

fn draft(cluster: &Cluster<'_>, remote: &Remote<'_>, called: u16, own: u16) -> Draft {
    let (us, peer) = (&remote.node.name, &remote.peer.name);
    let message = format!("`{us}` connects to `{peer}` at port {called}, and `{peer}` listens on port {own}");
    let draft = cluster.draft(remote, "addr", message).help(format!("write port {own} in the line of `{peer}` on `{us}`, and reload it"));
    if remote.pair.established {
        return draft.note(format!("the session stands because `{peer}` opened it: one direction is enough, until that one fails"));
    }
    draft
}
