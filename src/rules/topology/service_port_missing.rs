//! `topology/service-port-missing`.

use std::collections::BTreeMap;

use crate::{
    rules::prelude::*,
    topology::{
        Dialled, PeerLine, Target,
        cure::together,
        edit::{New, Part},
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
    mesh.selected(service).iter().map(|node| &mesh.topology.groups[mesh.topology.nodes[*node].group]).collect()
}

/// Whether the pod that is dialled has no port of that name; all of them, where it is not known which one that is.
fn lacks_port(mesh: &Mesh<'_>, service: usize, peer: &PeerLine, name: &str) -> bool {
    let lacks = |group: &Group| !group.named_ports.iter().any(|(known, _)| known == name);
    let of_service = mesh.selected(service);
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
                None => provide(mesh, *at, port, inner),
            };
            let help = match ports.and_then(|p| p.target_name.as_ref()) {
                Some(name) => {
                    format!("write `targetPort: {inner}` at this port of the Service, or give the container's port the name `{name}`")
                }
                None => format!("let the Service have this port: `- {{name: peers, port: {port}, targetPort: {inner}}}` among its `ports`"),
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

/// The port of the Service: the one for peers is given this number where nobody asks for the old one, and else there is one more.
fn provide(mesh: &Mesh<'_>, service: usize, port: u16, inner: u16) -> Option<Vec<Edit>> {
    let object = mesh.object(mesh.topology.services[service].at)?;
    let items = object.at(&["spec", "ports"]).map(Part::items).unwrap_or_default();
    let number = |item: &Part<'_>, key: &str| item.node.get(key).and_then(|p| u16::try_from(p.number()?).ok());
    let tcp = |item: &Part<'_>| item.node.str_at(&["protocol"]).is_none_or(|protocol| protocol == "TCP");
    let for_peers = items.iter().find(|item| item.node.str_at(&["name"]) == Some(NAME) && tcp(item));
    if let Some((item, old)) = for_peers.and_then(|item| Some((item, number(item, "port")?))) {
        let leads = item.node.get("targetPort").is_some() && number(item, "targetPort") == Some(inner);
        if leads && item.node.get("nodePort").is_none() && !is_dialled(mesh, service, old) {
            return Some(vec![item.set(&["port"], New::plain(port), "name")?]);
        }
    }
    add(object, &items, port, inner)
}

/// What the port for peers is called.
const NAME: &str = "peers";

/// Whether a peer is dialled at this port of a Service.
fn is_dialled(mesh: &Mesh<'_>, service: usize, port: u16) -> bool {
    let is_it = |found: &Dialled<'_>| found.target == Target::Service(service) && found.address.port() == Some(port);
    mesh.by_group().into_iter().any(|(_, section, views)| mesh.dialled(section, &views).iter().any(is_it))
}

/// The port as one more of the Service. Where there are several, each must have a name, and no two the same.
fn add(object: Part<'_>, items: &[Part<'_>], port: u16, inner: u16) -> Option<Vec<Edit>> {
    let number = |item: &Part<'_>| item.node.get("port").and_then(|p| p.number());
    let is_taken = |name: &str| items.iter().any(|item| item.node.str_at(&["name"]) == Some(name));
    let mut edits = Vec::new();
    for item in items.iter().filter(|item| item.node.get("name").is_none()) {
        let name = Some(format!("port-{}", number(item)?)).filter(|name| !is_taken(name))?;
        edits.push(item.set(&["name"], New::text(name), "port")?);
    }
    let name = [NAME.to_owned(), format!("{NAME}-{port}")].into_iter().find(|name| !is_taken(name))?;
    let new = New::map([("name", New::text(name)), ("port", New::plain(port)), ("targetPort", New::plain(inner))]);
    edits.push(object.push(&["spec", "ports"], vec![new])?);
    Some(together(edits))
}
