//! Who replicates to whom: what the generated files are made from.

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
};

use crate::{
    config::{Config, address::Host},
    source::{Sources, Span},
    syntax::{ReadOptions, SectionKind, Statement, Tree, is_name_char, read},
    topology::{
        Configuration, Group, Kind, Listener, Mesh, Node, POD_INDEX_LABEL, POD_NAME_LABEL, Platform, Section, Service, ServicePort, View,
        is_called, rendered, same_namespace,
    },
    version::VersionSet,
};

use super::{Line, Refusal, Request, Style};

/// The port of a section that has none yet.
const PORT: u16 = 10_000;
/// How many pods an autoscaler is taken at its word for.
const MAX_PODS: u32 = 1_000;
/// The name of a section where there is none yet.
const SECTION: &str = "haproxy_peers";

/// Nodes that share one `peers` section.
pub(super) struct Cluster<'m> {
    /// Where they run, and what they read.
    pub(super) mesh: &'m Mesh<'m>,
    /// What all or the first of them are started from.
    pub(super) group: &'m Group,
    /// All that they are started from: one workload, or several of one mesh.
    pub(super) groups: Vec<&'m Group>,
    /// How they reach each other.
    pub(super) style: Style,
    /// The name of the section.
    pub(super) section: String,
    /// The port that they listen on for each other.
    pub(super) port: u16,
    /// The nodes, in order.
    pub(super) members: Vec<Member>,
    /// The `bind` line, where the section has one.
    pub(super) bind: Option<Line>,
    /// Lines of the section as it is that are not about peers: tables, defaults, shards.
    pub(super) kept: Vec<Line>,
    /// Each pod's own Service, by the name of the pod.
    services: HashMap<String, &'m Service>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// Its place in the topology; `None` for a pod that is yet to be.
    pub(super) node: Option<usize>,
    /// The name it takes itself for.
    pub(super) name: String,
    /// The name or address by which the others reach it.
    pub(super) host: String,
}

impl Member {
    /// `host:port`, with brackets around an IPv6 address.
    pub(super) fn address(&self, port: u16) -> String {
        if self.host.contains(':') { format!("[{}]:{port}", self.host) } else { format!("{}:{port}", self.host) }
    }
}

impl<'m> Cluster<'m> {
    /// The cluster that `request` is about. Pods of a workload whose names are random get those of a StatefulSet if
    /// `renamed`.
    pub(super) fn new(mesh: &'m Mesh<'m>, request: &Request, renamed: bool) -> Result<Self, Refusal> {
        let nodes = chosen(mesh, request)?;
        let topology = mesh.topology;
        let group = &topology.groups[topology.nodes[nodes[0]].group];
        let view = mesh.views.iter().find(|view| nodes.contains(&view.node));
        let wanted = |s: &&Section| request.section.as_ref().is_none_or(|name| s.name == *name);
        let old = view.and_then(|view| Some((view, mesh.summary(view).sections.iter().find(wanted)?)));
        let mut cluster = Self {
            mesh,
            group,
            groups: groups(mesh, &nodes),
            style: Style::Hosts,
            section: request.section.clone().or_else(|| Some(old?.1.name.clone())).unwrap_or_else(|| SECTION.to_owned()),
            port: request.port.or_else(|| old.and_then(|(view, section)| view.listener(section)?.port())).unwrap_or(PORT),
            members: Vec::new(),
            bind: None,
            kept: Vec::new(),
            services: HashMap::new(),
        };
        cluster.services = cluster.own_services(&nodes);
        cluster.style = request.style.unwrap_or_else(|| cluster.usual_style(old.map(|(_, section)| section)));
        cluster.kept = view.map(|view| cluster.kept(view)).unwrap_or_default();
        let old = old.filter(|_| request.style.is_none());
        let by_default = cluster.kept.iter().any(|line| line.words.iter().any(|word| word.plain().is_some_and(|text| text == "ssl")));
        let is_right = |bind: &&Listener| bind.address.host.is_any() && (!bind.tls || by_default);
        let is_any = old.and_then(|(view, section)| Some((view, section.bind.as_ref().filter(is_right)?)));
        cluster.bind = match is_any {
            Some((view, bind)) if bind.port() == Some(cluster.port) => cluster.bind_line(view),
            _ if cluster.style == Style::Services || is_any.is_some() => Some(Line::new("bind").word(format!(":{}", cluster.port))),
            _ => None,
        };
        let views: HashMap<usize, &View> = mesh.views.iter().map(|v| (v.node, v)).collect();
        let names = cluster.names(&nodes, renamed)?;
        let given = names.iter().map(|(name, _)| name).chain([&cluster.section]);
        if let Some(odd) = given.into_iter().find(|name| name.is_empty() || !name.chars().all(is_name_char)) {
            let help = "HAProxy takes letters, digits and `-_.:` in names";
            return Err(Refusal::new(format!("`{odd}` cannot be the name of a peer or of a section"), help));
        }
        for (name, node) in names {
            let used = old.and_then(|(_, section)| section.peer(&name)?.address.as_ref()?.address.host.ip());
            let right = old.and_then(|(_, section)| cluster.right_name(section, &name, views.get(&node?)?, &nodes, &views));
            let host = right.map_or_else(|| cluster.host(&name, node, used, renamed), Ok)?;
            cluster.members.push(Member { node, name, host });
        }
        Ok(cluster)
    }

    /// The style that suits the topology, and if it can be, the one that there is.
    fn usual_style(&self, old: Option<&Section>) -> Style {
        let group = self.group;
        if group.platform != Platform::Kubernetes || (group.host_network.is_some() && group.kind == Kind::DaemonSet) {
            return Style::Hosts;
        }
        // Names of pods that an autoscaler may add resolve only through Services of their own.
        let has_services = old.is_some_and(|section| section.bind.is_some() && (!self.services.is_empty() || self.dials_services(section)));
        let resolves = self.groups.iter().all(|g| g.parallel && governing(self.mesh, g).is_some_and(|s| s.publishes_not_ready));
        if resolves && !has_services && self.mesh.autoscaler(group).is_none() { Style::Headless } else { Style::Services }
    }

    /// Whether peers are dialled at Services that are no headless ones, wherever those lead.
    fn dials_services(&self, section: &Section) -> bool {
        let first = |host: &str| host.split('.').next().unwrap_or("").to_owned();
        let hosts = section.peers.iter().filter_map(|p| match &p.address.as_ref()?.address.host {
            Host::Name(host) => Some(first(host)),
            _ => None,
        });
        let near = |s: &&Service| !s.headless && same_namespace(&s.namespace, &self.group.namespace);
        let known: HashSet<&str> = self.mesh.topology.services.iter().filter(near).map(|s| s.name.as_str()).collect();
        hosts.into_iter().any(|host| known.contains(host.as_str()))
    }

    /// The names of the members, each once.
    fn names(&self, nodes: &[usize], renamed: bool) -> Result<Vec<(String, Option<usize>)>, Refusal> {
        let locals: HashMap<usize, &String> = self.mesh.views.iter().filter_map(|v| Some((v.node, v.local.as_ref()?))).collect();
        let random = self.group.kind.has_random_names() && self.group.host_network.is_none();
        let alone = nodes.len() == 1 || self.groups.len() > 1;
        let given = alone && nodes.iter().all(|at| locals.contains_key(at) || (nodes.len() == 1 && self.group.host_name.is_some()));
        if self.groups.len() > 1 && random && !given {
            return Err(Refusal::new(
                "several workloads are one mesh, and of some it is not known what their pods take themselves for",
                "start HAProxy with `-L` and a name of its own in each of them",
            ));
        }
        if renamed && random && !given {
            return Ok((0..nodes.len()).map(|n| (format!("{}-{n}", self.group.name), None)).collect());
        }
        let mut names = Vec::new();
        let mut known = HashSet::new();
        for at in nodes {
            let node = &self.mesh.topology.nodes[*at];
            let local = locals.get(at).map(|name| (*name).clone()).or_else(|| node.local_name().known().map(str::to_owned));
            // `-L $(POD_NAME)` can still be added, where nothing says otherwise.
            let named = node.option_l.is_some() || locals.get(at).is_some_and(|name| node.host_name.known() != Some(name));
            let pod = (renamed && self.group_of(*at).kind == Kind::StatefulSet && !named).then(|| node.name.clone());
            let name = pod.or(local);
            let name = name.ok_or_else(|| self.nameless(node))?;
            if !known.insert(name.clone()) {
                let message = format!("two nodes take themselves for `{name}`: HAProxy finds its own line by its name");
                return Err(Refusal::new(message, "give each host a name of its own, or start HAProxy with `-L`"));
            }
            names.push((name, Some(*at)));
        }
        names.extend(self.pods_to_come().into_iter().map(|name| (name, None)));
        Ok(names)
    }

    /// Pods of a StatefulSet that an autoscaler may add. Names that a headless Service does not have yet would keep HAProxy
    /// from starting, those of Services do not.
    fn pods_to_come(&self) -> Vec<String> {
        let (group, style) = (self.group, self.style);
        let scales = group.kind == Kind::StatefulSet && style == Style::Services && self.groups.len() == 1;
        let most = self.mesh.autoscaler(group).filter(|_| scales).map(|a| a.max.value);
        let now = group.replicas.as_ref().map_or(1, |r| r.value);
        let most = most.unwrap_or(0).min(MAX_PODS);
        (now..most).map(|n| format!("{}-{}", group.name, group.first_ordinal.saturating_add(n))).collect()
    }

    fn nameless(&self, node: &Node) -> Refusal {
        let help = match (self.group.platform, self.group.kind) {
            (Platform::Compose, _) => "give each service a `hostname:`",
            _ if self.group.host_network.is_some() => "give its machines too, as `kubectl get node -o yaml` prints them",
            (_, kind) if kind.has_random_names() => "`generate manifests` makes a StatefulSet of it, whose pods keep their names",
            _ => "start HAProxy with `-L $(POD_NAME)`; `generate manifests` writes that",
        };
        Refusal::new(format!("nobody knows beforehand what name `{}` of {} takes itself for", node.name, self.group.title()), help)
    }

    /// The name by which the others reach a member now, where it leads there: its domain may be one that nobody else knows.
    fn right_name(&self, old: &Section, name: &str, to: &View, nodes: &[usize], views: &HashMap<usize, &View>) -> Option<String> {
        let from = nodes.iter().filter(|at| **at != to.node).find_map(|at| views.get(at))?;
        let address = self.mesh.section(from, &old.name)?.peer(name)?.address.as_ref()?;
        let Host::Name(host) = &address.address.host else { return None };
        let pod = self.mesh.node(to).name.as_str();
        let fits = match self.style {
            Style::Services => self.own_service(pod).is_some_and(|s| host.split('.').next() == Some(s.name.as_str())),
            Style::Headless => host.split('.').next() == Some(pod),
            Style::Hosts => true,
        };
        // Variables in it have their values.
        let dialled = format!("{host}:{}", self.port);
        let right = fits && address.port() == Some(self.port) && self.mesh.leads(from, to, &old.name, &dialled);
        right.then(|| host.clone())
    }

    /// What leads to a member from the others.
    fn host(&self, name: &str, node: Option<usize>, used: Option<IpAddr>, renamed: bool) -> Result<String, Refusal> {
        let kubernetes = self.group.platform == Platform::Kubernetes;
        let group = node.map_or(self.group, |at| self.group_of(at));
        let node = node.map(|at| &self.mesh.topology.nodes[at]);
        let pod = node.map_or(name, |n| n.name.as_str());
        match self.style {
            Style::Services | Style::Headless if !kubernetes => {
                let message = format!("{} is no Kubernetes workload, and nothing else has Services", self.group.title());
                Err(Refusal::new(message, "use `--style hosts`"))
            }
            Style::Services if group.kind == Kind::DaemonSet && !renamed => {
                let message = format!("no Service can lead to one pod of {} alone", group.title());
                Err(Refusal::new(message, "use `--style hosts`"))
            }
            Style::Services => Ok(self.full(&self.service_of(group, pod))),
            Style::Headless => match governing_name(group) {
                Some(service) => Ok(self.full(&format!("{pod}.{service}"))),
                None if renamed && self.group.kind != Kind::StatefulSet => Ok(self.full(&format!("{pod}.{}", self.headless_name()))),
                None => {
                    let message = format!("{} has no `serviceName`, so its pods have no names in DNS", self.group.title());
                    Err(Refusal::new(message, "use `--style services`: `serviceName` cannot be added to what is there"))
                }
            },
            Style::Hosts => self.host_address(name, node, used),
        }
    }

    fn host_address(&self, name: &str, node: Option<&Node>, used: Option<IpAddr>) -> Result<String, Refusal> {
        // Of a host whose addresses nobody told, an inventory knows one at least.
        let listed = |n: &Node| self.mesh.topology.machines.iter().find(|m| m.names.iter().any(|name| n.names.contains(name)));
        let listed = || node.filter(|_| self.group.platform == Platform::Host).and_then(listed).map(|m| m.addresses.as_slice());
        let own = node.and_then(|n| n.addresses.as_deref()).or_else(listed).unwrap_or_default();
        let vips = &self.mesh.topology.vips;
        let usable = |ip: &&IpAddr| !ip.is_loopback() && !is_link_local(ip) && !vips.iter().any(|v| v.address == **ip);
        // What its line says now is right where it is an address of its own.
        let used = used.filter(|ip| own.contains(ip) && usable(&ip));
        let best = used.or_else(|| own.iter().filter(usable).min_by_key(|ip| ip.is_ipv6()).copied());
        if let Some(ip) = best {
            return Ok(ip.to_string());
        }
        let replica = node.filter(|_| self.mesh.size(self.group) > 1).and_then(|n| n.host_name.known());
        match (self.group.platform, node.and_then(|n| n.names.first())) {
            // The name of the service leads to all of its replicas.
            (Platform::Compose, _) if replica.is_some() => Ok(replica.unwrap_or_default().to_owned()),
            (Platform::Compose, Some(name)) => Ok(name.clone()),
            (Platform::Host, Some(name)) if name.contains('.') => Ok(name.clone()),
            _ => {
                let message = format!("no address of `{name}` is known that the others can reach");
                Err(Refusal::new(message, "say `addresses` in the topology, or use another `--style`"))
            }
        }
    }

    /// A name of the cluster's DNS, with the namespace where one is said.
    fn full(&self, name: &str) -> String {
        let namespace = rendered(&self.group.namespace).0;
        if namespace.is_empty() { name.to_owned() } else { format!("{name}.{namespace}.svc") }
    }

    /// What a node is started from.
    pub(super) fn group_of(&self, node: usize) -> &'m Group {
        let topology = self.mesh.topology;
        &topology.groups[topology.nodes[node].group]
    }

    /// The members that are started from one of the workloads.
    pub(super) fn of(&self, group: &Group) -> impl Iterator<Item = &Member> {
        let alone = self.groups.len() == 1;
        self.members.iter().filter(move |m| alone || m.node.is_some_and(|at| std::ptr::eq(self.group_of(at), group)))
    }

    /// What the headless Service is called that is yet to be.
    pub(super) fn headless_name(&self) -> String {
        format!("{}-headless", self.group.name)
    }

    /// The Services that lead to one pod alone on the port of the peers, by that pod's name.
    fn own_services(&self, nodes: &[usize]) -> HashMap<String, &'m Service> {
        let mut found = HashMap::new();
        let services = &self.mesh.topology.services;
        for group in &self.groups {
            let pods: Vec<&str> = nodes.iter().filter(|at| std::ptr::eq(self.group_of(**at), *group)).map(|at| self.name_of(*at)).collect();
            for service in services.iter().filter(|s| self.is_usable(group, s)) {
                if let Some(pod) = self.pod_of(group, service, &pods) {
                    found.entry(pod).or_insert(service);
                }
            }
        }
        found
    }

    /// Whether a Service leads to the port on which pods listen for each other.
    fn is_usable(&self, group: &Group, service: &Service) -> bool {
        let named = |name: &String| group.named_ports.iter().any(|(own, port)| own == name && *port == self.port);
        let leads = |p: &ServicePort| match &p.target_name {
            Some(name) => named(name),
            None => p.target.is_none_or(|target| target == self.port),
        };
        !service.headless && service.ports.iter().any(|p| p.tcp && p.port == self.port && leads(p))
    }

    /// The one pod that a Service leads to. What names a pod leads to that one; of others it is known where there is no second
    /// pod of these labels.
    fn pod_of(&self, group: &Group, service: &Service, pods: &[&str]) -> Option<String> {
        let labels = service.selector.as_ref().map(|s| &s.value);
        let named = labels.and_then(|l| l.get(POD_NAME_LABEL).cloned());
        let counted = || Some(format!("{}-{}", group.name, labels?.get(POD_INDEX_LABEL)?));
        let others = |g: &&Group| !std::ptr::eq(*g, group) && service.selects(&g.namespace, &g.labels, None);
        let only = || Some((*pods.first().filter(|_| pods.len() == 1 && !self.groups.iter().any(&others))?).to_owned());
        let pod = named.or_else(counted).or_else(only)?;
        let is_ours = self.groups.len() == 1 || pods.contains(&pod.as_str());
        (is_ours && service.selects(&group.namespace, &group.labels, Some(&pod))).then_some(pod)
    }

    fn name_of(&self, node: usize) -> &'m str {
        &self.mesh.topology.nodes[node].name
    }

    /// The name of a member's pod.
    pub(super) fn pod<'s>(&'s self, member: &'s Member) -> &'s str {
        member.node.map_or(&member.name, |at| &self.mesh.topology.nodes[at].name)
    }

    /// The Service that leads to this pod alone on the port of the peers.
    pub(super) fn own_service(&self, pod: &str) -> Option<&'m Service> {
        self.services.get(pod).copied()
    }

    fn service_of(&self, group: &Group, pod: &str) -> String {
        self.own_service(pod).map_or_else(|| format!("{}-peer", self.base(group, pod)), |s| s.name.clone())
    }

    /// What the Service of a pod is called after: the pod, or its workload where chance names the pod.
    pub(super) fn base<'s>(&self, group: &'s Group, pod: &'s str) -> &'s str {
        if self.groups.len() > 1 && group.kind.has_random_names() { &group.name } else { pod }
    }

    /// Lines of the section as the node of a view reads it that no generator knows better.
    fn kept(&self, view: &View) -> Vec<Line> {
        let topology = self.mesh.topology;
        let Some(configuration) = topology.nodes[view.node].configuration.map(|at| &topology.configurations[at]) else { return Vec::new() };
        let ours = ["peer", "server", "bind", "enabled", "disabled"];
        self.in_force(&configuration.sources(), view, |s| (!ours.contains(&s.keyword())).then(|| with_comment(s)))
    }

    /// The `bind` line as the node of a view reads it, with its options.
    fn bind_line(&self, view: &View) -> Option<Line> {
        let topology = self.mesh.topology;
        let configuration = &topology.configurations[topology.nodes[view.node].configuration?];
        let lines = self.in_force(&configuration.sources(), view, |s| (s.keyword() == "bind").then(|| with_comment(s)));
        lines.into_iter().next()
    }

    /// The lines of the section that the node of a view reads in these files.
    pub(super) fn in_force<T>(&self, sources: &Sources, view: &View, take: impl Fn(Statement<'_>) -> Option<T>) -> Vec<T> {
        let topology = self.mesh.topology;
        let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
        let mut environment = topology.nodes[view.node].reader_environment();
        environment.set("HAPROXY_LOCALPEER", view.local.clone());
        let versions = self.group.version.map_or_else(VersionSet::supported, VersionSet::only);
        let readings = read(sources, &trees, &ReadOptions { versions, environment, ..ReadOptions::default() });
        let Some(config) = readings.first().map(Config::new) else { return Vec::new() };
        let reading = config.reading;
        let is_ours = |s: &&crate::syntax::Section| {
            s.kind == SectionKind::Peers && s.header().is_some_and(|header| reading.statement(header).str(1) == self.section)
        };
        let statements = reading.sections.iter().filter(is_ours).flat_map(|s| reading.statements(s.body()));
        statements.filter_map(take).collect()
    }

    /// The files that the members read now.
    pub(super) fn configuration(&self, group: &Group) -> Option<&'m Configuration> {
        let topology = self.mesh.topology;
        let members = topology.nodes.iter().filter(|n| std::ptr::eq(&topology.groups[n.group], group));
        members.filter_map(|n| n.configuration).map(|at| &topology.configurations[at]).next()
    }

    /// Whether it speaks TLS in a way that stands on the lines that are written anew.
    pub(super) fn loses_tls(&self) -> bool {
        let sections = || self.mesh.summaries.iter().flat_map(|s| &s.sections).filter(|s| s.name == self.section);
        let speaks = |s: &crate::topology::Section| s.bind.as_ref().is_some_and(|b| b.tls) || s.peers.iter().any(|p| p.tls);
        let by_default = self.kept.iter().any(|line| line.words.iter().any(|w| w.plain().is_some_and(|t| t == "ssl")));
        sections().any(speaks) && !by_default
    }
}

/// A line that was read, with the comment behind it.
fn with_comment(statement: Statement<'_>) -> Line {
    let (line, words) = (statement.whole_line(), statement.location());
    let behind = statement.file().text(Span::new(words.span.end, line.span.end)).into_owned();
    let comment = behind.trim().strip_prefix('#').map(|text| text.trim().to_owned());
    Line { comment, ..Line::from(statement) }
}

/// The name of the headless Service that gives the pods their names.
pub(super) fn governing_name(group: &Group) -> Option<&str> {
    group.service_name.as_ref().map(|s| s.value.as_str()).or(group.subdomain.as_deref())
}

/// The headless Service of a StatefulSet.
pub(super) fn governing<'m>(mesh: &'m Mesh<'_>, group: &Group) -> Option<&'m Service> {
    let name = &group.service_name.as_ref()?.value;
    mesh.topology.services.iter().find(|s| s.headless && s.name == *name && same_namespace(&s.namespace, &group.namespace))
}

fn is_link_local(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

/// The nodes that one section is for: those that are asked for, else those of the one platform there is.
fn chosen(mesh: &Mesh<'_>, request: &Request) -> Result<Vec<usize>, Refusal> {
    let topology = mesh.topology;
    let group = |at: usize| &topology.groups[topology.nodes[at].group];
    let is = |at: usize, name: &str| is_called(&topology.nodes[at].title, name) || group(at).name == name || full_name(group(at)) == name;
    let mut nodes: Vec<usize> = (0..topology.nodes.len()).filter(|at| !group(*at).second).collect();
    if let Some(name) = request.nodes.iter().find(|name| !nodes.iter().any(|at| is(*at, name))) {
        let known: Vec<String> = known(mesh).into_iter().take(8).collect();
        return Err(Refusal::new(format!("there is no node or workload `{name}`"), format!("there are {}", known.join(", "))));
    }
    if !request.nodes.is_empty() {
        nodes.retain(|at| request.nodes.iter().any(|name| is(*at, name)));
    }
    let Some(first) = nodes.first().copied() else {
        if let Some(group) = topology.groups.first() {
            return Err(Refusal::new(format!("{} has no pod", group.title()), "give it at least two `replicas`"));
        }
        let help = "name manifests with a container whose image or command is haproxy, compose files, or facts of hosts";
        return Err(Refusal::new("no HAProxy was found in the topology", help));
    };
    let alone = |kind: Kind| matches!(kind, Kind::Pod | Kind::Host | Kind::ComposeService);
    let joined = joined(mesh, first);
    let together = |at: &usize| {
        let (one, other) = (group(first), group(*at));
        let alike = alone(one.kind) && one.kind == other.kind && one.namespace == other.namespace;
        std::ptr::eq(one, other) || alike || joined.contains(at)
    };
    if !nodes.iter().all(together) {
        let help = format!("say which one with `--node`: {}", known(mesh).join(", "));
        return Err(Refusal::new("there are several workloads with HAProxy in the topology", help));
    }
    Ok(nodes)
}

/// The nodes of one namespace of Kubernetes that are in one mesh with the node `first`, as far as their lists tell.
fn joined(mesh: &Mesh<'_>, first: usize) -> HashSet<usize> {
    let topology = mesh.topology;
    let group = |at: usize| &topology.groups[topology.nodes[at].group];
    let near = |at: usize| group(at).platform == Platform::Kubernetes && group(at).namespace == group(first).namespace;
    let mut found = HashSet::from([first]);
    loop {
        let before = found.len();
        let ends = mesh.matrix.links.iter().map(|l| (mesh.views[l.from].node, mesh.views[l.to].node));
        let next: Vec<usize> = ends.filter(|(from, to)| found.contains(from) && near(*to)).map(|(_, to)| to).collect();
        found.extend(next);
        if found.len() == before {
            return found;
        }
    }
}

/// The node that reads the section of the members, is listed in it, and is none of them: it would lose its line.
pub(super) fn left_out<'m>(cluster: &Cluster<'m>) -> Option<&'m Node> {
    let mesh = cluster.mesh;
    let is_member = |node: usize| cluster.members.iter().any(|m| m.node == Some(node));
    let read: HashSet<usize> = mesh.views.iter().filter(|v| is_member(v.node)).map(|v| mesh.summary(v).configuration).collect();
    let loses = |v: &&View| {
        let own = mesh.section(v, &cluster.section).and_then(|section| v.own(section));
        !is_member(v.node) && read.contains(&mesh.summary(v).configuration) && own.is_some()
    };
    let replaced = |v: &&View| cluster.members.iter().all(|m| m.node.is_none()) && std::ptr::eq(mesh.group(v), cluster.group);
    mesh.views.iter().filter(loses).find(|v| !replaced(v)).map(|v| mesh.node(v))
}

fn known(mesh: &Mesh<'_>) -> Vec<String> {
    mesh.topology.groups.iter().filter(|group| !group.second).map(full_name).collect()
}

/// What each of the nodes is started from, once.
fn groups<'m>(mesh: &Mesh<'m>, nodes: &[usize]) -> Vec<&'m Group> {
    let topology = mesh.topology;
    let kubernetes = |at: &&usize| topology.groups[topology.nodes[**at].group].platform == Platform::Kubernetes;
    let mut all: Vec<&Group> = Vec::new();
    for at in nodes.iter().take(1).chain(nodes.iter().skip(1).filter(kubernetes)) {
        let group = &topology.groups[topology.nodes[*at].group];
        if !all.iter().any(|known| std::ptr::eq(*known, group)) {
            all.push(group);
        }
    }
    all
}

/// `namespace/name`, where a namespace of Kubernetes is said.
pub(super) fn full_name(group: &Group) -> String {
    let namespace = rendered(&group.namespace).0;
    let plain = namespace.is_empty() || group.platform != Platform::Kubernetes;
    if plain { group.name.clone() } else { format!("{namespace}/{}", group.name) }
}
