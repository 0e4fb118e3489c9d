//! `topology/port-of-another-container`.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    net::IpAddr,
};

use crate::{
    config::address::{Host, overlaps},
    rules::prelude::*,
    topology::{BindLine, Listener, Neighbour, Platform},
};

rule! {
    /// Two containers that share a network listen on one port.
    ///
    /// ## Why
    ///
    /// The containers of a pod have one network, as have those of Compose with `network_mode: host`. A second program does not get a
    /// port that is taken. A second HAProxy that reads the same does get it: both listen, each connection reaches one of them by chance,
    /// and as both have the same host name, both take themselves for the same peer. Half of what the others send arrives at the wrong one.
    /// Two HAProxy of different users do not: the second one ends with `Address already in use`.
    ///
    /// The ports of proxies are looked at in pods. That another program listens is certain where its arguments say so
    /// (`--web.listen-address=:8404`); a `containerPort` that HAProxy's own container lists as well is a warning.
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
    ///       - name: exporter
    ///         image: quay.io/prometheus/haproxy-exporter:v0.15.0
    ///         ports: [{containerPort: 10000}]
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
    ///       - name: haproxy-tls
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
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       - name: exporter
    ///         image: quay.io/prometheus/haproxy-exporter:v0.15.0
    ///         ports: [{containerPort: 9101}]
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
    /// Kubernetes: "Pods", "Pod networking"; observed with HAProxy 2.6 and 2.8: two processes share a port.
    "topology/port-of-another-container", Error, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told = Vec::new();
    for (group, section, views) in mesh.by_group() {
        if told.contains(&group.at) {
            continue;
        }
        let Some((listener, port)) = listens(section, &views) else { continue };
        let draft = group.neighbours.iter().find_map(|other| beside(group, section, other, port));
        let Some(draft) = draft.or_else(|| on_machine(mesh, group, section, port)) else { continue };
        told.push(group.at);
        out.report(draft.also(listener.at, "the peers listen here").nodes(mesh.node_names(views)));
    }
    in_pods(mesh, &told, out);
}

/// The ports of proxies: what else is in the pods has one of them, too. Those of which something is `told` are left out.
fn in_pods(mesh: &Mesh<'_>, told: &[Location], out: &mut Sink<'_>) {
    let told: HashSet<Location> = told.iter().copied().collect();
    // One pod stands for all of its workload, with one view for each HAProxy in it.
    let mut pods: BTreeMap<Location, (Vec<&View>, Vec<&View>)> = BTreeMap::new();
    let mut seen = HashSet::new();
    for view in &mesh.views {
        let group = mesh.group(view);
        if group.platform != Platform::Kubernetes || group.neighbours.is_empty() || told.contains(&group.at) {
            continue;
        }
        let (one, all) = pods.entry(group.at).or_default();
        all.push(view);
        if seen.insert(mesh.node(view).group) && !mesh.summary(view).open {
            one.push(view);
        }
    }
    for (views, all) in pods.into_values() {
        let both = views.iter().enumerate().flat_map(|(at, one)| views[at + 1..].iter().map(move |other| (*one, *other)));
        let draft = both.into_iter().find_map(|(one, other)| of_two(mesh, one, other));
        let draft = draft.or_else(|| views.iter().find_map(|view| of_program(mesh, view, &views)));
        draft.into_iter().for_each(|draft| out.report(draft.nodes(mesh.node_names(all.iter().copied()))));
    }
}

/// The lines of proxies that listen at one port for TCP.
fn binds<'m>(mesh: &'m Mesh<'_>, view: &View) -> impl Iterator<Item = (&'m BindLine, u16)> {
    let plain = |l: &Listener| l.address.is_network() && !l.address.is_datagram() && !l.namespace;
    mesh.summary(view).binds.iter().filter(move |bind| plain(&bind.listener)).filter_map(|bind| Some((bind, bind.listener.port()?)))
}

/// Whether what listens at one address keeps the other from it; `None` is every address.
fn meet(listener: &Listener, other: Option<IpAddr>) -> bool {
    let host = &listener.address.host;
    match (host.is_any(), other) {
        // Those of one family alone are not taken for both.
        (true, Some(ip)) => ip.is_ipv4() != (matches!(host, Host::Any6) || host.ip().is_some_and(|ip| ip.is_ipv6())),
        (true, None) => !listener.v6only,
        (false, None) => host.ip().is_some(),
        (false, Some(ip)) => host.ip() == Some(ip),
    }
}

/// Two HAProxy in one pod that listen at one port.
fn of_two(mesh: &Mesh<'_>, one: &View, other: &View) -> Option<Draft> {
    let of_all = |bind: &BindLine| bind.listener.address.host.is_any();
    let address = |bind: &BindLine| bind.listener.address.host.ip().filter(|ip| !ip.is_unspecified());
    let (mut any, mut all, mut by_address) = (HashMap::new(), HashMap::new(), HashMap::new());
    for (bind, port) in binds(mesh, one).filter(|(bind, _)| of_all(bind) || address(bind).is_some()) {
        all.entry(port).or_insert(bind);
        if of_all(bind) {
            any.entry(port).or_insert(bind);
        }
        by_address.entry((port, address(bind))).or_insert(bind);
    }
    let (mine, theirs, port) = binds(mesh, other).find_map(|(theirs, port)| {
        let ip = address(theirs);
        let near = [any.get(&port), by_address.get(&(port, ip)), all.get(&port).filter(|_| of_all(theirs))];
        let meet = |mine: &&&BindLine| overlaps(&mine.listener.address, &theirs.listener.address) == Some(true);
        let mine = near.into_iter().flatten().find(meet)?;
        Some((*mine, theirs, port))
    })?;
    let (first, second) = (mesh.group(one), mesh.group(other));
    let message = format!("`{}` and `{}` of {} both listen on port {port}", first.container, second.container, first.title());
    let differ = first.user.as_ref().zip(second.user.as_ref()).is_some_and(|(one, other)| one.value != other.value);
    let draft = Draft::at(theirs.listener.at, message)
        .help("let one of them listen on another port: the pod has each port once")
        .also(mine.listener.at, format!("HAProxy in `{}` listens here", first.container));
    Some(if differ {
        draft.label("the one that starts second ends: the two run as different users")
    } else {
        draft.severity(Severity::Warning).label("each connection reaches one of the two by chance")
    })
}

/// Another program in the pod that listens at a port of HAProxy, as its arguments say, or has it among its own.
fn of_program(mesh: &Mesh<'_>, view: &View, views: &[&View]) -> Option<Draft> {
    let group = mesh.group(view);
    let is_program = |other: &&Neighbour| !other.twin && !views.iter().any(|view| mesh.group(view).container == other.name);
    let all = || group.neighbours.iter().filter(is_program).flat_map(|other| binds(mesh, view).map(move |bind| (other, bind)));
    let listens = all().find_map(|(other, (bind, port))| {
        let said = other.listens.iter().find(|said| said.value.1 == port && meet(&bind.listener, said.value.0))?;
        let message = format!("`{}` of {} listens on port {port}, as does HAProxy", other.name, group.title());
        let draft = Draft::at(said.at, message).label("the one of the two that starts second ends with `Address already in use`");
        Some((draft, other, bind))
    });
    // A port that only the other one declares may stand at the wrong container, as HAProxy in it needs none to be said. What declares one
    // may listen at any address, and meets certainly what takes all of them.
    let declares = || {
        all().filter(|(_, (bind, port))| group.listed.contains(port) && bind.listener.address.host.is_any()).find_map(
            |(other, (bind, port))| {
                let declared = other.ports.iter().find(|said| said.value == port)?;
                let message = format!("`{}` of {} has port {port} as well, on which HAProxy listens", other.name, group.title());
                let draft = Draft::at(declared.at, message).label("the pod has each port once");
                Some((draft.severity(Severity::Warning).confidence(Confidence::Medium), other, bind))
            },
        )
    };
    let (draft, other, bind) = listens.or_else(declares)?;
    let help = format!("let `{}` or HAProxy use another port", other.name);
    Some(draft.help(help).also(bind.listener.at, format!("`{}` listens here", bind.proxy)))
}

/// Where the nodes listen for their peers, and on which port. Where their own names are not known, it is the port that all lines have.
fn listens<'s>(section: &'s Section, views: &[&View]) -> Option<(&'s Listener, u16)> {
    let own = views.iter().find_map(|view| view.listener(section));
    let any = || {
        let mut all = section.peers.iter().filter_map(|peer| peer.address.as_ref());
        let first = all.next()?;
        all.all(|address| address.port() == first.port()).then_some(first)
    };
    let listener = own.or_else(any)?;
    Some((listener, listener.port()?))
}

/// Another container of the pod: a second HAProxy, or a program that declares the port.
fn beside(group: &Group, section: &Section, other: &Neighbour, port: u16) -> Option<Draft> {
    let name = &other.name;
    if other.twin && section.peers.len() > 1 {
        let message = format!("`{name}` of {} reads what HAProxy in `{}` reads, in the same pod", group.title(), group.container);
        return Some(
            Draft::at(other.at, message)
                .label(format!("it listens on port {port} as well, under the same name"))
                .help("give it a configuration of its own, with other ports and without this `peers` section"),
        );
    }
    let declared = other.ports.iter().find(|p| p.value == port)?;
    Some(
        Draft::at(declared.at, format!("`{name}` of {} has port {port}, on which HAProxy listens for its peers", group.title()))
            .severity(Severity::Warning)
            .confidence(Confidence::Medium)
            .label("the pod has each port once")
            .help(format!("let `{name}` or the peers use another port")),
    )
}

/// Another service of Compose on the network of the same machine, which listens on the same port under the same host name.
fn on_machine(mesh: &Mesh<'_>, group: &Group, section: &Section, port: u16) -> Option<Draft> {
    let shares = |g: &Group| g.platform == Platform::Compose && g.host_network.is_some() && g.option_l.is_none() && g.host_name.is_none();
    if !shares(group) || section.peers.len() < 2 {
        return None;
    }
    let (view, _) = mesh.sections().find(|(view, other)| {
        let beside = mesh.group(view);
        let near = beside.at > group.at && beside.namespace == group.namespace && shares(beside) && !view.by_localpeer;
        near && other.name == section.name && listens(other, &[view]).is_some_and(|(_, theirs)| theirs == port)
    })?;
    let beside = mesh.group(view);
    Some(
        Draft::at(
            beside.at,
            format!("{} and {} listen on port {port} of one machine, and are called like it", group.title(), beside.title()),
        )
        .label("both are on the network of the machine")
        .help("give each of them its own ports and its own `-L`, or leave `network_mode: host` out")
        .also(group.at, "this one as well"),
    )
}
