//! `topology/rollout-too-fast`.

use crate::{
    rules::prelude::*,
    topology::{Kind, edit::New},
};

rule! {
    /// An update replaces the pods faster than a new one can learn the tables.
    ///
    /// ## Why
    ///
    /// A new HAProxy asks its peers for all their entries, and gives up on each after 5 seconds; until it is done it teaches nobody. An update
    /// that goes on to the next pod at once may replace all of them before the tables were handed over, and then they are lost.
    ///
    /// `minReadySeconds` makes the update wait after each pod; so does a readiness probe that begins late.
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
    /// damdo/k8s-haproxy-peer-sync; observed with HAProxy 2.6 and 2.8: a reload 1.5 seconds after the start loses the table.
    "topology/rollout-too-fast", Warning, Mesh(check), mends: true
}

/// Two waits of five seconds, for a local and for a remote teacher.
const RESYNC: u32 = 10;

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for (group, section, views) in mesh.by_group() {
        let waits = group.min_ready_seconds.max(group.ready_delay) >= RESYNC;
        let updates = matches!(group.kind, Kind::StatefulSet | Kind::Deployment | Kind::DaemonSet) && group.rolling;
        let shares = !section.tables.is_empty() && section.peers.len() > 1 && mesh.size(group) > 1;
        if waits || !updates || !shares {
            continue;
        }
        let how = if group.min_ready_seconds == 0 {
            "no `minReadySeconds`".to_owned()
        } else {
            format!("`minReadySeconds: {}`", group.min_ready_seconds)
        };
        let edit = mesh.object(group.at).and_then(|o| o.set(&["spec", "minReadySeconds"], New::plain(15), "replicas"));
        out.report(
            Draft::at(group.at, format!("{} has {how}: an update goes on before a new pod has learned the tables", group.title()))
                .fix_if("wait 15 seconds for each pod", edit.map(|e| vec![e]))
                .help("set `minReadySeconds: 15`")
                .note("HAProxy waits up to twice 5 seconds for its peers' entries, and sends its own to nobody before it has them")
                .nodes(mesh.node_names(views)),
        );
    }
}
