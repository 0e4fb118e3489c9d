//! `topology/ordered-ready-deadlock`.

use crate::{
    rules::prelude::*,
    topology::{Dialled, Kind, Target},
};

rule! {
    /// The first pod can never start: it needs the name of a pod that is only made once the first one is ready.
    ///
    /// ## Why
    ///
    /// HAProxy looks the names of its peers up once, before it starts, and does not start if one has no address. A StatefulSet makes its
    /// pods one after the other, each once the one before is ready, unless `podManagementPolicy` is `Parallel`. So the first pod waits
    /// for the name of the second, which is never made. `init-addr none` does not help: `peers` sections ignore it.
    ///
    /// The field cannot be changed in place: delete the StatefulSet with `--cascade=orphan` and create it again. Services for each pod,
    /// whose names always resolve, are the other way.
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
    /// haproxy/haproxy#919; Kubernetes: "pods are created sequentially, in order from {0..N-1}".
    "topology/ordered-ready-deadlock", Error, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for (group, section, views) in mesh.by_group() {
        if group.kind != Kind::StatefulSet || group.parallel || mesh.size(group) < 2 || group.script.is_some() {
            continue;
        }
        // Only the first pod of all starts before the others.
        let first = views[0].node;
        if first > 0 && mesh.topology.nodes[first].group == mesh.topology.nodes[first - 1].group {
            continue;
        }
        // What the first pod dials and a later pod is.
        let later = |d: &Dialled<'_>| matches!(&d.target, Target::Nodes(nodes) if nodes.iter().all(|n| *n > first && mesh.topology.nodes[*n].group == mesh.topology.nodes[first].group));
        let Some(found) = mesh.dialled_by(views[0], section).into_iter().find(later) else { continue };
        // None of the later ones is ever made.
        let nodes = mesh.views.iter().filter(|v| mesh.topology.nodes[v.node].group == mesh.topology.nodes[first].group);
        let message = format!(
            "`{}` is needed before `{}` starts, but it is made only once `{}` is ready",
            found.peer.shown,
            mesh.node(views[0]).title,
            mesh.node(views[0]).title
        );
        let publishes = found.headless(mesh).is_some_and(|at| mesh.topology.services[at].publishes_not_ready);
        let (publish, it) = match publishes {
            true => ("", "it"),
            false => (", and `publishNotReadyAddresses: true` in its Service", "the first"),
        };
        out.report(
            Draft::at(found.address.at, message)
                .label("this name does not exist yet when the first pod needs it")
                .help(format!("set `podManagementPolicy: Parallel` in the StatefulSet{publish}; {it} cannot be changed in place: delete the StatefulSet with `--cascade=orphan` before"))
                .note("HAProxy resolves the names of peers once, before it starts, and refuses to start without")
                .also(group.at, "this makes its pods one after the other")
                .nodes(mesh.node_names(nodes)),
        );
    }
}
