//! The pods that Services lead to.

use std::collections::HashMap;

use crate::topology::model::{Group, POD_NAME_LABEL, Platform, Service, Topology};

use super::namespaced::Namespaced;

/// For each Service the nodes that it leads to, in their order.
pub(super) fn of_all(topology: &Topology) -> Vec<Vec<usize>> {
    let workloads = Workloads::of(topology);
    topology.services.iter().map(|service| workloads.selected(service)).collect()
}

/// The workloads of Kubernetes with their pods.
struct Workloads<'a> {
    topology: &'a Topology,
    by_namespace: Namespaced,
    pods: Vec<Vec<usize>>,
    by_name: HashMap<(usize, &'a str), Vec<usize>>,
}

impl<'a> Workloads<'a> {
    fn of(topology: &'a Topology) -> Self {
        let mut all =
            Self { topology, by_namespace: Namespaced::default(), pods: vec![Vec::new(); topology.groups.len()], by_name: HashMap::new() };
        for (at, group) in topology.groups.iter().enumerate().filter(|(_, group)| group.platform == Platform::Kubernetes && !group.second) {
            all.by_namespace.add(&group.namespace, at);
        }
        for (at, node) in topology.nodes.iter().enumerate() {
            all.pods[node.group].push(at);
            all.by_name.entry((node.group, node.name.as_str())).or_default().push(at);
        }
        all
    }

    fn selected(&self, service: &Service) -> Vec<usize> {
        let Some(selector) = &service.selector else { return Vec::new() };
        // A set has a Service for each of its pods: each is looked for by its name.
        let named = |group: &Group| selector.value.get(POD_NAME_LABEL).filter(|_| !group.labels.contains_key(POD_NAME_LABEL));
        let mut found = Vec::new();
        for at in self.by_namespace.meeting(&service.namespace) {
            let group = &self.topology.groups[at];
            let pods = match named(group) {
                Some(name) => self.by_name.get(&(at, name.as_str())),
                None => self.pods.get(at),
            };
            let leads = |node: &&usize| service.selects(&group.namespace, &group.labels, Some(&self.topology.nodes[**node].name));
            found.extend(pods.into_iter().flatten().filter(leads));
        }
        found.sort_unstable();
        found
    }
}
