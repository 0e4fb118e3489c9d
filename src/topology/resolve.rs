//! Names and addresses inside a topology: what a node reaches when it dials them. DNS is never asked.

mod namespaced;
mod selected;

use std::{collections::HashMap, net::IpAddr};

use crate::{config::address::Host, source::Location};

use super::model::{Kind, Node, Platform, RENDER, Topology, rendered};
use namespaced::Namespaced;

/// What is behind a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The addresses of these nodes themselves.
    Nodes(Vec<usize>),
    /// The address of a Service, which leads on to pods.
    Service(usize),
    /// An address that moves between hosts.
    Vip(usize),
    /// The node that dials.
    Itself,
    /// Nothing: this name or address leads nowhere, for the reason given.
    Nothing(String),
    /// Not known.
    Unknown,
}

/// Names and addresses by what they lead to.
#[derive(Debug, Default)]
pub(super) struct Names {
    services: HashMap<String, Namespaced>,
    /// The nodes that each Service leads to, and the Services that lead to each node.
    selected: Vec<Vec<usize>>,
    selecting: Vec<Vec<usize>>,
    /// Nodes by their host names and full names, and by the namespaces of their groups.
    hosts: HashMap<String, Namespaced>,
    addresses: HashMap<IpAddr, Vec<usize>>,
    service_addresses: HashMap<IpAddr, usize>,
    vips: HashMap<IpAddr, usize>,
    machines: HashMap<String, usize>,
    /// The node of the pod that a second HAProxy is in.
    pods: HashMap<usize, usize>,
}

impl Names {
    pub(super) fn new(topology: &Topology) -> Self {
        let selected = selected::of_all(topology);
        let mut selecting = vec![Vec::new(); topology.nodes.len()];
        for (service, nodes) in selected.iter().enumerate() {
            nodes.iter().for_each(|node| selecting[*node].push(service));
        }
        let pods = pods(topology);
        for (second, first) in &pods {
            selecting[*second] = selecting[*first].clone();
        }
        let mut names = Self { selected, selecting, pods, ..Self::default() };
        for (at, service) in topology.services.iter().enumerate() {
            names.services.entry(service.name.clone()).or_default().add(&service.namespace, at);
            service.addresses.iter().for_each(|ip| {
                names.service_addresses.insert(*ip, at);
            });
        }
        for (at, node) in topology.nodes.iter().enumerate().filter(|(_, node)| !topology.groups[node.group].second) {
            let firsts = node.names.iter().filter_map(|name| name.split('.').next());
            let namespace = &topology.groups[node.group].namespace;
            for name in node.host_name.known().into_iter().chain(node.names.iter().map(String::as_str)).chain(firsts) {
                names.hosts.entry(name.to_ascii_lowercase()).or_default().add(namespace, at);
            }
            for ip in node.addresses.iter().flatten() {
                names.addresses.entry(*ip).or_default().push(at);
            }
        }
        names.vips.extend(topology.vips.iter().enumerate().map(|(at, vip)| (vip.address, at)));
        for (at, machine) in topology.machines.iter().enumerate() {
            // A host whose addresses nobody told has at least the one that the inventory knows.
            let is_it = |at: &&usize| {
                let node = &topology.nodes[**at];
                node.addresses.is_none() && topology.groups[node.group].platform == Platform::Host
            };
            let known = machine.names.iter().filter_map(|name| names.hosts.get(&name.to_ascii_lowercase()));
            let host = known.flat_map(Namespaced::all).find(is_it).copied();
            for (ip, host) in machine.addresses.iter().filter_map(|ip| Some((ip, host?))) {
                names.addresses.entry(*ip).or_default().push(host);
            }
            names.machines.extend(machine.names.iter().map(|name| (name.to_ascii_lowercase(), at)));
        }
        names
    }

    /// What `host` leads to when the node number `from` dials it.
    pub(super) fn target(&self, topology: &Topology, from: usize, host: &Host) -> Target {
        let from = self.pods.get(&from).copied().unwrap_or(from);
        let node = &topology.nodes[from];
        if host.is_any() || host.is_loopback() {
            return Target::Itself;
        }
        if let Some(ip) = host.ip() {
            return self.address(from, ip);
        }
        let Host::Name(name) = host else { return Target::Unknown };
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        let group = &topology.groups[node.group];
        // What /etc/hosts says no DNS is asked for; the first lines in there are the node's own name.
        let is_own = || node.host_name.known().is_some_and(|own| own.eq_ignore_ascii_case(&name));
        let said = group.aliases.iter().find(|alias| alias.address.is_some() && alias.name.eq_ignore_ascii_case(&name));
        if let Some(ip) = said.filter(|_| !is_own()).and_then(|alias| alias.address) {
            return if ip.is_loopback() { Target::Itself } else { self.address(from, ip) };
        }
        match group.platform {
            Platform::Kubernetes => self.cluster_name(topology, node, from, &name),
            Platform::Compose | Platform::Host => self.host_name(topology, from, &name),
        }
    }

    fn address(&self, from: usize, ip: IpAddr) -> Target {
        if let Some(vip) = self.vips.get(&ip) {
            return Target::Vip(*vip);
        }
        if let Some(nodes) = self.addresses.get(&ip) {
            return if nodes[..] == [from] { Target::Itself } else { Target::Nodes(nodes.clone()) };
        }
        self.service_addresses.get(&ip).map_or(Target::Unknown, |service| Target::Service(*service))
    }

    fn host_name(&self, topology: &Topology, from: usize, name: &str) -> Target {
        let short = name.split('.').next().unwrap_or(name);
        let found = self.hosts.get(name).or_else(|| self.hosts.get(short).filter(|_| !self.machines.contains_key(name)));
        if let Some(nodes) = found {
            // Each compose file is a project with names of its own.
            let group = |at: usize| &topology.groups[topology.nodes[at].group];
            let beside = |nodes: &[usize]| nodes.iter().copied().filter(|at| !group(*at).runs_instead_of(group(from))).collect::<Vec<_>>();
            let mut near = beside(nodes.within(&group(from).namespace));
            if near.is_empty() {
                // Another project may run on another machine, whose name any DNS may know.
                near = beside(nodes.all());
                if near.is_empty() {
                    return Target::Unknown;
                }
            } else {
                let seen: Vec<usize> = near.iter().copied().filter(|at| *at == from || shares_network(topology, from, *at)).collect();
                if let (true, Some(at)) = (seen.is_empty(), near.first()) {
                    let (one, two) = (&topology.nodes[from].title, &topology.nodes[*at].title);
                    return Target::Nothing(format!("`{one}` and `{two}` have no network in common"));
                }
                near = seen;
                if let Some(nothing) = beside_docker(topology, from, &near, name) {
                    return nothing;
                }
            }
            return if near[..] == [from] { Target::Itself } else { Target::Nodes(near) };
        }
        let machine = self.machines.get(name).map(|at| &topology.machines[*at]);
        machine.and_then(|m| m.addresses.first()).map_or(Target::Unknown, |ip| self.address(from, *ip))
    }

    /// The service of that name, seen from a namespace.
    pub(super) fn service(&self, namespace: &str, name: &str) -> Option<usize> {
        let found = self.services.get(name)?;
        found.within(namespace).first().copied().or_else(|| found.meeting(namespace).first().copied())
    }

    /// The nodes that a Service leads to.
    pub(super) fn selected(&self, service: usize) -> &[usize] {
        &self.selected[service]
    }

    /// The Services that lead to a node.
    pub(super) fn selecting(&self, node: usize) -> &[usize] {
        &self.selecting[node]
    }

    fn cluster_name(&self, topology: &Topology, node: &Node, from: usize, name: &str) -> Target {
        let own = &topology.groups[node.group].namespace;
        // Its own name resolves through /etc/hosts, whatever DNS knows.
        if node.host_name.known().is_some_and(|h| h.eq_ignore_ascii_case(name)) {
            return Target::Itself;
        }
        let labels: Vec<&str> = name.split('.').collect();
        let svc = labels.iter().position(|l| *l == "svc");
        let labels = &labels[..svc.unwrap_or(labels.len())];
        // In a render of several all names lead to what is in that one.
        let there = |namespace: &str| match rendered(own) {
            (_, Some(folder)) => format!("{namespace}{RENDER}{folder}"),
            _ => namespace.to_owned(),
        };
        let pod =
            |host: &str, service: &str, namespace: &str| self.service(namespace, service).map(|at| self.pod(topology, from, host, at));
        let answer = match labels {
            [service] => self.service(own, service).map(|at| self.of_service(topology, from, at)),
            [service, namespace] => {
                match self.service(&there(namespace), service).filter(|_| svc.is_some() || service != namespace) {
                    Some(at) if rendered(&topology.services[at].namespace).0 == *namespace || svc.is_some() => {
                        Some(self.of_service(topology, from, at))
                    }
                    // `pod.service` becomes `pod.service.namespace.svc.cluster.local` by the search list.
                    found => match pod(service, namespace, own) {
                        Some(target) if svc.is_none() => Some(target),
                        _ => found.map(|at| self.of_service(topology, from, at)),
                    },
                }
            }
            [host, service, namespace] => pod(host, service, &there(namespace)),
            _ => None,
        };
        let never = || self.never(topology, from, name, labels, svc.is_some());
        answer.or_else(never).unwrap_or_else(|| self.bare_pod(topology, node, name, labels, svc.is_some()))
    }

    /// Why a name can never be that of a pod of the same StatefulSet, whatever Services there are beside these: the domain of such
    /// pods is the one Service that their set names, in their own namespace.
    fn never(&self, topology: &Topology, from: usize, name: &str, labels: &[&str], svc: bool) -> Option<Target> {
        let group = &topology.groups[topology.nodes[from].group];
        let own = rendered(&group.namespace).0;
        let (host, service, namespace) = match labels {
            [host, service, namespace] => (*host, *service, *namespace),
            // It may be a Service of another namespace that is called like the pod; in this one that is certain.
            [host, service] if !svc && *service != own => (*host, *service, own),
            _ => return None,
        };
        let is_sibling = |at: &usize| topology.nodes[*at].group == topology.nodes[from].group && topology.nodes[*at].name == host;
        let siblings = |nodes: &Namespaced| nodes.within(&group.namespace).iter().any(is_sibling);
        let said = group.service_name.as_ref().filter(|_| group.kind == Kind::StatefulSet)?;
        let here = !own.is_empty() && !group.has_alias(name) && self.hosts.get(host).is_some_and(siblings);
        match said.value == service {
            _ if !here => None,
            true if namespace == own => None,
            true => Some(Target::Nothing(format!("`{host}` is in namespace `{own}`, and not in `{namespace}`"))),
            false => {
                let why = format!("{} names `{}` its Service, so `{host}` has no name below `{service}`", group.title(), said.value);
                Some(Target::Nothing(why))
            }
        }
    }

    /// The name of a pod, alone or with its namespace: DNS does not know it.
    fn bare_pod(&self, topology: &Topology, node: &Node, name: &str, labels: &[&str], svc: bool) -> Target {
        let group = &topology.groups[node.group];
        let alone = labels.len() == 1 || (labels.len() == 2 && svc);
        let (true, Some(host)) = (alone && !group.has_alias(name), labels.first()) else { return Target::Unknown };
        let is_pod = |at: usize| topology.groups[topology.nodes[at].group].platform == Platform::Kubernetes;
        match self.hosts.get(*host).is_some_and(|nodes| nodes.meeting(&group.namespace).into_iter().any(is_pod)) {
            true if group.host_network.is_none() => Target::Nothing(format!("the bare name of pod `{host}` is known in that pod alone")),
            _ => Target::Unknown,
        }
    }

    /// What `host.service` leads to: a pod that names the Service its subdomain.
    fn pod(&self, topology: &Topology, from: usize, host: &str, service: usize) -> Target {
        let service = &topology.services[service];
        let domain = format!("{host}.{}.", service.name);
        let called = self.hosts.get(host).map(|nodes| nodes.meeting(&service.namespace)).unwrap_or_default();
        let is_it = |at: &usize| topology.nodes[*at].names.iter().any(|n| n.to_ascii_lowercase().starts_with(&domain));
        let found: Vec<usize> = called.iter().copied().filter(is_it).collect();
        // The kubelet writes a pod's own full name into its /etc/hosts, whatever DNS knows.
        if found[..] == [from] {
            return Target::Itself;
        }
        if service.headless && !found.is_empty() {
            let selects = |at: &usize| {
                let node = &topology.nodes[*at];
                let group = &topology.groups[node.group];
                service.selects(&group.namespace, &group.labels, Some(&node.name))
            };
            // DNS names the pods that are among the endpoints, and no others.
            return match &service.selector {
                Some(_) if service.has_endpoints || found.iter().any(selects) => Target::Nodes(found),
                Some(_) => Target::Nothing(format!("Service `{}` does not select the pod `{host}`, so DNS has no such name", service.name)),
                None if service.has_endpoints => Target::Nodes(found),
                None => Target::Unknown,
            };
        }
        if !service.headless {
            return Target::Nothing(format!("Service `{}` is not headless, so no pod has a name below it", service.name));
        }
        match called.first() {
            Some(at) => {
                let group = &topology.groups[topology.nodes[*at].group];
                Target::Nothing(format!("{} does not name `{}` its Service, so `{host}` has no name below it", group.title(), service.name))
            }
            None => Target::Nothing(format!("no pod of Service `{}` is called `{host}`", service.name)),
        }
    }

    fn of_service(&self, topology: &Topology, from: usize, at: usize) -> Target {
        let service = &topology.services[at];
        if service.external {
            return Target::Unknown;
        }
        if !service.headless {
            return Target::Service(at);
        }
        let nodes = self.selected(at).to_vec();
        match nodes.len() {
            0 if service.has_endpoints || service.selector.is_none() => Target::Unknown,
            0 => Target::Nothing(format!("no pod has the labels that Service `{}` selects", service.name)),
            1 if nodes[0] == from => Target::Itself,
            _ => Target::Nodes(nodes),
        }
    }
}

/// The nodes of second containers of pods, each with the node of its pod.
fn pods(topology: &Topology) -> HashMap<usize, usize> {
    let group = |node: &Node| &topology.groups[node.group];
    let seconds: Vec<(usize, &Node)> = topology.nodes.iter().enumerate().filter(|(_, node)| group(node).second).collect();
    if seconds.is_empty() {
        return HashMap::new();
    }
    let firsts = topology.nodes.iter().enumerate().filter(|(_, node)| !group(node).second);
    let firsts: HashMap<(Location, &str), usize> = firsts.map(|(at, node)| ((group(node).at, node.name.as_str()), at)).collect();
    let of_pod = |(at, node): (usize, &Node)| Some((at, *firsts.get(&(group(node).at, node.pod_name(group(node))))?));
    seconds.into_iter().filter_map(of_pod).collect()
}

/// Docker names containers on its networks to each other alone: neither those that are on the network of their machine, nor to them.
fn beside_docker(topology: &Topology, from: usize, nodes: &[usize], name: &str) -> Option<Target> {
    let group = |at: usize| &topology.groups[topology.nodes[at].group];
    let is_on_machine = |at: usize| group(at).host_network.is_some();
    let other = nodes.iter().copied().find(|at| *at != from && is_on_machine(*at) != is_on_machine(from))?;
    let plain = group(from).platform == Platform::Compose && !name.contains('.') && nodes.len() == 1;
    if !plain || group(from).has_alias(name) {
        return plain.then_some(Target::Unknown);
    }
    let machine = if is_on_machine(from) { from } else { other };
    let title = &topology.nodes[machine].title;
    Some(Target::Nothing(format!("`{title}` is on the network of its machine, where Docker names no containers")))
}

/// Whether two containers are on one network, as far as their networks are said. Those of two projects may be anywhere.
pub(super) fn shares_network(topology: &Topology, one: usize, two: usize) -> bool {
    let project = |at: usize| &topology.groups[topology.nodes[at].group].namespace;
    if project(one) != project(two) {
        return true;
    }
    let networks = |at: usize| &topology.groups[topology.nodes[at].group].networks;
    let (mine, theirs) = (networks(one), networks(two));
    mine.is_empty() || theirs.is_empty() || mine.iter().any(|network| theirs.contains(network))
}
