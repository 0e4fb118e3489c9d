//! `topology/ip-family`.

use crate::{
    config::address::Host,
    rules::prelude::*,
    topology::matrix::{Cause, Link},
};

rule! {
    /// Peers connect by IPv6 but listen on IPv4 alone, or the other way round.
    ///
    /// ## Why
    ///
    /// `bind :PORT` and `bind 0.0.0.0:PORT` listen on IPv4 alone. A Service with nothing but IPv6 leads to the IPv6 address of the pod, where
    /// then nobody listens. `bind :::PORT` listens on both, unless `v6only` is said or `net.ipv6.bindv6only` is 1.
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
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy-0-peer}
    /// spec:
    ///   ipFamilies: [IPv6]
    ///   selector: {statefulset.kubernetes.io/pod-name: haproxy-0}
    ///   ports: [{port: 10000}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy-1-peer}
    /// spec:
    ///   ipFamilies: [IPv6]
    ///   selector: {statefulset.kubernetes.io/pod-name: haproxy-1}
    ///   ports: [{port: 10000}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         bind :10000
    ///         .if streq("$HOSTNAME",haproxy-0)
    ///         server haproxy-0
    ///         server haproxy-1 haproxy-1-peer:10000
    ///         .else
    ///         server haproxy-0 haproxy-0-peer:10000
    ///         server haproxy-1
    ///         .endif
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
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy-0-peer}
    /// spec:
    ///   ipFamilies: [IPv6]
    ///   selector: {statefulset.kubernetes.io/pod-name: haproxy-0}
    ///   ports: [{port: 10000}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy-1-peer}
    /// spec:
    ///   ipFamilies: [IPv6]
    ///   selector: {statefulset.kubernetes.io/pod-name: haproxy-1}
    ///   ports: [{port: 10000}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         bind :::10000
    ///         .if streq("$HOSTNAME",haproxy-0)
    ///         server haproxy-0
    ///         server haproxy-1 haproxy-1-peer:10000
    ///         .else
    ///         server haproxy-0 haproxy-0-peer:10000
    ///         server haproxy-1
    ///         .endif
    ///
    ///     backend sessions
    ///         stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 and 2.8 in network namespaces.
    "topology/ip-family", Warning, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told = Vec::new();
    for (_, section, views) in mesh.by_group() {
        for found in mesh.dialled(section, &views) {
            let Some(at) = found.service(mesh).filter(|at| !told.contains(at)) else { continue };
            let service = &mesh.topology.services[at];
            let Some(listener) = views.iter().find_map(|v| v.listener(section)) else { continue };
            let v4 = matches!(listener.address.host, Host::Any4) || listener.address.host.ip().is_some_and(|ip| ip.is_ipv4());
            let v6 = listener.address.host.ip().is_some_and(|ip| ip.is_ipv6() && !ip.is_unspecified());
            let only = |family: &str| !service.families.is_empty() && service.families.iter().all(|f| f == family);
            let (has, lacks) = match (only("IPv6") && v4, only("IPv4") && v6) {
                (true, _) => ("IPv6", "IPv4"),
                (_, true) => ("IPv4", "IPv6"),
                _ => continue,
            };
            told.push(at);
            // Where the other direction works the pair synchronises all the same.
            let dead =
                |l: &&Link| l.cause == Cause::Family && !mesh.matrix.is_saved(l) && views.iter().any(|v| v.node == mesh.views[l.to].node);
            let severity = if mesh.matrix.broken().any(|l| dead(&l)) { Severity::Error } else { Severity::Warning };
            let message = format!("Service `{}` leads to {has} addresses, but `{}` listens on {lacks} alone", service.name, listener.text);
            let edit = listener.port().filter(|_| section.bind.is_some() && mesh.written(listener) == listener.text);
            let edit = edit.and_then(|port| Some(vec![mesh.word(listener.at, &format!(":::{port}"))?]));
            let help = match listener.port() {
                Some(port) if has == "IPv6" => format!("write `bind :::{port}`, which takes both"),
                _ => "listen on all addresses with `bind :::PORT`, which takes both".to_owned(),
            };
            let draft = Draft::at(listener.at, message)
                .offer_if("listen on all addresses of both kinds", edit)
                .severity(severity)
                .help(help)
                .also(service.at, "the peers connect to this");
            out.report(draft.nodes(mesh.node_names(views.iter().copied())));
        }
    }
}
