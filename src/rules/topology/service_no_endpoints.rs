//! `topology/service-no-endpoints`.

use std::collections::BTreeMap;

use crate::{
    rules::prelude::*,
    topology::{Group, POD_NAME_LABEL, Service, Target, cure::is_pod_of_set, edit::New, same_namespace},
};

rule! {
    /// The address of a peer is a Service that leads to no pod.
    ///
    /// ## Why
    ///
    /// A Service without a selector, or with one that fits no pod, has no endpoints. Its name resolves and its address exists, so HAProxy
    /// starts; connections are refused. `show peers` says `last_status=CONN`, and `new_conn` counts up.
    ///
    /// Endpoints that are written by hand (an `Endpoints` or `EndpointSlice` object) are looked for in the same manifests.
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
    ///   ports: [{port: 10000}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy-1-peer}
    /// spec:
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
    /// element-hq/jitsi-helm#10; observed with HAProxy 2.6 and 2.8.
    "topology/service-no-endpoints", Error, Mesh(check), mends: true
}

/// Whether the pod that it selects by name is one that an autoscaler may still add.
fn may_come(mesh: &Mesh<'_>, service: &Service) -> bool {
    let pod = service.selector.as_ref().and_then(|said| said.value.get(POD_NAME_LABEL)?.rsplit_once('-'));
    let Some((set, ordinal)) = pod.and_then(|(set, ordinal)| Some((set, ordinal.parse::<u32>().ok()?))) else { return false };
    let named = |group: &&Group| group.name == set && same_namespace(&group.namespace, &service.namespace);
    let Some(group) = mesh.topology.groups.iter().find(named) else { return false };
    mesh.autoscaler(group).is_some_and(|a| ordinal < group.first_ordinal.saturating_add(a.max.value))
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told: BTreeMap<usize, (Draft, Vec<&View>)> = BTreeMap::new();
    for (group, section, views) in mesh.by_group() {
        for found in mesh.dialled(section, &views) {
            let Target::Service(at) = found.target else { continue };
            let service = &mesh.topology.services[at];
            if let Some((_, nodes)) = told.get_mut(&at) {
                nodes.extend(&views);
                continue;
            }
            if service.has_endpoints || !mesh.selected(at).is_empty() || may_come(mesh, service) {
                continue;
            }
            let (why, confidence) = match &service.selector {
                None => ("has no selector, so it leads nowhere", Confidence::High),
                Some(_) => ("selects no pod that runs HAProxy here", Confidence::Medium),
            };
            let place = service.selector.as_ref().map_or(service.at, |s| s.at);
            let peer = &found.peer.shown;
            let selector = || {
                let name = New::map([(POD_NAME_LABEL, New::text(peer.as_str()))]);
                Some(vec![mesh.object(service.at)?.set(&["spec", "selector"], name, "clusterIP")?])
            };
            let edits = is_pod_of_set(group, peer).then(selector).flatten();
            let draft = Draft::at(place, format!("Service `{}`, which is the address of `{peer}`, {why}", service.name))
                .confidence(confidence)
                .label("no pod is behind this")
                .help(format!("select the pod by its name: `selector: {{statefulset.kubernetes.io/pod-name: {peer}}}`"))
                .note("connections to it are refused: `show peers` says `last_status=CONN`")
                .also(found.address.at, "others connect to this");
            let title = "select the pod by its name";
            let draft = if service.selector.is_none() { draft.fix_if(title, edits) } else { draft.offer_if(title, edits) };
            told.insert(at, (draft, views.clone()));
        }
    }
    told.into_values().for_each(|(draft, nodes)| out.report(draft.nodes(mesh.node_names(nodes))));
}
