//! `runtime/protocol-mismatch`.

use crate::rules::prelude::*;
use crate::runtime::{
    dump::Status,
    probe::{Answer, Reached},
};

rule! {
    /// A peer does not understand the hello, or refuses the version of the protocol.
    ///
    /// ## Why
    ///
    /// `last_status=PROT` (501) and `VERS` (502) come from something that speaks the peers protocol, and not this one: a very old HAProxy, another product, or a proxy in between that changes bytes.
    ///
    /// It never passes by itself: after either a process does not connect again, until the other side does or it is reloaded.
    ///
    /// ## Example
    ///
    /// ```show-peers bad
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,inactive) addr=10.0.0.2:1024 last_status=VERS last_hdshk=10s
    ///         reconnect=<PAST> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=1 proto_err=0 coll=0
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
    /// `show peers` of HAProxy 2.0 to 3.5, captured in network namespaces.
    "runtime/protocol-mismatch", Error, Runtime(check)
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    out.report_all(cluster.probed(
        |r| matches!(r, Reached::Connected(Answer::Status(Status::Protocol | Status::Version | Status::Retry))),
        "let the address be the `peers` listener of a HAProxy, with nothing in between that changes bytes",
    ));
    for remote in cluster.in_state(&[State::NotUnderstood, State::OtherVersion]) {
        let (us, peer, address) = (&remote.node.name, &remote.peer.name, remote.peer.address());
        let what = match remote.seen.state {
            State::NotUnderstood => "does not understand the hello of",
            _ => "refuses the protocol version of",
        };
        let words = [remote.status_words(), remote.words(&["reconnect"])].join(" ");
        out.report(
            cluster
                .draft(&remote, "last_status", format!("what listens at {address} for `{peer}` {what} `{us}` (`{words}`)"))
                .help(format!("let {address} be the `peers` listener of a HAProxy of 1.5 or later, with nothing in between that changes bytes; then reload `{us}`, and look for `last_status=ESTA`"))
                .note(format!("this does not pass by itself: `{us}` does not connect again before it is reloaded, or the other side connects")),
        );
    }
}
