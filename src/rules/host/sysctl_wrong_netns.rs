//! `host/sysctl-wrong-netns`.

use crate::{rules::prelude::*, topology::needed::needed};

rule! {
    /// The sysctl is set on the host, but HAProxy runs in a network namespace of its own.
    ///
    /// ## Why
    ///
    /// Each network namespace has its own `net.ipv4.ip_nonlocal_bind`, and a new one starts with 0 whatever the host has. What is set on the host
    /// reaches a container or pod only if that is on the network of the host.
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
    ///   other_namespace: true
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
    /// Observed on Linux: a new network namespace starts with 0.
    "host/sysctl-wrong-netns", Error, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for view in &mesh.views {
        let Some(facts) = mesh.node(view).facts.as_ref().filter(|f| f.other_namespace) else { continue };
        // What was measured where HAProxy runs is what counts.
        let set_there = |name: &str| facts.inner.as_ref().and_then(|inner| inner.get(name)).is_some_and(|v| v.trim() == "1");
        let Some(needed) = needed(mesh, view).find(|n| n.value == Some(true) && !set_there(n.sysctl)) else { continue };
        let place = mesh.group(view).sysctl(needed.sysctl).and_then(|s| s.at).unwrap_or(needed.listener.at);
        let message = format!(
            "`{}` is 1 on `{}`, but HAProxy runs in another network namespace, which has its own",
            needed.sysctl,
            mesh.node(view).name
        );
        out.report(
            Draft::at(place, message)
                .help("run HAProxy on the network of the host, or set the sysctl where it runs, as `sysctls:` of a compose service does")
                .also(needed.listener.at, "this needs it")
                .nodes(mesh.node_names([view])),
        );
    }
}
