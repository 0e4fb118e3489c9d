//! `topology/version-label-selector`.

use crate::{
    rules::prelude::*,
    topology::{POD_NAME_LABEL, cure::is_pod_of_set, edit::New},
};

rule! {
    /// The Service of a peer selects its pod by a label that changes with every release.
    ///
    /// ## Why
    ///
    /// A Service for one pod needs one label: `statefulset.kubernetes.io/pod-name`. With labels such as `helm.sh/chart` beside it, the Service
    /// loses its pod the moment a new release changes the selector, until the pod itself is replaced; during an update the peers cannot
    /// reach each other just when they hand over their tables.
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
    ///     metadata: {labels: {app: haproxy, helm.sh/chart: lb-1.2.3}}
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
    ///   selector: {statefulset.kubernetes.io/pod-name: haproxy-0, helm.sh/chart: lb-1.2.3}
    ///   ports: [{port: 10000}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy-1-peer}
    /// spec:
    ///   selector: {statefulset.kubernetes.io/pod-name: haproxy-1, helm.sh/chart: lb-1.2.3}
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
    ///   selector: {statefulset.kubernetes.io/pod-name: haproxy-0}
    ///   ports: [{port: 10000}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy-1-peer}
    /// spec:
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
    /// ## Source
    ///
    /// element-hq/jitsi-helm.
    "topology/version-label-selector", Warning, Mesh(check), mends: true
}

/// Labels that charts change with each release.
const CHANGING: [&str; 5] = ["helm.sh/chart", "chart", "app.kubernetes.io/version", "version", "pod-template-hash"];

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told = Vec::new();
    for (group, section, views) in mesh.by_group() {
        for found in mesh.dialled(section, &views) {
            let Some(at) = found.service(mesh) else { continue };
            let service = &mesh.topology.services[at];
            let Some(selector) = service.selector.as_ref().filter(|_| !told.contains(&at)) else { continue };
            let Some(label) = CHANGING.iter().find(|l| selector.value.contains_key(**l)) else { continue };
            told.push(at);
            let all = mesh.object(service.at).and_then(|o| o.at(&["spec", "selector"]));
            let edit = all.and_then(|all| match selector.value.contains_key(POD_NAME_LABEL) {
                _ if service.headless && selector.value.len() == 1 => None,
                true => all.remove(label),
                false if service.headless => all.remove(label),
                false if is_pod_of_set(group, &found.peer.shown) => all.replace(New::map([(POD_NAME_LABEL, New::text(&found.peer.shown))])),
                false => None,
            });
            let (pod, help, title, note) = if service.headless {
                let note = "during an update the names of the pods that are not replaced yet resolve no more, and new pods do not start";
                ("pods", format!("take `{label}` out of the selector"), "select by what stays", note)
            } else {
                let help = format!("select by the name of the pod alone: `selector: {{{POD_NAME_LABEL}: {}}}`", found.peer.shown);
                let note = "during an update the Service has no pod, and the peers cannot hand over their tables";
                ("pod", help, "select by the name of the pod", note)
            };
            out.report(
                Draft::at(
                    selector.at,
                    format!("Service `{}` finds its {pod} by `{label}`, which changes with every release", service.name),
                )
                .help(help)
                .fix_if(title, edit.map(|e| vec![e]))
                .note(note)
                .nodes(mesh.node_names(views.iter().copied())),
            );
        }
    }
}
