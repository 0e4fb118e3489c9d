//! `runtime/address-unresolved`.

use crate::rules::prelude::*;
use crate::runtime::probe::Reached;

rule! {
    /// The address of a peer was never resolved.
    ///
    /// ## Why
    ///
    /// `addr=:0`: the name did not resolve when HAProxy started, and `init-addr none` let it start all the same (2.0 to 2.6). Names of peers are resolved once, while the configuration is read: this peer will never be
    /// reached at a real address.
    ///
    /// ## Example
    ///
    /// ```show-peers bad
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,inactive) addr=:0 last_status=CONN last_hdshk=1s
    ///         reconnect=3s heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=4 proto_err=0 coll=0
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
    /// HAProxy 2.0 and 2.2 with `init-addr none`.
    "runtime/address-unresolved", Error, Runtime(check)
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    out.report_all(cluster.probed(
        |r| matches!(r, Reached::NotResolved(_)),
        "make the name resolve before HAProxy starts: it refuses the configuration otherwise",
    ));
    for remote in cluster.in_state(&[State::Unresolved]) {
        let (us, peer) = (&remote.node.name, &remote.peer.name);
        out.report(
            cluster
                .draft(&remote, "addr", format!("`{us}` has no address for `{peer}` (`{}`): its name did not resolve when HAProxy started", remote.words(&["addr"])))
                .help(format!("make the name resolve before HAProxy starts (a headless Service with `publishNotReadyAddresses: true`, or an address), and restart `{us}`; take `init-addr` out of the section"))
                .note("`resolvers` does not help: HAProxy never resolves the names of peers again"),
        );
    }
}
