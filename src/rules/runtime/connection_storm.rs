//! `runtime/connection-storm`.

use crate::rules::prelude::*;
use crate::runtime::probe::{Answer, Reached};

rule! {
    /// HAProxy connects to a peer again and again without a pause: something that is no HAProxy listens there.
    ///
    /// ## Why
    ///
    /// If the answer to the hello is a line that does not begin with digits, as `HTTP/1.1 400` or the banner of SSH, HAProxy forgets that it tried at all, and connects again at once, forever:
    /// tens of thousands of connections a second, a processor for each side. `new_conn` explodes, and the status flips between `NONE`, `CONN` and `HSHK`.
    ///
    /// ## Example
    ///
    /// ```show-peers bad
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,active) addr=10.0.0.2:1024 last_status=CONN last_hdshk=0s
    ///         reconnect=5s heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=39890 proto_err=0 coll=0
    ///         flags=0x0 appctx:0x3 st0=5 st1=0 task_calls=0
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
    /// HAProxy 2.4 to 3.5-dev5: 14 000 to 31 000 connections in three seconds.
    "runtime/connection-storm", Error, Runtime(check)
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    out.report_all(cluster.probed(
        |r| matches!(r, Reached::Connected(Answer::Banner(_) | Answer::Accepted)),
        "correct the address or the port before HAProxy starts: to such a service it connects without a pause",
    ));
    for remote in cluster.in_state(&[State::Storm]) {
        let (us, peer, address) = (&remote.node.name, &remote.peer.name, remote.peer.address());
        let rate = remote.seen.change.and_then(|c| c.rate());
        let often = rate
            .map_or_else(|| format!("`{}`", remote.words(&["new_conn", "last_hdshk"])), |rate| format!("{rate:.0} connections a second"));
        out.report(
            cluster
                .draft(&remote, "new_conn", format!("`{us}` connects to {address} for `{peer}` without a pause ({often}): something that is no `peers` listener answers there"))
                .help(format!("stop it now: it costs a processor on both sides. Correct the address or the port of `{peer}` (an HTTP frontend or SSH listens there), and reload `{us}`; `new_conn` must stand still"))
                .confidence(if rate.is_some() { Confidence::High } else { Confidence::Medium }),
        );
    }
}
