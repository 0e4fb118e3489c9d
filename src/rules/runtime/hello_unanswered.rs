//! `runtime/hello-unanswered`.

use crate::rules::prelude::*;
use crate::runtime::probe::{Answer, Reached};

rule! {
    /// A peer accepts the connection, and does not answer the hello.
    ///
    /// ## Why
    ///
    /// `last_status=HSHK`: TCP works, and no answer came. With `active` and `state=EST` the other side keeps silent: a listener that waits for TLS, a process that hangs, or another service. With `inactive`
    /// it closed the connection at once: TLS on one side only, a proxy without servers behind it, or a listener that expects the PROXY protocol.
    ///
    /// From 3.3 on HAProxy shows `HSHK` for a refused connection too, since it queues the hello before the connection is made: then `runtime/remote-unreachable` says both.
    ///
    /// ## Example
    ///
    /// ```show-peers bad
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,inactive) addr=10.0.0.2:1024 last_status=HSHK last_hdshk=3s
    ///         reconnect=1s heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=30 proto_err=0 coll=0
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
    "runtime/hello-unanswered", Error, Runtime(check)
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    out.report_all(cluster.probed(
        |r| matches!(r, Reached::Connected(Answer::Silence | Answer::Closed | Answer::Tls | Answer::NoTls)),
        "write `ssl` on both sides or on neither, and let the address be the `peers` listener of that node",
    ));
    for remote in cluster.in_state(&[State::Silent, State::Closed]) {
        let (us, peer, address) = (&remote.node.name, &remote.peer.name, remote.peer.address());
        let words = [remote.status_words(), remote.words(&["new_conn", "state"])].join(" ");
        let what = match remote.seen.state {
            State::Silent => "accepts the connection and does not answer the hello",
            _ => "accepts the connection and closes it at once",
        };
        let help = match remote.seen.state {
            State::Silent => format!(
                "let {address} be the `peers` listener of `{peer}`, with `ssl` on both sides or on neither; a HAProxy that hangs there wants a restart"
            ),
            _ => format!(
                "write `ssl` on both sides or on neither, and let {address} be the `peers` listener of `{peer}` and nothing in front of it"
            ),
        };
        out.report(
            cluster
                .draft(&remote, "last_status", format!("`{us}` has no session with `{peer}`: {address} {what} (`{}`)", words.trim()))
                .help(help)
                .note("by hand: `printf 'HAProxyS 2.1\\nNAME\\nnobody 1 1\\n' | nc HOST PORT` answers 504 where the right HAProxy listens without TLS")
                .note("it is tried again every five seconds by itself: once it is mended, `last_status=ESTA` follows without a reload"),
        );
    }
}
