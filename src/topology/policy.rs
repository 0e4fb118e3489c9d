//! What NetworkPolicies keep from going through. Whether they count is up to the network of the cluster.

use super::{
    mesh::{Mesh, View},
    model::{Labels, NetworkPolicy, POD_NAME_LABEL, PeerSelector, Platform, PolicyRule, rendered, same_namespace},
    summary::Listener,
};

/// What a policy keeps back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// What others send to its pods.
    In,
    /// What its pods send.
    Out,
    /// What its pods ask the DNS.
    Names,
}

/// A policy that lets nothing through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Blocked {
    /// The place of the policy in [`Topology::policies`](super::Topology::policies).
    pub policy: usize,
    /// What it keeps back.
    pub way: Way,
}

/// A policy with its place and its rules for one way.
type Chosen<'m> = (usize, &'m NetworkPolicy, &'m [PolicyRule]);

/// The policy that keeps one pod from the port of another.
pub(super) fn between(mesh: &Mesh<'_>, from: &View, to: &View, listener: &Listener) -> Option<Blocked> {
    let (sends, takes) = (mesh.group(from), mesh.group(to));
    if sends.platform != Platform::Kubernetes || sends.host_network.is_some() || takes.host_network.is_some() {
        return None;
    }
    let port = listener.port()?;
    let near = same_namespace(&sends.namespace, &takes.namespace);
    let blocked = |own: &View, other: &View, way: Way| {
        let other = Other { labels: &labels(mesh, other), namespace: &mesh.group(other).namespace, near };
        let chosen = chosen(mesh, own, way);
        let open = chosen.iter().any(|(.., rules)| rules.iter().any(|r| admits(mesh, r, &other, port, &takes.named_ports)));
        chosen.first().filter(|_| !open).map(|(policy, ..)| Blocked { policy: *policy, way })
    };
    blocked(to, from, Way::In).or_else(|| blocked(from, to, Way::Out))
}

/// The policy that keeps a pod from asking for names. DNS runs in a namespace of its own.
pub(super) fn names(mesh: &Mesh<'_>, from: &View) -> Option<Blocked> {
    let group = mesh.group(from);
    if group.platform != Platform::Kubernetes || group.host_network.is_some() {
        return None;
    }
    let chosen = chosen(mesh, from, Way::Names);
    let near = |p: &PeerSelector| matches!(p, PeerSelector::Pods { namespaces: None, .. });
    let open = |r: &PolicyRule| r.dns && (r.peers.is_empty() || !r.peers.iter().all(near));
    let with_dns = |p: &NetworkPolicy| matches!(rendered(&p.namespace).0, name if name == "kube-system" || name.contains("dns"));
    let (policy, ..) = *chosen.first().filter(|(_, p, _)| !with_dns(p))?;
    (!chosen.iter().any(|(.., rules)| rules.iter().any(open))).then_some(Blocked { policy, way: Way::Names })
}

/// The policies that are about a pod and have rules for a way.
fn chosen<'m>(mesh: &'m Mesh<'_>, view: &View, way: Way) -> Vec<Chosen<'m>> {
    let (namespace, labels) = (&mesh.group(view).namespace, labels(mesh, view));
    let rules = |p: &'m NetworkPolicy| if way == Way::In { p.ingress.as_deref() } else { p.egress.as_deref() };
    let all = mesh.topology.policies.iter().enumerate();
    let about = all.filter(|(_, p)| same_namespace(&p.namespace, namespace) && p.pods.matches(&labels));
    about.filter_map(|(at, p)| Some((at, p, rules(p)?))).collect()
}

/// The labels of a pod, with that of its name.
fn labels(mesh: &Mesh<'_>, view: &View) -> Labels {
    let mut labels = mesh.group(view).labels.clone();
    labels.entry(POD_NAME_LABEL.to_owned()).or_insert_with(|| mesh.node(view).name.clone());
    labels
}

/// The pod at the other end of a link, as a policy sees it.
#[derive(Clone, Copy)]
struct Other<'a> {
    labels: &'a Labels,
    namespace: &'a str,
    /// It may be in the namespace of the policy.
    near: bool,
}

/// Whether a rule lets the other pod through to a port; what cannot be told lets it through.
fn admits(mesh: &Mesh<'_>, rule: &PolicyRule, other: &Other<'_>, port: u16, named: &[(String, u16)]) -> bool {
    let by_number = |ports: &Vec<(u16, u16)>| ports.iter().any(|(a, b)| (*a..=*b).contains(&port));
    // A name is looked up among those that the pod declares: where it names ports, another name leads to none of them.
    let is_named = |name: &String| named.is_empty() || named.iter().any(|(known, number)| known == name && *number == port);
    let by_name = rule.port_names.iter().any(is_named);
    let ports = rule.ports.as_ref().is_none_or(|ports| by_name || by_number(ports));
    let peer = |p: &PeerSelector| match p {
        PeerSelector::Pods { pods, namespaces: None } => other.near && pods.matches(other.labels),
        PeerSelector::Pods { pods, namespaces: Some(namespaces) } => {
            pods.matches(other.labels) && mesh.topology.namespace_matches(namespaces, other.namespace)
        }
        PeerSelector::Other => true,
    };
    ports && (rule.peers.is_empty() || rule.peers.iter().any(peer))
}
