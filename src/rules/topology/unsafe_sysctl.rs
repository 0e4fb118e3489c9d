//! `topology/unsafe-sysctl`.

use crate::{
    rules::prelude::*,
    topology::{Listener, Platform, Target},
};

rule! {
    /// The pod asks for a sysctl that the kubelet refuses.
    ///
    /// ## Why
    ///
    /// `net.ipv4.ip_nonlocal_bind` is none of the sysctls that Kubernetes calls safe. Unless the kubelet of every machine was started with
    /// `--allowed-unsafe-sysctls`, the pod ends as `SysctlForbidden`. With `hostNetwork` no `net.` sysctl is allowed at all.
    ///
    /// A pod seldom needs it. If HAProxy cannot bind an address in a pod, the address is not the pod's, and with the sysctl it listens where
    /// no packet arrives: `bind :PORT` is the cure.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata: {name: haproxy}
    /// spec:
    ///   replicas: 2
    ///   serviceName: haproxy
    ///   podManagementPolicy: Parallel
    ///   minReadySeconds: 15
    ///   template:
    ///     metadata: {labels: {app: haproxy}}
    ///     spec:
    ///       securityContext:
    ///         sysctls: [{name: net.ipv4.ip_nonlocal_bind, value: "1"}]
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy}
    /// spec:
    ///   clusterIP: None
    ///   publishNotReadyAddresses: true
    ///   selector: {app: haproxy}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         peer haproxy-0 haproxy-0.haproxy:10000
    ///         peer haproxy-1 haproxy-1.haproxy:10000
    ///
    ///     backend sessions
    ///         stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata: {name: haproxy}
    /// spec:
    ///   replicas: 2
    ///   serviceName: haproxy
    ///   podManagementPolicy: Parallel
    ///   minReadySeconds: 15
    ///   template:
    ///     metadata: {labels: {app: haproxy}}
    ///     spec:
    ///       securityContext:
    ///         sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: "0"}]
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy}
    /// spec:
    ///   clusterIP: None
    ///   publishNotReadyAddresses: true
    ///   selector: {app: haproxy}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         peer haproxy-0 haproxy-0.haproxy:10000
    ///         peer haproxy-1 haproxy-1.haproxy:10000
    ///
    ///     backend sessions
    ///         stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// Kubernetes: "Using sysctls in a Kubernetes Cluster"; haproxy/haproxy#2730.
    "topology/unsafe-sysctl", Error, Mesh(check), mends: true
}

/// What Kubernetes calls safe, up to 1.32.
const SAFE: [&str; 13] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_wmem",
    "net.ipv4.tcp_slow_start_after_idle",
];

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for (at, group) in mesh.topology.groups.iter().enumerate().filter(|(_, g)| g.platform == Platform::Kubernetes) {
        let nodes: Vec<String> = mesh.topology.nodes.iter().filter(|n| n.group == at).map(|n| n.title.clone()).collect();
        for sysctl in &group.sysctls {
            let Some(place) = sysctl.at else { continue };
            let host = group.host_network.filter(|_| sysctl.name.starts_with("net."));
            if SAFE.contains(&sysctl.name.as_str()) && host.is_none() {
                continue;
            }
            let message = match host {
                Some(_) => format!("a pod on the network of its machine may not set `{}`", sysctl.name),
                None => format!("`{}` is refused by every kubelet that was not told to allow it", sysctl.name),
            };
            let nonlocal = sysctl.name.ends_with("ip_nonlocal_bind");
            let help = if nonlocal {
                "take it out, and write `bind :PORT`: HAProxy then needs no address that the pod does not have"
            } else {
                "take it out, or start the kubelet of every machine with `--allowed-unsafe-sysctls`"
            };
            let draft = Draft::at(place, message).confidence(Confidence::Medium).help(help).nodes(nodes.clone());
            let free = || (nonlocal && !is_needed(mesh, group)).then(|| mesh.without(place, &["sysctls", "securityContext"])).flatten();
            let draft = draft.fix_if("take the sysctl out, which nothing needs", free().map(|e| vec![e]));
            let draft =
                draft.note("the pod ends as `SysctlForbidden`, and `PodSecurity` refuses it in its levels `baseline` and `restricted`");
            out.report(match host {
                Some(at) => draft.also(at, "because of this"),
                None => draft,
            });
        }
        by_hand(mesh, group, &nodes, out);
    }
}

/// A container with privileges that sets `ip_nonlocal_bind` although nothing needs it.
fn by_hand(mesh: &Mesh<'_>, group: &Group, nodes: &[String], out: &mut Sink<'_>) {
    let Some(at) = group.privileged_sysctl.filter(|_| group.host_network.is_none()) else { return };
    if !is_needed(mesh, group) {
        let message = "nothing in the configuration needs `ip_nonlocal_bind`, for which this container has privileges";
        out.report(
            Draft::at(at, message)
                .severity(Severity::Warning)
                .offer_if("take the container out", mesh.without(at, &["initContainers"]).map(|e| vec![e]))
                .help("take this container out")
                .note("every `bind` line is for all addresses of the pod, which it always may listen on")
                .nodes(nodes.to_vec()),
        );
    }
}

/// Whether a pod is to listen on an address that may not be its own.
fn is_needed(mesh: &Mesh<'_>, group: &Group) -> bool {
    mesh.views.iter().find(|v| std::ptr::eq(mesh.group(v), group)).is_none_or(|v| {
        let summary = mesh.summary(v);
        let foreign = |listener: &Listener| !matches!(mesh.target(v, &listener.address.host), Target::Itself);
        summary.open
            || summary.binds.iter().any(|b| foreign(&b.listener))
            || summary.sections.iter().filter_map(|s| v.listener(s)).any(foreign)
    })
}
