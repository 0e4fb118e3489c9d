//! Workloads: how many pods, what they are called, and what the container of HAProxy in them is given.

use std::{collections::BTreeMap, rc::Rc, sync::Arc};

use crate::source::Location;

use super::{
    Cluster, Configurations, Object,
    containers::{asked, command, companions, host_ports, listed, memory, named_ports, neighbours, probes, running},
    environment::given,
    filling::Filling,
    labels, mounts,
};
use crate::topology::{
    Problem,
    image::{self, Image},
    model::{
        Alias, Dns, Group, Kind, Machine, Misread, Misreading, Name, Netns, Node, Platform, Said, Sysctl, Topology, Variable, rendered,
    },
    received::Received,
    words::{Arguments, arguments, short_host_name},
    yaml::Yaml,
};

/// Adds the group and nodes of `object`, if its pods run HAProxy.
pub(super) fn workload(
    cluster: &Cluster,
    object: &Object,
    topology: &mut Topology,
    configurations: &mut Configurations,
    problems: &mut Vec<Problem>,
) {
    let Some((kind, template)) = template(object) else { return };
    let Some(spec) = template.get("spec") else { return };
    let reads = |container: &Yaml| mounts::Mounts::new(cluster, object, spec, container).has_configuration();
    let meets = |container: &Yaml| mounts::Mounts::new(cluster, object, spec, container).has_peers();
    let Some((container, image)) = haproxy(spec, &reads, &meets) else {
        let left_out = |c: &Rc<Yaml>| {
            let name = c.str_at(&["image"])?;
            let why = image::left_out(name).or_else(|| reads(c).then_some(image::UNNAMED))?;
            Some((name.to_owned(), why))
        };
        topology.left_out.extend(spec.list_at(&["containers"]).iter().filter_map(left_out));
        return;
    };
    let pods = Pods { cluster, object, kind, template, spec };
    pods.started(container, &image, false, topology, configurations, problems);
    for container in running(spec).filter(|other| !std::ptr::eq(&***other, container)) {
        let Some(image) = container.str_at(&["image"]).and_then(image::haproxy) else { continue };
        pods.started(container, &image, true, topology, configurations, &mut Vec::new());
    }
}

/// The pods of one workload.
struct Pods<'a> {
    cluster: &'a Cluster,
    object: &'a Object,
    kind: Kind,
    template: &'a Yaml,
    spec: &'a Yaml,
}

impl Pods<'_> {
    /// Adds the nodes that a container starts. A `second` HAProxy of the pods is one only where it certainly reads what is mounted for it.
    fn started(
        &self,
        container: &Yaml,
        image: &Image,
        second: bool,
        topology: &mut Topology,
        configurations: &mut Configurations,
        problems: &mut Vec<Problem>,
    ) {
        let Self { cluster, object, kind, template, spec } = *self;
        let mounts = mounts::Mounts::new(cluster, object, spec, container);
        let command = command(object, container);
        let parsed = arguments(&command, &|path| mounts.text(path));
        let scripted = mounts.scripted(&parsed, image);
        let found = mounts.configuration(&parsed, image).filter(|found| !(found.elsewhere && scripted.is_some()));
        if second && (is_another(&parsed, &command) || found.as_ref().is_none_or(|found| found.elsewhere)) {
            return;
        }
        let mut group = Group { command, second, ..group(object, kind, template, spec, container, image) };
        group.option_l = parsed.local_name.clone();
        group.script = parsed.script.clone();
        group.misread.clone_from(&parsed.misread);
        replicas(object, &mut group, problems);
        scaled(&mut group, topology);
        group.gaps = mounts.gaps(&parsed, image, found.as_ref());
        group.folders = mounts.folders();
        group.files = mounts.mounted().map(|(path, ..)| path).collect();
        group.files.sort();
        group.bare = mounts.bare_certificates();
        group.kept = mounts.kept(&group, &parsed, image);
        group.sub_path = found.as_ref().and_then(|found| found.sub_path);
        let domain = cluster.domain();
        let given = Arc::new(given(&group, &topology.services));
        let mut start = Start { cluster, object, group: &group, container, image, parsed: &parsed, given, filled: None };
        let mut configuration = found.map(|mut found| {
            start.filled = start.fill(&mut found);
            configurations.of(cluster, found.keys, found.made, found.more, topology)
        });
        let mut unread = None;
        if let (None, Some(scripted)) = (configuration, &scripted) {
            unread.clone_from(&scripted.unsure);
            let written = if unread.is_none() { start.scripted(scripted, &mounts, topology) } else { None };
            configurations.script_takes(&scripted.keys, written.is_some());
            (configuration, start.filled) = written.map_or((None, None), |(number, filled)| (Some(number), filled));
            unread = unread.or_else(|| mounts.unknown(scripted).filter(|_| configuration.is_none()));
        }
        let number = topology.groups.len();
        let machines = if kind == Kind::DaemonSet { machines(spec, &topology.machines) } else { Vec::new() };
        let mut nodes: Vec<Node> = machines.iter().map(|machine| start.on_machine(number, machine, configuration)).collect();
        if nodes.is_empty() {
            nodes.extend(pods(&group, spec, domain).map(|(name, host)| start.node(number, name, host, None, configuration)));
        }
        let unset = start.unset();
        group.misread.extend(unset);
        group.unread = unread;
        if second {
            if mounts.has_peers() && !group.neighbours.iter().any(|other| other.twin) {
                topology.notes.push(format!(
                    "`{}` is a second HAProxy in the pods of {}: what it reads is checked, and its peers are not held against those of other pods",
                    group.container,
                    group.title()
                ));
            }
            nodes.iter_mut().for_each(|node| node.name = format!("{}/{}", node.name, group.container));
        }
        topology.nodes.extend(nodes);
        topology.groups.push(group);
    }
}

/// Whether a container with the image of HAProxy may do something else with it, such as check a configuration before it is taken.
fn is_another(parsed: &Arguments, command: &[Said<String>]) -> bool {
    parsed.hidden || parsed.script.is_some() || command.iter().any(|word| word.value == "-c")
}

/// The kind of workload that `object` is, and the template of its pods.
fn template(object: &Object) -> Option<(Kind, &Yaml)> {
    let template = object.node.at(&["spec", "template"]);
    Some(match object.kind.as_str() {
        _ if is_owned(&object.node) => return None,
        "Pod" => (Kind::Pod, &*object.node),
        "Deployment" | "DeploymentConfig" => (Kind::Deployment, template?),
        // Argo's, which takes the place of a Deployment.
        "Rollout" => (Kind::Rollout, template?),
        "ReplicaSet" | "ReplicationController" => (Kind::ReplicaSet, template?),
        "StatefulSet" => (Kind::StatefulSet, template?),
        "DaemonSet" => (Kind::DaemonSet, template?),
        "Job" => (Kind::Job, template?),
        _ => return None,
    })
}

/// Whether another object made it, as a Deployment makes ReplicaSets.
fn is_owned(node: &Yaml) -> bool {
    !node.list_at(&["metadata", "ownerReferences"]).is_empty()
}

/// The container that runs HAProxy: by its image, or by its command, or because it mounts a configuration and is called so, or is
/// the only one that does and leaves it to its image what runs. Of several that which has peers is the node.
fn haproxy<'s>(spec: &'s Yaml, reads: &dyn Fn(&Yaml) -> bool, meets: &dyn Fn(&Yaml) -> bool) -> Option<(&'s Yaml, Image)> {
    let containers = || running(spec);
    let by_image: Vec<_> = containers().filter_map(|c| Some((&**c, image::haproxy(c.str_at(&["image"])?)?))).collect();
    let with_peers = || by_image.iter().position(|(container, _)| meets(container));
    let node = if by_image.len() > 1 { with_peers() } else { None };
    by_image.into_iter().nth(node.unwrap_or(0)).or_else(|| {
        let runs = |c: &&Rc<Yaml>| {
            let mut words = ["command", "args"].iter().flat_map(|key| c.list_at(&[key])).filter_map(|w| w.text());
            words.any(|w| w == "haproxy" || w.ends_with("/haproxy") || w.contains("haproxy -f"))
        };
        let called = |c: &&Rc<Yaml>| c.str_at(&["name"]).is_some_and(image::is_name) && reads(c);
        let found = containers().find(runs).or_else(|| containers().find(called)).or_else(|| {
            let mut readers = containers().filter(|c| reads(c));
            let silent = |c: &&Rc<Yaml>| {
                c.get("command").is_none() && ["image", "name"].iter().all(|key| !c.str_at(&[key]).is_some_and(image::is_other))
            };
            readers.next().filter(|_| readers.next().is_none()).filter(silent)
        });
        found.map(|c| (&**c, Image::of_somebody()))
    })
}

fn said_number(object: &Object, node: Option<&Yaml>) -> Option<Said<u64>> {
    let node = node?;
    Some(Said { value: u64::try_from(node.number()?).ok()?, at: object.at(node) })
}

fn group(object: &Object, kind: Kind, template: &Yaml, spec: &Yaml, container: &Yaml, image: &Image) -> Group {
    let of_workload = |path: &[&str]| object.node.get("spec").and_then(|w| w.at(path));
    let count = |path: &[&str]| of_workload(path).and_then(Yaml::number).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    let security = |key: &str| container.at(&["securityContext", key]).or_else(|| spec.at(&["securityContext", key]));
    let user = said_number(object, security("runAsUser"));
    let names = |key: &str| -> Vec<String> {
        let list = container.list_at(&["securityContext", "capabilities", key]);
        list.iter().filter_map(|c| c.text()).map(|c| c.trim_start_matches("CAP_").to_owned()).collect()
    };
    let non_root = security("runAsNonRoot").is_some_and(Yaml::is_true);
    let update = of_workload(&["strategy", "type"]).or_else(|| of_workload(&["updateStrategy", "type"]));
    Group {
        closed_names: false,
        platform: Platform::Kubernetes,
        kind,
        namespace: object.namespace.clone(),
        name: object.name.clone(),
        at: object.name_at(),
        replicas: None,
        first_ordinal: count(&["ordinals", "start"]),
        labels: labels(template.at(&["metadata", "labels"])),
        annotations: labels(template.at(&["metadata", "annotations"])),
        netns: Netns::Own,
        host_network: spec.get("hostNetwork").filter(|n| n.is_true()).map(|n| object.at(n)),
        dns: dns(object, spec),
        gaps: Vec::new(),
        misread: Vec::new(),
        unread: None,
        neighbours: neighbours(object, spec, container),
        awaits: Vec::new(),
        read_only: container.at(&["securityContext", "readOnlyRootFilesystem"]).filter(|n| n.is_true()).map(|n| object.at(n)),
        surges: update.and_then(Yaml::text).is_none_or(|t| t == "RollingUpdate")
            && of_workload(&["strategy", "rollingUpdate", "maxSurge"]).and_then(Yaml::text).is_none_or(|n| !matches!(n, "0" | "0%")),
        service_name: of_workload(&["serviceName"]).filter(|_| kind == Kind::StatefulSet).and_then(|n| object.said(n)),
        host_name: spec.get("hostname").and_then(|n| object.said(n)),
        subdomain: spec.str_at(&["subdomain"]).map(str::to_owned),
        parallel: of_workload(&["podManagementPolicy"]).and_then(Yaml::text) == Some("Parallel"),
        min_ready_seconds: count(&["minReadySeconds"]),
        ready_delay: container
            .at(&["readinessProbe", "initialDelaySeconds"])
            .and_then(Yaml::number)
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or(0),
        aliases: aliases(spec),
        rolling: update.and_then(Yaml::text).is_none_or(|t| t == "RollingUpdate"),
        sysctls: sysctls(object, spec),
        privileged_sysctl: privileged_sysctl(object, spec),
        unprivileged: user.as_ref().map_or(non_root || image.unprivileged, |u| u.value != 0),
        user,
        capabilities: names("add"),
        dropped: names("drop"),
        memory: memory(object, spec, container),
        image: container.get("image").and_then(|n| object.said(n)),
        version: image.version,
        option_l: None,
        script: None,
        command: Vec::new(),
        own_entrypoint: !container.list_at(&["command"]).is_empty(),
        mounts: container.list_at(&["volumeMounts"]).iter().filter_map(|m| Some(m.str_at(&["mountPath"])?.to_owned())).collect(),
        folders: Vec::new(),
        files: Vec::new(),
        bare: Vec::new(),
        kept: Vec::new(),
        companions: companions(spec, container),
        service_links: !spec.get("enableServiceLinks").is_some_and(Yaml::is_false),
        sub_path: None,
        published: Vec::new(),
        host_ports: running(spec).flat_map(|container| host_ports(container)).collect(),
        networks: Vec::new(),
        numbered_by_docker: false,
        profiles: Vec::new(),
        is_swarm: false,
        siblings: None,
        clashes: Vec::new(),
        probes: probes(object, container),
        asked: asked(object, container),
        listed: listed(container),
        named_ports: running(spec).flat_map(|c| named_ports(c)).collect(),
        reads: Vec::new(),
        reads_more: false,
        reads_there: false,
        container: container.str_at(&["name"]).unwrap_or("").to_owned(),
        second: false,
    }
}

/// Where its names are looked up.
fn dns(object: &Object, spec: &Yaml) -> Dns {
    let servers = spec.list_at(&["dnsConfig", "nameservers"]);
    Dns {
        policy: spec.get("dnsPolicy").and_then(|n| object.said(n)),
        servers: servers.iter().filter_map(|ip| ip.text()?.parse().ok()).collect(),
        searches: !spec.list_at(&["dnsConfig", "searches"]).is_empty(),
    }
}

fn aliases(spec: &Yaml) -> Vec<Alias> {
    let of_address = |entry: &Rc<Yaml>| {
        let address = entry.str_at(&["ip"]).and_then(|ip| ip.parse().ok());
        let names = entry.list_at(&["hostnames"]).iter().filter_map(|name| Some(name.text()?.to_owned()));
        names.map(|name| Alias { name, address }).collect::<Vec<_>>()
    };
    spec.list_at(&["hostAliases"]).iter().flat_map(of_address).collect()
}

fn sysctls(object: &Object, spec: &Yaml) -> Vec<Sysctl> {
    let sysctl = |s: &Rc<Yaml>| {
        let name = s.get("name")?;
        Some(Sysctl { name: name.text()?.replace('/', "."), value: s.str_at(&["value"])?.to_owned(), at: Some(object.at(name)) })
    };
    spec.list_at(&["securityContext", "sysctls"]).iter().filter_map(sysctl).collect()
}

/// Where a container sets `ip_nonlocal_bind` by hand.
fn privileged_sysctl(object: &Object, spec: &Yaml) -> Option<Location> {
    let containers = spec.list_at(&["initContainers"]).iter().chain(spec.list_at(&["containers"]));
    let mut words = containers.flat_map(|c| c.list_at(&["command"]).iter().chain(c.list_at(&["args"])));
    words.find(|w| w.text().is_some_and(|t| t.contains("ip_nonlocal_bind"))).map(|w| object.at(w))
}

fn replicas(object: &Object, group: &mut Group, problems: &mut Vec<Problem>) {
    let Some(node) = object.node.at(&["spec", "replicas"]) else { return };
    match node.number().and_then(|n| u32::try_from(n).ok()) {
        Some(value) => group.replicas = Some(Said { value, at: object.at(node) }),
        None if node.text().is_none() && node.list().is_empty() => {}
        None => problems.push(Problem {
            file: object.file,
            offset: node.span.start,
            message: format!("`replicas` of {} is `{}`, which is no number of pods", group.title(), node.text().unwrap_or("a list")),
            help: "write a whole number, without a sign".to_owned(),
        }),
    }
}

/// An autoscaler keeps its minimum whatever the workload says, which then says no number as a rule.
fn scaled(group: &mut Group, topology: &Topology) {
    let Some(min) = topology.autoscaler(group).map(|a| a.min.clone()) else { return };
    if group.replicas.as_ref().map_or(1, |r| r.value) < min.value {
        group.replicas = Some(min);
    }
}

/// The machines that get a pod of a DaemonSet; none where that is not certain.
fn machines<'t>(spec: &Yaml, machines: &'t [Machine]) -> Vec<&'t Machine> {
    if spec.get("affinity").is_some() {
        return Vec::new();
    }
    let selector = labels(spec.get("nodeSelector"));
    let tolerates = !spec.list_at(&["tolerations"]).is_empty();
    let fits = |m: &&Machine| (tolerates || !m.tainted) && selector.iter().all(|(k, v)| m.labels.get(k) == Some(v));
    // A Node always has labels; what an inventory knows is no place for pods.
    machines.iter().filter(|m| !m.labels.is_empty()).filter(fits).collect()
}

/// The name and the host name of each pod.
fn pods<'a>(group: &'a Group, spec: &'a Yaml, domain: &'a str) -> impl Iterator<Item = (String, Name)> + 'a {
    let count = match group.kind {
        Kind::Pod => 1,
        // As many as there are machines: two stand for all.
        Kind::DaemonSet => 2,
        _ => group.copies(),
    };
    (0..count).map(move |n| {
        let name = match group.kind {
            Kind::Pod => group.name.clone(),
            Kind::StatefulSet => format!("{}-{}", group.name, group.first_ordinal.saturating_add(n)),
            _ => format!("{}-*-{}", group.name, n + 1),
        };
        let host = match (&group.host_network, &group.host_name) {
            (Some(_), _) => Name::Unknown,
            // A StatefulSet calls its pods itself.
            (None, Some(said)) if group.kind != Kind::StatefulSet => full_host_name(&said.value, group, spec, domain),
            (None, None) if group.kind.has_random_names() => Name::Random(format!("{}-", group.name)),
            _ => full_host_name(&name, group, spec, domain),
        };
        (name, host)
    })
}

/// The host name of a pod: cut to 63 letters by the kubelet, and with its domain where `setHostnameAsFQDN` is set.
fn full_host_name(name: &str, group: &Group, spec: &Yaml, domain: &str) -> Name {
    let cut = short_host_name(name);
    let host = if cut.len() < name.len() { cut.trim_end_matches(['-', '.']).to_owned() } else { cut };
    let Some(subdomain) = subdomain(group).filter(|_| spec.get("setHostnameAsFQDN").is_some_and(Yaml::is_true)) else {
        return Name::Known(host);
    };
    let namespace = rendered(&group.namespace).0;
    if namespace.is_empty() {
        return Name::Unknown;
    }
    let full = format!("{host}.{subdomain}.{namespace}.svc.{domain}");
    // A pod of a longer name never starts.
    if full.len() > 64 { Name::Unknown } else { Name::Known(short_host_name(&full)) }
}

/// The domain of a pod: that of a StatefulSet is its `serviceName`.
fn subdomain(group: &Group) -> Option<&str> {
    let governed = group.kind == Kind::StatefulSet;
    if governed { group.service_name.as_ref().map(|s| s.value.as_str()) } else { group.subdomain.as_deref() }
}

/// What a pod is started from.
#[derive(Clone)]
pub(super) struct Start<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) object: &'a Object,
    pub(super) group: &'a Group,
    pub(super) container: &'a Yaml,
    pub(super) image: &'a Image,
    pub(super) parsed: &'a Arguments,
    /// The variables that every pod is given.
    pub(super) given: Arc<BTreeMap<String, Variable>>,
    /// What is filled into its configuration before it starts, and the container that does that.
    pub(super) filled: Option<Filling<'a>>,
}

impl Start<'_> {
    /// The pod of a DaemonSet on a machine.
    fn on_machine(&self, group: usize, machine: &Machine, configuration: Option<usize>) -> Node {
        let names = || machine.names.first().into_iter();
        let on_its_network = self.group.host_network.is_some();
        let host = match names().next() {
            Some(host) if on_its_network => Name::Known(short_host_name(host)),
            _ if on_its_network => Name::Unknown,
            _ => Name::Random(format!("{}-", self.group.name)),
        };
        let shown = machine.names.get(1).or(machine.names.first());
        let name = format!("{}@{}", self.group.name, shown.map_or("", String::as_str));
        let mut node = self.node(group, name, host, Some(machine), configuration);
        if on_its_network {
            node.addresses = (!machine.addresses.is_empty()).then(|| machine.addresses.clone());
            node.names = machine.names.clone();
        }
        node
    }

    fn node(&self, group: usize, name: String, host_name: Name, machine: Option<&Machine>, configuration: Option<usize>) -> Node {
        let random = self.group.kind.has_random_names();
        let pod = if random { Name::Random(format!("{}-", self.group.name)) } else { Name::Known(name.clone()) };
        let (environment, open) = self.environment(&pod, &host_name, machine);
        let full = self.full_host_name(&host_name);
        let received = Received { pod: &pod, host: &host_name, environment: &environment, open, kubelet: true, full: &full };
        let option_l = received.local_name(self.parsed);
        let ips = self.object.node.list_at(&["status", "podIPs"]).iter();
        let addresses: Vec<_> = ips.filter_map(|ip| ip.str_at(&["ip"])?.parse().ok()).collect();
        Node {
            names: self.full_names(&name, &host_name),
            name,
            group,
            host_name,
            option_l,
            addresses: (self.group.kind == Kind::Pod && !addresses.is_empty()).then_some(addresses),
            environment,
            closed: !open && self.image.official && self.group.script.is_none(),
            title: String::new(),
            configuration,
            facts: None,
        }
    }

    /// What `hostname -f` prints: the kubelet writes the domain of a pod into its /etc/hosts.
    pub(super) fn full_host_name(&self, host: &Name) -> Name {
        let namespace = rendered(&self.group.namespace).0;
        match (host, subdomain(self.group)) {
            _ if self.group.host_network.is_some() => Name::Unknown,
            (Name::Known(host), Some(domain)) if !namespace.is_empty() => {
                Name::Known(format!("{host}.{domain}.{namespace}.svc.{}", self.cluster.domain()))
            }
            (Name::Known(_), Some(_)) => Name::Unknown,
            (host, None) => host.clone(),
            _ => Name::Unknown,
        }
    }

    /// An argument that a shell leaves nothing of.
    fn unset(&self) -> Option<Misread> {
        let (environment, open) = self.environment(&Name::Unknown, &Name::Unknown, None);
        let received =
            Received { pod: &Name::Unknown, host: &Name::Unknown, environment: &environment, open, kubelet: true, full: &Name::Unknown };
        let script = self.parsed.script.as_ref()?;
        // What other images set is not known.
        let text = Some(script.value.as_str()).filter(|text| self.image.official && text.contains(char::is_whitespace));
        let written = received.unset(self.parsed, text)?;
        Some(Misread { at: script.at, what: Misreading::Unset(written) })
    }

    /// `host.subdomain.namespace.svc`, where the pod has such a name.
    fn full_names(&self, pod: &str, host: &Name) -> Vec<String> {
        // On the network of its machine a pod of a StatefulSet keeps the name that DNS gives to it.
        let host = if self.group.kind == Kind::StatefulSet { Some(pod) } else { host.known() };
        let (Some(host), Some(domain)) = (host, subdomain(self.group)) else { return Vec::new() };
        vec![format!("{host}.{domain}.{}.svc", rendered(&self.group.namespace).0)]
    }
}
