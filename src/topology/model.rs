//! What a topology is made of: nodes that run HAProxy, what they read, and what stands between them.
//!
//! Every thing knows the place it was said at. What nobody said is `None`: rules stay silent about it.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

use crate::{
    config::address::Host,
    cut::Cut,
    finding::{Edit, InManifest},
    source::{FileId, Location, SourceFile, Sources, Span},
    syntax::{Environment, SectionKind},
    version::Version,
};

use super::{Variables, embedded::SegmentMap};

mod asked;
mod configuration;
mod dns;
mod group;
mod machine;
mod misread;
mod mounted;
mod neighbour;
mod node;
mod policy;
mod service;
mod siblings;

pub use asked::*;
pub use configuration::*;
pub use dns::*;
pub use group::*;
pub use machine::*;
pub use misread::*;
pub use mounted::*;
pub use neighbour::*;
pub use node::*;
pub use policy::*;
pub use service::*;
pub use siblings::*;

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
    /// Their annotations.
    pub namespace_annotations: BTreeMap<String, Labels>,
    /// Kubernetes autoscalers.
    pub autoscalers: Vec<Autoscaler>,
    /// Addresses that move between hosts.
    pub vips: Vec<Vip>,
    /// The scripts by which keepalived decides who has them.
    pub vrrp_scripts: Vec<VrrpScript>,
    /// What keepalived is to have together on several hosts.
    pub vrrp_instances: Vec<VrrpInstance>,
    /// Scripts of keepalived that no instance tracks, by name and place.
    pub vrrp_untracked: Vec<Said<String>>,
    /// The configuration that stands in our own topology file.
    pub shared: Option<usize>,
    /// Images that are not taken for HAProxy though they have to do with it, and why.
    pub left_out: Vec<(String, &'static str)>,
    /// What there is to say of how the files were read.
    pub notes: Vec<String>,
    /// Hosts' facts that no node stands for: name and addresses of machines that only resolve names.
    pub machines: Vec<Machine>,
    /// Files that others name as a part of themselves, and that are not at hand.
    pub lacking: Vec<String>,
    /// Files that change others where they lie beside them, and that were not looked for.
    pub beside: Vec<String>,
    /// Dockerfiles, by their paths.
    pub(super) dockerfiles: Vec<(String, super::readers::dockerfile::Dockerfile)>,
    /// The files of `sysctl.d`, by their paths, for hosts that are known later.
    pub(super) sysctls: Vec<(String, Vec<Sysctl>)>,
    /// systemd units, for hosts that are known later.
    pub(super) units: Vec<super::readers::systemd::Unit>,
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

    /// What scales a group by itself.
    pub fn autoscaler(&self, group: &Group) -> Option<&Autoscaler> {
        let fits = |a: &&Autoscaler| {
            same_namespace(&a.namespace, &group.namespace) && a.target.1 == group.name && a.target.0 == group.kind.as_str()
        };
        self.autoscalers.iter().find(fits)
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
        if groups.iter().any(|group| group.reads == paths && group.reads_more) {
            self.configurations[configuration].part = Part::Sections;
        }
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

/// A HorizontalPodAutoscaler or a ScaledObject.
#[derive(Debug)]
pub struct Autoscaler {
    /// Its namespace.
    pub namespace: String,
    /// The workload: kind and name.
    pub target: (String, String),
    /// The fewest replicas, one at least.
    pub min: Said<u32>,
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
