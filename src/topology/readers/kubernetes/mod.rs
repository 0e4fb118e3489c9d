//! Kubernetes manifests: objects as `kubectl get -o yaml`, `helm template` and `kustomize build` print them.

use crate::cut::Cut;

mod access;
mod certificates;
mod containers;
mod environment;
mod filling;
mod gaps;
mod made;
mod mounts;
mod pod;
pub(in crate::topology) mod renders;
mod scripts;
pub(in crate::topology) mod shapes;
pub(in crate::topology) mod snippets;
mod vips;

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use crate::source::{FileId, Location};

use super::{Document, Reader};
use crate::topology::{
    Problem,
    embedded::SegmentMap,
    model::{
        Autoscaler, Configuration, ConfigurationFile, Embedded, Labels, Machine, NetworkPolicy, Part, PeerSelector, Place, PolicyRule,
        Said, Selector, Service, ServicePort, Topology, rendered, same_namespace,
    },
    yaml::{Value, Yaml},
};

pub(super) static READER: Reader = Reader {
    rank: 10,
    about: &[
        (
            "Kubernetes: Deployment, StatefulSet, DaemonSet, ReplicaSet, Pod, Job",
            "pods that run HAProxy (by image or command, or as the only container that mounts a configuration and leaves it to its image what runs): names, `-f` and `-L`, environment, sysctls, user, rollout",
        ),
        (
            "ConfigMap, Secret",
            "the keys that HAProxy mounts are linted with all rules, at their lines in the manifest; of a Secret no value is ever shown",
        ),
        (
            "Service, Endpoints, EndpointSlice, NetworkPolicy, Namespace, HorizontalPodAutoscaler, Node",
            "what names lead to, what is let through, how many there may be",
        ),
        (
            "ConfigMaps and annotations of ingress controllers, values of charts",
            "`config-backend`, `backend-config-snippet` and their kin are linted as lines of their section",
        ),
    ],
    document: Some(Document {
        is: |document, _| is_object(document),
        read: |document, id, reading| {
            let first = reading.objects.len();
            objects(document, id, &mut reading.objects);
            reading.objects[first..].iter().for_each(|object| shapes::check(object, &mut reading.problems));
        },
    }),
    ..Reader::NEW
};

/// An object of a manifest.
pub(in crate::topology) struct Object {
    pub(in crate::topology) kind: String,
    pub(in crate::topology) namespace: String,
    pub(in crate::topology) name: String,
    pub(in crate::topology) file: FileId,
    pub(in crate::topology) node: Rc<Yaml>,
}

impl Object {
    /// A configuration that stands in it: `bytes`, which `map` leads back to the manifest.
    fn configuration(&self, key: &str, bytes: Vec<u8>, map: SegmentMap, in_shell: bool) -> ConfigurationFile {
        let embedded = Embedded {
            file: self.file,
            map,
            kind: self.kind.clone(),
            namespace: Some(rendered(&self.namespace).0.to_owned()).filter(|n| !n.is_empty()),
            name: self.name.clone(),
            key: key.to_owned(),
            secret: self.kind == "Secret",
            in_shell,
        };
        let name = format!("{}/{}:{key}", self.kind, self.name);
        ConfigurationFile { name, bytes, place: Place::Embedded(Box::new(embedded)) }
    }

    fn at(&self, node: &Yaml) -> Location {
        Location { file: self.file, span: node.span }
    }

    /// The place of the name.
    fn name_at(&self) -> Location {
        self.at(self.node.at(&["metadata", "name"]).unwrap_or(&self.node))
    }

    fn said(&self, node: &Yaml) -> Option<Said<String>> {
        node.text().map(|text| Said { value: text.to_owned(), at: self.at(node) })
    }
}

/// Whether a document is a Kubernetes object.
pub(in crate::topology) fn is_object(node: &Yaml) -> bool {
    node.get("kind").is_some() && node.get("apiVersion").is_some()
}

/// Takes the objects of a document, those of a List each.
pub(in crate::topology) fn objects(node: &Rc<Yaml>, file: FileId, objects: &mut Vec<Object>) {
    let kind = node.str_at(&["kind"]).unwrap_or("").to_owned();
    if let Some(items) = node.get("items").filter(|_| kind.ends_with("List")) {
        for item in items.list() {
            self::objects(item, file, objects);
        }
        return;
    }
    let text = |path: &[&str]| node.str_at(path).unwrap_or("").to_owned();
    objects.push(Object { kind, namespace: text(&["metadata", "namespace"]), name: text(&["metadata", "name"]), file, node: node.clone() });
}

/// All objects, to be found by kind and name.
pub(in crate::topology) struct Cluster {
    pub(in crate::topology) objects: Vec<Object>,
    by_name: HashMap<(String, String), Vec<usize>>,
    /// The Services that EndpointSlices are for.
    sliced: HashSet<String>,
    /// The Secrets that cert-manager makes, with the namespaces of their `Certificate`s.
    certificates: HashMap<String, Vec<String>>,
    /// Whether it is one of OpenShift.
    open_shift: bool,
    domain: Option<String>,
}

impl Cluster {
    pub(in crate::topology) fn new(objects: Vec<Object>) -> Self {
        let mut by_name: HashMap<(String, String), Vec<usize>> = HashMap::new();
        for (at, object) in objects.iter().enumerate() {
            by_name.entry((object.kind.clone(), object.name.clone())).or_default().push(at);
        }
        let slices = objects.iter().filter(|o| o.kind == "EndpointSlice");
        let service = |o: &Object| o.node.str_at(&["metadata", "labels", "kubernetes.io/service-name"]).map(str::to_owned);
        let sliced = slices.filter_map(service).collect();
        let texts = objects.iter().filter(|o| o.kind == "ConfigMap").filter_map(|o| o.node.get("data")).flat_map(Yaml::entries);
        let domain = texts.filter_map(|(_, v)| v.text()).find_map(domain);
        let version = |o: &Object| o.node.str_at(&["apiVersion"]).unwrap_or("").to_owned();
        let open_shift = objects.iter().any(|o| version(o).contains("openshift.io/"));
        let mut certificates: HashMap<String, Vec<String>> = HashMap::new();
        for object in objects.iter().filter(|o| o.kind == "Certificate" && version(o).starts_with("cert-manager.io/")) {
            if let Some(secret) = object.node.str_at(&["spec", "secretName"]) {
                certificates.entry(secret.to_owned()).or_default().push(object.namespace.clone());
            }
        }
        Self { objects, by_name, sliced, certificates, open_shift, domain }
    }

    /// The domain of the cluster, as configurations name it behind `.svc.`; else the usual one.
    pub(in crate::topology) fn domain(&self) -> &str {
        self.domain.as_deref().unwrap_or("cluster.local")
    }

    /// The object of that kind and name; the last one counts, as for `kubectl apply`.
    pub(in crate::topology) fn find(&self, kind: &str, namespace: &str, name: &str) -> Option<&Object> {
        self.position(kind, namespace, name).map(|at| &self.objects[at])
    }

    /// Its place among the objects.
    pub(in crate::topology) fn position(&self, kind: &str, namespace: &str, name: &str) -> Option<usize> {
        let found = self.by_name.get(&(kind.to_owned(), name.to_owned()))?;
        let exact = found.iter().rev().find(|at| self.objects[**at].namespace == namespace);
        exact.or_else(|| found.iter().rev().find(|at| same_namespace(&self.objects[**at].namespace, namespace))).copied()
    }
}

/// Adds everything that the objects say to `topology`.
pub(in crate::topology) fn read(cluster: &Cluster, topology: &mut Topology, problems: &mut Vec<Problem>) {
    let mut configurations = Configurations::default();
    for object in &cluster.objects {
        match object.kind.as_str() {
            "Service" => topology.services.push(service(cluster, object)),
            "Node" => topology.machines.push(machine(object)),
            "Namespace" => {
                topology.namespaces.insert(object.name.clone(), labels(object.node.at(&["metadata", "labels"])));
                let annotations = labels(object.node.at(&["metadata", "annotations"]));
                topology.namespace_annotations.insert(object.name.clone(), annotations);
            }
            "NetworkPolicy" => topology.policies.push(policy(object)),
            "ConfigMap" => vips::of_object(object, topology),
            "CiliumNetworkPolicy" | "CiliumClusterwideNetworkPolicy" | "GlobalNetworkPolicy" => {
                topology.notes.push(format!("{} `{}` is not looked at: what it keeps apart is not known here", object.kind, object.name));
            }
            "HorizontalPodAutoscaler" | "ScaledObject" => topology.autoscalers.extend(autoscaler(object)),
            _ => {}
        }
    }
    for object in &cluster.objects {
        pod::workload(cluster, object, topology, &mut configurations, problems);
    }
    configurations.unread(cluster, topology);
    for (at, object) in cluster.objects.iter().enumerate() {
        snippets::of_object(object, &|key| configurations.read.contains(&(at, key.to_owned())), topology);
    }
}

/// The configurations met so far, so that pods of several workloads share one.
#[derive(Default)]
pub(in crate::topology) struct Configurations {
    /// By the objects and keys they are made of, and how.
    known: HashMap<(Vec<mounts::Key>, Option<made::Made>, bool), usize>,
    read: HashSet<(usize, String)>,
    /// What a script may make a configuration of: it does not hold all of it.
    parts: HashSet<(usize, String)>,
}

impl Configurations {
    /// The configuration made of these keys of these objects, and of `more` that is not at hand.
    fn of(&mut self, cluster: &Cluster, keys: Vec<mounts::Key>, made: Option<made::Made>, more: bool, topology: &mut Topology) -> usize {
        let made_of = (keys, made, more);
        if let Some(known) = self.known.get(&made_of) {
            return *known;
        }
        let (keys, made, _) = &made_of;
        self.read.extend(keys.iter().cloned());
        let read = |(at, key): &(usize, String)| {
            let object = &cluster.objects[*at];
            let mut file = file(object, topology.sources.file(object.file).bytes(), key)?;
            if let Some(made) = made {
                file.bytes = made.fill(&file.bytes);
            }
            Some(file)
        };
        let files = keys.iter().filter_map(read).collect();
        let part = match made {
            Some(made) if made.whole => Part::Filled,
            Some(_) => Part::Template,
            None if more => Part::Sections,
            None => Part::Whole,
        };
        topology.configurations.push(Configuration { files, part });
        self.known.insert(made_of, topology.configurations.len() - 1);
        topology.configurations.len() - 1
    }

    /// Takes note of what a script makes a configuration of, which is `read` with what the script adds to it, or not known.
    fn script_takes(&mut self, keys: &[mounts::Key], read: bool) {
        let known = if read { &mut self.read } else { &mut self.parts };
        known.extend(keys.iter().cloned());
    }

    /// Adds what looks like a configuration of HAProxy and that no pod was seen to read.
    fn unread(&mut self, cluster: &Cluster, topology: &mut Topology) {
        for (at, object) in cluster.objects.iter().enumerate().filter(|(_, o)| o.kind == "ConfigMap") {
            for (key, value) in object.node.get("data").map(Yaml::entries).unwrap_or_default() {
                let Some(name) = key.text() else { continue };
                let pair = (at, name.to_owned());
                if name.ends_with(".cfg")
                    && name != snippets::AUXILIARY
                    && value.text().is_some_and(is_configuration)
                    && !self.read.contains(&pair)
                {
                    let more = self.parts.contains(&pair);
                    self.of(cluster, vec![pair], None, more, topology);
                }
            }
        }
    }
}

/// What follows on `.svc.` in a text.
fn domain(text: &str) -> Option<String> {
    let (_, behind) = text.split_once(".svc.")?;
    let end = behind.find(|c: char| !(c.is_ascii_alphanumeric() || "-.".contains(c))).unwrap_or(behind.len());
    let name = behind.cut(..end).trim_end_matches('.');
    (!name.is_empty()).then(|| name.to_owned())
}

/// Whether a text is a configuration of HAProxy: it has a line that opens one of the usual sections.
pub(crate) fn is_configuration(text: &str) -> bool {
    let opens = |line: &str| {
        let mut words = line.split_ascii_whitespace();
        let first = words.next();
        match first {
            Some("global" | "defaults") => words.next().is_none_or(|w| w.starts_with('#') || first == Some("defaults")),
            Some("frontend" | "backend" | "listen" | "peers") => words.next().is_some(),
            _ => false,
        }
    };
    text.lines().any(opens)
}

/// The key of a ConfigMap or Secret as a file.
fn file(object: &Object, manifest: &[u8], key: &str) -> Option<ConfigurationFile> {
    let secret = object.kind == "Secret";
    let (key_node, node) = ["data", "stringData", "binaryData"].iter().find_map(|part| object.node.get(part)?.entry(key))?;
    let Value::Scalar(text, style) = &node.value else { return None };
    let encoded = object.node.at(&["stringData", key]).is_none() && (secret || object.node.at(&["data", key]).is_none());
    let (bytes, map) = if encoded {
        (base64(text)?, SegmentMap::opaque(key_node.span))
    } else if secret {
        (text.clone().into_bytes(), SegmentMap::opaque(key_node.span))
    } else {
        (text.clone().into_bytes(), SegmentMap::new(manifest, node.span, *style, text))
    };
    Some(object.configuration(key, bytes, map, false))
}

/// Decodes base64; `None` where it is none.
pub(in crate::topology) fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0u32, 0);
    for byte in text.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=') {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    Some(bytes)
}

/// The texts of a map.
pub(in crate::topology) fn labels(node: Option<&Yaml>) -> Labels {
    let entries = node.map(Yaml::entries).unwrap_or_default();
    entries.into_iter().filter_map(|(k, v)| Some((k.text()?.to_owned(), v.text().unwrap_or("").to_owned()))).collect()
}

fn service(cluster: &Cluster, object: &Object) -> Service {
    let spec = object.node.get("spec");
    let get = |key: &str| spec.and_then(|s| s.get(key));
    let text = |key: &str| get(key).and_then(Yaml::text);
    let ips = get("clusterIPs").map_or(Vec::new(), |l| l.list().iter().filter_map(|n| n.text()).collect());
    let addresses = text("clusterIP").into_iter().chain(ips).filter_map(|ip| ip.parse().ok()).collect();
    Service {
        namespace: object.namespace.clone(),
        name: object.name.clone(),
        at: object.name_at(),
        headless: text("clusterIP") == Some("None"),
        external: text("type") == Some("ExternalName"),
        addresses,
        selector: get("selector").map(|s| Said { value: labels(Some(s)), at: object.at(s) }).filter(|s| !s.value.is_empty()),
        ports: get("ports").map_or(Vec::new(), |p| p.list().iter().filter_map(|p| service_port(object, p)).collect()),
        publishes_not_ready: get("publishNotReadyAddresses").is_some_and(Yaml::is_true),
        affinity: text("sessionAffinity") == Some("ClientIP"),
        has_endpoints: cluster.find("Endpoints", &object.namespace, &object.name).is_some() || cluster.sliced.contains(&object.name),
        families: get("ipFamilies").map_or(Vec::new(), |l| l.list().iter().filter_map(|n| n.text().map(str::to_owned)).collect()),
    }
}

fn service_port(object: &Object, node: &Yaml) -> Option<ServicePort> {
    let own = node.get("port")?;
    let port = u16::try_from(own.number()?).ok()?;
    let target = node.get("targetPort");
    let at = object.at(target.unwrap_or(own));
    let number = target.and_then(Yaml::number).and_then(|n| u16::try_from(n).ok());
    let name = target.and_then(Yaml::text).filter(|_| number.is_none()).map(str::to_owned);
    let target = if name.is_some() { None } else { number.or(Some(port)) };
    Some(ServicePort { port, target, target_name: name, tcp: node.str_at(&["protocol"]).is_none_or(|p| p == "TCP"), at })
}

fn selector(node: Option<&Yaml>) -> Selector {
    let expression = |e: &Rc<Yaml>| {
        let values = e.list_at(&["values"]).iter().filter_map(|v| v.text().map(str::to_owned)).collect();
        Some((e.str_at(&["key"])?.to_owned(), e.str_at(&["operator"])?.to_owned(), values))
    };
    Selector {
        labels: labels(node.and_then(|n| n.get("matchLabels"))),
        expressions: node.map_or(Vec::new(), |n| n.list_at(&["matchExpressions"]).iter().filter_map(expression).collect()),
    }
}

fn policy(object: &Object) -> NetworkPolicy {
    let empty = Yaml::nothing();
    let spec = object.node.get("spec").unwrap_or(&empty);
    let types: Vec<&str> = spec.list_at(&["policyTypes"]).iter().filter_map(|t| t.text()).collect();
    let rules = |key: &str, side: &str| -> Vec<PolicyRule> { spec.list_at(&[key]).iter().map(|r| policy_rule(r, side)).collect() };
    let ingress = types.is_empty() || types.contains(&"Ingress");
    let egress = types.contains(&"Egress") || (types.is_empty() && spec.get("egress").is_some());
    NetworkPolicy {
        namespace: object.namespace.clone(),
        name: object.name.clone(),
        at: object.name_at(),
        pods: selector(spec.get("podSelector")),
        ingress: ingress.then(|| rules("ingress", "from")),
        egress: egress.then(|| rules("egress", "to")),
    }
}

/// Where the pods of a cluster's DNS listen: CoreDNS, that of OpenShift, and those without privileges.
const DNS: [i64; 3] = [53, 5353, 1053];

fn policy_rule(rule: &Yaml, side: &str) -> PolicyRule {
    let peer = |p: &Rc<Yaml>| match (p.get("podSelector"), p.get("namespaceSelector"), p.get("ipBlock")) {
        (None, None, _) | (_, _, Some(_)) => PeerSelector::Other,
        (pods, namespaces, None) => PeerSelector::Pods { pods: selector(pods), namespaces: namespaces.map(|n| selector(Some(n))) },
    };
    let mut port_names = Vec::new();
    let ports = rule.get("ports").filter(|p| !p.list().is_empty()).map(|ports| {
        let tcp = ports.list().iter().filter(|p| p.str_at(&["protocol"]).is_none_or(|p| p == "TCP"));
        let range = |p: &Rc<Yaml>| {
            let Some(port) = p.get("port") else { return Some((0, u16::MAX)) };
            let Some(first) = port.number().and_then(|n| u16::try_from(n).ok()) else {
                port_names.extend(port.text().map(str::to_owned));
                return None;
            };
            let last = p.get("endPort").and_then(Yaml::number).and_then(|n| u16::try_from(n).ok());
            Some((first, last.unwrap_or(first)))
        };
        tcp.filter_map(range).collect()
    });
    let dns = |p: &Rc<Yaml>| {
        let number = |key: &str| p.get(key).and_then(Yaml::number);
        number("port").is_none_or(|first| DNS.iter().any(|port| (first..=number("endPort").unwrap_or(first)).contains(port)))
    };
    let dns = rule.get("ports").is_none_or(|ports| ports.list().is_empty() || ports.list().iter().any(dns));
    PolicyRule { peers: rule.list_at(&[side]).iter().map(peer).collect(), ports, port_names, dns }
}

/// A Node: a machine that pods run on.
fn machine(object: &Object) -> Machine {
    let mut machine =
        Machine { names: vec![object.name.clone()], labels: labels(object.node.at(&["metadata", "labels"])), ..Machine::default() };
    for address in object.node.list_at(&["status", "addresses"]) {
        let text = address.str_at(&["address"]).unwrap_or("");
        match (address.str_at(&["type"]), text.parse()) {
            // The name of the machine itself comes first.
            (Some("Hostname"), _) => machine.names.insert(0, text.to_owned()),
            (_, Ok(ip)) => machine.addresses.push(ip),
            _ => machine.names.push(text.to_owned()),
        }
    }
    let keeps_off = |t: &Rc<Yaml>| matches!(t.str_at(&["effect"]), Some("NoSchedule" | "NoExecute"));
    machine.tainted = object.node.list_at(&["spec", "taints"]).iter().any(keeps_off);
    machine
}

fn autoscaler(object: &Object) -> Option<Autoscaler> {
    let spec = object.node.get("spec")?;
    let target = spec.get("scaleTargetRef")?;
    let max = spec.get("maxReplicas").or_else(|| spec.get("maxReplicaCount"))?;
    let min = spec.get("minReplicas").or_else(|| spec.get("minReplicaCount"));
    let number = |node: &Yaml| u32::try_from(node.number()?).ok();
    Some(Autoscaler {
        namespace: object.namespace.clone(),
        target: (target.str_at(&["kind"]).unwrap_or("Deployment").to_owned(), target.str_at(&["name"])?.to_owned()),
        min: Said { value: min.and_then(number).unwrap_or(1).max(1), at: object.at(min.unwrap_or(max)) },
        max: Said { value: number(max)?, at: object.at(max) },
    })
}
