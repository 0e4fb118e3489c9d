//! `topology/probe-or-sidecar-on-peers-port`.

use crate::{
    rules::prelude::*,
    topology::{Kind, cure::together, edit::New, rendered},
};

rule! {
    /// A probe asks the port of the peers, or a sidecar stands before it.
    ///
    /// ## Why
    ///
    /// The port of the peers speaks the peers' protocol and nothing else: an HTTP probe of it always fails, and the pod is restarted again and
    /// again. A sidecar of a service mesh (Istio, Linkerd) takes connections on all ports and may hold them back until it knows their
    /// protocol, which here the server's side never shows.
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
    ///         livenessProbe: {httpGet: {path: /, port: 10000}}
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
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         livenessProbe: {httpGet: {path: /, port: 8404}}
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
    /// Kubernetes: "Configure Liveness, Readiness and Startup Probes"; Istio: "Server First Protocols".
    "topology/probe-or-sidecar-on-peers-port", Warning, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for (group, section, views) in mesh.by_group() {
        let Some(listener) = views.iter().find_map(|v| v.listener(section)) else { continue };
        let Some(port) = listener.port() else { continue };
        let nodes = mesh.node_names(views.iter().copied());
        if let Some(probe) = group.probes.iter().find(|p| p.value == port) {
            out.report(
                Draft::at(probe.at, format!("port {port} speaks the protocol of peers, so this HTTP probe always fails"))
                    .help("probe a `frontend` with `monitor-uri`, or use `tcpSocket`")
                    .also(listener.at, "the peers listen here")
                    .nodes(nodes.clone()),
            );
        }
        let (Some(sidecar), true) = (sidecar(mesh, group, port), section.peers.len() > 1) else { continue };
        let path: &[&str] = if group.kind == Kind::Pod { &["metadata"] } else { &["spec", "template", "metadata"] };
        let annotate = || {
            let pod = mesh.object(group.at)?.at(path)?;
            let add = |name: &str| {
                let known = group.annotations.get(name).map_or(String::new(), |ports| format!("{ports},"));
                pod.set(&["annotations", name], New::text(format!("{known}{port}")), "")
            };
            // Both are put in one place, where one of them makes the map.
            match pod.node.get("annotations") {
                Some(_) => Some(together(vec![add(sidecar.1)?, add(sidecar.2)?])),
                None => {
                    let both = [sidecar.1, sidecar.2].map(|name| (name, New::text(port.to_string())));
                    Some(vec![pod.set(&["annotations"], New::map(both), "labels")?])
                }
            }
        };
        out.report(
            Draft::at(group.at, format!("the sidecar of {} stands before port {port} of the peers", sidecar.0))
                .confidence(Confidence::Low)
                .offer_if("let the port pass by the sidecar", annotate())
                .help(format!(
                    "let the port pass it by: annotate the pods with `{}: \"{port}\"` and `{}: \"{port}\"`",
                    sidecar.1, sidecar.2
                ))
                .nodes(nodes),
        );
    }
}

/// The service mesh whose sidecar takes connections to `port`, and the annotations that let it pass.
fn sidecar(mesh: &Mesh<'_>, group: &Group, port: u16) -> Option<(&'static str, &'static str, &'static str)> {
    let said = |name: &str| [&group.annotations, &group.labels].iter().find_map(|all| all.get(name));
    let (namespace, _) = rendered(&group.namespace);
    let of_namespace = |name: &str, value: &str| {
        let topology = mesh.topology;
        [&topology.namespaces, &topology.namespace_annotations].iter().any(|all| {
            let labels = all.get(namespace).filter(|_| group.host_network.is_none());
            labels.is_some_and(|labels| labels.get(name).is_some_and(|v| v == value || value.is_empty()))
        })
    };
    let has = |name: &str, value: &str| match said(name) {
        Some(own) => own == value,
        None if name.starts_with("sidecar.istio.io") => {
            of_namespace("istio-injection", "enabled") || of_namespace("istio.io/rev", "") && !of_namespace("istio-injection", "disabled")
        }
        None => of_namespace(name, value),
    };
    let meshes = [
        (
            "Istio",
            "sidecar.istio.io/inject",
            "true",
            "traffic.sidecar.istio.io/excludeInboundPorts",
            "traffic.sidecar.istio.io/excludeOutboundPorts",
        ),
        ("Linkerd", "linkerd.io/inject", "enabled", "config.linkerd.io/skip-inbound-ports", "config.linkerd.io/skip-outbound-ports"),
    ];
    let found = meshes.into_iter().find(|m| has(m.1, m.2))?;
    (!is_taken_out(group, port)).then_some((found.0, found.3, found.4))
}

/// The annotations that list ports which a sidecar lets pass by, or passes on as they come.
const PASSED_BY: [&str; 5] = [
    "traffic.sidecar.istio.io/excludeInboundPorts",
    "traffic.sidecar.istio.io/excludeOutboundPorts",
    "config.linkerd.io/skip-inbound-ports",
    "config.linkerd.io/skip-outbound-ports",
    "config.linkerd.io/opaque-ports",
];

/// The annotation that lists the only ports which a sidecar takes.
const TAKEN: &str = "traffic.sidecar.istio.io/includeInboundPorts";

/// Whether an annotation takes the port out: one direction of the link is enough.
fn is_taken_out(group: &Group, port: u16) -> bool {
    let listed = |name: &str| group.annotations.get(name).is_some_and(|ports| lists(ports, port));
    let others = group.annotations.get(TAKEN).is_some_and(|ports| !lists(ports, port));
    others || PASSED_BY.into_iter().any(listed)
}

/// Whether a list such as `1024,4000-5000` or `*` has a port.
fn lists(ports: &str, port: u16) -> bool {
    ports.split(',').map(str::trim).any(|part| {
        let (low, high) = part.split_once('-').unwrap_or((part, part));
        part == "*"
            || matches!((low.trim().parse::<u16>(), high.trim().parse::<u16>()), (Ok(low), Ok(high)) if (low..=high).contains(&port))
    })
}
