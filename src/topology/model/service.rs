//! Services, and the labels by which they choose one pod.

use super::*;

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
    /// The place of what says where it leads: its `targetPort`, or the port itself.
    pub at: Location,
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
