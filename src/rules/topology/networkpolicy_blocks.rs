//! `topology/networkpolicy-blocks`.

use crate::{rules::prelude::*, topology::matrix::Cause};

rule! {
    /// A NetworkPolicy keeps the peers from reaching each other.
    ///
    /// ## Why
    ///
    /// Once a NetworkPolicy selects a pod, all that it does not list is dropped. Peers need TCP on the peers' port between the pods
    /// themselves. Packets that are dropped look like a machine that is away: `show peers` says `last_status=CONN` with `state=CON`.
    ///
    /// Whether policies count at all is up to the network of the cluster.
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
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web-only}
    /// spec:
    ///   podSelector: {matchLabels: {app: haproxy}}
    ///   policyTypes: [Ingress]
    ///   ingress:
    ///   - ports: [{port: 80}]
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
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web-and-peers}
    /// spec:
    ///   podSelector: {matchLabels: {app: haproxy}}
    ///   policyTypes: [Ingress]
    ///   ingress:
    ///   - ports: [{port: 80}]
    ///   - from: [{podSelector: {matchLabels: {app: haproxy}}}]
    ///     ports: [{port: 10000}]
    /// ```
    ///
    /// ## Source
    ///
    /// Kubernetes: "Network Policies"; observed with HAProxy 2.6 and 2.8 behind a packet filter.
    "topology/networkpolicy-blocks", Error, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told: Vec<(&str, usize)> = Vec::new();
    for link in mesh.matrix.broken().filter(|l| l.cause == Cause::Policy) {
        let (from, to) = (&mesh.views[link.from], &mesh.views[link.to]);
        let policies = mesh.topology.policies.iter().enumerate();
        let Some((at, policy)) = policies.clone().find(|(_, p)| link.reason.contains(&format!("`{}`", p.name))) else { continue };
        if told.contains(&(policy.name.as_str(), at)) {
            continue;
        }
        told.push((policy.name.as_str(), at));
        let saved = mesh.matrix.is_saved(link);
        let severity = if saved { Severity::Warning } else { Severity::Error };
        let group = mesh.group(to);
        let labels: Vec<String> = group.labels.iter().map(|(k, v)| format!("{k}: {v}")).collect();
        let side = if link.reason.contains(" from ") { "egress" } else { "ingress" };
        let peer = if side == "egress" { "to" } else { "from" };
        out.report(
            Draft::at(policy.at, format!("`{}` does not reach `{}`: {}", mesh.node(from).name, mesh.node(to).name, link.reason))
                .severity(severity)
                .confidence(Confidence::Medium)
                .help(format!(
                    "add to `{side}`: `- {{{peer}: [{{podSelector: {{matchLabels: {{{}}}}}}}], ports: [{{port: PORT}}]}}` with the port of the peers",
                    labels.join(", ")
                ))
                .note("packets are dropped, so `show peers` says `last_status=CONN`; whether policies count is up to the network of the cluster")
                .nodes(mesh.node_names([from, to])),
        );
    }
}
