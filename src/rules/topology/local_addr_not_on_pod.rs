//! `topology/local-addr-not-on-pod`.

use std::{collections::BTreeMap, net::IpAddr};

use crate::{
    config::address::Host,
    rules::prelude::*,
    topology::{Group, Listener, Platform, Target, needed::own, rendered, sockets::of_machine},
};

rule! {
    /// The node is to listen on an address that its pod does not own.
    ///
    /// ## Why
    ///
    /// The address of a Service is no address of any pod: the machines rewrite packets to it so that they reach a pod's own address.
    /// HAProxy that binds it fails with `cannot bind socket (Cannot assign requested address)`.
    ///
    /// With `net.ipv4.ip_nonlocal_bind=1` it starts, and the fault is only hidden: it listens where no packet ever arrives, since
    /// those for the Service were rewritten to the address of the pod, where nobody listens. The other nodes' `show peers` then
    /// says `last_status=CONN` for ever. That the local peer is shown as `inactive` is normal, and no symptom of it.
    ///
    /// It is the same with the address of a machine where a container has a network of its own, and the machine publishes its ports.
    ///
    /// The cure is to listen on every address of the pod: `bind :PORT`, with a `server` line without an address for the pod itself.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: haproxy-0, labels: {app: haproxy}}
    /// spec:
    ///   containers:
    ///   - name: haproxy
    ///     image: haproxy:2.8
    ///     volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///   volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy-0-peer}
    /// spec:
    ///   selector: {app: haproxy}
    ///   ports: [{port: 1024}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         peer haproxy-0 haproxy-0-peer:1024
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: haproxy-0, labels: {app: haproxy}}
    /// spec:
    ///   containers:
    ///   - name: haproxy
    ///     image: haproxy:2.8
    ///     volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///   volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         bind :1024
    ///         server haproxy-0
    /// ```
    ///
    /// ## Source
    ///
    /// haproxytech/helm-charts#263 and haproxy/haproxy#2730; observed with HAProxy 2.6 and 2.8 in network namespaces.
    "topology/local-addr-not-on-pod", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut found: BTreeMap<Location, (Draft, Vec<&View>)> = BTreeMap::new();
    for view in &mesh.views {
        // Who was given the name of another node would listen at its own address under its own: the name is what is wrong.
        let sections = mesh.summary(view).sections.iter().filter(|s| s.bind.is_some() || mesh.meant_as(view, s).is_none());
        let peers = sections.filter_map(|s| Some((view.listener(s)?, Some(s))));
        let binds = mesh.summary(view).binds.iter().map(|b| (&b.listener, None));
        for (listener, section) in peers.chain(binds) {
            if let Some(why) = foreign(mesh, view, listener) {
                let new = || (draft(mesh, view, listener, section, why), Vec::new());
                found.entry(listener.at).or_insert_with(new).1.push(view);
            }
        }
    }
    for (draft, views) in found.into_values() {
        out.report(draft.nodes(mesh.node_names(views)));
    }
}

/// Why an address is not the pod's own.
enum Foreign {
    Service(usize),
    /// That of the machine, which this variable holds.
    Machine(String),
    Node(usize),
    Number,
    Fixed,
    /// Docker gives a container other ones, and the machine publishes the port.
    Published,
}

fn foreign(mesh: &Mesh<'_>, view: &View, listener: &Listener) -> Option<Foreign> {
    let group = mesh.group(view);
    // Networks of their own, and fixed addresses, come by annotations.
    let networks = |name: &String| name.contains("cni.cncf.io") || name.contains("ipAddrs") || name.contains("ovn.kubernetes.io");
    if group.platform == Platform::Host || group.host_network.is_some() || listener.transparent || listener.namespace {
        return None;
    }
    if let Some(variable) = of_machine(mesh.node(view), listener) {
        return Some(Foreign::Machine(variable.to_owned()));
    }
    match mesh.target(view, &listener.address.host) {
        Target::Service(service) => Some(Foreign::Service(service)),
        Target::Nodes(nodes) if !nodes.contains(&view.node) => nodes.first().map(|other| Foreign::Node(*other)),
        Target::Unknown if group.annotations.keys().any(networks) => None,
        Target::Unknown if is_published(group, listener) => Some(Foreign::Published),
        Target::Unknown if group.platform == Platform::Compose => is_outside(mesh, view, listener).then_some(Foreign::Fixed),
        Target::Unknown => matches!(listener.address.host, Host::Ip(_)).then_some(Foreign::Number),
        _ => None,
    }
}

/// Whether all addresses of a container are fixed, one in each network, and this is none of them.
fn is_outside(mesh: &Mesh<'_>, view: &View, listener: &Listener) -> bool {
    let fixed = mesh.node(view).addresses.iter().flatten().filter(|ip| ip.is_ipv4()).count();
    let all = fixed > 0 && fixed >= mesh.group(view).networks.len();
    all && own(listener).is_some_and(|ip| ip.is_ipv4())
}

/// Whether the port of an address is published by the machine of a container whose addresses Docker chooses, mostly out of
/// 172.16.0.0/12: then it is an address of the machine.
fn is_published(group: &Group, listener: &Listener) -> bool {
    let of_machine = |ip: IpAddr| matches!(ip, IpAddr::V4(ip) if ip.octets()[0] != 172 || ip.octets()[1] & 0xf0 != 16);
    let published = group.published.iter().any(|(_, inner)| Some(*inner) == listener.port());
    group.numbered_by_docker && published && own(listener).is_some_and(of_machine)
}

fn draft(mesh: &Mesh<'_>, view: &View, listener: &Listener, section: Option<&Section>, why: Foreign) -> Draft {
    let group = mesh.group(view);
    let port = listener.port().map_or("PORT".to_owned(), |p| p.to_string());
    let certain = !matches!(why, Foreign::Number | Foreign::Fixed | Foreign::Published);
    let what = match why {
        Foreign::Service(at) => {
            let service = &mesh.topology.services[at];
            format!("`{}` is the address of Service `{}`, which no pod owns: this node cannot listen on it", listener.text, service.name)
        }
        Foreign::Node(at) => {
            format!("`{}` is the address of `{}`: this node cannot listen on it", listener.text, mesh.topology.nodes[at].title)
        }
        Foreign::Machine(ref variable) => {
            let text = &listener.text;
            format!(
                "`{text}` is an address of the machine (`{variable}` is `status.hostIP`), which a pod without `hostNetwork` does not have"
            )
        }
        Foreign::Fixed => format!("`{}` is none of the addresses that this container is given: it cannot listen on it", listener.text),
        Foreign::Published => format!(
            "`{}` looks like an address of the machine that publishes this port: Docker gives the container another one, and it cannot listen on this",
            listener.text
        ),
        Foreign::Number => format!("this node is to listen on `{}`, but the address of a pod is new each time it starts", listener.text),
    };
    // Whatever keeps HAProxy from starting also keeps it from joining the cluster of another namespace.
    let stray = mesh.summary(view).sections.iter().find_map(|s| mesh.stray(view, s));
    let help = match (section, &stray) {
        (_, Some((peer, namespace))) => {
            let own = rendered(&group.namespace).0;
            format!(
                "this list is that of namespace `{namespace}`, and this node is in `{own}`: write the names of its own, such as `{}`; if it only listened elsewhere, it would start and join the cluster of `{namespace}`",
                peer.address.as_ref().map_or("", |a| &a.text).replace(&format!(".{namespace}"), &format!(".{own}"))
            )
        }
        (Some(section), _) if section.bind.is_none() => {
            format!("write `bind :{port}`, turn the `peer` lines into `server` lines, and give the pod's own `server` line no address")
        }
        _ => format!("write `bind :{port}` to listen on every address of the pod"),
    };
    let edits = match section {
        // The other machines mostly read the same file, and are not known here.
        _ if matches!(why, Foreign::Published) => None,
        Some(section) if section.bind.is_none() => mesh.listen_everywhere(view, section),
        _ if stray.is_some() => None,
        _ => {
            let whole = listener.port().filter(|_| mesh.written(listener).trim_matches('"') == listener.text);
            whole.and_then(|port| Some(vec![mesh.word(listener.at, &format!(":{port}"))?]))
        }
    };
    let draft = Draft::at(listener.at, what).label("not an address of the pod").help(help);
    let title = "listen on every address of the pod";
    let draft = match certain {
        true => draft.fix_if(title, edits),
        false => draft.confidence(Confidence::Medium).offer_if(title, edits),
    };
    let sysctl = group.sysctls.iter().find(|s| s.name.ends_with("ip_nonlocal_bind") && s.value != "0").and_then(|s| s.at);
    match sysctl.or(group.privileged_sysctl) {
        Some(at) => draft
            .note("with `ip_nonlocal_bind` HAProxy starts, but nobody reaches it: packets for the Service arrive at the pod's own address, where nothing listens")
            .also(at, "this only hides the fault"),
        None => draft.note(
            "HAProxy will not start: `cannot bind socket (Cannot assign requested address)`; setting `net.ipv4.ip_nonlocal_bind` would only hide that, since no packet arrives there",
        ),
    }
}
