//! Groups of nodes that are alike: what starts them, where, and what they have in common.

use super::*;

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
    Rollout,
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
            Self::Rollout => "Rollout",
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
        matches!(self, Self::Deployment | Self::Rollout | Self::ReplicaSet | Self::DaemonSet | Self::Job)
    }
}

/// The network namespace that the containers of a compose service are in: who is in one has its addresses, loopback and ports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Netns {
    /// One for each container.
    #[default]
    Own,
    /// That of the machine: `network_mode: host`.
    Machine,
    /// That of a service or container called so: `network_mode: service:NAME`.
    Of(String),
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

/// A port of the machine that two containers publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// Where it is published.
    pub at: Location,
    /// The port.
    pub port: u16,
    /// The other service, with the place; `None` for another container of the same one.
    pub other: Option<Said<String>>,
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
    /// The network namespace of the containers of a compose service.
    pub netns: Netns,
    /// Where the names that its pods ask for are looked up.
    pub dns: Dns,
    /// What its pods mount, and is not there.
    pub gaps: Vec<Gap>,
    /// Arguments that HAProxy takes otherwise than they are meant.
    pub misread: Vec<Misread>,
    /// Why what it reads was not read, though it is at hand: a sentence.
    pub unread: Option<String>,
    /// The containers beside HAProxy.
    pub neighbours: Vec<Neighbour>,
    /// What is to run before its containers are started.
    pub awaits: Vec<Awaited>,
    /// Whether an update starts a pod before the old one is gone.
    pub surges: bool,
    /// Where `readOnlyRootFilesystem: true` is said.
    pub read_only: Option<Location>,
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
    /// Ports of the machine, and those of the pod that `hostPort` leads on to.
    pub host_ports: Vec<(u16, u16)>,
    /// How late the readiness probe begins, in seconds.
    pub ready_delay: u32,
    /// Names that `hostAliases`, `extra_hosts` or `links` give.
    pub aliases: Vec<Alias>,
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
    /// How many bytes of memory the container may take, where that is limited.
    pub memory: Option<Said<u64>>,
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
    /// The folders in it that are wholly known.
    pub folders: Vec<Folder>,
    /// The files of objects in it, with their paths, in order.
    pub files: Vec<String>,
    /// The certificates in it that have no private key.
    pub bare: Vec<Bare>,
    /// What in it HAProxy may not read.
    pub kept: Vec<Kept>,
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
    /// Whether Docker chooses the addresses of its containers anew each time, out of networks that the file says nothing more of.
    pub numbered_by_docker: bool,
    /// The profiles of a compose service, of which one must be asked for; none where it always runs.
    pub profiles: Vec<String>,
    /// Whether the compose file says something that Swarm alone makes anything of.
    pub is_swarm: bool,
    /// Ports that HTTP or TCP probes ask.
    pub probes: Vec<Said<u16>>,
    /// Ports that something beside HAProxy counts on.
    pub asked: Vec<Asked>,
    /// The ports that the container of HAProxy itself lists.
    pub listed: Vec<u16>,
    /// The names of the container's ports.
    pub named_ports: Vec<(String, u16)>,
    /// Whether a script starts HAProxy and may change what it finds.
    pub script: Option<Said<String>>,
    /// The services of the compose file that it is in.
    pub siblings: Option<Arc<Siblings>>,
    /// Ports of its machine that another container takes, too.
    pub clashes: Vec<Clash>,
    /// Files outside of the topology that it reads as its configuration.
    pub reads: Vec<String>,
    /// It reads more than these, of which nothing is known.
    pub reads_more: bool,
    /// These are paths on the host itself, and mean nothing here.
    pub reads_there: bool,
    /// What the container of HAProxy is called.
    pub container: String,
    /// Whether it is a second HAProxy in pods whose node is another container: names and Services lead to that one, and the peers
    /// are those of that one.
    pub second: bool,
}

/// How many pods or containers of one workload are looked at: a number costs a manifest nothing, and each of them is read.
const MOST_COPIES: u32 = 1_000;

impl Group {
    /// How many pods or containers of it are looked at.
    pub(in crate::topology) fn copies(&self) -> u32 {
        self.replicas.as_ref().map_or(1, |said| said.value).min(MOST_COPIES)
    }

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
            netns: Netns::Own,
            dns: Dns::default(),
            gaps: Vec::new(),
            misread: Vec::new(),
            unread: None,
            neighbours: Vec::new(),
            awaits: Vec::new(),
            surges: false,
            read_only: None,
            service_name: None,
            host_name: None,
            subdomain: None,
            parallel: false,
            min_ready_seconds: 0,
            ready_delay: 0,
            aliases: Vec::new(),
            host_ports: Vec::new(),
            closed_names: false,
            rolling: false,
            sysctls: Vec::new(),
            privileged_sysctl: None,
            user: None,
            unprivileged: false,
            capabilities: Vec::new(),
            dropped: Vec::new(),
            memory: None,
            image: None,
            version: None,
            command: Vec::new(),
            own_entrypoint: false,
            mounts: Vec::new(),
            folders: Vec::new(),
            files: Vec::new(),
            bare: Vec::new(),
            kept: Vec::new(),
            companions: Vec::new(),
            option_l: None,
            service_links: false,
            sub_path: None,
            published: Vec::new(),
            networks: Vec::new(),
            numbered_by_docker: false,
            profiles: Vec::new(),
            is_swarm: false,
            probes: Vec::new(),
            asked: Vec::new(),
            listed: Vec::new(),
            named_ports: Vec::new(),
            script: None,
            siblings: None,
            clashes: Vec::new(),
            reads: Vec::new(),
            reads_more: false,
            reads_there: false,
            container: String::new(),
            second: false,
        }
    }

    /// What stands behind `-L` where that is no name: another option, or nothing at all.
    pub fn lost_name(&self) -> Option<&Said<String>> {
        self.option_l.as_ref().filter(|said| said.value.is_empty() || said.value.starts_with('-'))
    }

    /// Whether `-L` took an option with a value of its own, which is then left alone, or nothing: HAProxy prints how it is used, and ends.
    pub fn bare_word(&self) -> bool {
        let with_value = ["", "-f", "-C", "-p", "-n", "-N", "-m", "-x", "-S"];
        self.lost_name().is_some_and(|said| with_value.contains(&said.value.as_str()))
    }

    /// Whether HAProxy certainly runs in a container as a user that may not change its root: before 3.4 it takes root itself.
    pub fn is_kept_from_chroot(&self) -> bool {
        self.platform != Platform::Host && self.unprivileged && self.version.is_some_and(|version| version < Version::new(3, 4, 0))
    }

    /// Whether two services of a compose file are only in profiles that are not those of the other one. Both may be asked for at once,
    /// and who writes them so means one or the other.
    pub fn runs_instead_of(&self, other: &Self) -> bool {
        let apart = !self.profiles.is_empty() && !other.profiles.is_empty() && self.namespace == other.namespace;
        apart && !self.profiles.iter().any(|profile| other.profiles.contains(profile))
    }

    /// Whether a name is that of nothing in the compose file that this is a service of.
    pub fn is_no_service(&self, name: &str) -> bool {
        let known = |alias: &Alias| alias.is(name) || alias.name.contains(['$', '{']);
        let lacks = self.siblings.as_ref().is_some_and(|siblings| !siblings.may_know(name));
        lacks && self.closed_names && !name.contains('.') && !self.aliases.iter().any(known)
    }

    /// Whether a name is that of a service of the same compose file that is on none of its networks.
    pub fn is_apart(&self, name: &str) -> bool {
        let apart = self.siblings.as_ref().is_some_and(|siblings| siblings.is_apart(name, &self.networks));
        apart && !self.has_alias(name)
    }

    /// What gives an address to a name that is dialled, where the group itself does.
    pub fn alias_key(&self, host: &Host) -> Option<&'static str> {
        let Host::Name(name) = host else { return None };
        let said = self.aliases.iter().any(|alias| alias.address.is_some() && alias.is(name));
        said.then_some(if self.platform == Platform::Kubernetes { "hostAliases" } else { "extra_hosts" })
    }

    /// Whether `hostAliases` and their kin give a name.
    pub fn has_alias(&self, name: &str) -> bool {
        self.aliases.iter().any(|alias| alias.is(name))
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

/// A name that `hostAliases`, `extra_hosts` or `links` give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The name.
    pub name: String,
    /// The address that it leads to, where that is said.
    pub address: Option<IpAddr>,
}

impl Alias {
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}
