//! `topology/privileged-port`.

use crate::{
    rules::prelude::*,
    topology::{Kind, Listener, Platform, edit::New},
};

rule! {
    /// HAProxy is not root in this container, and listens on a port below 1024.
    ///
    /// ## Why
    ///
    /// Without root or the capability `NET_BIND_SERVICE` a process may listen only on ports from `net.ipv4.ip_unprivileged_port_start` on. A
    /// new network namespace starts with 1024. Docker since 20.10 and containerd since 2.0 set it to 0 in containers; older ones do not, and on
    /// the network of the machine nobody does. HAProxy then says `Permission denied`; that is another thing than
    /// `Cannot assign requested address`.
    ///
    /// The official image runs as user 99 since 2.4.
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
    ///       hostNetwork: true
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
    ///         bind :80
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
    ///       hostNetwork: true
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
    ///         bind :8080
    /// ```
    ///
    /// ## Source
    ///
    /// haproxytech/helm-charts#263; observed with HAProxy 2.6 and 2.8 as another user than root.
    "topology/privileged-port", Error, Mesh(check), mends: true
}

/// The sysctl that says where ports begin that everybody may listen on.
const START: &str = "net.ipv4.ip_unprivileged_port_start";

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told: Vec<usize> = Vec::new();
    for view in &mesh.views {
        let (group, number) = (mesh.group(view), mesh.node(view).group);
        let may = group.capabilities.iter().any(|c| c == "NET_BIND_SERVICE" || c == "ALL");
        if group.platform != Platform::Kubernetes || !group.unprivileged || may || told.contains(&number) {
            continue;
        }
        let first: u16 = group.sysctl(START).and_then(|s| s.value.trim().parse().ok()).unwrap_or(1024);
        let summary = mesh.summary(view);
        let peers = summary.sections.iter().filter_map(|s| view.listener(s));
        let all = summary.binds.iter().map(|b| &b.listener).chain(peers);
        let low: Vec<&Listener> = all.filter(|l| l.address.is_network() && l.port().is_some_and(|p| p > 0 && p < first)).collect();
        let Some(worst) = low.first() else { continue };
        told.push(number);
        let mut ports: Vec<String> = low.iter().filter_map(|l| l.port()).map(|p| p.to_string()).collect();
        ports.dedup();
        // Nobody opens the low ports of a machine, and what the pod says itself counts. A process without any capability cannot help itself.
        let low_by_sysctl = group.sysctl(START).is_some() && group.dropped.iter().any(|c| c == "ALL" || c == "NET_BIND_SERVICE");
        let certain = group.host_network.is_some() || low_by_sysctl;
        let who = group.user.as_ref().map_or("the user of the image".to_owned(), |u| format!("user {}", u.value));
        let nodes: Vec<&View> = mesh.views.iter().filter(|v| mesh.node(v).group == number).collect();
        let sysctl = || {
            let item = New::map([("name", New::text("net.ipv4.ip_unprivileged_port_start")), ("value", New::text("0"))]);
            let path: &[&str] = if group.kind == Kind::Pod { &["spec"] } else { &["spec", "template", "spec"] };
            Some(vec![mesh.object(group.at)?.at(path)?.push(&["securityContext", "sysctls"], vec![item])?])
        };
        // A pod on the network of its machine may not set it, and where it is set it is meant so.
        let free = !certain && group.sysctl(START).is_none();
        out.report(
            Draft::at(worst.at, format!("{who} may not listen on port {} everywhere", ports.join(", ")))
                .severity(if certain { Severity::Error } else { Severity::Info })
                .confidence(if certain { Confidence::High } else { Confidence::Medium })
                .offer_if("allow these pods low ports, by a safe sysctl", free.then(sysctl).flatten())
                .label("a port below 1024")
                .help("listen on a port from 1024 on, and let the Service lead there with `targetPort`; or add the safe sysctl `net.ipv4.ip_unprivileged_port_start` with the value `0` to the pod's `securityContext`")
                .note("containerd 2.0 and Docker 20.10 allow it in containers; elsewhere HAProxy ends with `Permission denied`")
                .also(group.at, "these pods do not run as root")
                .nodes(mesh.node_names(nodes)),
        );
    }
}
