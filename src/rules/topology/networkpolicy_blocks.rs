//! `topology/networkpolicy-blocks`.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    rules::prelude::*,
    topology::{
        edit::New,
        matrix::{Cause, Link},
        policy::{Blocked, Way},
    },
};

rule! {
    /// A NetworkPolicy keeps the peers from reaching each other.
    ///
    /// ## Why
    ///
    /// Once a NetworkPolicy selects a pod, all that it does not list is dropped. Peers need TCP on the peers' port between the pods
    /// themselves. Packets that are dropped look like a machine that is away: `show peers` says `last_status=CONN` with `state=CON`.
    ///
    /// Whether policies count at all is up to the network of the cluster.
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
    ///         peer haproxy-0 haproxy-0.haproxy:10000
    ///         peer haproxy-1 haproxy-1.haproxy:10000
    ///
    ///     backend sessions
    ///         stick-table type ip size 100k expire 30m peers cluster
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web-only}
    /// spec:
    ///   podSelector: {matchLabels: {app: haproxy}}
    ///   policyTypes: [Ingress]
    ///   ingress:
    ///   - ports: [{port: 80}]
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
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web-and-peers}
    /// spec:
    ///   podSelector: {matchLabels: {app: haproxy}}
    ///   policyTypes: [Ingress]
    ///   ingress:
    ///   - ports: [{port: 80}]
    ///   - from: [{podSelector: {matchLabels: {app: haproxy}}}]
    ///     ports: [{port: 10000}]
    /// ```
    ///
    /// ## Source
    ///
    /// Kubernetes: "Network Policies"; observed with HAProxy 2.6 and 2.8 behind a packet filter.
    "topology/networkpolicy-blocks", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut blocked: BTreeMap<Blocked, Vec<&Link>> = BTreeMap::new();
    for link in mesh.matrix.broken() {
        if let Cause::Policy(by) = link.cause {
            blocked.entry(by).or_default().push(link);
        }
    }
    for (by, links) in blocked {
        // Where the other direction works the pair synchronises all the same.
        let worst = links.iter().find(|l| !mesh.matrix.is_saved(l));
        let severity = if worst.is_some() { Severity::Error } else { Severity::Warning };
        let link = worst.unwrap_or(&links[0]);
        let draft = match by.way {
            Way::Names => no_dns(mesh, by.policy, link, &links),
            Way::In | Way::Out => draft(mesh, by, link, &links),
        };
        out.report(draft.severity(severity));
    }
}

/// What is to be said of a policy that breaks `links`; `link` is the one that is shown.
fn draft(mesh: &Mesh<'_>, by: Blocked, link: &Link, links: &[&Link]) -> Draft {
    let at = by.policy;
    let (from, to) = (&mesh.views[link.from], &mesh.views[link.to]);
    let out = by.way == Way::Out;
    let others = &mesh.group(if out { to } else { from }).labels;
    let labels: Vec<String> = others.iter().map(|(k, v)| format!("{k}: {v}")).collect();
    let (side, peer) = if out { ("egress", "to") } else { ("ingress", "from") };
    let port = mesh.summary(to).sections.iter().find_map(|s| to.listener(s)?.port());
    let edit = port.filter(|_| !others.is_empty()).and_then(|port| {
        let labels = New::Map(others.iter().map(|(k, v)| (k.clone(), New::text(v))).collect());
        let pods = New::map([("podSelector", New::map([("matchLabels", labels)]))]);
        let ports = New::map([("protocol", New::text("TCP")), ("port", New::plain(port))]);
        let rule = New::map([(peer, New::List(vec![pods])), ("ports", New::List(vec![ports]))]);
        mesh.object(mesh.topology.policies[at].at)?.push(&["spec", side], vec![rule])
    });
    let port = port.map_or("PORT".to_owned(), |p| p.to_string());
    let message = format!("`{}` does not reach `{}`: {}", mesh.node(from).title, mesh.node(to).title, link.reason);
    let ends: BTreeSet<usize> = links.iter().flat_map(|l| [l.from, l.to]).collect();
    let draft = Draft::at(mesh.topology.policies[at].at, message)
        .confidence(Confidence::Medium)
        .help(format!(
            "add to `{side}`: `- {{{peer}: [{{podSelector: {{matchLabels: {{{}}}}}}}], ports: [{{port: {port}}}]}}`",
            labels.join(", ")
        ))
        .offer_if(format!("let the peers through by one more `{side}` rule"), edit.map(|e| vec![e]))
        .note("packets are dropped, so `show peers` says `last_status=CONN`; whether policies count is up to the network of the cluster")
        .nodes(mesh.node_names(ends.into_iter().map(|at| &mesh.views[at])));
    if links.len() > 1 { draft.note(format!("it breaks {} links between nodes", links.len())) } else { draft }
}

/// What is to be said of pods that may not ask for names.
fn no_dns(mesh: &Mesh<'_>, at: usize, link: &Link, links: &[&Link]) -> Draft {
    let port = |protocol: &str| New::map([("protocol", New::text(protocol)), ("port", New::plain(53))]);
    let to = New::List(vec![New::map([("namespaceSelector", New::Map(Vec::new()))])]);
    let rule = New::map([("to", to), ("ports", New::List(vec![port("UDP"), port("TCP")]))]);
    let edit = mesh.object(mesh.topology.policies[at].at).and_then(|object| object.push(&["spec", "egress"], vec![rule]));
    let ends: BTreeSet<usize> = links.iter().map(|l| l.from).collect();
    Draft::at(mesh.topology.policies[at].at, link.reason.clone())
        .confidence(Confidence::Medium)
        .help("add to `egress`: `- {to: [{namespaceSelector: {}}], ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]}`")
        .offer_if("let the pods ask for names", edit.map(|e| vec![e]))
        .note("HAProxy looks the names of peers up once, when it starts, and does not start without an answer")
        .nodes(mesh.node_names(ends.into_iter().map(|at| &mesh.views[at])))
}
