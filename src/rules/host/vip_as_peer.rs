//! `host/vip-as-peer`.

use crate::{rules::prelude::*, topology::Target};

rule! {
    /// A peer has an address that moves between hosts.
    ///
    /// ## Why
    ///
    /// A peer is one certain process. Behind a virtual address is whoever is master at the moment: the master connects to itself, and a backup reaches
    /// the master under the wrong name. `show peers` says `last_status=NAME`, and HAProxy does not try again.
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
