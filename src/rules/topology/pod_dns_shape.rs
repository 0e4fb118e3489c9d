//! `topology/pod-dns-shape`.

use crate::{
    config::address::Host,
    rules::prelude::*,
    topology::{Dialled, Platform, Service, Target, rendered},
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
            let Target::Nothing(why) = &found.target else {
                out_of_place(mesh, group, &found, &views, out);
                continue;
            };
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

/// The Service of the set is here, but in another namespace; there may be one in its own as well, in a file that is not here.
fn out_of_place(mesh: &Mesh<'_>, group: &Group, found: &Dialled<'_>, views: &[&View], out: &mut Sink<'_>) {
    let (Some(said), Host::Name(name), Target::Unknown) = (&group.service_name, &found.address.address.host, &found.target) else { return };
    let selects = |s: &Service| s.selector.as_ref().is_some_and(|wanted| wanted.value.iter().all(|(k, v)| group.labels.get(k) == Some(v)));
    let is_it = |s: &&Service| s.headless && s.name == said.value && selects(s);
    let Some(service) = mesh.topology.services.iter().find(is_it).filter(|_| name.split('.').nth(1) == Some(said.value.as_str())) else {
        return;
    };
    let (own, other) = (rendered(&group.namespace).0, rendered(&service.namespace).0);
    let serves = mesh.topology.groups.iter().any(|g| service.selects(&g.namespace, &g.labels, None));
    if serves || own.is_empty() || other.is_empty() || own == other {
        return;
    }
    let message = format!("Service `{}` is in namespace `{other}`, and the pods of {} are in `{own}`", service.name, group.title());
    out.report(
        Draft::at(service.at, message)
            .severity(Severity::Warning)
            .confidence(Confidence::Medium)
            .label("it selects no pod of another namespace")
            .help(format!("put the Service into `{own}`"))
            .note("unless there is one of this name in the other namespace, too, the names of the peers do not resolve")
            .also(found.address.at, "a name below this Service")
            .nodes(mesh.node_names(views.iter().copied())),
    );
}
