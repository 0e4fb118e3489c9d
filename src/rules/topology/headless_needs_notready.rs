//! `topology/headless-needs-notready`.

use std::collections::BTreeMap;

use crate::{rules::prelude::*, topology::edit::New};

rule! {
    /// The names of the peers resolve only once the pods are ready, and the pods need them to become ready.
    ///
    /// ## Why
    ///
    /// The name `POD.SERVICE` of a pod exists while the pod is ready, unless the Service has `publishNotReadyAddresses: true`. HAProxy looks
    /// the names of its peers up before it starts, so when all pods start together no one finds the others, and none ever starts.
    ///
    /// With Services for each pod, whose own address always exists, this does not matter.
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
    /// Kubernetes: "DNS for Services and Pods"; haproxy/haproxy#919.
    "topology/headless-needs-notready", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told: BTreeMap<usize, (Draft, Vec<&View>)> = BTreeMap::new();
    for (group, section, views) in mesh.by_group() {
        for found in mesh.dialled(section, &views) {
            let Some(at) = found.headless(mesh) else { continue };
            let service = &mesh.topology.services[at];
            if service.publishes_not_ready || group.script.is_some() {
                continue;
            }
            if let Some((_, nodes)) = told.get_mut(&at) {
                nodes.extend(&views);
                continue;
            }
            let message =
                format!("Service `{}` gives a pod its name only once it is ready, but the pods need these names to start", service.name);
            let severity = if group.parallel { Severity::Error } else { Severity::Warning };
            let edit = mesh.object(service.at).and_then(|o| o.set(&["spec", "publishNotReadyAddresses"], New::plain(true), "clusterIP"));
            let draft = Draft::at(service.at, message)
                .severity(severity)
                .fix_if("publish the addresses of pods that are not ready", edit.map(|e| vec![e]))
                .help("add `publishNotReadyAddresses: true` to the `spec` of this Service")
                .note("HAProxy resolves the names of peers once, before it starts, and refuses to start without")
                .also(found.address.at, "this name is looked up before the first start");
            told.insert(at, (draft, views.clone()));
        }
    }
    told.into_values().for_each(|(draft, nodes)| out.report(draft.nodes(mesh.node_names(nodes))));
}
