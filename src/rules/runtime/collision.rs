//! `runtime/collision`.

use crate::rules::prelude::*;

rule! {
    /// A peer said `try again`: two connections crossed, and one of them gives way.
    ///
    /// ## Why
    ///
    /// `last_status=RETR` (300) passes by itself where both sides connected at the same moment. It is told only if one asks for it: `--select runtime/collision`.
    ///
    /// ## Example
    ///
    /// ```show-peers bad select=runtime/collision
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,inactive) addr=10.0.0.2:1024 last_status=RETR last_hdshk=1s
    ///         reconnect=1s heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=1 proto_err=0 coll=0
    ///         flags=0x0
    ///   0x6: id=a(local,inactive) addr=10.0.0.1:1024 last_status=NONE last_hdshk=<NEVER>
    ///         reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
    ///         flags=0x0
    /// ```
    ///
    /// ## Use instead
    ///
    /// This is how it looks when it is well:
    ///
    /// ```show-peers good select=runtime/collision
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
    /// `show peers` of HAProxy 2.0 to 3.5, captured in network namespaces.
    "runtime/collision", Info, Runtime(check), normal: true
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    for remote in cluster.in_state(&[State::Collision]) {
        let (us, peer) = (&remote.node.name, &remote.peer.name);
        out.report(
            cluster
                .draft(&remote, "last_status", format!("`{peer}` told `{us}` to try again (`{}`)", remote.status_words()))
                .severity(Severity::Info)
                .help("ask again in ten seconds: the other side connects meanwhile"),
        );
    }
}
