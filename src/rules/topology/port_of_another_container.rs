//! `topology/port-of-another-container`.

use crate::{
    rules::prelude::*,
    topology::{Listener, Neighbour, Platform},
};

rule! {
    /// Two containers that share a network listen on one port.
    ///
    /// ## Why
    ///
    /// The containers of a pod have one network, as have those of Compose with `network_mode: host`. A second program does not get a
    /// port that is taken. A second HAProxy that reads the same does get it: both listen, each connection reaches one of them by chance,
    /// and as both have the same host name, both take themselves for the same peer. Half of what the others send arrives at the wrong one.
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
    ///       - name: exporter
    ///         image: quay.io/prometheus/haproxy-exporter:v0.15.0
    ///         ports: [{containerPort: 10000}]
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
    ///       - name: haproxy-tls
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
    ///       - name: exporter
    ///         image: quay.io/prometheus/haproxy-exporter:v0.15.0
    ///         ports: [{containerPort: 9101}]
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
    /// Kubernetes: "Pods", "Pod networking"; observed with HAProxy 2.6 and 2.8: two processes share a port.
    "topology/port-of-another-container", Error, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told = Vec::new();
    for (group, section, views) in mesh.by_group() {
        if told.contains(&group.at) {
            continue;
        }
        let Some((listener, port)) = listens(section, &views) else { continue };
        let draft = group.neighbours.iter().find_map(|other| beside(group, section, other, port));
        let Some(draft) = draft.or_else(|| on_machine(mesh, group, section, port)) else { continue };
        told.push(group.at);
        out.report(draft.also(listener.at, "the peers listen here").nodes(mesh.node_names(views)));
    }
}

/// Where the nodes listen for their peers, and on which port. Where their own names are not known, it is the port that all lines have.
fn listens<'s>(section: &'s Section, views: &[&View]) -> Option<(&'s Listener, u16)> {
    let own = views.iter().find_map(|view| view.listener(section));
    let any = || {
        let mut all = section.peers.iter().filter_map(|peer| peer.address.as_ref());
        let first = all.next()?;
        all.all(|address| address.port() == first.port()).then_some(first)
    };
    let listener = own.or_else(any)?;
    Some((listener, listener.port()?))
}

/// Another container of the pod: a second HAProxy, or a program that declares the port.
fn beside(group: &Group, section: &Section, other: &Neighbour, port: u16) -> Option<Draft> {
    let name = &other.name;
    if other.twin && section.peers.len() > 1 {
        let message = format!("`{name}` of {} reads what HAProxy in `{}` reads, in the same pod", group.title(), group.container);
        return Some(
            Draft::at(other.at, message)
                .label(format!("it listens on port {port} as well, under the same name"))
                .help("give it a configuration of its own, with other ports and without this `peers` section"),
        );
    }
    let declared = other.ports.iter().find(|p| p.value == port)?;
    Some(
        Draft::at(declared.at, format!("`{name}` of {} has port {port}, on which HAProxy listens for its peers", group.title()))
            .severity(Severity::Warning)
            .confidence(Confidence::Medium)
            .label("the pod has each port once")
            .help(format!("let `{name}` or the peers use another port")),
    )
}

/// Another service of Compose on the network of the same machine, which listens on the same port under the same host name.
fn on_machine(mesh: &Mesh<'_>, group: &Group, section: &Section, port: u16) -> Option<Draft> {
    let shares = |g: &Group| g.platform == Platform::Compose && g.host_network.is_some() && g.option_l.is_none() && g.host_name.is_none();
    if !shares(group) || section.peers.len() < 2 {
        return None;
    }
    let (view, _) = mesh.sections().find(|(view, other)| {
        let beside = mesh.group(view);
        let near = beside.at > group.at && beside.namespace == group.namespace && shares(beside) && !view.by_localpeer;
        near && other.name == section.name && listens(other, &[view]).is_some_and(|(_, theirs)| theirs == port)
    })?;
    let beside = mesh.group(view);
    Some(
        Draft::at(
            beside.at,
            format!("{} and {} listen on port {port} of one machine, and are called like it", group.title(), beside.title()),
        )
        .label("both are on the network of the machine")
        .help("give each of them its own ports and its own `-L`, or leave `network_mode: host` out")
        .also(group.at, "this one as well"),
    )
}
