//! `runtime/protocol-errors`.

use crate::rules::prelude::*;
use crate::runtime::Remote;

rule! {
    /// A session is up, and breaks again and again, or nothing is heard on it.
    ///
    /// ## Why
    ///
    /// `proto_err` counts messages that could not be understood, `no_hbt` sessions that were ended since nothing was heard for five seconds, `coll` connections that crossed. One or two collisions after a start are
    /// normal, and one `no_hbt` is what a host leaves behind that was switched off. What grows is not normal: a stream that something in between changes, a process that is frozen, a name that two nodes use.
    ///
    /// ## Example
    ///
    /// ```show-peers bad
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,active) addr=10.0.0.2:1024 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=3 coll=0
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
    "runtime/protocol-errors", Warning, Runtime(check)
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    for remote in cluster.remotes().filter(|r| matches!(r.seen.state, State::Established | State::Mute | State::Lost)) {
        out.report_all(judge(cluster, &remote));
    }
}

fn judge(cluster: &Cluster<'_>, remote: &Remote<'_>) -> Option<Draft> {
    let (us, peer, address) = (&remote.node.name, &remote.peer.name, remote.peer.address());
    let count = |key| remote.peer.fields.number(key).unwrap_or(0);
    let change = remote.seen.change.unwrap_or_default();
    if remote.seen.state == State::Mute {
        let words = remote.words(&["rx_hbt", "no_hbt", "new_conn"]);
        let message =
            format!("`{peer}` accepts the hello of `{us}` and is silent then (`{words}`): the session is ended and made anew, without end");
        let help = format!("the process at {address} is frozen, or no HAProxy: look at it there, and restart it; then `rx_hbt` grows");
        return Some(cluster.draft(remote, "no_hbt", message).severity(Severity::Error).help(help));
    }
    if count("proto_err") > 0 {
        let message = format!("messages of `{peer}` could not be understood by `{us}` (`{}`)", remote.words(&["proto_err"]));
        let help = "run the same HAProxy on both sides, and let nothing in between change bytes; the counter must stand still";
        return Some(cluster.draft(remote, "proto_err", message).help(help));
    }
    if change.coll > 1 && change.new_conn > 0 {
        let message =
            format!("the sessions of `{us}` and `{peer}` end each other: `{}`, {} more than before", remote.words(&["coll"]), change.coll);
        let help = "look for two nodes with one local name, and for NAT or a firewall that ends connections; the counter must stand still";
        return Some(cluster.draft(remote, "coll", message).help(help));
    }
    let severity = if change.no_hbt > 0 { Severity::Warning } else { Severity::Info };
    (count("no_hbt") > 0).then(|| {
        let message =
            format!("sessions of `{us}` with `{peer}` ended since nothing was heard for seconds (`{}`)", remote.words(&["no_hbt"]));
        let help = "ask twice, with `--interval 10s --samples 2`: a counter that stands still is the memory of a host that went away";
        cluster.draft(remote, "no_hbt", message).severity(severity).help(help)
    })
}
