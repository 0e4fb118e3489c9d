//! `runtime/table-not-shared`.

use std::collections::BTreeMap;

use crate::config::DataType;
use crate::rules::prelude::*;
use crate::runtime::{Node, Remote, dump::SharedTable, sharing};

rule! {
    /// A session is up, and a table does not go over it, or not all of it.
    ///
    /// ## Why
    ///
    /// Each side announces its tables by name, key type and key length. A table that the other side does not have alike is ignored without a word: `remote_id=0 remote_data=0x0`, and `update` stays behind
    /// `last_pushed`. A table inside of a `peers` section is called `/NAME` on the wire, one of a proxy by the proxy's name: the two never meet.
    ///
    /// A section without any table on any node is told as well: its sessions are established, and nothing goes over them.
    ///
    /// Of two tables with different `store` lists only what both store is shared; `remote_data` has a bit for each type that the other side stores.
    ///
    /// ## Example
    ///
    /// ```show-peers bad
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,active) addr=10.0.0.2:1024 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
    ///         last_local_table:0x4 id=st local_id=1 remote_id=0
    ///         shared tables:
    ///           0x4 local_id=1 remote_id=0 flags=0x0 remote_data=0x0
    ///               last_acked=0 last_pushed=1 last_get=0 teaching_origin=0 update=0
    ///               table:0x5 id=st update=1 localupdate=1 commitupdate=1 refcnt=1
    ///   0x6: id=a(local,inactive) addr=10.0.0.1:1024 last_status=NONE last_hdshk=<NEVER>
    ///         reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
    ///         flags=0x0
    /// ```
    ///
    /// ```show-peers bad
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,active) addr=10.0.0.2:1024 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
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
    "runtime/table-not-shared", Warning, Runtime(check)
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    empty(cluster, out);
    for remote in cluster.in_state(&[State::Established]) {
        for table in &remote.peer.tables {
            match table.fields.number("remote_id") {
                Some(0) if sharing::is_lost(cluster, &remote, table) => out.report(missing(cluster, &remote, table)),
                Some(1..) => out.report_all(different(cluster, &remote, table)),
                _ => {}
            }
        }
    }
}

/// Sections without any table, of which no configuration is at hand that would show the line: their sessions are up, and of no use.
fn empty(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    let mut bare: BTreeMap<&str, Vec<Remote<'_>>> = BTreeMap::new();
    for remote in cluster.in_state(&[State::Established]) {
        let dump = remote.node.dump();
        let whole = !dump.cut
            && !dump.is_short()
            && !remote.section.name.is_empty()
            && !remote.section.is_old()
            && remote.peer.fields.get("reconnect").is_some();
        let seen = bare.get(remote.section.name.as_str()).is_some_and(|all| all.iter().any(|r| std::ptr::eq(r.node, remote.node)));
        if whole && !seen && cluster.view(remote.node).is_none() && remote.section.peers.iter().all(|p| p.tables.is_empty()) {
            bare.entry(&remote.section.name).or_default().push(remote);
        }
    }
    for (section, remotes) in bare {
        let has = |node: &&Node| node.dump().sections.iter().any(|s| s.name == section && s.peers.iter().any(|p| !p.tables.is_empty()));
        // Where another node has tables there, it is told of those.
        let Some(first) = remotes.first().filter(|_| !cluster.nodes.iter().any(|node| has(&node))) else { continue };
        let names: Vec<String> = remotes.iter().map(|remote| format!("`{}`", remote.node.name)).collect();
        let message = format!(
            "no table is replicated through `peers {section}` of {}: the sessions are up, and nothing goes over them",
            names.join(", ")
        );
        out.report(
            Draft::at(first.node.at(first.section.span), message)
                .help(format!(
                    "write `peers {section}` behind the `stick-table` lines whose tables the nodes are to share, and reload them"
                ))
                .nodes(remotes.iter().map(|remote| remote.node.name.clone()).collect()),
        );
    }
}

fn missing(cluster: &Cluster<'_>, remote: &Remote<'_>, table: &SharedTable) -> Draft {
    let (us, peer, name) = (&remote.node.name, &remote.peer.name, &table.name);
    let words: Vec<String> =
        ["remote_id", "remote_data"].iter().filter_map(|k| table.fields.get(k)).map(|f| format!("{}={}", f.key, f.value)).collect();
    let at = table.fields.get("remote_id").map_or(table.span, |f| f.span);
    let draft = cluster.draft(
        remote,
        "addr",
        format!("table `{name}` of `{us}` does not reach `{peer}`, though the session is up (`{}`)", words.join(" ")),
    );
    let draft = Draft { location: Some(remote.node.at(at)), ..draft };
    let draft = draft
        .help(format!("declare `{name}` alike on both nodes: the same name of the proxy or `table`, the same `type` and `len`; reload, and `remote_id` is not 0"));
    let other = cluster.named(peer).next();
    // With the word of both sides that nothing at all is shared, the session is of no use.
    let nothing = remote.peer.tables.iter().all(|t| t.fields.number("remote_id") == Some(0));
    let draft = if nothing && other.is_some() { draft.severity(Severity::Error) } else { draft };
    match (sharing::theirs(cluster, remote, table), other) {
        (Some(_), _) => draft.note(format!("`{peer}` has a table of that name: its `type` or `len` is another")),
        (None, Some(other)) => {
            let of_us = other.dump().sections.iter().flat_map(|s| &s.peers).filter(|p| p.name == remote.us());
            let names: Vec<String> = of_us.flat_map(|p| &p.tables).map(|t| format!("`{}`", t.name)).collect();
            let shown = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            draft.note(format!("`{peer}` shares no table of that name; it shares {shown}"))
        }
        _ => draft,
    }
}

/// The types that a table may store, in the order of their bits.
const TYPES: [&str; 27] = [
    "server_id",
    "gpt0",
    "gpc0",
    "gpc0_rate",
    "conn_cnt",
    "conn_rate",
    "conn_cur",
    "sess_cnt",
    "sess_rate",
    "http_req_cnt",
    "http_req_rate",
    "http_err_cnt",
    "http_err_rate",
    "bytes_in_cnt",
    "bytes_in_rate",
    "bytes_out_cnt",
    "bytes_out_rate",
    "gpc1",
    "gpc1_rate",
    "server_key",
    "http_fail_cnt",
    "http_fail_rate",
    "gpt",
    "gpc",
    "gpc_rate",
    "glitch_cnt",
    "glitch_rate",
];

fn types(bits: u64) -> String {
    let names: Vec<&str> = (0..64).filter(|bit| bits >> bit & 1 == 1).map(|bit| TYPES.get(bit).copied().unwrap_or("?")).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(",") }
}

/// Each side's dump says what the other stores.
fn different(cluster: &Cluster<'_>, remote: &Remote<'_>, table: &SharedTable) -> Option<Draft> {
    let their_types = table.fields.bits("remote_data")?;
    let ours = sharing::theirs(cluster, remote, table).filter(|t| t.fields.number("remote_id").is_some_and(|id| id > 0));
    // Of a pair that is seen from both sides one tells.
    let our_types = match ours {
        Some(_) if remote.us() > remote.peer.name.as_str() => return None,
        Some(theirs) => theirs.fields.bits("remote_data")?,
        None => configured(cluster, remote, table)?,
    };
    if our_types == their_types {
        return None;
    }
    let (us, peer, name) = (&remote.node.name, &remote.peer.name, &table.name);
    let draft = cluster.draft(
        remote,
        "addr",
        format!(
            "table `{name}` stores {} on `{us}` and {} on `{peer}`: only what both store is shared",
            types(our_types),
            types(their_types)
        ),
    );
    let at = table.fields.get("remote_data").map_or(table.span, |f| f.span);
    Some(
        Draft { location: Some(remote.node.at(at)), ..draft }
            .help(format!("write the same `store` list for `{name}` on both nodes, and reload them")),
    )
}

/// What the configuration of the node stores in it.
fn configured(cluster: &Cluster<'_>, remote: &Remote<'_>, table: &SharedTable) -> Option<u64> {
    let view = cluster.view(remote.node)?;
    let tables = cluster.mesh?.summary(view).sections.iter().find(|s| s.name == remote.section.name)?;
    let table = tables.tables.iter().find(|t| t.name == table.name)?;
    let bit = |stored: &DataType| Some(1u64 << TYPES.iter().position(|t| *t == stored.name)?);
    table.store.iter().map(bit).sum()
}
