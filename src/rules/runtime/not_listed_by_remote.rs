//! `runtime/not-listed-by-remote`.

use crate::rules::prelude::*;

rule! {
    /// A peer answers that it does not know this node's name.
    ///
    /// ## Why
    ///
    /// `last_status=UNKN` (504): the one that was called has the right name, and has no `peer` line for the one that calls. The lists of the two nodes differ, or this node goes by another
    /// name than the lists say.
    ///
    /// It never passes by itself: after `UNKN` a process does not connect again, until the other side does or it is reloaded.
    ///
    /// ## Example
    ///
    /// ```show-peers bad
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,inactive) addr=10.0.0.2:1024 last_status=UNKN last_hdshk=10s
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
    "runtime/not-listed-by-remote", Error, Runtime(check)
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    for remote in cluster.in_state(&[State::NotListed]) {
        let (node, peer, us) = (&remote.node.name, &remote.peer.name, remote.us());
        let whom = match remote.node.dump().local_name() {
            Some(local) if local == node => format!("`{local}`"),
            Some(local) => format!("`{local}`, the name that `{node}` goes by"),
            None => format!("the name that `{node}` goes by"),
        };
        let words = [remote.status_words(), remote.words(&["reconnect"])].join(" ");
        let mut draft = cluster
            .draft(&remote, "last_status", format!("`{peer}` has no `peer` line for {whom} (`{words}`)"))
            .help(format!(
                "on `{peer}`: add a line for `{us}` with its address and reload it, or start this node under the name that is listed there; \
                 then reload `{node}` as well, and look for `last_status=ESTA`"
            ))
            .note(format!("this does not pass by itself: `{node}` does not connect again before it is reloaded, or `{peer}` connects"));
        let other = cluster.named(peer).next().and_then(|n| n.dump().sections.iter().find(|s| s.name == remote.section.name));
        if let Some(section) = other {
            let names: Vec<String> = section.peers.iter().map(|p| format!("`{}`", p.name)).collect();
            draft = draft.note(format!("`{peer}` lists {}", names.join(", ")));
        }
        out.report(draft);
    }
}
