//! What a topology is made of: nodes that run HAProxy, what they read, and what stands between them.
//!
//! Every thing knows the place it was said at. What nobody said is `None`: rules stay silent about it.

use std::{collections::BTreeMap, net::IpAddr};

use crate::{
    cut::Cut,
    finding::Edit,
    source::{FileId, Location, SourceFile, Sources, Span},
    syntax::{Environment, SectionKind},
    version::Version,
};

use super::{Variables, embedded::SegmentMap};

/// A value and the place it was said at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// The value.
    pub value: T,
    /// Where it was said.
    pub at: Location,
}

/// Labels, environment variables of a file, and the like.
pub type Labels = BTreeMap<String, String>;

/// Everything known of where HAProxy runs.
#[derive(Debug, Default)]
pub struct Topology {
    /// The files that it was read from, and plain configurations that nodes read.
    pub sources: Sources,
    /// What starts nodes: a StatefulSet, a compose service, a host.
    pub groups: Vec<Group>,
    /// Each pod, container or host that runs HAProxy.
    pub nodes: Vec<Node>,
    /// The configurations that nodes read, and those found that none reads.
    pub configurations: Vec<Configuration>,
    /// Kubernetes Services.
    pub services: Vec<Service>,
    /// Kubernetes NetworkPolicies.
    pub policies: Vec<NetworkPolicy>,
    /// The labels of Kubernetes namespaces, as far as they are at hand.
    pub namespaces: BTreeMap<String, Labels>,
    /// Kubernetes autoscalers.
    pub autoscalers: Vec<Autoscaler>,
    /// Addresses that move between hosts.
    pub vips: Vec<Vip>,
    /// The scripts by which keepalived decides who has them.
    pub vrrp_scripts: Vec<VrrpScript>,
    /// The configuration that stands in our own topology file.
    pub shared: Option<usize>,
    /// Images that are not taken for HAProxy though they have to do with it, and why.
    pub left_out: Vec<(String, &'static str)>,
    /// What there is to say of how the files were read.
    pub notes: Vec<String>,
    /// Hosts' facts that no node stands for: name and addresses of machines that only resolve names.
    pub machines: Vec<Machine>,
    /// systemd units, for hosts that are known later.
    pub(super) units: Vec<super::systemd::Unit>,
}

/// The label that every namespace has, with its name.
const NAMESPACE_NAME_LABEL: &str = "kubernetes.io/metadata.name";

impl Topology {
    /// Whether a namespace has the labels that are wanted, as far as they are known: every one has its name as a label.
    pub fn namespace_matches(&self, wanted: &Selector, namespace: &str) -> bool {
        let namespace = rendered(namespace).0;
        if namespace.is_empty() {
            return true;
        }
        let said = self.namespaces.get(namespace);
        let mut labels = said.cloned().unwrap_or_default();
        labels.insert(NAMESPACE_NAME_LABEL.to_owned(), namespace.to_owned());
        let asks_more = wanted.labels.keys().chain(wanted.expressions.iter().map(|e| &e.0)).any(|key| key != NAMESPACE_NAME_LABEL);
        said.is_none() && asks_more || wanted.matches(&labels)
    }

    /// Adds a configuration that is made of files; its number in [`Self::configurations`].
    pub fn add_configuration(&mut self, files: Vec<SourceFile>) -> usize {
        let file = |file: SourceFile| {
            let (name, bytes) = (file.name().to_owned(), file.bytes().to_vec());
            ConfigurationFile { name, bytes, place: Place::File(self.sources.add(file)) }
        };
        let files = files.into_iter().map(file).collect();
        self.configurations.push(Configuration { files, part: Part::Whole });
        self.configurations.len() - 1
    }

    /// The files that nodes without a configuration read, by their paths: a list for each configuration.
    pub fn wanted(&self) -> Vec<Vec<String>> {
        let mut all: Vec<Vec<String>> = Vec::new();
        for node in self.nodes.iter().filter(|n| n.configuration.is_none()) {
            let group = &self.groups[node.group];
            if !group.reads.is_empty() && !group.reads_there && !all.contains(&group.reads) {
                all.push(group.reads.clone());
            }
        }
        all
    }

    /// Lets every node without a configuration read this one whose group reads the files `paths`.
    pub fn assign(&mut self, configuration: usize, paths: &[String]) {
        let groups = &self.groups;
        let readers = self.nodes.iter_mut().filter(|n| n.configuration.is_none() && groups[n.group].reads == paths);
        readers.for_each(|node| node.configuration = Some(configuration));
    }

    /// Lets every node without a configuration read this one; how many there are.
    pub(super) fn give(&mut self, configuration: usize) -> usize {
        let mut free: Vec<&mut Node> = self.nodes.iter_mut().filter(|n| n.configuration.is_none()).collect();
        free.iter_mut().for_each(|node| node.configuration = Some(configuration));
        free.len()
    }
}

/// A path without `.` and `..`.
pub(super) fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            "" if !parts.is_empty() => {}
            ".." if parts.last().is_some_and(|p| *p != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// A host that is known by its name and addresses alone.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    /// Its names.
    pub names: Vec<String>,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// The labels of a Kubernetes Node.
    pub labels: Labels,
    /// Whether pods are kept off it unless they tolerate that.
    pub tainted: bool,
    /// Where an inventory names it.
    pub inventory: Option<Location>,
}

/// A script that keepalived asks whether its host may have the addresses that move.
#[derive(Clone, Debug)]
pub struct VrrpScript {
    /// Its name.
    pub name: String,
    /// What it runs.
    pub command: String,
    /// The place of the command.
    pub at: Location,
}

/// Where a group runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Pods.
    Kubernetes,
    /// Containers of Compose or Swarm.
    Compose,
    /// Machines.
    Host,
}

/// What a workload object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named as its platform names it")]
pub enum Kind {
    Pod,
    Deployment,
    ReplicaSet,
    StatefulSet,
    DaemonSet,
    Job,
    ComposeService,
    Host,
}

impl Kind {
    /// The name for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pod => "Pod",
            Self::Deployment => "Deployment",
            Self::ReplicaSet => "ReplicaSet",
            Self::StatefulSet => "StatefulSet",
            Self::DaemonSet => "DaemonSet",
            Self::Job => "Job",
            Self::ComposeService => "compose service",
            Self::Host => "host",
        }
    }

    /// Whether the pods of it get names that nobody knows beforehand.
    pub fn has_random_names(self) -> bool {
        matches!(self, Self::Deployment | Self::ReplicaSet | Self::DaemonSet | Self::Job)
    }
}

/// A sysctl and the value it is given.
#[derive(Clone, Debug)]
pub struct Sysctl {
    /// Its name, with dots.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Where that is said; `None` where it was measured.
    pub at: Option<Location>,
}

/// Nodes that are described once: the pods of a StatefulSet, the replicas of a compose service, or one host.
#[derive(Debug)]
pub struct Group {
    /// Where it runs.
    pub platform: Platform,
    /// What it is.
    pub kind: Kind,
    /// Its namespace; empty where none is said.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The place of the name.
    pub at: Location,
    /// How many nodes there are.
    pub replicas: Option<Said<u32>>,
    /// The number of the first pod of a StatefulSet.
    pub first_ordinal: u32,
    /// The labels of its pods.
    pub labels: Labels,
    /// The annotations of its pods.
    pub annotations: Labels,
    /// Where `hostNetwork: true` is said.
    pub host_network: Option<Location>,
    /// The headless Service that governs a StatefulSet.
    pub service_name: Option<Said<String>>,
    /// `spec.hostname` of pods, or `hostname:` of a compose service.
    pub host_name: Option<Said<String>>,
    /// `spec.subdomain` of pods.
    pub subdomain: Option<String>,
    /// Whether all pods start at once.
    pub parallel: bool,
    /// `minReadySeconds`.
    pub min_ready_seconds: u32,
    /// How late the readiness probe begins, in seconds.
    pub ready_delay: u32,
    /// Names that `hostAliases`, `extra_hosts`, `links` or other services of the file give.
    pub aliases: Vec<String>,
    /// Whether no other project or server gives names to its containers, as far as the compose file says.
    pub closed_names: bool,
    /// Whether an update replaces pods one after the other.
    pub rolling: bool,
    /// Sysctls of its network namespace.
    pub sysctls: Vec<Sysctl>,
    /// Where a container with privileges sets `ip_nonlocal_bind`.
    pub privileged_sysctl: Option<Location>,
    /// The user HAProxy runs as.
    pub user: Option<Said<u64>>,
    /// Whether HAProxy is known not to start as root.
    pub unprivileged: bool,
    /// Capabilities that are added, without `CAP_`.
    pub capabilities: Vec<String>,
    /// Capabilities that are taken away.
    pub dropped: Vec<String>,
    /// The image of the container.
    pub image: Option<Said<String>>,
    /// The HAProxy in it.
    pub version: Option<Version>,
    /// Command and arguments.
    pub command: Vec<Said<String>>,
    /// Whether the command takes the place of what the image starts by itself.
    pub own_entrypoint: bool,
    /// Where something is mounted in its file system.
    pub mounts: Vec<String>,
    /// What else runs with the same loopback addresses: the images and names of containers.
    pub companions: Vec<String>,
    /// What `-L` is given, as written.
    pub option_l: Option<Said<String>>,
    /// Whether Services become environment variables.
    pub service_links: bool,
    /// Where HAProxy's configuration is mounted by `subPath`.
    pub sub_path: Option<Location>,
    /// Ports of the host that lead to ports of the container.
    pub published: Vec<(u16, u16)>,
    /// The networks of a compose service.
    pub networks: Vec<String>,
    /// Ports that HTTP or TCP probes ask.
    pub probes: Vec<Said<u16>>,
    /// The names of the container's ports.
    pub named_ports: Vec<(String, u16)>,
    /// Whether a script starts HAProxy and may change what it finds.
    pub script: Option<Said<String>>,
    /// Files outside of the topology that it reads as its configuration.
    pub reads: Vec<String>,
    /// These are paths on the host itself, and mean nothing here.
    pub reads_there: bool,
    /// What the container of HAProxy is called.
    pub container: String,
}

impl Group {
    /// A group of which nothing more is known.
    pub fn new(platform: Platform, kind: Kind, namespace: &str, name: &str, at: Location) -> Self {
        Self {
            platform,
            kind,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            at,
            replicas: None,
            first_ordinal: 0,
            labels: Labels::new(),
            annotations: Labels::new(),
            host_network: None,
            service_name: None,
            host_name: None,
            subdomain: None,
            parallel: false,
            min_ready_seconds: 0,
            ready_delay: 0,
            aliases: Vec::new(),
            closed_names: false,
            rolling: false,
            sysctls: Vec::new(),
            privileged_sysctl: None,
            user: None,
            unprivileged: false,
            capabilities: Vec::new(),
            dropped: Vec::new(),
            image: None,
            version: None,
            command: Vec::new(),
            own_entrypoint: false,
            mounts: Vec::new(),
            companions: Vec::new(),
            option_l: None,
            service_links: false,
            sub_path: None,
            published: Vec::new(),
            networks: Vec::new(),
            probes: Vec::new(),
            named_ports: Vec::new(),
            script: None,
            reads: Vec::new(),
            reads_there: false,
            container: String::new(),
        }
    }

    /// `StatefulSet/haproxy`, for people.
    pub fn title(&self) -> String {
        match self.platform {
            Platform::Host => format!("host `{}`", self.name),
            _ => format!("{} `{}`", self.kind.as_str(), self.name),
        }
    }

    /// The value of a sysctl in its network namespace, where that is known.
    pub fn sysctl(&self, name: &str) -> Option<&Sysctl> {
        self.sysctls.iter().rfind(|s| s.name == name)
    }
}

/// The name of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// Known.
    Known(String),
    /// It begins so, and ends as chance has it.
    Random(String),
    /// Not known.
    Unknown,
}

impl Name {
    /// The name, where it is known.
    pub fn known(&self) -> Option<&str> {
        match self {
            Self::Known(name) => Some(name),
            _ => None,
        }
    }
}

/// Where the value of an environment variable comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is written down.
    Literal,
    /// The host name.
    HostName,
    /// The name of the pod.
    PodName,
    /// The address of the pod.
    PodIp,
    /// The address of the machine that the pod runs on.
    HostIp,
    /// A link to a Service.
    ServiceLink,
    /// A Secret or something else that is not looked at.
    Hidden,
}

/// The value of an environment variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The value, where it is known.
    pub value: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
}

/// One pod, container or host that runs HAProxy.
#[derive(Clone, Debug)]
pub struct Node {
    /// What people call it.
    pub name: String,
    /// The group it belongs to.
    pub group: usize,
    /// What `gethostname()` gives there, cut to 63 bytes.
    pub host_name: Name,
    /// What `-L` is, where it is given.
    pub option_l: Option<Name>,
    /// Its addresses; `None` where they are not known, as those of pods.
    pub addresses: Option<Vec<IpAddr>>,
    /// Every full name that leads to it, such as `haproxy-0.haproxy.lb.svc`.
    pub names: Vec<String>,
    /// The environment of HAProxy.
    pub environment: Variables,
    /// Whether variables that are not in it are not set.
    pub closed: bool,
    /// The configuration it reads.
    pub configuration: Option<usize>,
    /// Facts measured on it.
    pub facts: Option<Box<HostFacts>>,
}

impl Node {
    /// The name that HAProxy takes itself for, if no `localpeer` line says otherwise.
    pub fn local_name(&self) -> &Name {
        self.option_l.as_ref().unwrap_or(&self.host_name)
    }

    /// The environment as the reader takes it.
    pub fn reader_environment(&self) -> Environment {
        let mut environment = Environment::default();
        for (name, variable) in self.environment.iter() {
            environment.set(name.clone(), variable.value.clone());
        }
        if self.closed { environment.closed() } else { environment }
    }
}

/// What a file of sysctl.d sets.
#[derive(Clone, Debug)]
pub struct Persistent {
    /// The value.
    pub value: String,
    /// The file, where it is known.
    pub file: Option<String>,
}

/// A socket of another program that listens.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its address.
    pub address: IpAddr,
    /// Its port.
    pub port: u16,
    /// What the program is called.
    pub program: String,
}

/// What was measured on a host.
#[derive(Clone, Debug, Default)]
pub struct HostFacts {
    /// They were taken on the host, and not written by somebody.
    pub measured: bool,
    /// The address and port of each socket that listens.
    pub listening: Option<Vec<(IpAddr, u16)>>,
    /// The sysctls that a file sets whenever the machine starts.
    pub persistent: BTreeMap<String, Persistent>,
    /// The sysctls of HAProxy's own network namespace, where that is another one and was looked at.
    pub inner: Option<BTreeMap<String, String>>,
    /// The sysctls as they are now.
    pub sysctls: BTreeMap<String, String>,
    /// Whether `persistent` was looked at.
    pub persistence_known: bool,
    /// When HAProxy was started, in seconds since 1970.
    pub haproxy_started: Option<u64>,
    /// When a sysctl was last changed, in seconds since 1970.
    pub sysctl_changed: BTreeMap<String, u64>,
    /// Sockets that listen and belong to other programs than HAProxy.
    pub held: Vec<Held>,
    /// The network namespace of HAProxy is not the one that was measured.
    pub other_namespace: bool,
}

/// Where a file of a configuration stands.
#[derive(Clone, Debug)]
pub enum Place {
    /// In a scalar of a manifest.
    Embedded(Box<Embedded>),
    /// A file of its own.
    File(FileId),
}

/// A text inside a manifest.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// The manifest.
    pub file: FileId,
    /// From the text to the manifest.
    pub map: SegmentMap,
    /// `ConfigMap` and the like.
    pub kind: String,
    /// The namespace of the object, where it is said.
    pub namespace: Option<String>,
    /// The name of the object.
    pub name: String,
    /// The key of the text.
    pub key: String,
    /// What it says is not to be shown.
    pub secret: bool,
}

impl Embedded {
    /// What replaces `span` of `bytes`, which the manifest `file` holds, by `text`; `None` where that cannot be said
    /// without writing the scalar anew.
    pub fn edit(&self, file: &SourceFile, bytes: &[u8], span: Span, text: &str) -> Option<Edit> {
        if !self.map.is_exact() {
            return None;
        }
        let begins = |bytes: &[u8], at: u32| bytes[..at as usize].iter().rposition(|b| *b == b'\n').map_or(0, |feed| feed + 1);
        let line = |bytes: &[u8], from: usize| bytes[from..].split(|b| *b == b'\n').next().map_or(Vec::new(), <[u8]>::to_vec);
        let mut there = self.map.map(span);
        let (own, start) = (begins(bytes, span.start), begins(file.bytes(), there.start));
        let (own_line, outer) = (line(bytes, own), line(file.bytes(), start));
        let indent = outer.strip_suffix(own_line.as_slice()).filter(|lead| lead.iter().all(|b| *b == b' '));
        let Some(indent) = indent.and_then(|lead| std::str::from_utf8(lead).ok()) else {
            let folded = file.bytes()[there.start as usize..there.end as usize].contains(&b'\n');
            if self.map.has_escapes(file.bytes()) && !folded {
                let quoted = serde_json::Value::from(text).to_string();
                return Some(Edit::replace(Location { file: self.file, span: there }, quoted.cut(1..quoted.len() - 1)));
            }
            // In other quotes only what means itself can stand.
            let plain = there.len() == span.len() && !text.contains(['\n', '"', '\'', '\\', '#', ':', '{', '}']);
            return plain.then(|| Edit::replace(Location { file: self.file, span: there }, text));
        };
        let whole_lines = own == span.start as usize && (span.is_empty() || bytes.get(span.end as usize - 1) == Some(&b'\n'));
        if whole_lines && text.is_empty() {
            there.start = start as u32;
        }
        let mut inner = text.replace('\n', &format!("\n{indent}"));
        if whole_lines && !span.is_empty() && text.ends_with('\n') {
            inner.truncate(inner.len() - indent.len());
        }
        // Whether a text ends in a line feed is said in its header.
        let at_the_end = span.start as usize >= bytes.len();
        (!at_the_end).then(|| Edit::replace(Location { file: self.file, span: there }, inner))
    }
}

/// One file that HAProxy reads.
#[derive(Clone, Debug)]
pub struct ConfigurationFile {
    /// What messages call it.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// Where it stands.
    pub place: Place,
}

/// How much of a configuration there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    #[default]
    Whole,
    /// A template of all of it: what is filled in when HAProxy starts is not known.
    Template,
    /// Some sections; what they name may stand in others.
    Sections,
    /// Lines of such a section.
    Body(SectionKind),
}

/// The files that a node reads, in HAProxy's order.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// The files.
    pub files: Vec<ConfigurationFile>,
    /// How much of it they are.
    pub part: Part,
}

impl Configuration {
    /// The place in the topology's files of a place in the configuration's own.
    pub fn map(&self, location: Location) -> Option<Location> {
        match &self.files.get(location.file.0 as usize)?.place {
            Place::Embedded(embedded) => Some(Location { file: embedded.file, span: embedded.map.map(location.span) }),
            Place::File(file) => Some(Location { file: *file, span: location.span }),
        }
    }

    /// Its files as sources of their own.
    pub fn sources(&self) -> Sources {
        Sources::new(self.files.iter().map(|f| SourceFile::new(f.name.clone(), f.bytes.clone())).collect())
    }
}

/// A port of a Service.
#[derive(Clone, Debug)]
pub struct ServicePort {
    /// The port that is dialled.
    pub port: u16,
    /// The port of the pod, where it is a number.
    pub target: Option<u16>,
    /// The name of the pod's port, where the target is one.
    pub target_name: Option<String>,
    /// Whether it is TCP.
    pub tcp: bool,
}

/// A Kubernetes Service.
#[derive(Debug)]
pub struct Service {
    /// Its namespace; empty where none is said.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The place of the name.
    pub at: Location,
    /// Whether it has no address of its own.
    pub headless: bool,
    /// Whether it only names something outside.
    pub external: bool,
    /// Its address, where it is known.
    pub addresses: Vec<IpAddr>,
    /// The pods it leads to; `None` without a selector.
    pub selector: Option<Said<Labels>>,
    /// Its ports.
    pub ports: Vec<ServicePort>,
    /// `publishNotReadyAddresses: true`.
    pub publishes_not_ready: bool,
    /// Whether each client stays with one pod: `sessionAffinity: ClientIP`.
    pub affinity: bool,
    /// Whether endpoints are written by hand.
    pub has_endpoints: bool,
    /// Whether it is known to have only IPv4 or only IPv6 addresses.
    pub families: Vec<String>,
}

impl Service {
    /// Whether it leads to pods with `labels` in `namespace`; the label of a pod's own name is given apart.
    pub fn selects(&self, namespace: &str, labels: &Labels, pod: Option<&str>) -> bool {
        let Some(selector) = &self.selector else { return false };
        let has = |(key, value): (&String, &String)| match key.as_str() {
            POD_NAME_LABEL if !labels.contains_key(key) => pod == Some(value.as_str()),
            POD_INDEX_LABEL if !labels.contains_key(key) => {
                pod.and_then(|p| p.rsplit_once('-')).is_some_and(|(_, ordinal)| ordinal == value)
            }
            _ => labels.get(key) == Some(value),
        };
        same_namespace(&self.namespace, namespace) && !selector.value.is_empty() && selector.value.iter().all(has)
    }
}

/// The label with the name of a pod that a StatefulSet gives to it.
pub const POD_NAME_LABEL: &str = "statefulset.kubernetes.io/pod-name";
/// The label with the number of a pod that a StatefulSet gives to it.
pub const POD_INDEX_LABEL: &str = "apps.kubernetes.io/pod-index";

/// Whether two namespaces may be one: where none is said, `kubectl` decides.
pub fn same_namespace(a: &str, b: &str) -> bool {
    let ((a, render), (b, other)) = (rendered(a), rendered(b));
    render == other && (a == b || a.is_empty() || b.is_empty())
}

/// Stands between a namespace and the folder of its render, where several folders make the same objects.
pub(super) const RENDER: char = '\0';

/// A namespace as the cluster knows it, and the folder that it was rendered into, where that matters.
pub fn rendered(namespace: &str) -> (&str, Option<&str>) {
    namespace.split_once(RENDER).map_or((namespace, None), |(name, folder)| (name, Some(folder)))
}

/// A condition on labels.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    /// Labels that must be so.
    pub labels: Labels,
    /// Key, operator, values.
    pub expressions: Vec<(String, String, Vec<String>)>,
}

impl Selector {
    /// Whether `labels` meet it.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.labels.iter().all(|(k, v)| labels.get(k) == Some(v))
            && self.expressions.iter().all(|(key, operator, values)| {
                let value = labels.get(key);
                match operator.as_str() {
                    "In" => value.is_some_and(|v| values.contains(v)),
                    "NotIn" => value.is_none_or(|v| !values.contains(v)),
                    "Exists" => value.is_some(),
                    "DoesNotExist" => value.is_none(),
                    _ => true,
                }
            })
    }
}

/// Whom a rule of a policy lets through.
#[derive(Clone, Debug)]
pub enum PeerSelector {
    /// Pods with these labels: of the policy's own namespace, or of those with the labels that are said.
    Pods {
        /// The pods.
        pods: Selector,
        /// Their namespaces; `None`: the policy's own.
        namespaces: Option<Selector>,
    },
    /// Addresses, which pods are given anew each time: not judged.
    Other,
}

/// One rule of a policy.
#[derive(Clone, Debug)]
pub struct PolicyRule {
    /// Whom it lets through; everybody if there is none.
    pub peers: Vec<PeerSelector>,
    /// The TCP ports it lets through, first and last; all if there is none.
    pub ports: Option<Vec<(u16, u16)>>,
    /// The ports that it lets through by their names.
    pub port_names: Vec<String>,
    /// Whether it admits port 53, or another one that DNS of a cluster has, over UDP or TCP.
    pub dns: bool,
}

/// A Kubernetes NetworkPolicy.
#[derive(Debug)]
pub struct NetworkPolicy {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The place of the name.
    pub at: Location,
    /// The pods it is about.
    pub pods: Selector,
    /// What may come in; `None` where it says nothing of it.
    pub ingress: Option<Vec<PolicyRule>>,
    /// What may go out; `None` where it says nothing of it.
    pub egress: Option<Vec<PolicyRule>>,
}

/// A HorizontalPodAutoscaler or a ScaledObject.
#[derive(Debug)]
pub struct Autoscaler {
    /// Its namespace.
    pub namespace: String,
    /// The workload: kind and name.
    pub target: (String, String),
    /// The most replicas.
    pub max: Said<u32>,
}

/// An address that moves between hosts.
#[derive(Clone, Debug)]
pub struct Vip {
    /// The address.
    pub address: IpAddr,
    /// Where it is said.
    pub at: Location,
    /// How keepalived begins there, and on which host, where that is known.
    pub role: Option<Role>,
}

/// What keepalived is on a host when it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Whether it is the one that begins with the address.
    pub master: bool,
    /// The host: its `router_id`, or its address.
    pub host: String,
}
