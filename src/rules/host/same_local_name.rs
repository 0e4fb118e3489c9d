//! `host/same-local-name`.

use std::collections::BTreeMap;

use crate::{rules::prelude::*, topology::Platform};

rule! {
    /// Two nodes of one mesh call themselves by the same name.
    ///
    /// ## Why
    ///
    /// A HAProxy tells its name in the first line of each connection. Two nodes with one name take each other for themselves: each finds its
    /// own name in the list and never connects to the other, and a third one that connects to either is told `NAME`, or moves its session to and fro.
    ///
    /// The name is what `-L` says, else `localpeer`, else the host name: a fixed `-L` or `localpeer` in a file that all nodes share is how this
    /// comes about.
    ///
    /// ## Example
    ///
    /// ```yaml bad also=topology/local-addr-not-on-pod
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
    ///         args: [-f, /usr/local/etc/haproxy/haproxy.cfg, -L, haproxy-0]
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
    ///         args: [-f, /usr/local/etc/haproxy/haproxy.cfg, -L, $(POD_NAME)]
    ///         env:
    ///         - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
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
    /// haproxy/haproxy#938; observed with HAProxy 2.6 and 2.8.
    "host/same-local-name", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut by_name: BTreeMap<(&str, &str, &str), Vec<&View>> = BTreeMap::new();
    for (view, section) in mesh.sections() {
        let Some(local) = view.local.as_deref().filter(|_| section.peers.len() > 1) else { continue };
        by_name.entry((&mesh.group(view).namespace, &section.name, local)).or_default().push(view);
    }
    for ((_, section, local), views) in by_name {
        let [first, second, ..] = views[..] else { continue };
        let (a, b) = (&mesh.node(first).title, &mesh.node(second).title);
        let group = mesh.group(first);
        // The word behind `-L` is no name at all: that is told there.
        if group.lost_name().is_some() || local.is_empty() {
            continue;
        }
        let place = group.option_l.as_ref().map_or(group.at, |l| l.at);
        let help = match (&group.option_l, first.by_localpeer) {
            (Some(_), _) if group.platform == Platform::Kubernetes => "give each pod its own name: `-L $(POD_NAME)`",
            (Some(_), _) => "give each node its own name behind `-L`, or take `-L` out where the host names are the right ones",
            (None, true) => {
                "take the `localpeer` line out of the shared file, so that each node goes by its host name, or write `localpeer \"${HOSTNAME}\"`"
            }
            (None, false) => "give each node its own host name, or its own `-L`",
        };
        let edits = own_names(mesh, group, first, section, &views);
        out.report(
            Draft::at(place, format!("`{a}` and `{b}` both call themselves `{local}` in `peers {section}`"))
                .fix_if("let each node go by its own name", edits)
                .help(help)
                .note("each takes the other for itself, and neither ever connects to the other")
                .nodes(mesh.node_names(views)),
        );
    }
}

/// Each node under the name that the list has for it: that of its pod, or of its host.
fn own_names(mesh: &Mesh<'_>, group: &Group, first: &View, section: &str, views: &[&View]) -> Option<Vec<Edit>> {
    let section = mesh.section(first, section)?;
    let listed = |name: Option<&str>| name.is_some_and(|name| section.peer(name).is_some());
    if group.option_l.is_some() {
        return views.iter().all(|v| listed(Some(&mesh.node(v).name))).then(|| mesh.named_after_pod(group, first)).flatten();
    }
    let by_host = first.by_localpeer && views.iter().all(|v| listed(mesh.node(v).host_name.known()));
    Some(vec![by_host.then(|| mesh.line_of(first, "localpeer")).flatten()?.delete()?])
}
