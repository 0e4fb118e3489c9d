//! `topology/servicelink-env`.

use crate::{
    cut::Cut,
    rules::prelude::*,
    topology::{Listener, Origin, PeerLine, Platform, Service, same_namespace},
};

rule! {
    /// The address of a peer comes from a variable that Kubernetes sets only for Services that were there before the pod.
    ///
    /// ## Why
    ///
    /// `NAME_SERVICE_HOST` exists in a pod for each Service of its namespace that was made before the pod was, unless
    /// `enableServiceLinks: false` is said. A pod that is older than the Service has no such variable, an empty variable makes the address
    /// `:PORT`, and that is every address of the node itself: HAProxy connects to itself for ever and `show peers` says `last_status=NAME`.
    ///
    /// The name of the Service resolves to the same address at any time.
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
    ///       enableServiceLinks: false
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
    ///         server haproxy-0 "${HAPROXY_0_PEER_SERVICE_HOST}:10000"
    ///         server haproxy-1 "${HAPROXY_1_PEER_SERVICE_HOST}:10000"
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
    /// element-hq/jitsi-helm; Kubernetes: "Environment variables" of Services.
    "topology/servicelink-env", Warning, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for (group, section, views) in mesh.by_group() {
        if group.platform != Platform::Kubernetes {
            continue;
        }
        let mut told = Vec::new();
        for peer in &section.peers {
            let Some(address) = &peer.address else { continue };
            let texts = mesh.written(address);
            if let Some(draft) = as_port(mesh, &views, &texts, address).filter(|_| !told.contains(&address.at)) {
                told.push(address.at);
                out.report(draft);
                continue;
            }
            let Some(name) = variables(&texts).find(|v| v.ends_with("_SERVICE_HOST")) else { continue };
            if told.contains(&address.at) {
                continue;
            }
            told.push(address.at);
            let exists = mesh.node(views[0]).environment.get(name).is_some();
            let (severity, why) = match (group.service_links, exists) {
                (false, _) => (Severity::Error, "is not set: `enableServiceLinks` is false"),
                (true, false) if mesh.topology.services.is_empty() => {
                    (Severity::Warning, "is set only for a Service that is older than the pod")
                }
                (true, false) => (Severity::Error, "is not set: there is no such Service in the namespace of the pods"),
                (true, true) => (Severity::Warning, "is set only if the Service is older than the pod"),
            };
            let instead = |peer: &PeerLine| {
                let written = mesh.written(peer.address.as_ref()?);
                by_name(mesh, group, variables(&written).find(|v| v.ends_with("_SERVICE_HOST"))?, &written)
            };
            // A pod cannot listen on the address of a Service.
            let edits = instead(peer).and_then(|_| mesh.listen_with(views[0], section, &instead));
            out.report(
                Draft::at(address.at, format!("`{name}` {why}"))
                    .fix_if("write the name of the Service", edits)
                    .severity(severity)
                    .help("write the name of the Service instead, which resolves at any time")
                    .note("with an empty variable this is every address of the node, and HAProxy connects to itself")
                    .nodes(mesh.node_names(views.iter().copied())),
            );
        }
    }
}

/// The variable in the place of a port that the kubelet sets to the whole address of a Service.
fn as_port(mesh: &Mesh<'_>, views: &[&View], text: &str, address: &Listener) -> Option<Draft> {
    let (_, port) = text.trim_matches('"').rsplit_once(':')?;
    let name = variables(port).find(|v| v.ends_with("_PORT") && !v.ends_with("_SERVICE_PORT"))?;
    let variable = mesh.node(views[0]).environment.get(name).filter(|v| v.origin == Origin::ServiceLink)?;
    let stem = name.strip_suffix("_PORT")?;
    let called = |s: &&Service| s.name.to_uppercase().replace('-', "_") == stem;
    let service = mesh.topology.services.iter().find(called)?;
    let value = variable.value.clone().unwrap_or_else(|| "tcp://ADDRESS:PORT".to_owned());
    Some(
        Draft::at(address.at, format!("`{name}` is no port: the kubelet sets it to `{value}`, for Service `{}`", service.name))
            .severity(Severity::Error)
            .label("not a number")
            .help(format!("write the port itself, or `${{{stem}_SERVICE_PORT}}`, or say `{name}` in `env`"))
            .also(service.at, "it stands for this Service")
            .nodes(mesh.node_names(views.iter().copied())),
    )
}

/// The names of variables in a word as it is written.
pub(super) fn variables(text: &str) -> impl Iterator<Item = &str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split('$').skip(1).map(move |rest| {
        let rest = rest.trim_start_matches('{');
        rest.cut(..rest.find(|c| !is_name(c)).unwrap_or(rest.len()))
    })
}

/// The address with the name of the Service that the variable stands for.
fn by_name(mesh: &Mesh<'_>, group: &Group, variable: &str, text: &str) -> Option<String> {
    let stem = variable.strip_suffix("_SERVICE_HOST")?;
    let fits =
        |s: &&Service| same_namespace(&s.namespace, &group.namespace) && !s.headless && s.name.to_uppercase().replace('-', "_") == stem;
    let mut found = mesh.topology.services.iter().filter(fits);
    let service = found.next().filter(|_| found.next().is_none())?;
    let port = text.trim_matches('"').rsplit_once(':')?.1;
    let own = service.ports.first().map(|p| p.port.to_string()).filter(|_| port.contains(&format!("{stem}_SERVICE_PORT")));
    let port = own.or_else(|| port.parse::<u16>().ok().map(|p| p.to_string()))?;
    Some(format!("{}:{port}", service.name))
}
