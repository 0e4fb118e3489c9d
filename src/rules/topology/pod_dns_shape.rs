//! `topology/pod-dns-shape`.

use crate::{
    rules::prelude::*,
    topology::{Platform, Target},
};

rule! {
    /// The address of a peer is no name that DNS gives to a pod.
    ///
    /// ## Why
    ///
    /// A pod has the name `POD.SERVICE.NAMESPACE.svc.cluster.local`, if a headless Service of its own namespace is its subdomain: for a
    /// StatefulSet that is `serviceName`. The bare name of a pod resolves only inside of that pod itself. HAProxy does not start with a
    /// peer whose name does not resolve.
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
    ///         peer haproxy-0 haproxy-0:10000
    ///         peer haproxy-1 haproxy-1:10000
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
    /// haproxytech/helm-charts#262; Kubernetes: "DNS for Services and Pods".
    "topology/pod-dns-shape", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for (group, section, views) in mesh.by_group() {
        if group.platform != Platform::Kubernetes {
            continue;
        }
        for found in mesh.dialled(section, &views) {
            let Target::Nothing(why) = &found.target else { continue };
            let pod = &found.peer.shown;
            let service = group.service_name.as_ref().map_or("SERVICE", |s| s.value.as_str());
            let to = mesh.called(views[0], found.peer.name.as_deref());
            let edit = to.and_then(|to| mesh.word(found.address.at, &mesh.address_of(to, &section.name)?));
            let draft = Draft::at(found.address.at, format!("`{}` does not resolve: {why}", found.address.text));
            let draft = match edit {
                Some(edit) => draft.fix("write the name that the pod has", vec![edit]),
                // It cannot be changed in place: the StatefulSet is deleted with `--cascade=orphan`, and made anew.
                None => draft.offer_if("name this Service in the StatefulSet", mesh.name_service(group, &found.address.address.host)),
            };
            out.report(
                draft
                    .label("DNS has no such name")
                    .help(format!("write `{pod}.{service}`, with a headless Service that is the `serviceName` of the StatefulSet"))
                    .note("HAProxy 2.4 and later do not start if the name of a peer does not resolve")
                    .nodes(mesh.node_names(views.iter().copied())),
            );
        }
    }
}
