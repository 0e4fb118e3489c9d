//! `runtime/pair-not-established`.

use crate::rules::prelude::*;
use crate::runtime::Remote;

rule! {
    /// Two peers that are configured have no session, seen from either side.
    ///
    /// ## Why
    ///
    /// One session is enough for two nodes, whoever opened it. If neither side has one, the two share nothing. This is told where no other rule names the cause for a side, and once for each pair whose two sides were
    /// both asked. `ESTA` stays shown after a session ended: only `active` says that there is one.
    ///
    /// ## Example
    ///
    /// ```show-peers bad
    /// 0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=12
    ///   0x2: id=b(remote,inactive) addr=10.0.0.2:1024 last_status=ESTA last_hdshk=7s
    ///         reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0
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
    "runtime/pair-not-established", Error, Runtime(check)
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    for remote in cluster.in_state(&[State::Lost, State::NotTried, State::Unknown, State::Collision]).filter(|r| !r.pair.established) {
        if remote.seen.state == State::Unknown && remote.node.dump().cut {
            continue;
        }
        let (us, peer) = (&remote.node.name, &remote.peer.name);
        let words = [remote.status_words(), remote.words(&["reconnect"])].join(" ");
        let what = match remote.seen.state {
            State::Lost => "the last session ended, and the next attempt is to come",
            State::NotTried => "no attempt was made yet",
            State::Collision => "it was told to try again",
            _ => "the dump does not tell",
        };
        out.report(
            cluster
                .draft(&remote, "last_status", format!("`{us}` has no session with `{peer}`: {what} (`{}`)", words.trim()))
                .help(format!(
                    "ask again in ten seconds, or with `--wait 30s`: a healthy pair is there by then. Else look at whether `{peer}` runs"
                ))
                .confidence(Confidence::Medium),
        );
    }
    both_sides(cluster, out);
    not_running(cluster, out);
    alone(cluster, out);
}

/// Sections without anybody to share with.
fn alone(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    for node in cluster.nodes.iter().filter(|n| !n.dump().cut) {
        for section in node.dump().sections.iter().filter(|s| s.local().is_some() && s.peers.len() == 1) {
            out.report(
                Draft::at(node.at(section.span), format!("`{}` has nobody to share with in `peers {}`: the local peer is the only one", node.name, section.name))
                    .severity(Severity::Warning)
                    .help("give each remote `server` or `peer` line an address: HAProxy drops one without, and says nothing. For one node alone this is as it should be")
                    .nodes(vec![node.name.clone()]),
            );
        }
    }
}

/// The verdict over a pair whose two sides were asked.
fn both_sides(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    for pair in cluster.pairs.iter().filter(|p| !p.established) {
        let [Some(a), Some(b)] = pair.sides.map(|side| side.map(|at| cluster.remote(&cluster.seen[at]))) else { continue };
        let side = |r: &Remote<'_>| format!("`{}` says `{}` of `{}`", r.node.name, r.status_words(), r.peer.name);
        let broken = |r: &Remote<'_>| !matches!(r.seen.state, State::Lost | State::NotTried | State::Unknown | State::Collision);
        if !broken(&a) || !broken(&b) {
            continue;
        }
        let mut nodes = vec![a.node.name.clone(), b.node.name.clone()];
        nodes.sort();
        out.report(
            Draft::at(
                a.at("last_status"),
                format!("`{}` and `{}` share nothing in `peers {}`: neither has a session", pair.names[0], pair.names[1], pair.section),
            )
            .help("one working direction is enough: mend the side that is easier to mend")
            .note(format!("{}; {}", side(&a), side(&b)))
            .nodes(nodes)
            .consequence(),
        );
    }
}

/// Peers that are configured, and that the running process does not have.
fn not_running(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    for node in &cluster.nodes {
        let Some((view, mesh)) = cluster.view(node).zip(cluster.mesh) else { continue };
        for section in &mesh.summary(view).sections {
            let Some(running) = node.dump().sections.iter().find(|s| s.name == section.name).filter(|_| !node.dump().cut) else { continue };
            for line in view.remotes(section) {
                let Some(name) = line.name.as_deref().filter(|n| !running.peers.iter().any(|p| p.name == **n)) else { continue };
                out.report(
                    Draft::at(
                        node.at(running.span),
                        format!("`{}` runs `peers {}` without `{name}`, which is configured", node.name, section.name),
                    )
                    .help("reload HAProxy: it runs an older configuration, or dropped the line since it has no address")
                    .also(line.at, "the line")
                    .nodes(vec![node.name.clone()]),
                );
            }
        }
    }
}
