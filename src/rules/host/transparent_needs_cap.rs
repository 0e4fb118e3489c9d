//! `host/transparent-needs-cap`.

use crate::{rules::prelude::*, topology::Platform};

rule! {
    /// A `bind` line is `transparent`, but HAProxy may not ask for that.
    ///
    /// ## Why
    ///
    /// `transparent` lets HAProxy listen on an address that the machine does not have, without any sysctl. The kernel grants it to root, or to who
    /// has `CAP_NET_ADMIN`. A container has neither of them unless it is said: root in a container lacks the capability, too.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: DaemonSet
    /// metadata: {name: haproxy}
    /// spec:
    ///   replicas: 1
    ///   minReadySeconds: 15
    ///   template:
    ///     metadata: {labels: {app: haproxy}}
    ///     spec:
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     frontend web
    ///         mode http
    ///         bind 10.0.0.100:8080 transparent
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: DaemonSet
    /// metadata: {name: haproxy}
    /// spec:
    ///   replicas: 1
    ///   minReadySeconds: 15
    ///   template:
    ///     metadata: {labels: {app: haproxy}}
    ///     spec:
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         securityContext: {runAsUser: 0, capabilities: {add: [NET_ADMIN]}}
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     frontend web
    ///         mode http
    ///         bind 10.0.0.100:8080 transparent
    /// ```
    ///
    /// ## Source
    ///
    /// ip(7), IP_TRANSPARENT; observed with HAProxy 2.6 and 2.8.
    "host/transparent-needs-cap", Error, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told = Vec::new();
    for view in &mesh.views {
        let group = mesh.group(view);
        let has = |name: &str| group.capabilities.iter().any(|c| c == name || c == "ALL");
        let lacks = match group.platform {
            Platform::Host => group.unprivileged && !has("NET_ADMIN"),
            _ => !has("NET_ADMIN"),
        };
        let summary = mesh.summary(view);
        let peers = summary.sections.iter().filter_map(|s| view.listener(s));
        let bind = summary.binds.iter().map(|b| &b.listener).chain(peers).find(|l| l.transparent && !l.namespace);
        let Some(bind) = bind.filter(|b| lacks && !told.contains(&b.at)) else { continue };
        told.push(bind.at);
        let number = mesh.node(view).group;
        let help = match group.platform {
            Platform::Kubernetes => "add it to the container: `securityContext: {runAsUser: 0, capabilities: {add: [NET_ADMIN]}}`",
            Platform::Compose => "add it to the service: `user: root` and `cap_add: [NET_ADMIN]`",
            Platform::Host => "start HAProxy as root, or with `AmbientCapabilities=CAP_NET_ADMIN`",
        };
        let nodes: Vec<&View> = mesh.views.iter().filter(|v| mesh.node(v).group == number).collect();
        out.report(
            Draft::at(bind.at, format!("`transparent` needs the capability `NET_ADMIN`, which HAProxy does not have in {}", group.title()))
                .help(help)
                .also(group.at, "it is started by this")
                .nodes(mesh.node_names(nodes)),
        );
    }
}
