//! Nodes: their names, variables, and what is known of their host.

use super::*;

/// The name of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// Known.
    Known(String),
    /// It begins so, and ends as chance has it.
    Random(String),
    /// It is new with each pod, and looks so.
    Shaped(Shape),
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

    /// Whether it may be `text`, as far as it is known.
    pub fn may_be(&self, text: &str) -> bool {
        match self {
            Self::Known(name) => name == text,
            Self::Random(prefix) => text.starts_with(prefix.as_str()),
            Self::Shaped(shape) => shape.fits(text),
            Self::Unknown => true,
        }
    }
}

/// What is new with each pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An address.
    Address,
    /// The UID of the pod.
    Uid,
}

impl Shape {
    /// Whether a text may be one.
    pub fn fits(self, text: &str) -> bool {
        match self {
            Self::Address => text.parse::<IpAddr>().is_ok(),
            Self::Uid => text.len() == 36 && text.split('-').count() == 5,
        }
    }

    /// How messages call it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "an address",
            Self::Uid => "the UID of the pod",
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
    /// The name of that machine.
    NodeName,
    /// The UID of the pod.
    PodUid,
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
    /// The name of the pod, container or host.
    pub name: String,
    /// What people call it: with its namespace, where several have that name.
    pub title: String,
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

/// Whether a node that people call `title` is meant by `wanted`, which may leave the namespace out.
pub fn is_called(title: &str, wanted: &str) -> bool {
    title == wanted || title.strip_suffix(wanted).is_some_and(|before| before.ends_with('/'))
}

impl Node {
    /// The name that HAProxy takes itself for, if no `localpeer` line says otherwise.
    pub fn local_name(&self) -> &Name {
        self.option_l.as_ref().unwrap_or(&self.host_name)
    }

    /// What its pod is called: a second container of a pod is called `POD/CONTAINER`.
    pub(crate) fn pod_name(&self, group: &Group) -> &str {
        let before = self.name.strip_suffix(&group.container).and_then(|name| name.strip_suffix('/'));
        before.filter(|_| group.second).unwrap_or(&self.name)
    }

    /// Whether a variable of HAProxy may hold `text` there, as far as that is known of the name of the node.
    pub(crate) fn may_hold(&self, variable: &str, text: &str) -> bool {
        match self.environment.get(variable) {
            None if variable == "HAPROXY_LOCALPEER" => self.local_name().may_be(text),
            Some(Variable { value: None, origin: Origin::HostName }) => self.host_name.may_be(text),
            _ => true,
        }
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
