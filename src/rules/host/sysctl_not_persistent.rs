//! `host/sysctl-not-persistent`.

use crate::{
    rules::prelude::*,
    topology::needed::{Needed, needed},
};

rule! {
    /// A sysctl that HAProxy needs is set now, but not after the next start of the machine.
    ///
    /// ## Why
    ///
    /// `sysctl -w` lasts until the machine restarts. HAProxy then does not start on a host that does not have the address, which is every host but
    /// one: the fault shows at the worst time.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// topology: 1
    /// vips: [10.0.0.100]
    /// hosts:
    /// - name: lb1
    ///   addresses: [10.0.0.11]
    ///   sysctls: {net.ipv4.ip_nonlocal_bind: 1}
    ///   persistent_sysctls: {}
    /// - name: lb2
    ///   addresses: [10.0.0.12]
    ///   sysctls: {net.ipv4.ip_nonlocal_bind: 1}
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
    ///   persistent_sysctls: {net.ipv4.ip_nonlocal_bind: 1}
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
    /// sysctl.d(5).
    "host/sysctl-not-persistent", Warning, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for view in &mesh.views {
        let Some(facts) = mesh.node(view).facts.as_ref().filter(|f| f.persistence_known) else { continue };
        // For any other address the sysctl only hides that the address is wrong.
        let lost =
            |n: &Needed<'_>| n.moves() && n.value == Some(true) && facts.persistent.get(n.sysctl).is_none_or(|p| p.value.trim() != "1");
        let Some(needed) = needed(mesh, view).find(lost) else { continue };
        let place = mesh.group(view).sysctl(needed.sysctl).and_then(|s| s.at).unwrap_or(needed.listener.at);
        let says = match facts.persistent.get(needed.sysctl) {
            Some(set) => format!(
                "{} sets it to {}",
                set.file.as_ref().map_or("a file of sysctl.d".to_owned(), |f| format!("`{f}`")),
                set.value.trim()
            ),
            None => "no file of sysctl.d sets it".to_owned(),
        };
        out.report(
            Draft::at(
                place,
                format!("`{}` is 1 on `{}` now, but {says}: it is lost when the machine restarts", needed.sysctl, mesh.node(view).name),
            )
            .help(format!("write `{} = 1` into /etc/sysctl.d/90-haproxy.conf", needed.sysctl))
            .also(needed.listener.at, "this needs it")
            .nodes(mesh.node_names([view])),
        );
    }
}
