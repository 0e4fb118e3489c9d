//! `topology/shared-service-as-peer`.

use crate::{
    rules::prelude::*,
    topology::{Dialled, Platform, Target},
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
    for (group, section, views) in mesh.by_group() {
        let words = Words::of(group.platform);
        for found in mesh.dialled(section, &views) {
            let (count, what) = match &found.target {
                Target::Service(at) => (mesh.selected(*at).len(), mesh.topology.services[*at].name.as_str()),
                Target::Nodes(nodes) => (mesh.answering(nodes, &found.address.address, &section.name).len(), found.address.text.as_str()),
                _ => continue,
            };
            if count < 2 {
                continue;
            }
            let message = format!("`{what}` leads to {count} {}, so `{}` is answered by any of them", words.all, found.peer.shown);
            let to = mesh.called(views[0], found.peer.name.as_deref());
            let edit = to.and_then(|to| mesh.word(found.address.at, &mesh.address_of(to, &section.name)?));
            let (title, edits) = match (edit, &found.target) {
                (None, Target::Service(at)) => ("select the pod by its name", mesh.select_pod(*at, &found.peer.shown)),
                (edit, _) => (words.alone, edit.map(|e| vec![e])),
            };
            out.report(
                Draft::at(found.address.at, message)
                    .offer_if(title, edits)
                    .label("a peer is one certain process")
                    .help(words.help(&found))
                    .note("who is called otherwise turns the connection away: `show peers` says `last_status=NAME`")
                    .nodes(mesh.node_names(views.iter().copied())),
            );
        }
    }
}

/// What nodes are called on their platform.
struct Words {
    platform: Platform,
    all: &'static str,
    alone: &'static str,
}

impl Words {
    fn of(platform: Platform) -> Self {
        let (all, alone) = match platform {
            Platform::Kubernetes => ("pods", "connect to this pod alone"),
            Platform::Compose => ("containers", "connect to this container alone"),
            Platform::Host => ("hosts", "connect to this host alone"),
        };
        Self { platform, all, alone }
    }

    fn help(&self, found: &Dialled<'_>) -> String {
        let shown = &found.peer.shown;
        match self.platform {
            Platform::Kubernetes => format!(
                "write the name of the one pod, such as `{shown}.SERVICE` with the headless Service of a StatefulSet, or make a Service for each pod"
            ),
            Platform::Compose => format!("write a name that the container of `{shown}` has alone, such as that of a service of its own"),
            Platform::Host => format!(
                "write an address that the host of `{shown}` has alone; where several processes are on one host, give each a port of its own"
            ),
        }
    }
}
