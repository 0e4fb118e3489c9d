//! `topology/service-port-missing`.

use std::collections::BTreeMap;

use crate::{
    rules::prelude::*,
    topology::{
        PeerLine, Target,
        cure::together,
        edit::{New, Part},
        selected,
    },
};

rule! {
    /// The address of a peer has a port that its Service does not have.
    ///
    /// ## Why
    ///
    /// The address of a Service answers on the ports that the Service lists, and on no other; to connect to the peers' port there is to connect into
    /// nothing. A headless Service is another matter: its names are the addresses of the pods themselves, and its ports do not count.
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
    /// metadata: {name: haproxy-0-peer}
    /// spec:
    ///   selector: {statefulset.kubernetes.io/pod-name: haproxy-0}
    ///   ports: [{port: 8404}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy-1-peer}
    /// spec:
    ///   selector: {statefulset.kubernetes.io/pod-name: haproxy-1}
    ///   ports: [{port: 8404}]
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
    /// Kubernetes: "Service"; the ports that a container lists are documentation alone.
    "topology/service-port-missing", Error, Mesh(check), mends: true
}

/// The workloads whose pods a Service leads to: it is there that a port is looked for by its name.
fn pods<'m>(mesh: &Mesh<'m>, service: usize) -> Vec<&'m Group> {
    selected(mesh.topology, service).into_iter().map(|node| &mesh.topology.groups[mesh.topology.nodes[node].group]).collect()
}

/// Whether the pod that is dialled has no port of that name; all of them, where it is not known which one that is.
fn lacks_port(mesh: &Mesh<'_>, service: usize, peer: &PeerLine, name: &str) -> bool {
    let lacks = |group: &Group| !group.named_ports.iter().any(|(known, _)| known == name);
    let of_service = selected(mesh.topology, service);
    let dialled = mesh.views.iter().find(|v| v.local.is_some() && v.local == peer.name && of_service.contains(&v.node));
    match dialled {
        Some(view) => lacks(mesh.group(view)),
        None => !of_service.is_empty() && pods(mesh, service).into_iter().all(lacks),
    }
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told: BTreeMap<(usize, u16), (Draft, Vec<&View>)> = BTreeMap::new();
    for (_, section, views) in mesh.by_group() {
        for found in mesh.dialled(section, &views) {
            let (Target::Service(at), Some(port)) = (&found.target, found.address.port()) else { continue };
            if let Some((_, nodes)) = told.get_mut(&(*at, port)) {
                nodes.extend(&views);
                continue;
            }
            let service = &mesh.topology.services[*at];
            let ports = service.ports.iter().find(|p| p.port == port && p.tcp);
            let lacks = match ports {
                None => format!("Service `{}` has no TCP port {port}, which the address of `{}` asks for", service.name, found.peer.shown),
                Some(ports) => match &ports.target_name {
                    Some(name) if lacks_port(mesh, *at, found.peer, name) => {
                        format!("port {port} of Service `{}` leads to the port `{name}`, which no container has", service.name)
                    }
                    _ => continue,
                },
            };
            let inner = views.iter().find_map(|v| v.listener(section)?.port()).unwrap_or(port);
            let edits = match ports {
                Some(_) => mesh.lead_port(*at, port, inner),
                None => mesh.object(service.at).and_then(|object| add(object, port, inner)),
            };
            let help = match ports.and_then(|p| p.target_name.as_ref()) {
                Some(name) => {
                    format!("write `targetPort: {inner}` at this port of the Service, or give the container's port the name `{name}`")
                }
                None => format!("add it to the `ports` of the Service: `- {{name: peers, port: {port}, targetPort: {inner}}}`"),
            };
            let draft = Draft::at(service.at, lacks)
                .fix_if("lead this port to the one that the pod listens on", edits)
                .help(help)
                .also(found.address.at, "others connect to this");
            told.insert((*at, port), (draft, views.clone()));
        }
    }
    told.into_values().for_each(|(draft, nodes)| out.report(draft.nodes(mesh.node_names(nodes))));
}

/// The port as one more of the Service. Where there are several, each must have a name.
fn add(object: Part<'_>, port: u16, inner: u16) -> Option<Vec<Edit>> {
    let items = object.at(&["spec", "ports"]).map(Part::items).unwrap_or_default();
    let number = |item: &Part<'_>| item.node.get("port").and_then(|p| p.number());
    let mut edits = Vec::new();
    for item in items.iter().filter(|item| item.node.get("name").is_none()) {
        edits.push(item.set(&["name"], New::text(format!("port-{}", number(item)?)), "port")?);
    }
    let new = New::map([("name", New::text("peers")), ("port", New::plain(port)), ("targetPort", New::plain(inner))]);
    edits.push(object.push(&["spec", "ports"], vec![new])?);
    Some(together(edits))
}
