//! `topology/peer-unreachable`.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    rules::{prelude::*, topology::servicelink_env::variables},
    topology::{
        Listener, PeerLine, Platform, Target,
        matrix::{Cause, Link},
    },
};

rule! {
    /// A node connects to another one where that does not listen, and the other one does not reach it either.
    ///
    /// ## Why
    ///
    /// Two peers synchronise over one connection, whoever opened it. If the address that `a` has of `b` is wrong, but `b` reaches `a`, all is well
    /// but for the delay after a restart, and this is a warning. If neither reaches the other, the two never share an entry: HAProxy starts,
    /// says nothing, and `show peers` counts `new_conn` up.
    ///
    /// An address that is the node's own, for all its names, makes HAProxy connect to itself: `last_status=NAME`, and no more tries.
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
    ///         server haproxy-1 haproxy-0-peer:10000
    ///         .else
    ///         server haproxy-0 haproxy-1-peer:10000
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
    /// Observed with HAProxy 2.6 and 2.8 in network namespaces: one working direction is enough.
    "topology/peer-unreachable", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut faults: BTreeMap<(Location, Cause), (&PeerLine, Vec<&Link>)> = BTreeMap::new();
    for link in mesh.matrix.broken() {
        let ours = [
            Cause::DialsItself,
            Cause::WrongNode,
            Cause::OtherAddress,
            Cause::OtherPort,
            Cause::NotListening,
            Cause::NoHostPort,
            Cause::Proxy,
        ];
        // In Kubernetes it is a question of Services and names, which have a page of their own.
        let unresolved = link.cause == Cause::Unresolvable && mesh.group(&mesh.views[link.from]).platform != Platform::Kubernetes;
        let (true, Some(local)) = (ours.contains(&link.cause) || unresolved, &mesh.views[link.to].local) else { continue };
        let sections = &mesh.summary(&mesh.views[link.from]).sections;
        if let Some(peer) = sections.iter().find_map(|s| s.peer(local)).filter(|peer| !is_told_elsewhere(mesh, link, peer)) {
            let place = peer.address.as_ref().map_or(peer.at, |a| a.at);
            faults.entry((place, link.cause)).or_insert((peer, Vec::new())).1.push(link);
        }
    }
    for ((place, _), (peer, links)) in faults {
        out.report(draft(mesh, place, peer, &links));
    }
}

/// What is to be said of one address that breaks `links`: the worst of them is shown.
fn draft(mesh: &Mesh<'_>, place: Location, peer: &PeerLine, links: &[&Link]) -> Draft {
    let worst = links.iter().find(|l| !mesh.matrix.is_saved(l));
    let link = worst.unwrap_or(&links[0]);
    let name = |at: usize| &mesh.node(&mesh.views[at]).title;
    let (a, b) = (name(link.from), name(link.to));
    let note = match worst {
        None => format!("`{b}` reaches `{a}`, and one direction is enough: this only delays it"),
        Some(_) => format!("`{b}` does not reach `{a}` either, so the two never share an entry"),
    };
    let ends: BTreeSet<usize> = links.iter().flat_map(|l| [l.from, l.to]).collect();
    let to = &mesh.views[link.to];
    let section = mesh.summary(&mesh.views[link.from]).sections.iter().find(|s| s.peers.iter().any(|p| p.at == peer.at));
    let dialled = peer.address.as_ref().map(|a| mesh.target(&mesh.views[link.from], &a.address.host));
    let selector = match (&dialled, link.cause, &to.local) {
        (Some(Target::Service(at)), Cause::WrongNode, Some(local)) => mesh.select_pod(*at, local),
        _ => None,
    };
    let target = || match (&dialled, link.cause) {
        (Some(Target::Service(at)), Cause::OtherPort) => {
            let (port, own) = (peer.address.as_ref()?.port()?, section.and_then(|s| to.listener(mesh.section(to, &s.name)?)?.port())?);
            Some((*at, port, own))
        }
        _ => None,
    };
    let target = target();
    let edit = || section.filter(|_| peer.address.is_some()).and_then(|s| mesh.word(place, &mesh.address_of(to, &s.name)?));
    let theirs = section.and_then(|s| mesh.section(to, &s.name));
    let deaf = theirs.filter(|s| to.listener(s).is_none());
    let aliased = peer.address.as_ref().and_then(|address| mesh.group(&mesh.views[link.from]).alias_key(&address.address.host));
    let help = match (target, deaf) {
        (Some((at, port, own)), _) => {
            let service = &mesh.topology.services[at].name;
            format!("let port {port} of Service `{service}` lead to the port that `{b}` listens on: `targetPort: {own}`")
        }
        (None, Some(theirs)) => {
            let port = peer.address.as_ref().and_then(Listener::port).map_or("PORT".to_owned(), |port| port.to_string());
            format!("write `bind :{port}` into `peers {}` of `{b}`: a `server` line alone is no address to listen on", theirs.name)
        }
        _ if aliased.is_some() => format!("take the name out of `{}`, or give it the address of `{b}` there", aliased.unwrap_or("")),
        _ if link.cause == Cause::NoHostPort => {
            let port = peer.address.as_ref().and_then(Listener::port).map_or("PORT".to_owned(), |port| port.to_string());
            format!("give the container `hostPort: {port}` beside the `containerPort` that it listens on, or the pod `hostNetwork: true`")
        }
        _ if link.cause == Cause::Proxy => {
            format!("take `accept-proxy` out of the `bind` line of `{b}`; from HAProxy 3.0 on `send-proxy` on this line does as well")
        }
        _ => format!("write an address and port at which `{b}` listens"),
    };
    let (title, edits) = match (selector, target) {
        (Some(edits), _) => ("select the pod by its name".to_owned(), Some(edits)),
        (_, Some((at, port, own))) => ("lead this port to the one that the pod listens on".to_owned(), mesh.lead_port(at, port, own)),
        _ if deaf.is_some() || aliased.is_some() || matches!(link.cause, Cause::Proxy | Cause::NoHostPort) => (String::new(), None),
        _ => (format!("connect to `{b}` where it listens"), edit().map(|e| vec![e])),
    };
    Draft::at(place, format!("`{a}` does not reach `{b}`: {}", link.reason))
        .severity(if worst.is_some() { Severity::Error } else { Severity::Warning })
        .label(format!("`{a}` connects to this for `{}`", peer.shown))
        .offer_if(title, edits)
        .help(help)
        .note(note)
        .nodes(mesh.node_names(ends.into_iter().map(|at| &mesh.views[at])))
}

/// Whether another rule names the fault: an address that is not the pod's, a port that is not published, a variable that the
/// kubelet may not set, an address to listen on that moves between hosts.
fn is_told_elsewhere(mesh: &Mesh<'_>, link: &Link, peer: &PeerLine) -> bool {
    let of_service = |address| variables(&mesh.written(address)).any(|name| name.ends_with("_SERVICE_HOST"));
    let kubelet = mesh.group(&mesh.views[link.from]).platform == Platform::Kubernetes;
    if kubelet && peer.address.as_ref().is_some_and(of_service) {
        return true;
    }
    let to = &mesh.views[link.to];
    let bind = mesh.summary(&mesh.views[link.from]).sections.iter().find_map(|s| mesh.section(to, &s.name)?.bind.as_ref());
    if link.cause == Cause::OtherAddress && bind.is_some_and(|bind| matches!(mesh.target(to, &bind.address.host), Target::Vip(_))) {
        return true;
    }
    let compose = mesh.group(&mesh.views[link.to]).platform == Platform::Compose;
    // What a pod on the network of its machine listens on is not asked for there.
    let on_machine = mesh.group(&mesh.views[link.to]).host_network.is_some();
    let service = link.cause == Cause::NotListening && link.reason.contains("Service") && !on_machine;
    service || (compose && link.cause == Cause::OtherPort)
}
