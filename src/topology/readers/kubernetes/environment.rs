//! The environment of a container: what its `env` and `envFrom` say, and what the kubelet and the image add.

use std::{collections::BTreeMap, sync::Arc};

use super::pod::Start;
use crate::{
    cut::Cut,
    topology::{
        model::{Group, Machine, Name, Origin, Service, Variable, rendered},
        received::may_be_set,
        variables::Variables,
        yaml::Yaml,
    },
};

/// What images and the kubelet set, with values that are not looked at.
const GIVEN: [&str; 9] = [
    "PATH",
    "HOME",
    "PWD",
    "TERM",
    "HAPROXY_VERSION",
    "HAPROXY_URL",
    "HAPROXY_SHA256",
    "KUBERNETES_SERVICE_HOST",
    "KUBERNETES_SERVICE_PORT",
];

/// What images and the kubelet set, and `NAME_SERVICE_HOST` and `NAME_SERVICE_PORT` of each Service of the namespace.
pub(super) fn given(group: &Group, services: &[Service]) -> BTreeMap<String, Variable> {
    let mut all: BTreeMap<_, _> = GIVEN.map(|name| (name.to_owned(), Variable { value: None, origin: Origin::Hidden })).into();
    let here = |s: &&Service| group.service_links && s.namespace == group.namespace && !s.headless && !s.external;
    for service in services.iter().filter(here) {
        let prefix = service.name.to_uppercase().replace('-', "_");
        let host = service.addresses.first().map(ToString::to_string);
        let port = service.ports.first().map(|p| p.port.to_string());
        // The older form, which is no number.
        let url = host.as_ref().zip(port.as_ref()).map(|(host, port)| format!("tcp://{host}:{port}"));
        all.insert(format!("{prefix}_SERVICE_HOST"), Variable { value: host, origin: Origin::ServiceLink });
        all.insert(format!("{prefix}_SERVICE_PORT"), Variable { value: port, origin: Origin::ServiceLink });
        all.insert(format!("{prefix}_PORT"), Variable { value: url, origin: Origin::ServiceLink });
    }
    all
}

impl Start<'_> {
    /// The environment, and whether there is more in it than is known.
    pub(super) fn environment(&self, pod: &Name, host: &Name, machine: Option<&Machine>) -> (Variables, bool) {
        let mut all = Variables::of(Arc::clone(&self.given));
        let mut open = false;
        all.insert("HOSTNAME".to_owned(), Variable { value: host.known().map(str::to_owned), origin: Origin::HostName });
        for from in self.container.list_at(&["envFrom"]) {
            open |= !self.env_from(from, &mut all);
        }
        for entry in self.container.list_at(&["env"]) {
            let Some(name) = entry.str_at(&["name"]) else { continue };
            let variable = match (entry.get("value"), entry.get("valueFrom")) {
                (_, Some(from)) => self.value_from(from, pod, machine),
                (value, None) => literal(value.and_then(Yaml::text).unwrap_or(""), &all, open),
            };
            all.insert(name.to_owned(), variable);
        }
        self.filled(pod, host, machine).into_iter().for_each(|(name, variable)| all.insert(name, variable));
        (all, open)
    }

    /// Adds every key of a ConfigMap or Secret; `false` where it is not at hand.
    fn env_from(&self, from: &Yaml, all: &mut Variables) -> bool {
        let prefix = from.str_at(&["prefix"]).unwrap_or("");
        let (kind, reference) = match (from.get("configMapRef"), from.get("secretRef")) {
            (Some(reference), _) => ("ConfigMap", reference),
            (_, Some(reference)) => ("Secret", reference),
            _ => return false,
        };
        let name = reference.str_at(&["name"]).unwrap_or("");
        let Some(object) = self.cluster.find(kind, &self.object.namespace, name) else { return false };
        for (key, value) in ["data", "stringData"].iter().filter_map(|part| object.node.get(part)).flat_map(Yaml::entries) {
            let Some(key) = key.text() else { continue };
            let hidden = kind == "Secret";
            let value = value.text().filter(|_| !hidden).map(str::to_owned);
            let origin = if hidden { Origin::Hidden } else { Origin::Literal };
            all.insert(format!("{prefix}{key}"), Variable { value, origin });
        }
        true
    }

    fn value_from(&self, from: &Yaml, pod: &Name, machine: Option<&Machine>) -> Variable {
        let hidden = |origin| Variable { value: None, origin };
        let known = |value: Option<String>| Variable { value, origin: Origin::Literal };
        if let Some(path) = from.str_at(&["fieldRef", "fieldPath"]) {
            let namespace = rendered(&self.group.namespace).0;
            let label = path.strip_prefix("metadata.labels['").and_then(|p| p.strip_suffix("']"));
            let ip = machine.and_then(|m| m.addresses.first()).map(ToString::to_string);
            return match (path, label) {
                ("spec.nodeName", _) if machine.is_some() => known(machine.and_then(|m| m.names.get(1).or(m.names.first())).cloned()),
                ("status.hostIP", _) if ip.is_some() => known(ip),
                ("status.podIP", _) if ip.is_some() && self.group.host_network.is_some() => known(ip),
                ("metadata.name", _) => Variable { value: pod.known().map(str::to_owned), origin: Origin::PodName },
                ("metadata.namespace", _) if !namespace.is_empty() => known(Some(namespace.to_owned())),
                ("status.podIP" | "status.podIPs", _) => hidden(Origin::PodIp),
                ("spec.nodeName", _) => hidden(Origin::NodeName),
                ("status.hostIP" | "status.hostIPs", _) => hidden(Origin::HostIp),
                ("metadata.uid", _) => hidden(Origin::PodUid),
                (_, Some(label)) if self.group.labels.contains_key(label) => known(self.group.labels.get(label).cloned()),
                _ => hidden(Origin::Hidden),
            };
        }
        if let Some(reference) = from.get("configMapKeyRef") {
            let (name, key) = (reference.str_at(&["name"]).unwrap_or(""), reference.str_at(&["key"]).unwrap_or(""));
            let object = self.cluster.find("ConfigMap", &self.object.namespace, name);
            let value = object.and_then(|o| o.node.str_at(&["data", key])).map(str::to_owned);
            return if value.is_some() { known(value) } else { hidden(Origin::Hidden) };
        }
        hidden(Origin::Hidden)
    }
}

/// How many bytes a value may become by what is put into it. A variable may hold another one twice, and forty of those are more than
/// any memory; what is longer is nobody's name or address, and taken for unknown.
const LONGEST: usize = 4096;

/// A value in which `$(NAME)` is replaced by variables that were set before; others than those in `all` may be where it is `open`.
fn literal(text: &str, all: &Variables, open: bool) -> Variable {
    // The runtime adds the host name later.
    let seen = |name: &str| all.get(name).filter(|v| v.origin != Origin::HostName);
    let mut value = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('$') {
        value += rest.cut(..start);
        let behind = rest.cut(start + 1..);
        let end = behind.strip_prefix('(').and_then(|inner| inner.find(')')).map(|at| at + 2);
        let Some(end) = end else {
            value.push('$');
            rest = behind.strip_prefix('$').unwrap_or(behind);
            continue;
        };
        let name = behind.cut(1..end - 1);
        match seen(name) {
            Some(Variable { value: Some(inner), .. }) if value.len() + inner.len() > text.len() + LONGEST => {
                return Variable { value: None, origin: Origin::Hidden };
            }
            Some(Variable { value: Some(inner), .. }) => value += inner,
            // All of it is one variable: it keeps its origin.
            Some(variable) if start == 0 && rest.len() == text.len() && end == behind.len() => return variable.clone(),
            Some(_) => return Variable { value: None, origin: Origin::Hidden },
            None if all.get(name).is_none() && may_be_set(name, open) => return Variable { value: None, origin: Origin::Hidden },
            None => value += rest.cut(start..=start + end),
        }
        rest = behind.cut(end..);
    }
    Variable { value: Some(value + rest), origin: Origin::Literal }
}
