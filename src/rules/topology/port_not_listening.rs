//! `topology/port-not-listening`.

use std::collections::{BTreeSet, HashMap};

use crate::{
    rules::prelude::*,
    topology::{Asked, Asker, Group, Platform, Service, ServicePort},
};

rule! {
    /// A probe, a Service or a published port leads to a port at which HAProxy does not listen.
    ///
    /// ## Why
    ///
    /// The port stands in two files: on a `bind` line, and where the container is described. Where they differ, a probe fails for good,
    /// and its pod is never ready or is started again and again; who connects to the Service, or to the machine, is refused.
    /// `containerPort` and `EXPOSE` open nothing: only a `bind` line does.
    ///
    /// Of a Service or a container of which other ports are listened at this is a note, since charts and images often list ports that
    /// not everybody uses. Nothing is said where another container of the pod may listen there, or where not all of the configuration
    /// is known.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web}
    /// spec:
    ///   replicas: 2
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         ports: [{name: http, containerPort: 8080}, {name: health, containerPort: 8405}]
    ///         readinessProbe: {httpGet: {path: /healthz, port: health}}
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: web}}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: web}
    /// data:
    ///   haproxy.cfg: |
    ///     defaults
    ///         mode http
    ///         timeout client 30s
    ///         timeout connect 5s
    ///         timeout server 30s
    ///     frontend health
    ///         bind :8404
    ///         monitor-uri /healthz
    ///     frontend web
    ///         bind :8080
    ///         default_backend app
    ///     backend app
    ///         server app 192.0.2.1:80 check
    /// ```
    ///
    /// ```yaml bad
    /// services:
    ///   lb:
    ///     image: haproxy:2.8
    ///     ports: ["80:80"]
    ///     configs: [{source: lb, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   lb:
    ///     content: |
    ///       defaults
    ///           mode http
    ///           timeout client 30s
    ///           timeout connect 5s
    ///           timeout server 30s
    ///       frontend web
    ///           bind :8080
    ///           default_backend app
    ///       backend app
    ///           server app 192.0.2.1:80 check
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// services:
    ///   lb:
    ///     image: haproxy:2.8
    ///     ports: ["80:8080"]
    ///     configs: [{source: lb, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   lb:
    ///     content: |
    ///       defaults
    ///           mode http
    ///           timeout client 30s
    ///           timeout connect 5s
    ///           timeout server 30s
    ///       frontend web
    ///           bind :8080
    ///           default_backend app
    ///       backend app
    ///           server app 192.0.2.1:80 check
    /// ```
    ///
    /// ## Source
    ///
    /// Kubernetes: "Configure Liveness, Readiness and Startup Probes", "Service"; Docker: "Publishing and exposing ports".
    "topology/port-not-listening", Warning, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut by_group: HashMap<usize, Vec<&View>> = HashMap::new();
    mesh.views.iter().for_each(|view| by_group.entry(view_group(mesh, view)).or_default().push(view));
    for (at, group) in mesh.topology.groups.iter().enumerate() {
        let Some(open) = by_group.get(&at).and_then(|views| Open::of(mesh, group, views)) else { continue };
        probes(group, &open, out);
        published(group, &open, out);
        services(mesh, group, &open, out);
    }
}

fn view_group(mesh: &Mesh<'_>, view: &View) -> usize {
    mesh.topology.nodes[view.node].group
}

/// The ports at which the nodes of a group listen.
struct Open {
    ports: BTreeSet<(u16, u16)>,
    nodes: Vec<String>,
}

impl Open {
    /// `None` where not all is known that listens there, or where nothing does: then the configuration is a part of one.
    fn of(mesh: &Mesh<'_>, group: &Group, views: &[&View]) -> Option<Self> {
        // The socket of the master may have a port, too.
        let master = group.command.iter().any(|word| word.value.starts_with("-S"));
        if group.host_network.is_some() || master {
            return None;
        }
        let mut ports = BTreeSet::new();
        let mut last = None;
        for view in views {
            // Nodes that read alike come one after the other.
            if last != Some(view.summary) {
                last = Some(view.summary);
                let summary = mesh.summary(view);
                ports.extend(summary.ports.as_ref().filter(|_| !summary.open && !summary.binds.is_empty())?);
            }
            for section in &mesh.summary(view).sections {
                if let Some(listener) = view.listener(section) {
                    let port = listener.port()?;
                    ports.insert((port, port));
                }
            }
        }
        Some(Self { ports, nodes: mesh.node_names(views.iter().copied()) })
    }

    fn has(&self, port: u16) -> bool {
        self.ports.iter().any(|(low, high)| (*low..=*high).contains(&port))
    }

    /// The ports, for people.
    fn shown(&self) -> String {
        let one = |(low, high): &(u16, u16)| if low == high { low.to_string() } else { format!("{low} to {high}") };
        let all: Vec<String> = self.ports.iter().take(6).map(one).collect();
        let more = if self.ports.len() > all.len() { ", …" } else { "" };
        format!("{}{more}", all.join(", "))
    }

    fn draft(&self, at: Location, message: String, help: &str) -> Draft {
        let help = format!("{help}: it listens at {}", self.shown());
        Draft::at(at, message).label("nobody listens at this port").help(help).nodes(self.nodes.clone())
    }
}

/// Whether nothing else than HAProxy can be behind a port of its pod or container.
fn is_own(group: &Group, port: u16) -> bool {
    let neighbour = group.neighbours.iter().any(|n| n.ports.iter().any(|p| p.value == port));
    !neighbour && (group.companions.is_empty() || group.listed.contains(&port))
}

fn probes(group: &Group, open: &Open, out: &mut Sink<'_>) {
    for Asked { port, at, by } in &group.asked {
        let Asker::Probe(kind) = by else { continue };
        if is_own(group, *port) && !open.has(*port) {
            let message = format!("`{kind}` asks port {port}, at which HAProxy does not listen, so it always fails");
            out.report(open.draft(*at, message, "ask a port that a `bind` line has"));
        }
    }
}

fn published(group: &Group, open: &Open, out: &mut Sink<'_>) {
    let all = || group.asked.iter().filter(|asked| matches!(asked.by, Asker::Published(_)));
    let useful = all().any(|asked| open.has(asked.port));
    for asked in all().filter(|asked| is_own(group, asked.port) && !open.has(asked.port)) {
        let Asker::Published(outside) = asked.by else { continue };
        let port = asked.port;
        let message = format!("port {outside} of the machine leads to port {port} of {}, at which HAProxy does not listen", group.title());
        let draft = open.draft(asked.at, message, "publish a port that a `bind` line has");
        out.report(if useful { draft.severity(Severity::Info) } else { draft });
    }
}

fn services(mesh: &Mesh<'_>, group: &Group, open: &Open, out: &mut Sink<'_>) {
    if group.platform != Platform::Kubernetes {
        return;
    }
    // The names of a headless Service are the addresses of the pods, whatever its ports are.
    let leads = |s: &&Service| !s.headless && !s.external && !s.has_endpoints && s.selects(&group.namespace, &group.labels, None);
    for service in mesh.topology.services.iter().filter(leads) {
        let shut: Vec<(&ServicePort, String)> = service.ports.iter().filter_map(|port| Some((port, shut(group, open, port)?))).collect();
        let useful = service.ports.len() > shut.len();
        for (port, why) in shut {
            let draft = open.draft(
                port.at,
                format!("port {} of Service `{}` {why}", port.port, service.name),
                "lead to a port that a `bind` line has",
            );
            out.report(if useful { draft.severity(Severity::Info) } else { draft });
        }
    }
}

/// Why nobody listens where a port of a Service leads in the pods of a group.
fn shut(group: &Group, open: &Open, port: &ServicePort) -> Option<String> {
    let inside = match &port.target_name {
        Some(name) => match group.named_ports.iter().find(|(known, _)| known == name) {
            Some((_, inside)) => *inside,
            None if port.tcp => return Some(format!("leads to the port `{name}`, and no container of {} calls one so", group.title())),
            None => return None,
        },
        None => port.target.unwrap_or(port.port),
    };
    let closed = port.tcp && is_own(group, inside) && !open.has(inside);
    closed.then(|| format!("leads to port {inside} of {}, at which HAProxy does not listen", group.title()))
}
