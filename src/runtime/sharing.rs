//! Which tables reach which peers, as far as the dumps of both sides tell.

use super::{
    cluster::{Cluster, Node, Remote},
    dump::{SharedTable, Timer},
    session::State,
};

/// The tables of a node that do not reach a peer, with that peer.
pub(crate) fn lost(cluster: &Cluster<'_>, node: &Node) -> Vec<(String, String)> {
    let of_node = cluster.in_state(&[State::Established]).filter(|r| std::ptr::eq(r.node, node));
    let all = of_node.flat_map(|r| r.peer.tables.iter().map(move |t| (r, t)));
    let lost = all.filter(|(r, t)| t.fields.number("remote_id") == Some(0) && is_lost(cluster, r, t));
    lost.map(|(r, t)| (t.name.clone(), r.peer.name.clone())).collect()
}

/// Whether a table that the peer has not announced does not reach it.
pub(crate) fn is_lost(cluster: &Cluster<'_>, remote: &Remote<'_>, table: &SharedTable) -> bool {
    is_refused(remote, table) && !is_known(cluster, remote, table)
}

/// Whether the peer had reason to announce the table, and did not: it taught us, or it does not acknowledge what we push.
fn is_refused(remote: &Remote<'_>, table: &SharedTable) -> bool {
    let late = remote.peer.fields.get("app_state").is_some();
    let flags = remote.peer.fields.bits("flags").unwrap_or(0);
    let section = remote.section.fields.bits("flags").unwrap_or(0);
    let alone = remote.section.remotes().count() == 1;
    let taught = flags & (if late { 0x8 } else { 0x200 }) != 0 || (alone && section & (if late { 0x2000_0000 } else { 0x2000 }) != 0);
    let fresh = matches!(remote.peer.fields.timer("last_hdshk"), Some(Timer::Span(s)) if s.as_secs() < 2);
    let ignored = table.fields.number("last_pushed").is_some_and(|n| n > 0) && table.fields.number("update") == Some(0);
    !fresh && (taught || ignored)
}

/// Whether the other side's own dump shows that it accepted the table: one that never pushed announces nothing.
fn is_known(cluster: &Cluster<'_>, remote: &Remote<'_>, table: &SharedTable) -> bool {
    theirs(cluster, remote, table).is_some_and(|t| t.fields.number("remote_id").is_some_and(|id| id > 0))
}

/// How a table is called on the wire: one of the section without the section's name.
fn wire<'t>(section: &str, table: &'t str) -> &'t str {
    table.strip_prefix(section).filter(|rest| rest.starts_with('/')).unwrap_or(table)
}

/// The same table as the other side's own dump shows it.
pub(crate) fn theirs<'c>(cluster: &'c Cluster<'_>, remote: &Remote<'_>, table: &SharedTable) -> Option<&'c SharedTable> {
    let other = cluster.named(&remote.peer.name).next()?;
    other.dump().sections.iter().find_map(|section| {
        let us = section.peers.iter().find(|p| p.name == remote.us())?;
        us.tables.iter().find(|t| wire(&section.name, &t.name) == wire(&remote.section.name, &table.name))
    })
}
