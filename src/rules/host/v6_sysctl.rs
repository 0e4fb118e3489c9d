//! `host/v6-sysctl`.

use std::collections::BTreeMap;

use crate::{rules::prelude::*, topology::needed::needed};

rule! {
    /// The sysctl for IPv4 is set, but the address is one of IPv6, which has a sysctl of its own.
    ///
    /// ## Why
    ///
    /// `net.ipv4.ip_nonlocal_bind` says nothing of IPv6. To listen on an IPv6 address that the host does not have, `net.ipv6.ip_nonlocal_bind` must
    /// be 1.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// topology: 1
    /// vips: ["fd00::100"]
    /// hosts:
    /// - name: lb1
    ///   addresses: [10.0.0.11]
    ///   sysctls: {net.ipv4.ip_nonlocal_bind: 1, net.ipv6.ip_nonlocal_bind: 0}
    /// - name: lb2
    ///   addresses: [10.0.0.12]
    ///   sysctls: {net.ipv4.ip_nonlocal_bind: 1, net.ipv6.ip_nonlocal_bind: 0}
    /// configuration: |
    ///   frontend web
    ///       mode http
    ///       bind [fd00::100]:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// topology: 1
    /// vips: ["fd00::100"]
    /// hosts:
    /// - name: lb1
    ///   addresses: [10.0.0.11]
    ///   sysctls: {net.ipv6.ip_nonlocal_bind: 1}
    /// - name: lb2
    ///   addresses: [10.0.0.12]
    ///   sysctls: {net.ipv6.ip_nonlocal_bind: 1}
    /// configuration: |
    ///   frontend web
    ///       mode http
    ///       bind [fd00::100]:80
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 and 2.8 in network namespaces.
    "host/v6-sysctl", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut found: BTreeMap<Location, (Draft, Vec<&View>)> = BTreeMap::new();
    for view in &mesh.views {
        for needed in needed(mesh, view).filter(|n| n.value == Some(false) && n.other_family == Some(true)) {
            let other = if needed.sysctl.contains("ipv6") { "net.ipv4.ip_nonlocal_bind" } else { "net.ipv6.ip_nonlocal_bind" };
            let new = || {
                let message =
                    format!("`{other}` is 1, but for `{}` it is `{}` that counts, and that is 0", needed.listener.text, needed.sysctl);
                let draft = Draft::at(needed.listener.at, message)
                    .label("this host does not have the address")
                    .offer_if("let HAProxy take the address without having it", mesh.transparent(needed.listener));
                (
                    draft.help(format!("write `{} = 1` into a file of /etc/sysctl.d and load it with `sysctl --system`", needed.sysctl)),
                    Vec::new(),
                )
            };
            found.entry(needed.listener.at).or_insert_with(new).1.push(view);
        }
    }
    for (draft, views) in found.into_values() {
        out.report(draft.nodes(mesh.node_names(views)));
    }
}
