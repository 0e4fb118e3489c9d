//! `host/sysctl-needs-restart`.

use crate::{
    rules::prelude::*,
    topology::needed::{Needed, needed},
};

rule! {
    /// A sysctl was changed after HAProxy started, so nobody knows yet whether HAProxy starts with it.
    ///
    /// ## Why
    ///
    /// `ip_nonlocal_bind` counts at the moment HAProxy binds its addresses. What was set later has no effect on what runs, and what was taken away
    /// later shows only with the next start: test it before it is needed.
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
    ///   started: 1000
    ///   sysctls_changed: {net.ipv4.ip_nonlocal_bind: 2000}
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
    ///   started: 2000
    ///   sysctls_changed: {net.ipv4.ip_nonlocal_bind: 1000}
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
    /// Observed on Linux: the sysctl is asked by bind().
    "host/sysctl-needs-restart", Warning, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for view in &mesh.views {
        let Some(facts) = &mesh.node(view).facts else { continue };
        let Some(started) = facts.haproxy_started else { continue };
        // A socket that is there needed no restart.
        let listens = |n: &Needed<'_>| {
            let wanted = (n.listener.address.host.ip(), n.listener.port());
            facts.listening.iter().flatten().any(|(ip, port)| wanted == (Some(*ip), Some(*port)))
        };
        let changed_later = |n: &Needed<'_>| facts.sysctl_changed.get(n.sysctl).is_some_and(|changed| *changed > started);
        // Advice for any other address would only hide that the address is wrong.
        let later = |n: &Needed<'_>| n.moves() && changed_later(n) && !listens(n);
        let Some(needed) = needed(mesh, view).find(later) else { continue };
        let place = mesh.group(view).sysctl(needed.sysctl).and_then(|s| s.at).unwrap_or(needed.listener.at);
        out.report(
            Draft::at(place, format!("`{}` was changed on `{}` after HAProxy had started there", needed.sysctl, mesh.node(view).name))
                .help("restart HAProxy on this host, or try `haproxy -f FILE` in a test, to see that it starts with the new value")
                .also(needed.listener.at, "this needs it")
                .nodes(mesh.node_names([view])),
        );
    }
}
