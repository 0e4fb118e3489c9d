//! `runtime/never-taught`.

use crate::rules::prelude::*;
use crate::runtime::dump::Format;

rule! {
    /// The process was started without anybody to teach it what was in the tables.
    ///
    /// ## Why
    ///
    /// After a start a process asks the old process (at a reload), then one remote peer, five seconds each, for a full copy of the tables. The flags of the section say how that ended. If nobody could be asked, it began with
    /// empty tables: normal for the first node of a cluster, and a sign of peers that were not reachable for any other. Updates since then are shared all the same.
    ///
    /// ## Example
    ///
    /// ```show-peers bad
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x33 resync_timeout=<PAST> task_calls=12
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
    /// `show peers` of HAProxy 2.0 to 3.5, captured in network namespaces.
    "runtime/never-taught", Info, Runtime(check)
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    for node in &cluster.nodes {
        let late = node.dump().format().is_some_and(|f| f >= Format::V3_0);
        // Remote resync done, after a timeout, with nobody assigned; and no old process either.
        let (timeout, assigned, handed) = if late { (0x20_0000, 0x2000_0000, 0x100_0000) } else { (0x20, 0x2000, 0x100) };
        for section in &node.dump().sections {
            let Some(field) = section.fields.get("flags") else { continue };
            let flags = section.fields.bits("flags").unwrap_or(0);
            let old = node.dump().format().is_some_and(|f| f < Format::V2_3);
            if old || flags & 0x2 == 0 || flags & timeout == 0 || flags & (assigned | handed) != 0 {
                continue;
            }
            out.report(
                Draft::at(node.at(field.span), format!("`{}` began with empty tables in `peers {}`: nobody sent it theirs within five seconds (`flags={}`)", node.name, section.name, field.value))
                    .help("nothing is to be done for it now: entries come with the next updates. After a reload of a node whose peers are established it gets them")
                    .nodes(vec![node.name.clone()]),
            );
        }
    }
}
