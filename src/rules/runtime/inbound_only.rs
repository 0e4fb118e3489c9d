//! `runtime/inbound-only`.

use crate::rules::prelude::*;

rule! {
    /// A peer connects from another address than the one that others connect to.
    ///
    /// ## Why
    ///
    /// The session is up because the other side opened it. The address that this node has of it is another than the one it comes from: a pod that was started again with a new address (HAProxy resolves the names
    /// of peers once, at start), or NAT. It works as long as the other side connects; the next restart of that side is found only by it.
    ///
    /// ## Example
    ///
    /// ```show-peers bad
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,active) addr=10.0.0.10:1024 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
    ///         xprt=RAW src=10.0.0.99:41190 addr=10.0.0.1:1024
    ///         shared tables:
    ///           0x4 local_id=1 remote_id=1 flags=0x0 remote_data=0x14
    ///               last_acked=0 last_pushed=1 last_get=0 teaching_origin=0 update=1
    ///               table:0x5 id=st update=1 localupdate=1 commitupdate=1 refcnt=1
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
    ///         xprt=RAW src=10.0.0.2:41190 addr=10.0.0.1:1024
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
    "runtime/inbound-only", Info, Runtime(check)
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    for remote in cluster.in_state(&[State::Established]) {
        let Some((from, _)) = remote.session("src").and_then(|src| src.rsplit_once(':')) else { continue };
        let Some((to, _)) = remote.peer.host_and_port() else { continue };
        let ips = from.parse::<std::net::IpAddr>().ok().zip(to.parse::<std::net::IpAddr>().ok());
        if ips.is_none_or(|(from, to)| plain(from) == plain(to)) {
            continue;
        }
        let (us, peer) = (&remote.node.name, &remote.peer.name);
        out.report(
            cluster
                .draft(&remote, "src", format!("`{peer}` comes to `{us}` from {from}, and `{us}` connects to it at {to}: the session stands because the other side opened it"))
                .help(format!("reload `{us}` if the address of `{peer}` changed: names are resolved at start alone. Behind NAT this is as it should be")),
        );
    }
}

/// IPv4 inside of IPv6 is IPv4.
fn plain(ip: std::net::IpAddr) -> std::net::IpAddr {
    ip.to_canonical()
}
