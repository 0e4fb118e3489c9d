//! `runtime/section-missing`.

use crate::rules::prelude::*;

rule! {
    /// `show peers` does not show a section that is configured, or shows none at all.
    ///
    /// ## Why
    ///
    /// HAProxy drops a `peers` section in which it does not find its own name, with one line at start: `Removing incomplete section 'peers …' (no peer named '…')`.
    /// It then runs without replication, and `show peers` is empty. A section with `disabled` in it is dropped without a word.
    ///
    /// The name that is looked for is what `-L` says, else `localpeer`, else the whole host name, case and domain included.
    ///
    /// ## Example
    ///
    /// ```show-peers bad
    /// $ echo "show peers" | socat stdio /run/haproxy.sock
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
    "runtime/section-missing", Error, Runtime(check)
}

const HELP: &str = "look for `Removing incomplete section` in HAProxy's log, compare the names of the `peer` lines with `-L`, `localpeer` or `hostname`, and \
look for `disabled`; then reload, and `show peers` shows the section";

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    for node in &cluster.nodes {
        let dump = node.dump();
        let wanted: Vec<_> =
            cluster.view(node).zip(cluster.mesh).map(|(view, mesh)| &mesh.summary(view).sections).into_iter().flatten().collect();
        let nodes = vec![node.name.clone()];
        if dump.sections.is_empty() && wanted.is_empty() {
            let message = match dump.no_such_section {
                true => format!("`{}` has no such `peers` section: it was dropped, or has another name", node.name),
                false => format!("`{}` runs no `peers` section: `show peers` is empty", node.name),
            };
            out.report(
                Draft::at(node.all(), message)
                    .help(HELP)
                    .note("no session will come of restarting the other nodes: this one does not take part")
                    .nodes(nodes),
            );
            continue;
        }
        let missing =
            wanted.into_iter().filter(|w| !w.name.is_empty() && !dump.sections.iter().any(|s| s.name == w.name || s.name.is_empty()));
        for section in missing {
            let name = &section.name;
            let mut draft = Draft::at(node.all(), format!("`{}` does not run `peers {name}`, which is configured", node.name))
                .help(HELP)
                .nodes(nodes.clone());
            if let Some(at) = section.at {
                draft = draft.also(at, "the section");
            }
            let local = cluster.view(node).and_then(|v| v.local.as_deref());
            if let Some(local) = local.filter(|local| section.peer(local).is_none()) {
                let names: Vec<String> = section.peers.iter().map(|p| format!("`{}`", p.shown)).collect();
                draft = draft.note(format!("the node goes by `{local}`, and the section lists {}", names.join(", ")));
            }
            out.report(draft);
        }
    }
}
