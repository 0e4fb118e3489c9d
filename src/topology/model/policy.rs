//! Namespaces, selectors, and what NetworkPolicies let through.

use super::*;

/// Whether two namespaces may be one: where none is said, `kubectl` decides.
pub fn same_namespace(a: &str, b: &str) -> bool {
    let ((a, render), (b, other)) = (rendered(a), rendered(b));
    render == other && (a == b || a.is_empty() || b.is_empty())
}

/// Stands between a namespace and the folder of its render, where several folders make the same objects.
pub(in crate::topology) const RENDER: char = '\0';

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
