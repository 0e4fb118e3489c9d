//! `host/vip-as-peer`.

use crate::{
    rules::prelude::*,
    topology::{Section, Target, View, matrix::Link},
};

rule! {
    /// A peer has an address that moves between hosts, or listens on one.
    ///
    /// ## Why
    ///
    /// A peer is one certain process. Behind a virtual address is whoever is master at the moment: the master connects to itself, and a backup reaches
    /// the master under the wrong name. `show peers` says `last_status=NAME`, and HAProxy does not try again. A `bind` line with such an address takes
    /// no connection that comes to a host's own address, and none at all where the host is the backup.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// topology: 1
    /// vips: [10.0.0.100]
    /// hosts:
    /// - name: lb1
    ///   addresses: [10.0.0.11]
    /// - name: lb2
    ///   addresses: [10.0.0.12]
    /// configuration: |
    ///   peers cluster
    ///       peer lb1 10.0.0.100:1024
    ///       peer lb2 10.0.0.12:1024
    ///
    ///   backend sessions
    ///       stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ```yaml bad
    /// topology: 1
    /// vips: [10.0.0.100]
    /// hosts:
    /// - {name: lb1, addresses: [10.0.0.11], sysctls: {net.ipv4.ip_nonlocal_bind: 1}}
    /// - {name: lb2, addresses: [10.0.0.12], sysctls: {net.ipv4.ip_nonlocal_bind: 1}}
    /// configuration: |
    ///   peers cluster
    ///       bind 10.0.0.100:1024
    ///       .if streq("$HAPROXY_LOCALPEER",lb1)
    ///       server lb1
    ///       server lb2 10.0.0.12:1024
    ///       .else
    ///       server lb1 10.0.0.11:1024
    ///       server lb2
    ///       .endif
    ///
    ///   backend sessions
    ///       stick-table type ip size 100k expire 30m peers cluster
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
    /// - name: lb2
    ///   addresses: [10.0.0.12]
    /// configuration: |
    ///   peers cluster
    ///       peer lb1 10.0.0.11:1024
    ///       peer lb2 10.0.0.12:1024
    ///
    ///   backend sessions
    ///       stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// Follows from the protocol: a process turns away who calls it by another name (status 503).
    "host/vip-as-peer", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told = Vec::new();
    for (_, section, views) in mesh.by_group() {
        if let Some(draft) = listens(mesh, section, &views).filter(|_| section.bind.as_ref().is_some_and(|bind| !told.contains(&bind.at))) {
            told.extend(section.bind.as_ref().map(|bind| bind.at));
            out.report(draft);
        }
        for peer in &section.peers {
            let Some(address) = peer.address.as_ref().filter(|a| !told.contains(&a.at)) else { continue };
            let Target::Vip(vip) = mesh.target(views[0], &address.address.host) else { continue };
            told.push(address.at);
            let to = mesh.called(views[0], peer.name.as_deref());
            let edit = to.and_then(|to| mesh.word(address.at, &mesh.address_of(to, &section.name)?));
            out.report(
                Draft::at(address.at, format!("`{}` has the address `{}`, which moves between hosts", peer.shown, address.text))
                    .fix_if("write its own address", edit.map(|e| vec![e]))
                    .label("now one host, now another")
                    .help(format!("write the address that `{}` always has", peer.shown))
                    .note("the master connects to itself, and a backup reaches the master under the wrong name: `last_status=NAME`")
                    .also(mesh.topology.vips[vip].at, "it is declared here")
                    .nodes(mesh.node_names(views.iter().copied())),
            );
        }
    }
}

/// A `bind` line of the section that has an address which moves.
fn listens(mesh: &Mesh<'_>, section: &Section, views: &[&View]) -> Option<Draft> {
    let bind = section.bind.as_ref()?;
    let Target::Vip(vip) = mesh.target(views[0], &bind.address.host) else { return None };
    let ours = |link: &&Link| views.iter().any(|view| view.node == mesh.views[link.to].node);
    // Who reaches the others himself has lost nothing but time.
    let hurts = mesh.matrix.broken().filter(ours).any(|link| !mesh.matrix.is_saved(link));
    let edit = bind.port().and_then(|port| mesh.word(bind.at, &format!(":{port}")));
    Some(
        Draft::at(bind.at, format!("`peers {}` listens on `{}`, which moves between hosts", section.name, bind.text))
            .severity(if hurts { Severity::Error } else { Severity::Warning })
            .offer_if("listen on all addresses", edit.map(|edit| vec![edit]))
            .label("now on one host, now on another")
            .help("listen on an address that the host always has, or on all: `bind :PORT`")
            .note("a host takes no connection at its own address, and none at all where the address is elsewhere")
            .also(mesh.topology.vips[vip].at, "it is declared here")
            .nodes(mesh.node_names(views.iter().copied())),
    )
}
