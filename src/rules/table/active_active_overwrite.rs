//! `table/active-active-overwrite`.

use std::collections::BTreeSet;

use crate::{
    rules::prelude::*,
    topology::{Group, Platform, Section, Service, ServicePort, View},
};

rule! {
    /// Rates are counted on several nodes at once, and peers overwrite each other's values instead of adding them up.
    ///
    /// ## Why
    ///
    /// A Service spreads connections over all pods. Each pod counts what it sees itself, sends its value to the others, and takes theirs for the same
    /// entry: the last one to speak wins. A client that sends 30 requests a second to three pods is counted with about 10, so a limit of 20 never holds
    /// him back. Where one node at a time has the traffic, as behind a virtual address, the values are right.
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
    /// spec: {clusterIP: None, publishNotReadyAddresses: true, selector: {app: haproxy}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web}
    /// spec: {type: LoadBalancer, selector: {app: haproxy}, ports: [{port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         peer haproxy-0 haproxy-0.haproxy:1024
    ///         peer haproxy-1 haproxy-1.haproxy:1024
    ///
    ///     backend limits
    ///         stick-table type ip size 100k expire 30m store http_req_rate(10s) peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// A limit for each node, divided by their number:
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
    /// metadata: {name: web}
    /// spec: {type: LoadBalancer, selector: {app: haproxy}, ports: [{port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     backend limits
    ///         stick-table type ip size 100k expire 30m store http_req_rate(10s)
    /// ```
    ///
    /// ## Source
    ///
    /// jcmoraisjr/haproxy-ingress#1017, whose tables for each instance are added up by a script for this reason.
    "table/active-active-overwrite", Info, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told = BTreeSet::new();
    for (group, section, views) in mesh.by_group() {
        if group.platform != Platform::Kubernetes || views.len() < 2 || section.peers.len() < 2 {
            continue;
        }
        let Some(service) = spreads(mesh, group, section, &views) else { continue };
        for table in &section.tables {
            let Some(rate) = table.store.iter().map(|s| &s.name).find(|s| s.ends_with("_rate")) else { continue };
            if !told.insert(table.at) {
                continue;
            }
            let name = &mesh.topology.services[service].name;
            out.report(
                Draft::at(table.at, format!("Service `{name}` spreads clients over {} pods, and their values of `{rate}` are not added up", views.len()))
                    .confidence(Confidence::Medium)
                    .label("each pod overwrites what the others have counted")
                    .help("give each pod a table of its own, without `peers`, and divide the limits by the number of pods; or send each client to one pod, with `sessionAffinity: ClientIP`")
                    .also(mesh.topology.services[service].at, "this Service chooses a pod for each connection")
                    .nodes(mesh.node_names(views.iter().copied())),
            );
        }
    }
}

/// The Service that sends a client now to one pod of the group and now to another.
fn spreads(mesh: &Mesh<'_>, group: &Group, section: &Section, views: &[&View]) -> Option<usize> {
    let own = views.iter().find_map(|view| view.listener(section)?.port());
    let named = |name: &String| group.named_ports.iter().find(|(known, _)| known == name).map(|(_, port)| *port);
    // Through a Service that has the port of the peers alone no client comes.
    let is_for_peers = |port: &ServicePort| own.is_some() && port.target_name.as_ref().map_or(port.target, named) == own;
    let for_clients = |s: &Service| s.ports.is_empty() || !s.ports.iter().all(is_for_peers);
    let spreads =
        |s: &Service| !s.headless && !s.external && !s.affinity && s.selects(&group.namespace, &group.labels, None) && for_clients(s);
    mesh.topology.services.iter().position(spreads)
}
