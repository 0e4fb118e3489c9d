//! `runtime/local-inactive`.

use crate::rules::prelude::*;

rule! {
    /// The local peer is `inactive`: that is normal, nobody connects to himself.
    ///
    /// ## Why
    ///
    /// The line of the local peer stands for the process itself. It has a session only while a reload hands the tables over, from the old process to the new one: for some milliseconds.
    /// So `(local,inactive)` with `last_status=NONE` and `last_hdshk=<NEVER>` is what it shows all its life. `last_status=ESTA` there says that the last reload handed the tables over.
    ///
    /// Nothing has to be done about it. If tables do not replicate, look at the lines of the remote peers. It is told only if one asks for it: `--select runtime/local-inactive`.
    ///
    /// ## Example
    ///
    /// ```show-peers bad select=runtime/local-inactive
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
    /// ## Use instead
    ///
    /// This is how it looks when it is well:
    ///
    /// ```show-peers good select=runtime/local-inactive
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x6: id=a(local,active) addr=10.0.0.1:1024 last_status=NONE last_hdshk=<NEVER>
    ///         reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
    ///         flags=0x0
    /// ```
    ///
    /// ## Source
    ///
    /// `show peers` of HAProxy 2.0 to 3.5, captured in network namespaces.
    "runtime/local-inactive", Info, Runtime(check), normal: true
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    for node in &cluster.nodes {
        for section in &node.dump().sections {
            let Some(local) = section.local().filter(|l| l.active == Some(false)) else { continue };
            let told = match local.status().map(|s| s.letters()) {
                Some("ESTA") => "the last reload handed the tables over to this process",
                _ => "it has a session only while a reload hands the tables over",
            };
            out.report(
                Draft::at(node.at(local.span), format!("the local peer `{}` is inactive, and that is normal: {told}", local.name))
                    .help("look at the remote peers")
                    .nodes(vec![node.name.clone()]),
            );
        }
    }
}
