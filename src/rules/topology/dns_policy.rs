//! `topology/dns-policy`.

use crate::{
    rules::prelude::*,
    topology::{Kind, edit::New},
};

rule! {
    /// The peers have names of the cluster, and the pods ask a DNS that does not know these.
    ///
    /// ## Why
    ///
    /// With `hostNetwork: true` a pod asks the DNS of its machine unless `dnsPolicy` is `ClusterFirstWithHostNet`; so it does with
    /// `dnsPolicy: Default`, and with `None` it asks what `dnsConfig` lists and nothing else. There are no Services and no pods in that
    /// DNS. HAProxy looks up the names of its peers when it starts, and does not start where one of them has no address.
    ///
    /// Where `dnsConfig` lists a server on a private network, that may be the cluster's own, and nothing is said.
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
    /// Kubernetes: "DNS for Services and Pods", "Pod's DNS Policy".
    "topology/dns-policy", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told = Vec::new();
    for (group, section, views) in mesh.by_group() {
        // Nodes of a group that read otherwise ask the same DNS.
        if told.contains(&group.at) {
            continue;
        }
        let dialled = mesh.dialled(section, &views);
        let Some((found, why)) = dialled.iter().find_map(|d| Some((d, d.lacks_name(mesh)?))) else { continue };
        told.push(group.at);
        let own = group.dns.policy.as_ref();
        let place = own.map(|p| p.at).or(group.host_network).unwrap_or(group.at);
        let policy = if group.host_network.is_some() { "ClusterFirstWithHostNet" } else { "ClusterFirst" };
        out.report(
            Draft::at(place, why)
                .label("this DNS knows no names of the cluster")
                .help(format!("write `dnsPolicy: {policy}`"))
                .offer_if("ask the DNS of the cluster", ask_cluster(mesh, group, policy))
                .note("HAProxy 2.4 and later do not start if the name of a peer does not resolve")
                .also(found.address.at, "a name of the cluster")
                .nodes(mesh.node_names(mesh.views.iter().filter(|view| std::ptr::eq(mesh.group(view), group)))),
        );
    }
}

fn ask_cluster(mesh: &Mesh<'_>, group: &Group, policy: &str) -> Option<Vec<Edit>> {
    let value = New::text(policy);
    Some(vec![match &group.dns.policy {
        Some(said) => mesh.scalar(said.at, value)?,
        None => {
            let path: &[&str] = if group.kind == Kind::Pod { &["spec", "dnsPolicy"] } else { &["spec", "template", "spec", "dnsPolicy"] };
            mesh.object(group.at)?.set(path, value, "hostNetwork")?
        }
    }])
}
