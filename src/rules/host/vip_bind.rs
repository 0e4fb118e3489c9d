//! `host/vip-bind`.

use std::collections::BTreeMap;

use crate::{
    rules::prelude::*,
    topology::{
        Sysctl,
        needed::{Needed, needed},
    },
};

rule! {
    /// HAProxy listens on an address that moves between hosts, and a host that does not have it now cannot start HAProxy.
    ///
    /// ## Why
    ///
    /// A virtual address (VRRP, keepalived) is on one host at a time. On the others `bind` fails with `cannot bind socket (Cannot assign requested
    /// address)`, HAProxy does not run, and when the address moves there nobody answers.
    ///
    /// `net.ipv4.ip_nonlocal_bind = 1` (for IPv6 `net.ipv6.ip_nonlocal_bind`) lets HAProxy listen on an address before the host has it. Here
    /// that is the right cure; in a pod it only hides a fault. `bind *:PORT` needs no sysctl, and `transparent` on the `bind` line needs none
    /// either, but root or `CAP_NET_ADMIN`.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// topology: 1
    /// vips: [10.0.0.100]
    /// hosts:
    /// - name: lb1
    ///   addresses: [10.0.0.11]
    ///   sysctls: {net.ipv4.ip_nonlocal_bind: 0}
    /// - name: lb2
    ///   addresses: [10.0.0.12]
    ///   sysctls: {net.ipv4.ip_nonlocal_bind: 0}
    /// configuration: |
    ///   frontend web
    ///       mode http
    ///       bind 10.0.0.100:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// topology: 1
    /// vips: [10.0.0.100]
    /// hosts:
    /// - name: lb1
    ///   addresses: [10.0.0.11]
    ///   sysctls: {net.ipv4.ip_nonlocal_bind: 1}
    /// - name: lb2
    ///   addresses: [10.0.0.12]
    ///   sysctls: {net.ipv4.ip_nonlocal_bind: 1}
    /// configuration: |
    ///   frontend web
    ///       mode http
    ///       bind 10.0.0.100:80
    /// ```
    ///
    /// ## Source
    ///
    /// rcbops/rpc-openstack#3019, openstack/kolla-ansible; observed with HAProxy 2.6 and 2.8 in network namespaces.
    "host/vip-bind", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut found: BTreeMap<Location, (Draft, Vec<&View>)> = BTreeMap::new();
    for view in &mesh.views {
        for needed in needed(mesh, view).filter(|n| n.moves() && !n.peer_line && n.value != Some(true)) {
            // Which family's sysctl is set is another rule's matter.
            if needed.other_family == Some(true) && needed.value == Some(false) {
                continue;
            }
            let new = || (overridden(mesh, mesh.group(view), &needed, draft(mesh, &needed)), Vec::new());
            found.entry(needed.listener.at).or_insert_with(new).1.push(view);
        }
    }
    for (draft, views) in found.into_values() {
        out.report(draft.nodes(mesh.node_names(views)));
    }
}

fn draft(mesh: &Mesh<'_>, needed: &Needed<'_>) -> Draft {
    let text = &needed.listener.text;
    let certain = needed.value == Some(false);
    let why = if certain { format!("and `{}` is 0", needed.sysctl) } else { format!("unless `{}` is 1", needed.sysctl) };
    let message = format!("a host that does not have `{text}` at the moment cannot start HAProxy, {why}");
    let every = if needed.listener.address.host.ip().is_some_and(|ip| ip.is_ipv6()) { "[::]:PORT" } else { "*:PORT" };
    let help = format!(
        "write `{} = 1` into a file of /etc/sysctl.d and load it with `sysctl --system`; or bind `{every}`; or write `transparent` behind \
         the address, for which HAProxy must start as root or keep CAP_NET_ADMIN",
        needed.sysctl
    );
    let draft = Draft::at(needed.listener.at, message)
        .offer_if("let HAProxy take the address without having it", mesh.transparent(needed.listener))
        .severity(if certain { Severity::Error } else { Severity::Warning })
        .confidence(if certain { Confidence::High } else { Confidence::Medium })
        .label("this address moves between hosts")
        .help(help)
        .note("HAProxy says `cannot bind socket (Cannot assign requested address)`, and is not there when the address moves to that host");
    let Some(vip) = needed.vip.map(|at| &mesh.topology.vips[at]) else {
        let holder = needed.holder.map_or("another host", |at| mesh.topology.nodes[at].name.as_str());
        return draft.note(format!("`{holder}` has it now beside an address of its own; write it into `vips` of the topology to be sure"));
    };
    // One file for each host declares the same address.
    let declared = mesh.topology.vips.iter().filter(|v| v.address == vip.address).filter_map(|v| v.role.as_ref());
    let backups: Vec<String> = declared.filter(|r| !r.master).map(|r| format!("`{}`", mesh.host_called(&r.host))).collect();
    let draft = draft.also(vip.at, "it is declared here");
    if backups.is_empty() {
        draft
    } else {
        draft.note(format!("keepalived begins as BACKUP, without the address, on {}", backups.join(", ")))
    }
}

/// Where one file sets the sysctl and another one, which is read later, takes that back: that is the file to be changed.
fn overridden(mesh: &Mesh<'_>, group: &Group, needed: &Needed<'_>, draft: Draft) -> Draft {
    let is_set = |said: &&Sysctl| said.name == needed.sysctl && said.value.trim() == "1";
    let last = group.sysctl(needed.sysctl).filter(|last| !is_set(last)).and_then(|last| last.at);
    let before = group.sysctls.iter().find(is_set).and_then(|said| said.at);
    let (Some(last), Some(before)) = (last, before) else { return draft };
    let name = |at: Location| mesh.topology.sources.file(at.file).name().to_owned();
    let (wins, loses) = (name(last), name(before));
    draft
        .help(format!(
            "`{wins}` sets `{sysctl}` to 0 after `{loses}` has set it to 1: take it out of `{wins}`, or give the other file a name that comes \
             later, and load all with `sysctl --system`",
            sysctl = needed.sysctl
        ))
        .also(last, "the last name of a file counts: this is what the host gets")
        .also(before, "this is overwritten")
}
