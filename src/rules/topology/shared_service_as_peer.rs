//! `topology/shared-service-as-peer`.

use crate::{
    rules::prelude::*,
    topology::{Target, selected},
};

rule! {
    /// The address of a peer is a name that leads to several pods.
    ///
    /// ## Why
    ///
    /// A Service gives each connection to any of its pods. A peer is one certain process: whoever answers with another name is sent away,
    /// `show peers` says `last_status=NAME`, and HAProxy 2.x and 3.x do not try again. A headless Service that stands for several pods is
    /// no better: HAProxy takes the first address once and for all.
    ///
    /// Each pod needs a name of its own: `POD.SERVICE` of a StatefulSet, or a Service for each pod.
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
    /// metadata: {name: lb}
    /// spec:
    ///   selector: {app: haproxy}
    ///   ports: [{port: 10000}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         bind :10000
    ///         server haproxy-0 lb:10000
    ///         server haproxy-1 lb:10000
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
    /// The protocol: peers.md, status 503; observed with HAProxy 2.6 and 2.8.
    "topology/shared-service-as-peer", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for (_, section, views) in mesh.by_group() {
        for found in mesh.dialled(section, &views) {
            let (count, what) = match &found.target {
                Target::Service(at) => (selected(mesh.topology, *at).len(), mesh.topology.services[*at].name.as_str()),
                Target::Nodes(nodes) => (nodes.len(), found.address.text.as_str()),
                _ => continue,
            };
            if count < 2 {
                continue;
            }
            let message = format!("`{what}` leads to {count} pods, so `{}` is answered by any of them", found.peer.shown);
            let to = mesh.called(views[0], found.peer.name.as_deref());
            let edit = to.and_then(|to| mesh.word(found.address.at, &mesh.address_of(to, &section.name)?));
            let (title, edits) = match (edit, &found.target) {
                (None, Target::Service(at)) => ("select the pod by its name", mesh.select_pod(*at, &found.peer.shown)),
                (edit, _) => ("connect to this pod alone", edit.map(|e| vec![e])),
            };
            out.report(
                Draft::at(found.address.at, message)
                    .offer_if(title, edits)
                    .label("a peer is one certain pod")
                    .help(format!(
                        "write the name of the one pod, such as `{}.SERVICE` with the headless Service of a StatefulSet, or make a Service for each pod",
                        found.peer.shown
                    ))
                    .note("a pod that is called otherwise turns the connection away: `show peers` says `last_status=NAME`")
                    .nodes(mesh.node_names(views.iter().copied())),
            );
        }
    }
}
