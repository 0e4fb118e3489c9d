//! `topology/rollout-overlaps`.

use crate::{
    rules::prelude::*,
    topology::{Kind, edit::New},
};

rule! {
    /// Every update of a Deployment starts a second pod with the name of the first.
    ///
    /// ## Why
    ///
    /// A Deployment starts the new pod before the old one is gone, unless its strategy says otherwise. With a name that is written down,
    /// by `-L` or `localpeer`, both are the same peer for a while: each takes the other for itself, the others close the one session
    /// when the other comes, and what clients do in the meantime is counted by one of them alone.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: haproxy-a}
    /// spec:
    ///   replicas: 1
    ///   template:
    ///     metadata: {labels: {app: haproxy-a}}
    ///     spec:
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         args: [-L, a, -f, /usr/local/etc/haproxy/haproxy.cfg]
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy-b}
    /// spec: {selector: {app: haproxy-b}, ports: [{port: 10000}]}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         bind :10000
    ///         server a
    ///         server b haproxy-b:10000
    ///
    ///     backend sessions
    ///         stick-table type ip size 100k expire 30m peers cluster
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: haproxy-b}
    /// spec:
    ///   replicas: 1
    ///   template:
    ///     metadata: {labels: {app: haproxy-b}}
    ///     spec:
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         args: [-L, b, -f, /usr/local/etc/haproxy/haproxy.cfg]
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy-b}}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy-a}
    /// spec: {selector: {app: haproxy-a}, ports: [{port: 10000}]}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy-b}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         bind :10000
    ///         server a haproxy-a:10000
    ///         server b
    ///
    ///     backend sessions
    ///         stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: haproxy-a}
    /// spec:
    ///   replicas: 1
    ///   strategy: {type: Recreate}
    ///   template:
    ///     metadata: {labels: {app: haproxy-a}}
    ///     spec:
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         args: [-L, a, -f, /usr/local/etc/haproxy/haproxy.cfg]
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy-b}
    /// spec: {selector: {app: haproxy-b}, ports: [{port: 10000}]}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         bind :10000
    ///         server a
    ///         server b haproxy-b:10000
    ///
    ///     backend sessions
    ///         stick-table type ip size 100k expire 30m peers cluster
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: haproxy-b}
    /// spec:
    ///   replicas: 1
    ///   strategy: {type: Recreate}
    ///   template:
    ///     metadata: {labels: {app: haproxy-b}}
    ///     spec:
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         args: [-L, b, -f, /usr/local/etc/haproxy/haproxy.cfg]
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy-b}}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy-a}
    /// spec: {selector: {app: haproxy-a}, ports: [{port: 10000}]}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy-b}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         bind :10000
    ///         server a haproxy-a:10000
    ///         server b
    ///
    ///     backend sessions
    ///         stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// Kubernetes: "Deployments", "Strategy".
    "topology/rollout-overlaps", Warning, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told = Vec::new();
    for (group, section, views) in mesh.by_group() {
        let named = views.iter().find_map(|view| view.local.as_deref().filter(|_| view.own(section).is_some()));
        let surges = group.kind == Kind::Deployment && group.surges && mesh.size(group) == 1;
        let (Some(local), true) = (named, surges && section.peers.len() > 1 && !section.tables.is_empty()) else { continue };
        if told.contains(&group.at) {
            continue;
        }
        told.push(group.at);
        let recreate = New::map([("type", New::text("Recreate"))]);
        let edit = mesh.object(group.at).and_then(|object| object.set(&["spec", "strategy"], recreate, "replicas"));
        let place = group.option_l.as_ref().map_or(group.at, |said| said.at);
        out.report(
            Draft::at(place, format!("with every update of {} two pods are called `{local}` for a while", group.title()))
                .label("this name is that of the old pod and of the new one")
                .help("write `strategy: {type: Recreate}`: the old pod ends before the new one starts, and the others keep the tables")
                .offer_if("end the old pod before the new one starts", edit.map(|edit| vec![edit]))
                .nodes(mesh.node_names(views)),
        );
    }
}
