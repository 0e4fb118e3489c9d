//! `runtime/replication-lag`.

use crate::rules::prelude::*;

rule! {
    /// A peer does not acknowledge what is pushed to it.
    ///
    /// ## Why
    ///
    /// `localupdate` is the newest update of the table, `update` the last one that the peer acknowledged. Between two dumps the first moved and the second did not: the peer is busy, the link is too slow, or the process
    /// there hangs. It takes at least two dumps of the node, in time order: two `--show-peers` of one name, or `--interval` and `--samples`.
    ///
    /// ## Example
    ///
    /// ```show-peers bad
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,active) addr=10.0.0.2:1024 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
    ///         shared tables:
    ///           0x4 local_id=1 remote_id=1 flags=0x0 remote_data=0x14
    ///               last_acked=0 last_pushed=5 last_get=0 teaching_origin=0 update=1
    ///               table:0x5 id=st update=5 localupdate=5 commitupdate=5 refcnt=1
    ///   0x6: id=a(local,inactive) addr=10.0.0.1:1024 last_status=NONE last_hdshk=<NEVER>
    ///         reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
    ///         flags=0x0
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,active) addr=10.0.0.2:1024 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
    ///         shared tables:
    ///           0x4 local_id=1 remote_id=1 flags=0x0 remote_data=0x14
    ///               last_acked=0 last_pushed=900 last_get=0 teaching_origin=0 update=1
    ///               table:0x5 id=st update=900 localupdate=900 commitupdate=900 refcnt=1
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
    ///               last_acked=0 last_pushed=5 last_get=0 teaching_origin=0 update=1
    ///               table:0x5 id=st update=5 localupdate=5 commitupdate=5 refcnt=1
    ///   0x6: id=a(local,inactive) addr=10.0.0.1:1024 last_status=NONE last_hdshk=<NEVER>
    ///         reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
    ///         flags=0x0
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,active) addr=10.0.0.2:1024 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
    ///         shared tables:
    ///           0x4 local_id=1 remote_id=1 flags=0x0 remote_data=0x14
    ///               last_acked=0 last_pushed=900 last_get=0 teaching_origin=0 update=890
    ///               table:0x5 id=st update=900 localupdate=900 commitupdate=900 refcnt=1
    ///   0x6: id=a(local,inactive) addr=10.0.0.1:1024 last_status=NONE last_hdshk=<NEVER>
    ///         reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
    ///         flags=0x0
    /// ```
    ///
    /// ## Source
    ///
    /// `show peers` of HAProxy 2.0 to 3.5, captured in network namespaces.
    "runtime/replication-lag", Warning, Runtime(check)
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    for remote in cluster.in_state(&[State::Established]) {
        let earlier = remote.node.samples.first().filter(|_| remote.seen.change.is_some()).map(|s| &s.dump);
        let before = earlier.and_then(|d| d.sections.iter().find(|s| s.name == remote.section.name));
        let Some(before) = before.and_then(|s| s.peers.iter().find(|p| p.name == remote.peer.name)) else { continue };
        for table in &remote.peer.tables {
            let Some(then) = before.tables.iter().find(|t| t.name == table.name) else { continue };
            let moved = table.table.number("localupdate") != then.table.number("localupdate");
            let acknowledged = table.fields.number("update") != then.fields.number("update");
            let shared = table.fields.number("remote_id").is_some_and(|id| id > 0);
            let (Some(lag), true) = (table.lag(), shared && moved && !acknowledged) else { continue };
            let (us, peer, name) = (&remote.node.name, &remote.peer.name, &table.name);
            let at = table.fields.get("update").map_or(table.span, |f| f.span);
            out.report(
                Draft::at(remote.node.at(at), format!("`{peer}` acknowledges nothing of table `{name}` of `{us}`: {lag} updates wait"))
                    .help(format!("look at the load of `{peer}` and at the link; in the next dumps `update` must follow `localupdate`"))
                    .nodes(vec![us.clone()]),
            );
        }
    }
}
