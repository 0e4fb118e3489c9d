//! `runtime/remote-other-name`.

use crate::rules::prelude::*;
use crate::runtime::{
    Remote,
    dump::Status,
    probe::{Answer, Reached},
};

rule! {
    /// The process at a peer's address goes by another name than it is called by.
    ///
    /// ## Why
    ///
    /// `last_status=NAME` (503): the one that was called compares the name in the hello with its own `localpeer`, byte by byte, and they differ. A host that was renamed, the full name against the
    /// short one, a missing `-L`, an address that leads to another node, or to the node itself: `0.0.0.0` when a variable was not set.
    ///
    /// It never passes by itself: after `NAME` a process does not connect again, until the other side does or it is reloaded. So this side has to be reloaded too.
    ///
    /// ## Example
    ///
    /// ```show-peers bad
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,inactive) addr=10.0.0.2:1024 last_status=NAME last_hdshk=6s
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
    "runtime/remote-other-name", Error, Runtime(check)
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    out.report_all(cluster.probed(
        |r| matches!(r, Reached::Connected(Answer::Status(Status::Name))),
        "call it by the name it goes by (`-L`, `localpeer`, or the whole host name), or start it under this name",
    ));
    for remote in cluster.in_state(&[State::OtherName]) {
        let (us, peer, address) = (&remote.node.name, &remote.peer.name, remote.peer.address());
        let words = [remote.status_words(), remote.words(&["reconnect"])].join(" ");
        if dials_itself(&remote) {
            out.report(
                cluster
                    .draft(&remote, "addr", format!("`{us}` connects to itself for `{peer}`: {address} is its own address (`{words}`)"))
                    .help(format!(
                        "give `{peer}` its own address: a variable in it was not set, or the line has the wrong one; then reload `{us}`"
                    ))
                    .note("a sysctl cannot help: the address leads here"),
            );
            continue;
        }
        let mut draft = cluster
            .draft(&remote, "last_status", format!("the process at {address} does not go by `{peer}`, as `{us}` calls it (`{words}`)"))
            .help(format!(
                "make both sides use one name: start the HAProxy at {address} with `-L {peer}`, or write its own name (`-L`, `localpeer`, or the whole host name) \
                 in the lines of all nodes; then reload `{us}` as well, and look for `last_status=ESTA`"
            ))
            .note(format!("this does not pass by itself: `{us}` does not connect again before it is reloaded, or the other side connects"));
        if let Some(node) = cluster.owner(&remote) {
            draft = draft.note(format!("the process at {address} is `{}`, by its own `show peers`", node.local_name()));
        }
        out.report(draft.note("names are compared byte by byte: `VM` is not `vm`, and `web1` not `web1.example.com`"));
    }
}

fn dials_itself(remote: &Remote<'_>) -> bool {
    let host = remote.peer.host_and_port().map_or("", |(host, _)| host);
    let own = remote.section.local().is_some_and(|l| l.address() == remote.peer.address());
    own || matches!(host, "0.0.0.0" | "::" | "*")
}
