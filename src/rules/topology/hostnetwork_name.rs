//! `topology/hostnetwork-name`.

use crate::{
    rules::prelude::*,
    topology::{Kind, Origin},
};

rule! {
    /// The peers are named after pods, but pods on the network of their machine are called like the machine.
    ///
    /// ## Why
    ///
    /// With `hostNetwork: true` a pod has the host name of the machine it runs on. HAProxy looks for that name in its `peers` section,
    /// finds only the names of pods, drops the section with one warning, and replicates nothing.
    ///
    /// The same comes of `-L` with a variable that is made of `spec.nodeName`.
    ///
    /// A DaemonSet whose peers are named after machines is right.
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
    ///       hostNetwork: true
    ///       dnsPolicy: ClusterFirstWithHostNet
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
    ///       hostNetwork: true
    ///       dnsPolicy: ClusterFirstWithHostNet
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         args: [-f, /usr/local/etc/haproxy/haproxy.cfg, -L, $(POD_NAME)]
    ///         env:
    ///         - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
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
    /// openshift/origin#2105; Kubernetes: "the pod uses the host name of the node".
    "topology/hostnetwork-name", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    of_machine(mesh, out);
    for (group, section, views) in mesh.by_group() {
        let (Some(at), Some(place)) = (group.host_network, section.at) else { continue };
        let prefix = format!("{}-", group.name);
        let Some(pod) = section.peers.iter().find(|p| p.name.as_ref().is_some_and(|n| n.starts_with(&prefix))) else { continue };
        let lost = |v: &&&View| v.local.is_none() && !v.by_localpeer && mesh.node(v).option_l.is_none() && v.own(section).is_none();
        let nodes: Vec<&View> = views.iter().filter(lost).copied().collect();
        let Some(first) = nodes.first() else { continue };
        let message = format!("`{}` is the name of a pod, but with `hostNetwork` a pod is called like its machine", pod.shown);
        let draft = Draft::at(place, message)
            .fix_if("start HAProxy under the name of its pod", mesh.named_after_pod(group, first))
            .label("no line in here is the pod's own")
            .note("HAProxy drops the section with no more than a warning, and replicates nothing")
            .also(at, "this gives the pods the names of their machines");
        let draft = match mesh.localpeer(first) {
            // From 3.1 on HAProxy refuses to have both.
            Some((line, at)) => draft
                .help(format!("write `localpeer \"${{POD_NAME}}\"` instead of `{line}`, and {VARIABLE}"))
                .also(at, "this takes the name"),
            None => draft.help(format!("add `-L $(POD_NAME)` to the arguments, and {VARIABLE}")),
        };
        out.report(draft.nodes(mesh.node_names(nodes)));
    }
}

/// Nodes that go by the name of their machine because `-L` says so.
fn of_machine(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for (group, section, views) in mesh.by_group() {
        let Some(said) = group.option_l.as_ref().filter(|_| group.kind == Kind::StatefulSet) else { continue };
        let variable = said.value.trim_start_matches('$').trim_matches(['(', ')', '{', '}']);
        let after_machine =
            |v: &&&View| v.local.is_none() && mesh.node(v).environment.get(variable).is_some_and(|v| v.origin == Origin::NodeName);
        let prefix = format!("{}-", group.name);
        let of_pod = |name: &str| name.strip_prefix(&prefix).is_some_and(|ordinal| ordinal.parse::<u32>().is_ok());
        let Some(pod) = section.peers.first().filter(|_| section.peers.iter().all(|p| p.name.as_deref().is_some_and(of_pod))) else {
            continue;
        };
        let nodes: Vec<&View> = views.iter().filter(after_machine).copied().collect();
        if nodes.is_empty() {
            continue;
        }
        out.report(
            Draft::at(said.at, format!("`{}` is the name of a pod, and `{variable}` that of its machine", pod.shown))
                .label("the name of the machine")
                .offer_if("make the variable of the pod's name", mesh.with_pod_name(group, variable))
                .help(format!("make `{variable}` of `metadata.name` instead of `spec.nodeName`"))
                .note("HAProxy drops the section with no more than a warning, and replicates nothing")
                .also(pod.at, "a pod is called so")
                .nodes(mesh.node_names(nodes)),
        );
    }
}

/// What holds the name of a pod.
const VARIABLE: &str = "the variable: `env: [{name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]`";
