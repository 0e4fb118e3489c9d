//! `topology/autoscaler`.

use crate::{rules::prelude::*, topology::Kind};

rule! {
    /// An autoscaler may make more pods than the `peers` section lists.
    ///
    /// ## Why
    ///
    /// A pod that is not listed drops the whole `peers` section when it starts, with no more than a warning. What an autoscaler adds under
    /// load is then without the tables, just when they matter most.
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
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata: {name: haproxy}
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: haproxy}
    ///   minReplicas: 2
    ///   maxReplicas: 5
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
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata: {name: haproxy}
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: haproxy}
    ///   minReplicas: 1
    ///   maxReplicas: 2
    /// ```
    ///
    /// ## Source
    ///
    /// Kubernetes: "Horizontal Pod Autoscaling"; observed with HAProxy 2.4 to 3.5: a section without the own name is dropped.
    "topology/autoscaler", Error, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for (group, section, views) in mesh.by_group() {
        let Some(scaler) = mesh.autoscaler(group).filter(|_| group.kind == Kind::StatefulSet) else { continue };
        if section.peers.iter().any(|p| p.name.is_none()) {
            continue;
        }
        let last = group.first_ordinal.saturating_add(scaler.max.value);
        let listed = |n: &u32| section.peer(&format!("{}-{n}", group.name)).is_some();
        let any = (group.first_ordinal..last.min(group.first_ordinal + 10_000)).find(listed);
        let missing = (group.first_ordinal..last.min(group.first_ordinal + 10_000)).find(|n| !listed(n));
        let (Some(_), Some(missing)) = (any, missing) else { continue };
        // The pods that are there anyway are another rule's matter.
        if group.replicas.as_ref().is_some_and(|r| missing < group.first_ordinal + r.value) {
            continue;
        }
        let message = format!(
            "up to {} may be made, and `{}-{missing}` is not in `peers {}`",
            counted(scaler.max.value, "pod"),
            group.name,
            section.name
        );
        let draft = Draft::at(scaler.max.at, message).label("more than the section lists").help(format!(
            "list every pod up to `{}-{}`, or set the maximum to {}",
            group.name,
            last - 1,
            missing - group.first_ordinal
        ));
        let draft = draft.note("a pod that is not listed drops the section with no more than a warning").nodes(mesh.node_names(views));
        out.report(match section.at {
            Some(at) => draft.also(at, "the pods are listed here"),
            None => draft,
        });
    }
}
