//! `runtime/duplicate-peer`.

use std::collections::{HashMap, HashSet};

use crate::rules::prelude::*;

rule! {
    /// Two peers go by one name, or two of a section have one address.
    ///
    /// ## Why
    ///
    /// HAProxy 2.0 to 2.7 accept a name twice in a section: only one of the two lines is found when that peer connects, and connections are made for both. Two nodes that go by one name end each other's sessions at every third node. Two names with one
    /// address cannot both be right: the process there has one name.
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
    ///               last_acked=0 last_pushed=1 last_get=0 teaching_origin=0 update=1
    ///               table:0x5 id=st update=1 localupdate=1 commitupdate=1 refcnt=1
    ///   0x2: id=b(remote,active) addr=10.0.0.3:1024 last_status=ESTA last_hdshk=7s
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
    /// HAProxy 2.0 to 2.6; haproxy/haproxy#938.
    "runtime/duplicate-peer", Error, Runtime(check)
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    for node in &cluster.nodes {
        for section in node.dump().sections.iter().filter(|s| !s.name.is_empty()) {
            let (mut names, mut addresses) = (HashSet::new(), HashSet::new());
            for peer in &section.peers {
                let at = node.at(peer.span);
                if !names.insert(&peer.name) {
                    out.report(
                        Draft::at(at, format!("`peers {}` of `{}` has two peers that are called `{}`", section.name, node.name, peer.name))
                            .help("give each peer its own name, the one that its process goes by, and reload")
                            .nodes(vec![node.name.clone()]),
                    );
                } else if peer.is_remote() && peer.host_and_port().is_some_and(|(_, port)| port > 0) && !addresses.insert(peer.address()) {
                    out.report(
                        Draft::at(
                            at,
                            format!("two peers of `peers {}` of `{}` have the address {}", section.name, node.name, peer.address()),
                        )
                        .severity(Severity::Warning)
                        .help("give each peer its own address, and reload")
                        .nodes(vec![node.name.clone()]),
                    );
                }
            }
        }
    }
    twins(cluster, out);
}

/// Nodes that were asked apart, and go by one name in one section.
fn twins(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    let mut known: HashMap<(&str, &str), &str> = HashMap::new();
    for node in cluster.nodes.iter().filter(|n| n.named) {
        for section in &node.dump().sections {
            let Some(local) = section.local() else { continue };
            if let Some(first) = known.insert((&section.name, &local.name), &node.name) {
                out.report(
                    Draft::at(
                        node.at(local.span),
                        format!("`{first}` and `{}` both go by `{}` in `peers {}`", node.name, local.name, section.name),
                    )
                    .help("give each node its own `-L` or host name, and restart them: each takes the other for itself")
                    .nodes(vec![first.to_owned(), node.name.clone()]),
                );
            }
        }
    }
}
