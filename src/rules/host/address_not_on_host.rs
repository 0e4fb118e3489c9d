//! `host/address-not-on-host`.

use std::collections::BTreeMap;

use crate::{
    rules::prelude::*,
    topology::{
        BindLine, Platform,
        needed::{Needed, needed, nonlocal, own},
    },
};

rule! {
    /// HAProxy is to use an address that is not on this host.
    ///
    /// ## Why
    ///
    /// `bind`, a node's own `peer` line and `stats socket` take an address of the machine itself. With any other HAProxy ends with
    /// `cannot bind socket (Cannot assign requested address)`; a wrong digit is enough. `source` is asked for at each connection: HAProxy
    /// starts, and no server is ever reached.
    ///
    /// `net.ipv4.ip_nonlocal_bind = 1` is right for an address that keepalived brings. It lets HAProxy start with a mistyped one too, but
    /// nobody arrives there. An address that is declared to move is the matter of `host/vip-bind`.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// topology: 1
    /// hosts:
    /// - name: lb1
    ///   addresses: [10.0.0.11]
    ///   sysctls: {net.ipv4.ip_nonlocal_bind: 0}
    /// configuration: |
    ///   frontend web
    ///       mode http
    ///       bind 10.0.9.11:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// topology: 1
    /// hosts:
    /// - name: lb1
    ///   addresses: [10.0.0.11]
    ///   sysctls: {net.ipv4.ip_nonlocal_bind: 0}
    /// configuration: |
    ///   frontend web
    ///       mode http
    ///       bind 10.0.0.11:80
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 and 2.8 in network namespaces.
    "host/address-not-on-host", Error, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut found: BTreeMap<Location, (Draft, Vec<&View>)> = BTreeMap::new();
    for view in &mesh.views {
        for needed in needed(mesh, view).filter(|n| !n.moves() && n.value != Some(true)) {
            // Which family's sysctl is set is another rule's matter.
            if needed.other_family == Some(true) && needed.value == Some(false) {
                continue;
            }
            let (draft, views) = found.entry(needed.listener.at).or_insert_with(|| (Draft::at(needed.listener.at, ""), Vec::new()));
            // The surest of the hosts is told.
            if views.is_empty() || needed.value == Some(false) {
                *draft = listening(mesh, view, &needed);
            }
            views.push(view);
        }
        for line in &mesh.summary(view).sources {
            if let Some(draft) = source(mesh, view, line) {
                found.entry(line.listener.at).or_insert_with(|| (draft, Vec::new())).1.push(view);
            }
        }
    }
    for (draft, views) in found.into_values() {
        out.report(draft.nodes(mesh.node_names(views)));
    }
}

fn listening(mesh: &Mesh<'_>, view: &View, needed: &Needed<'_>) -> Draft {
    let certain = needed.value == Some(false);
    let name = &mesh.node(view).name;
    let text = &needed.listener.text;
    let end = if certain { "HAProxy does not start" } else { "HAProxy does not start, unless a sysctl hides it" };
    let help = "write an address of this host, or `bind :PORT` for all of them";
    let draft = Draft::at(needed.listener.at, format!("`{name}` does not have the address of `{text}`: {end}"))
        .severity(if certain { Severity::Error } else { Severity::Warning })
        .confidence(if certain { Confidence::High } else { Confidence::Medium })
        .label("no address of this host")
        .help(match addresses(mesh, view) {
            Some(own) => format!("{help}; the host has {own}"),
            None => help.to_owned(),
        })
        .note("HAProxy says `cannot bind socket (Cannot assign requested address)`");
    if needed.peer_line {
        return draft;
    }
    draft.note(format!(
        "if keepalived brings this address, list it under `vips` in the topology; it needs `{} = 1` on each host",
        needed.sysctl
    ))
}

/// Where connections are to come from an address that is not there.
fn source(mesh: &Mesh<'_>, view: &View, line: &BindLine) -> Option<Draft> {
    let (node, group, listener) = (mesh.node(view), mesh.group(view), &line.listener);
    let ip = own(listener).filter(|_| group.platform == Platform::Host && !listener.namespace)?;
    let vip = mesh.topology.vips.iter().any(|v| v.address == ip);
    node.addresses.as_ref().filter(|a| !a.contains(&ip))?;
    let set = group.sysctl(nonlocal(ip).0).map(|s| s.value.trim() == "1");
    // A backup reaches no server from an address that another host has, and needs none then.
    let certain = !vip && set == Some(false);
    let message =
        format!("`{}` does not have the address `{}`: connections of {} cannot come from it", node.name, listener.text, line.proxy);
    let draft = Draft::at(listener.at, message)
        .severity(if certain { Severity::Error } else { Severity::Warning })
        .confidence(if certain { Confidence::High } else { Confidence::Medium })
        .label("no address of this host")
        .help("write an address that this host always has, or leave `source` out");
    Some(if set == Some(true) { draft.note("with `ip_nonlocal_bind` the connection is begun, but no answer arrives") } else { draft })
}

/// The addresses of a host, for people.
fn addresses(mesh: &Mesh<'_>, view: &View) -> Option<String> {
    let own: Vec<String> = mesh.node(view).addresses.iter().flatten().take(6).map(|a| format!("`{a}`")).collect();
    (!own.is_empty()).then(|| own.join(", "))
}
