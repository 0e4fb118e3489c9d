//! `runtime/not-relayed`.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    rules::prelude::*,
    runtime::{Node, dump::Section as Running},
};

rule! {
    /// Two nodes are joined to a third one and not to each other: they share nothing.
    ///
    /// ## Why
    ///
    /// A node sends to its peers what happens on itself. What it learns from one peer it does not send to another one. In a star
    /// each node at the edge exchanges entries with the centre alone, although every session is established. Only when a node
    /// starts does it get all that the centre has.
    ///
    /// ## Example
    ///
    /// ```show-peers bad
    /// > show peers
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=a(remote,active) addr=10.0.0.1:1024 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
    ///         shared tables:
    ///           0x4 local_id=1 remote_id=1 flags=0x0 remote_data=0x14
    ///               last_acked=0 last_pushed=1 last_get=0 teaching_origin=0 update=1
    ///               table:0x5 id=st update=1 localupdate=1 commitupdate=1 refcnt=1
    ///   0x6: id=b(local,inactive) addr=10.0.0.2:1024 last_status=NONE last_hdshk=<NEVER>
    ///         reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
    ///         flags=0x0
    /// > show peers
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=a(remote,active) addr=10.0.0.1:1024 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
    ///         shared tables:
    ///           0x4 local_id=1 remote_id=1 flags=0x0 remote_data=0x14
    ///               last_acked=0 last_pushed=1 last_get=0 teaching_origin=0 update=1
    ///               table:0x5 id=st update=1 localupdate=1 commitupdate=1 refcnt=1
    ///   0x6: id=c(local,inactive) addr=10.0.0.3:1024 last_status=NONE last_hdshk=<NEVER>
    ///         reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
    ///         flags=0x0
    /// ```
    ///
    /// ## Use instead
    ///
    /// This is how it looks when it is well:
    ///
    /// ```show-peers good
    /// > show peers
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=a(remote,active) addr=10.0.0.1:1024 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
    ///         shared tables:
    ///           0x4 local_id=1 remote_id=1 flags=0x0 remote_data=0x14
    ///               last_acked=0 last_pushed=1 last_get=0 teaching_origin=0 update=1
    ///               table:0x5 id=st update=1 localupdate=1 commitupdate=1 refcnt=1
    ///   0x2: id=c(remote,active) addr=10.0.0.3:1024 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
    ///         shared tables:
    ///           0x4 local_id=1 remote_id=1 flags=0x0 remote_data=0x14
    ///               last_acked=0 last_pushed=1 last_get=0 teaching_origin=0 update=1
    ///               table:0x5 id=st update=1 localupdate=1 commitupdate=1 refcnt=1
    ///   0x6: id=b(local,inactive) addr=10.0.0.2:1024 last_status=NONE last_hdshk=<NEVER>
    ///         reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
    ///         flags=0x0
    /// > show peers
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=a(remote,active) addr=10.0.0.1:1024 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
    ///         shared tables:
    ///           0x4 local_id=1 remote_id=1 flags=0x0 remote_data=0x14
    ///               last_acked=0 last_pushed=1 last_get=0 teaching_origin=0 update=1
    ///               table:0x5 id=st update=1 localupdate=1 commitupdate=1 refcnt=1
    ///   0x2: id=b(remote,active) addr=10.0.0.2:1024 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
    ///         shared tables:
    ///           0x4 local_id=1 remote_id=1 flags=0x0 remote_data=0x14
    ///               last_acked=0 last_pushed=1 last_get=0 teaching_origin=0 update=1
    ///               table:0x5 id=st update=1 localupdate=1 commitupdate=1 refcnt=1
    ///   0x6: id=c(local,inactive) addr=10.0.0.3:1024 last_status=NONE last_hdshk=<NEVER>
    ///         reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
    ///         flags=0x0
    /// ```
    ///
    /// ## Source
    ///
    /// `peers.c`: entries learned from a peer are touched as remote ones; observed with HAProxy 2.6 and 2.8 in network namespaces.
    "runtime/not-relayed", Error, Runtime(check)
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    let mut running: BTreeMap<&str, Vec<(&Node, &Running)>> = BTreeMap::new();
    for node in cluster.nodes.iter().filter(|n| !n.dump().cut) {
        for section in node.dump().sections.iter().filter(|s| s.local().is_some()) {
            running.entry(&section.name).or_default().push((node, section));
        }
    }
    for (name, nodes) in running {
        let mut apart: BTreeSet<&str> = BTreeSet::new();
        let mut first = None;
        for (at, (one, mine)) in nodes.iter().enumerate() {
            for (two, theirs) in nodes.iter().skip(at + 1) {
                if is_apart(mine, theirs) && tables(mine).intersection(&tables(theirs)).next().is_some() {
                    apart.extend([one.name.as_str(), two.name.as_str()]);
                    first = first.or(Some(one.at(mine.span)));
                }
            }
        }
        let Some(place) = first else { continue };
        let names: Vec<String> = apart.iter().take(6).map(|n| format!("`{n}`")).collect();
        out.report(
            Draft::at(
                place,
                format!("not shared: {} are not joined to each other in `peers {name}`, and nobody passes entries on", names.join(", ")),
            )
            .help("list the same peers on every node, and reload them: each sends its entries only to those that it is joined to")
            .nodes(apart.iter().map(|n| (*n).to_owned()).collect()),
        );
    }
}

/// Neither lists the other, and both list a third one.
fn is_apart(one: &Running, two: &Running) -> bool {
    let name = |s: &Running| s.local().map(|p| p.name.clone()).unwrap_or_default();
    let lists = |s: &Running, other: &str| s.peers.iter().any(|p| p.name == other);
    let third = one.remotes().any(|p| two.remotes().any(|q| q.name == p.name));
    third && name(one) != name(two) && !lists(one, &name(two)) && !lists(two, &name(one))
}

/// The tables that a node shares with somebody.
fn tables(section: &Running) -> BTreeSet<&str> {
    section.remotes().flat_map(|p| &p.tables).map(|t| t.name.as_str()).collect()
}
