//! `topology/pod-dns-shape`.

use crate::{
    config::address::Host,
    finding::Cause,
    rules::prelude::*,
    topology::{Dialled, Kind, Labels, Platform, Service, Target, edit::New, rendered, same_namespace},
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
            let to = mesh.called(views[0], found.peer.name.as_deref());
            let edit = to.and_then(|to| mesh.word(found.address.at, &mesh.address_of(to, &section.name)?));
            let draft = Draft::at(found.address.at, format!("`{}` does not resolve: {why}", found.address.text));
            let advice = advice(mesh, group, &found, to);
            let draft = match edit {
                Some(edit) => draft.fix("write the name that the pod has", vec![edit]).help(advice.help),
                // It cannot be changed in place: the StatefulSet is deleted with `--cascade=orphan`, and made anew.
                None => match mesh.name_service(group, &found.address.address.host) {
                    Some(edits) => draft.offer("name this Service in the StatefulSet", edits).help(advice.help),
                    None => draft.offer_if(advice.title, advice.edits).help(advice.help),
                },
            };
            let draft = match advice.at {
                // One Service keeps all names below it away.
                Some((at, label)) => {
                    let all = format!("the names of pods in `peers {}` do not resolve: {why}", section.name);
                    draft.also(at, label).cause(Some(Cause::at(at, all).label(label).of(format!("`{}`", found.address.text))))
                }
                None => draft,
            };
            out.report(
                draft
                    .label("DNS has no such name")
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

/// What is to be done for a name, and where.
#[derive(Default)]
struct Advice {
    help: String,
    title: &'static str,
    edits: Option<Vec<Edit>>,
    at: Option<(Location, &'static str)>,
}

/// What keeps the name from being there: the Service that it is below, the labels of the pods, or the name itself.
fn advice(mesh: &Mesh<'_>, group: &Group, found: &Dialled<'_>, to: Option<&View>) -> Advice {
    let group = to.map_or(group, |to| mesh.group(to));
    let pod = &found.peer.shown;
    let text = match group.kind {
        Kind::StatefulSet => {
            let service = group.service_name.as_ref().map_or("SERVICE", |s| s.value.as_str());
            format!("write `{pod}.{service}`, with a headless Service that is the `serviceName` of the StatefulSet")
        }
        Kind::Pod => {
            format!(
                "give the pod a `hostname` and, as its `subdomain`, a headless Service, or write the name of a Service that selects `{pod}` alone"
            )
        }
        _ if group.host_network.is_some() => {
            format!("pods of {} have no names below a Service: write the name or address of the machine", group.title())
        }
        _ => format!("pods of {} have no names below a Service: write the name of a Service that selects this one alone", group.title()),
    };
    let plain = Advice { help: text, ..Advice::default() };
    let Some(at) = named(mesh, found, group) else { return plain };
    let service = &mesh.topology.services[at];
    let governs = group.service_name.as_ref().is_some_and(|s| s.value == service.name);
    let below = match &found.address.address.host {
        Host::Name(name) => name.split('.').next() == to.map(|to| mesh.node(to).name.as_str()),
        _ => false,
    };
    match &service.selector {
        _ if !below || !governs => plain,
        _ if !service.headless => Advice {
            help: format!(
                "make Service `{}` headless: `clusterIP: None`; for one that is there already that takes deleting it and creating it anew",
                service.name
            ),
            title: "make the Service headless",
            edits: mesh.object(service.at).and_then(|o| Some(vec![o.set(&["spec", "clusterIP"], New::text("None"), "")?])),
            at: Some((service.at, "this Service has an address of its own")),
        },
        Some(selector) => {
            let shown = |labels: &Labels| labels.iter().map(|(key, value)| format!("`{key}: {value}`")).collect::<Vec<_>>().join(", ");
            let own = mesh.own_labels(group);
            let wanted = own.as_ref().unwrap_or(&group.labels);
            Advice {
                help: match &own {
                    Some(_) => format!("let Service `{}` select the pods by their labels: {}", service.name, shown(wanted)),
                    None => format!(
                        "let them agree: Service `{}` selects {}, and the pods of {} have {}",
                        service.name,
                        shown(&selector.value),
                        group.title(),
                        shown(wanted)
                    ),
                },
                title: "select the pods by their labels",
                edits: own.as_ref().and_then(|labels| mesh.select(at, labels)),
                at: Some((selector.at, "this selects other pods, or none")),
            }
        }
        None => plain,
    }
}

/// The Service of the namespace that a name is below, or is of.
fn named(mesh: &Mesh<'_>, found: &Dialled<'_>, group: &Group) -> Option<usize> {
    let Host::Name(name) = &found.address.address.host else { return None };
    let services = &mesh.topology.services;
    let label = name.split('.').nth(1)?;
    services.iter().position(|s| s.name == label && same_namespace(&s.namespace, &group.namespace))
}
