//! `topology/random-pod-names`.

use crate::{
    rules::prelude::*,
    topology::{Name, Platform},
};

rule! {
    /// The peers have fixed names, but the names of these pods change with every pod.
    ///
    /// ## Why
    ///
    /// HAProxy finds itself in a `peers` section by its host name, and the host name of a pod is the name of the pod. A
    /// Deployment calls its pods `NAME-HASH-LETTERS`, anew for each one, so no line of the section is ever the pod's own: HAProxy
    /// starts, drops the whole section with one warning, and replicates nothing. `show peers` is empty.
    ///
    /// A StatefulSet gives its pods the names `NAME-0`, `NAME-1` and so on, for good.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: haproxy}
    /// spec:
    ///   replicas: 2
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
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         peer haproxy-0 10.0.0.10:1024
    ///         peer haproxy-1 10.0.0.11:1024
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
    ///         bind :1024
    ///         default-server ssl verify none
    ///         default-bind ssl crt /etc/haproxy/peers.pem
    ///         server haproxy-0 haproxy-0.haproxy:1024
    ///         server haproxy-1 haproxy-1.haproxy:1024
    /// ```
    ///
    /// ## Source
    ///
    /// haproxytech/helm-charts#262; observed with HAProxy 2.4 to 3.5.
    "topology/random-pod-names", Error, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for (group, section, views) in mesh.by_group().into_iter().filter(|(g, ..)| g.platform == Platform::Kubernetes) {
        let random = |v: &&&View| {
            matches!(mesh.node(v).local_name(), Name::Random(_) | Name::Shaped(_))
                && v.own(section).is_none()
                && !mesh.summary(v).open
                && v.local.is_none()
        };
        let nodes: Vec<&View> = views.iter().filter(random).copied().collect();
        let shape = nodes.iter().find_map(|v| match mesh.node(v).local_name() {
            Name::Shaped(shape) => Some(*shape),
            _ => None,
        });
        // A list of addresses may have that of the pod.
        let unknown = section.peers.iter().any(|p| p.name.as_ref().is_none_or(|name| shape.is_some_and(|shape| shape.fits(name))));
        let (Some(first), false, Some(place)) = (section.peers.first(), unknown || nodes.is_empty(), section.at) else { continue };
        let said = group.option_l.as_ref().map_or("", |said| said.value.as_str());
        let why = match shape {
            Some(shape) => format!("`-L {said}` is {}, and new with each pod", shape.as_str()),
            None => format!("a {} names its pods anew each time", group.kind.as_str()),
        };
        let message = format!("no pod of {} will ever be called `{}`: {why}", group.title(), first.shown);
        // Without `-L` a pod on the network of its machine goes by the machine's name.
        let of_machine =
            |v: &&View| group.host_network.is_some() && mesh.node(v).host_name.known().is_some_and(|h| section.peer(h).is_some());
        let help = match &group.option_l {
            Some(said) if views.iter().any(of_machine) => {
                format!("take `-L {}` out: with `hostNetwork` a pod goes by the name of its machine, as the list has it", said.value)
            }
            Some(_) if shape.is_some() && !group.kind.has_random_names() => {
                format!(
                    "take `-L {said}` out, since the host name of a pod is its name, or let the variable have that: `fieldPath: metadata.name`"
                )
            }
            _ => format!(
                "make `{}` a StatefulSet, whose pods are called `{}-0`, `{}-1` and so on, and name the peers so",
                group.name, group.name, group.name
            ),
        };
        out.report(
            Draft::at(place, message)
                .label("no line in here is ever the pod's own")
                .help(help)
                .note("HAProxy starts all the same, drops the section with no more than a warning, and replicates nothing: `show peers` is then empty")
                .also(group.at, "the pods are made from this")
                .nodes(mesh.node_names(nodes)),
        );
    }
}
