//! Kubernetes objects: a StatefulSet or what is to change in it, Services, a NetworkPolicy, a ConfigMap.

use std::collections::BTreeSet;

use crate::{
    secret,
    source::FileId,
    syntax::{SectionKind, Tree, section_kind},
    topology::{
        Configuration, ConfigurationFile, Group, Kind, Labels, Mesh, Name, NetworkPolicy, POD_NAME_LABEL, PeerSelector, Place, Platform,
        Service, same_namespace, yaml::documents,
    },
};

use super::{
    Cluster, Form, Made, Member, Refusal, Request, Style,
    cluster::{full_name, governing, governing_name, left_out},
    ha, helm,
    left::left,
    marker, peers,
    yaml::{Node, map},
};

/// The lists that a container may stand in: one that stays beside the others is an init container.
const CONTAINERS: [&str; 2] = ["containers", "initContainers"];

/// Where images of HAProxy look for their configuration.
const FOLDER: &str = "/usr/local/etc/haproxy";
/// Long enough for a new pod to learn the tables: HAProxy waits up to twice 5 seconds for a teacher.
const READY_AFTER: u16 = 15;

/// The objects that the cluster in `mesh` needs so that its nodes find each other.
///
/// # Errors
/// Where the topology does not say enough, with what to add.
pub fn manifests(mesh: &Mesh<'_>, request: &Request) -> Result<Made, Refusal> {
    let cluster = Cluster::new(mesh, request, true)?;
    if cluster.group.platform != Platform::Kubernetes || matches!(cluster.group.kind, Kind::Pod | Kind::Job) {
        let message = format!("{} is no workload whose manifest could be written", cluster.group.title());
        return Err(Refusal::new(message, "give a StatefulSet, a Deployment or a DaemonSet as the topology"));
    }
    if request.form == Form::HelmValues {
        return helm::values(cluster);
    }
    if let Some(node) = left_out(&cluster) {
        let names: Vec<String> = mesh.topology.groups.iter().filter(|g| !g.second).map(|g| format!("`--node {}`", full_name(g))).collect();
        let message = format!("`{}` reads the same configuration, and would lose its line in it", node.title);
        return Err(Refusal::new(message, format!("name it too: {}", names.join(" "))));
    }
    let notes = peers::notes(&cluster, true);
    let mut plan = Plan { cluster: &cluster, group: cluster.group, new: Vec::new(), changed: Vec::new(), gone: None, notes };
    for group in &cluster.groups {
        plan.group = group;
        plan.configuration()?;
        plan.workload()?;
        plan.services()?;
        plan.policy();
    }
    Ok(plan.finish(request.form))
}

/// An object that is there, and what is to change in it.
struct Changed {
    object: Node,
    patch: Node,
}

struct Plan<'c> {
    cluster: &'c Cluster<'c>,
    /// The workload that is looked at.
    group: &'c Group,
    new: Vec<Node>,
    changed: Vec<Changed>,
    /// What another object takes the place of.
    gone: Option<Node>,
    notes: Vec<String>,
}

/// The annotation in which `kubectl apply` keeps what it was given.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

impl Plan<'_> {
    /// The header of an object.
    fn object(&self, version: &str, kind: &str, name: &str) -> Node {
        let mut metadata = map([("name", name.into())]);
        let namespace = crate::topology::rendered(&self.group.namespace).0;
        if !namespace.is_empty() {
            metadata.set("namespace", namespace.into());
        }
        map([("apiVersion", version.into()), ("kind", kind.into()), ("metadata", metadata)])
    }

    /// An object of the topology, as it stands in its file.
    fn source(&self, file: FileId, kind: &str, name: &str) -> Option<Node> {
        let documents = documents(self.cluster.mesh.topology.sources.file(file)).ok()?;
        let items = |node: Node| {
            if node.get("items").is_some() { node.get("items").map(|l| l.list().to_vec()).unwrap_or_default() } else { vec![node] }
        };
        let all = documents.list.iter().flat_map(|document| items(Node::from(&**document)));
        let is_it = |node: &Node| {
            let namespace = node.at(&["metadata", "namespace"]).and_then(Node::text).unwrap_or("");
            node.get("kind").and_then(Node::text) == Some(kind)
                && node.at(&["metadata", "name"]).and_then(Node::text) == Some(name)
                && same_namespace(namespace, &self.group.namespace)
        };
        let mut found = all.into_iter().find(is_it)?;
        // What the cluster itself has written into it.
        found.remove(&["status"]);
        let mut metadata = found.get("metadata").cloned()?;
        metadata.remove(&["resourceVersion", "uid", "creationTimestamp", "generation", "managedFields", "selfLink"]);
        found.set("metadata", metadata);
        Some(found)
    }

    /// The ConfigMap: the section is put into the configuration that is there, or all of it is new.
    fn configuration(&mut self) -> Result<(), Refusal> {
        let Some(configuration) = self.cluster.configuration(self.group) else {
            return self.first_configuration();
        };
        let Some(file) = file_of_section(configuration, self.cluster) else { return Ok(()) };
        let text = with_section(&file.bytes, self.cluster, None)?;
        let uses = format!("peers {}", self.cluster.section);
        let has_table =
            |text: &[u8]| String::from_utf8_lossy(text).lines().any(|line| line.contains("stick-table") && line.contains(&uses));
        let tables = || configuration.files.iter().any(|file| has_table(&file.bytes));
        if self.cluster.kept.is_empty() && !tables() {
            self.notes.push(format!("nothing is replicated yet: write `{uses}` behind the `stick-table` lines that nodes are to share"));
        }
        let Place::Embedded(embedded) = &file.place else {
            let note = format!("`{}` is no part of a ConfigMap: put `generate peers` into it yourself", file.name);
            self.notes.push(note);
            return Ok(());
        };
        // No key has a `/`: this is a file that a script in there writes.
        if embedded.kind != "ConfigMap" || embedded.key.contains('/') {
            self.notes
                .push(format!("the configuration is in {} `{}`: put `generate peers` into it yourself", embedded.kind, embedded.name));
            return Ok(());
        }
        if text.as_bytes() != file.bytes
            && let Some(object) = self.source(embedded.file, "ConfigMap", &embedded.name)
        {
            let patch = Node::Map(vec![("data".to_owned(), Node::Map(vec![(embedded.key.clone(), text.into())]))]);
            // Several workloads may read one.
            if !self.changed.iter().any(|c| c.object == object && c.patch == patch) {
                self.changed.push(Changed { object, patch });
            }
        }
        Ok(())
    }

    fn first_configuration(&mut self) -> Result<(), Refusal> {
        if !self.mounts_nothing() {
            let note = "the configuration of the pods is not at hand: give its ConfigMap too, or put `generate peers` into it yourself";
            self.notes.push(note.to_owned());
            return Ok(());
        }
        let text = ha::whole(self.cluster, None).to_string();
        let data = map([("haproxy.cfg", text.into())]);
        self.new.push(self.object("v1", "ConfigMap", &self.group.name).with("data", data));
        self.notes.push("the servers of `backend app` are an example: write your own".to_owned());
        Ok(())
    }

    /// The workload as it stands in its file.
    fn manifest(&self) -> Option<Node> {
        let group = self.group;
        self.source(group.at.file, group.kind.as_str(), &group.name)
    }

    /// The container that runs HAProxy, and the list that it stands in.
    fn container(&self) -> Option<(&'static str, Node)> {
        let manifest = self.manifest()?;
        let is_it = |c: &&Node| c.get("name").and_then(Node::text) == Some(&self.group.container);
        CONTAINERS.iter().find_map(|list| {
            let containers = manifest.at(&["spec", "template", "spec", list])?.list();
            containers.iter().find(is_it).map(|container| (*list, container.clone()))
        })
    }

    /// Whether no volume stands where the configuration is read from.
    fn mounts_nothing(&self) -> bool {
        let Some((_, container)) = self.container() else { return false };
        let mounts = container.get("volumeMounts").map(Node::list).unwrap_or_default();
        !mounts.iter().any(|m| m.get("mountPath").and_then(Node::text).is_some_and(|p| p.starts_with(FOLDER)))
    }

    fn workload(&mut self) -> Result<(), Refusal> {
        let group = self.group;
        let Some(manifest) = self.manifest() else {
            return Err(Refusal::new(format!("the manifest of {} is not at hand", group.title()), "name it with `--topology`"));
        };
        let patch = self.patch();
        if !self.becomes_stateful() {
            if !patch_is_empty(&patch) {
                self.changed.push(Changed { object: manifest, patch });
            }
            return Ok(());
        }
        let service = self.cluster.headless_name();
        let mut template = manifest.at(&["spec", "template"]).cloned().unwrap_or(map([]));
        if self.has_fixed_name() {
            without_option_l(&mut template, &group.container);
        }
        let selector = manifest.at(&["spec", "selector"]).cloned();
        let selector = selector.unwrap_or_else(|| map([("matchLabels", (&group.labels).into())]));
        let spec = map([
            ("replicas", Node::Plain(self.cluster.members.len().to_string())),
            ("serviceName", service.as_str().into()),
            ("podManagementPolicy", "Parallel".into()),
            ("selector", selector),
            ("template", template),
        ]);
        let mut object = self.object("apps/v1", "StatefulSet", &group.name).with("spec", spec);
        object.merge(&patch);
        self.new.push(object);
        self.gone = Some(manifest);
        self.notes.push(format!(
            "{} becomes a StatefulSet of {}, whose pods keep their names: apply it, and then delete the {}",
            group.title(),
            self.cluster.members.len(),
            group.kind.as_str()
        ));
        Ok(())
    }

    /// Whether the pods have random names now, and get others.
    fn becomes_stateful(&self) -> bool {
        self.cluster.members.iter().all(|member| member.node.is_none())
    }

    /// Whether `-L` gives all pods one name. As pods of a StatefulSet they have names of their own.
    fn has_fixed_name(&self) -> bool {
        let topology = self.cluster.mesh.topology;
        let group = self.group;
        let mut pods = topology.nodes.iter().filter(|n| std::ptr::eq(&topology.groups[n.group], group));
        group.script.is_none() && pods.any(|n| matches!(n.option_l, Some(Name::Known(_))))
    }

    /// What the workload lacks.
    fn patch(&mut self) -> Node {
        let group = self.group;
        let mut container = map([("name", group.container.as_str().into())]);
        if self.needs_option_l() {
            self.option_l(&mut container);
        }
        if !group.named_ports.iter().any(|(_, port)| *port == self.cluster.port) {
            let mut port = map([("name", "peers".into()), ("containerPort", self.cluster.port.into())]);
            if group.named_ports.iter().any(|(name, _)| name == "peers") {
                port.remove(&["name"]);
            }
            container.set("ports", [port].into());
        }
        let mut pod = map([]);
        if self.new.iter().any(|object| object.get("kind").and_then(Node::text) == Some("ConfigMap")) {
            container.set("volumeMounts", [map([("name", "haproxy-config".into()), ("mountPath", FOLDER.into())])].into());
            let source = map([("name", group.name.as_str().into())]);
            pod.set("volumes", [map([("name", "haproxy-config".into()), ("configMap", source)])].into());
        }
        if !matches!(&container, Node::Map(entries) if entries.len() == 1) {
            pod.set(self.container().map_or(CONTAINERS[0], |(list, _)| list), [container].into());
        }
        let mut spec = map([]);
        // What is not written into a new StatefulSet is lost.
        if self.becomes_stateful() || group.min_ready_seconds.max(group.ready_delay) < u32::from(READY_AFTER) {
            spec.set("minReadySeconds", READY_AFTER.into());
        }
        if !matches!(&pod, Node::Map(entries) if entries.is_empty()) {
            spec.set("template", map([("spec", pod)]));
        }
        map([("spec", spec)])
    }

    /// Whether a pod would not take itself for what the section calls it.
    fn needs_option_l(&self) -> bool {
        let local = |at: usize| self.cluster.mesh.topology.nodes[at].local_name().known();
        let group = self.group;
        let fits = |m: &Member| match m.node {
            Some(node) => local(node) == Some(&m.name),
            None => group.host_name.is_none() && group.host_network.is_none(),
        };
        group.option_l.is_none() && !self.cluster.of(group).all(fits)
    }

    fn option_l(&mut self, patch: &mut Node) {
        let container = self.container().map(|(_, container)| container);
        if self.group.script.is_some() {
            self.notes.push("a script starts HAProxy: let it add `-L \"$POD_NAME\"`".to_owned());
        } else {
            let has = |key: &str| container.as_ref().and_then(|c| c.get(key)).is_some();
            let words = container.as_ref().and_then(|c| c.get("args")).map(|args| args.list().to_vec()).unwrap_or_default();
            // Arguments take the place of those that the image has.
            let config = format!("{FOLDER}/haproxy.cfg");
            let words = if has("args") || has("command") { words } else { vec!["-f".into(), config.into()] };
            patch.set("args", Node::List([words, vec!["-L".into(), "$(POD_NAME)".into()]].concat()));
        }
        let env = container.as_ref().and_then(|c| c.get("env")).map(Node::list).unwrap_or_default();
        if env.iter().any(|variable| variable.get("name").and_then(Node::text) == Some("POD_NAME")) {
            return;
        }
        let field = map([("fieldRef", map([("fieldPath", "metadata.name".into())]))]);
        patch.set("env", [map([("name", "POD_NAME".into()), ("valueFrom", field)])].into());
    }

    fn services(&mut self) -> Result<(), Refusal> {
        let group = self.group;
        if self.cluster.style == Style::Services {
            for member in self.cluster.of(group) {
                let pod = self.cluster.pod(member);
                if self.cluster.own_service(pod).is_none() {
                    self.own_service(pod)?;
                }
            }
        }
        let wanted = governing_name(group).map(str::to_owned);
        let is_new = self.becomes_stateful();
        match governing(self.cluster.mesh, group) {
            _ if self.cluster.style != Style::Headless && !is_new => {}
            Some(service) => self.governing(service),
            None => {
                let name = wanted.filter(|_| !is_new).unwrap_or_else(|| self.cluster.headless_name());
                let service = self.service(&name, &group.labels, true);
                self.new.push(service);
            }
        }
        Ok(())
    }

    /// The headless Service that there is, where pods have no names below it: it leaves out those that are not ready, or all of them.
    fn governing(&mut self, service: &Service) {
        let group = self.group;
        let pods = self.cluster.of(group).map(|m| self.cluster.pod(m));
        let selects = service.selector.is_none() || pods.into_iter().all(|pod| service.selects(&group.namespace, &group.labels, Some(pod)));
        let mut spec = map([]);
        if !service.publishes_not_ready {
            spec.set("publishNotReadyAddresses", true.into());
        }
        if !selects {
            let stale = service.selector.iter().flat_map(|s| s.value.keys()).map(|key| (key.clone(), Node::null())).collect();
            let mut selector = Node::Map(stale);
            group.labels.iter().for_each(|(key, value)| selector.set(key, value.as_str().into()));
            spec.set("selector", selector);
        }
        let patch = map([("spec", spec)]);
        if let (false, Some(object)) = (patch_is_empty(&patch), self.source(service.at.file, "Service", &service.name)) {
            self.changed.push(Changed { object, patch });
        }
    }

    /// The Service that leads to one pod: a new one, or the one of its name as it should be.
    fn own_service(&mut self, pod: &str) -> Result<(), Refusal> {
        let name = format!("{}-peer", self.cluster.base(self.group, pod));
        let by_labels = self.cluster.groups.len() > 1 && self.group.kind.has_random_names();
        let selector = match by_labels {
            true => self.own_labels()?,
            false => Labels::from([(POD_NAME_LABEL.to_owned(), pod.to_owned())]),
        };
        let service = self.service(&name, &selector, false);
        let of_name = |s: &&Service| s.name == name && same_namespace(&s.namespace, &self.group.namespace);
        match self.cluster.mesh.topology.services.iter().find(of_name) {
            None => self.new.push(service),
            Some(old) if old.has_endpoints => {}
            Some(old) => {
                if let (Some(object), Some(mut spec)) = (self.source(old.at.file, "Service", &name), service.get("spec").cloned()) {
                    // The port keeps its name, by which others may know it.
                    if old.ports.iter().any(|p| p.port == self.cluster.port) {
                        spec.set("ports", [map([("port", self.cluster.port.into()), ("targetPort", self.cluster.port.into())])].into());
                    }
                    self.changed.push(Changed { object, patch: map([("spec", spec)]) });
                }
            }
        }
        Ok(())
    }

    /// The labels of the workload, by which a Service leads to its one pod and to no other.
    fn own_labels(&self) -> Result<Labels, Refusal> {
        let group = self.group;
        let others = |g: &&&Group| !std::ptr::eq(**g, group) && group.labels.iter().all(|(key, value)| g.labels.get(key) == Some(value));
        match self.cluster.groups.iter().find(others) {
            None => Ok(group.labels.clone()),
            Some(other) => {
                let message = format!("{} has all labels of {}, so no Service leads to one of them alone", other.title(), group.title());
                Err(Refusal::new(message, "give the pods of each a label of their own"))
            }
        }
    }

    /// A Service for the port of the peers. It leads to pods that are not ready too: they learn the tables before they are.
    fn service(&self, name: &str, selector: &Labels, headless: bool) -> Node {
        let port = map([("name", "peers".into()), ("port", self.cluster.port.into()), ("targetPort", self.cluster.port.into())]);
        let mut spec = map([("publishNotReadyAddresses", true.into()), ("selector", selector.into()), ("ports", [port].into())]);
        if headless {
            spec = map([("clusterIP", "None".into())]).with_all(spec);
        }
        self.object("v1", "Service", name).with("spec", spec)
    }

    /// Where policies close the pods, one more opens them to each other. Where none does, a first one would close the rest.
    fn policy(&mut self) {
        let group = self.group;
        let about_us = |p: &&NetworkPolicy| same_namespace(&p.namespace, &group.namespace) && p.pods.matches(&group.labels);
        let policies: Vec<&NetworkPolicy> = self.cluster.mesh.topology.policies.iter().filter(about_us).collect();
        let lets = |rule: &crate::topology::PolicyRule| {
            let port = !rule.port_names.is_empty()
                || rule.ports.as_ref().is_none_or(|ports| ports.iter().any(|(a, b)| (*a..=*b).contains(&self.cluster.port)));
            let pods =
                |peer: &PeerSelector, of: &Group| matches!(peer, PeerSelector::Pods { pods, namespaces: None } if pods.matches(&of.labels));
            let all = || self.cluster.groups.iter().all(|of| rule.peers.iter().any(|peer| pods(peer, of)));
            port && (rule.peers.is_empty() || all())
        };
        let closed = |rules: Vec<&Vec<crate::topology::PolicyRule>>| !rules.is_empty() && !rules.into_iter().flatten().any(lets);
        let comes = closed(policies.iter().filter_map(|p| p.ingress.as_ref()).collect());
        let goes = closed(policies.iter().filter_map(|p| p.egress.as_ref()).collect());
        if !comes && !goes {
            return;
        }
        let pods_of = |group: &Group| map([("podSelector", map([("matchLabels", (&group.labels).into())]))]);
        let us = || Node::List(self.cluster.groups.iter().map(|group| pods_of(group)).collect());
        let port = || map([("protocol", "TCP".into()), ("port", self.cluster.port.into())]);
        let mut types = Vec::new();
        let mut spec = pods_of(group);
        for (wanted, kind, key, whom) in [(comes, "Ingress", "ingress", "from"), (goes, "Egress", "egress", "to")] {
            if wanted {
                types.push(kind.into());
                spec.set(key, [map([(whom, us()), ("ports", [port()].into())])].into());
            }
        }
        spec.set("policyTypes", Node::List(types));
        let policy = self.object("networking.k8s.io/v1", "NetworkPolicy", &format!("{}-peers", group.name)).with("spec", spec);
        self.new.push(policy);
    }

    /// Takes the values of secret variables out of what is copied: they come from a Secret, as they should have.
    fn leave_secrets(&mut self) {
        let place = format!("{}-secrets", self.group.name);
        let mut left = BTreeSet::new();
        let objects = self.new.iter_mut().chain(self.changed.iter_mut().map(|changed| &mut changed.object));
        objects.for_each(|object| without_secrets(object, &place, &mut left));
        for name in left {
            self.notes.push(format!("the value of `{name}` is not copied: put it into Secret `{place}` under the key `{name}`"));
        }
    }

    /// The objects as they shall be, those that are there in their whole.
    fn whole(&self) -> Vec<Node> {
        let whole = self.changed.iter().map(|changed| {
            let mut object = changed.object.clone();
            object.merge(&changed.patch);
            object
        });
        whole.chain(self.new.iter().cloned()).collect()
    }

    fn finish(mut self, form: Form) -> Made {
        self.leave_secrets();
        let mark = marker("manifests");
        let whole = self.whole();
        let left = left(self.cluster, &whole, self.gone.as_ref());
        let mut made = Made { notes: self.notes, mark: mark.clone(), left, ..Made::default() };
        if self.new.is_empty() && self.changed.is_empty() {
            let all = "the manifests have all that peers need";
            made.notes.push(if made.left.is_empty() { all.to_owned() } else { "nothing is to be added here".to_owned() });
            return made;
        }
        let joined = |list: &[Node]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join("---\n");
        if form == Form::Plain {
            made.files.push(("manifests.yaml".to_owned(), mark + &joined(&whole)).into());
            return made;
        }
        let mut kustomization = map([("apiVersion", "kustomize.config.k8s.io/v1alpha1".into()), ("kind", "Component".into())]);
        if !self.new.is_empty() {
            kustomization.set("resources", ["resources.yaml"].into());
            made.files.push(("resources.yaml".to_owned(), mark.clone() + &joined(&self.new)).into());
        }
        let mut patches = Vec::new();
        let deleted = self.gone.map(|object| (object, Node::Map(vec![("$patch".to_owned(), "delete".into())])));
        for (object, patch) in self.changed.into_iter().map(|changed| (changed.object, changed.patch)).chain(deleted) {
            let text = |path: &[&str]| object.at(path).and_then(Node::text).unwrap_or("").to_owned();
            let file = format!("{}-{}.yaml", text(&["kind"]).to_lowercase(), text(&["metadata", "name"]));
            let metadata = ["name", "namespace"].map(|key| (key.to_owned(), object.at(&["metadata", key]).cloned()));
            let metadata = metadata.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
            let mut whole = map(["apiVersion", "kind"].map(|key| (key, text(&[key]).into()))).with("metadata", Node::Map(metadata));
            whole.merge(&patch);
            patches.push(map([("path", file.as_str().into())]));
            made.files.push((file, format!("{mark}{whole}")).into());
        }
        if !patches.is_empty() {
            kustomization.set("patches", Node::List(patches));
        }
        made.files.insert(0, ("kustomization.yaml".to_owned(), format!("{mark}{kustomization}")).into());
        made.folder = true;
        made.notes.push("name the folder under `components:` of the kustomization that has the workload".to_owned());
        made
    }
}

/// Takes `-L` and its name out of the words that a container starts HAProxy with.
fn without_option_l(template: &mut Node, container: &str) {
    for list in CONTAINERS {
        let Some(Node::List(containers)) = template.at_mut(&["spec", list]) else { continue };
        for container in containers.iter_mut().filter(|c| c.get("name").and_then(Node::text) == Some(container)) {
            for key in ["command", "args"] {
                if let Some(Node::List(words)) = container.at_mut(&[key])
                    && let Some(at) = words.iter().position(|word| word.text() == Some("-L"))
                {
                    words.drain(at..(at + 2).min(words.len()));
                }
            }
        }
    }
}

fn patch_is_empty(patch: &Node) -> bool {
    matches!(patch.get("spec"), Some(Node::Map(entries)) if entries.is_empty())
}

/// The lines of the `peers` section named `section` in a text, from its header to its last line; `None` where there is none.
fn section_lines(bytes: &[u8], section: &str) -> Result<Option<std::ops::Range<usize>>, Refusal> {
    let file = crate::source::SourceFile::new("haproxy.cfg", bytes.to_vec());
    let tree = Tree::new(&file);
    let count = tree.lines().len();
    let word = |line: usize, at: usize| tree.words(line).get(at).map(|w| file.text(w.span()).into_owned()).unwrap_or_default();
    let heads = |line: &usize| section_kind(&word(*line, 0)).is_some();
    let is_it = |line: &usize| word(*line, 0) == SectionKind::Peers.keyword() && word(*line, 1).trim_matches(['"', '\'']) == section;
    let mut found = (0..count).filter(is_it);
    let Some(first) = found.next() else { return Ok(None) };
    let next = (first + 1..count).find(heads).unwrap_or(count);
    // What stands before the next header, empty lines and comments, belongs to that.
    let last = (first..next).rev().find(|line| !tree.words(*line).is_empty()).unwrap_or(first);
    let depth = (first..=last).fold(0, |depth, line| match word(line, 0).as_str() {
        ".if" => depth + 1,
        ".endif" => depth - 1,
        _ => depth,
    });
    if depth != 0 || found.next().is_some() {
        let message = format!("`peers {section}` cannot be replaced: conditions begin in it and end elsewhere, or there are several");
        return Err(Refusal::new(message, "put what `generate peers` prints in its place"));
    }
    Ok(Some(first..last + 1))
}

/// The file that the section stands in, or belongs into.
pub(super) fn file_of_section<'c>(configuration: &'c Configuration, cluster: &Cluster<'_>) -> Option<&'c ConfigurationFile> {
    let has_it = |file: &&ConfigurationFile| !matches!(section_lines(&file.bytes, &cluster.section), Ok(None));
    configuration.files.iter().find(has_it).or(configuration.files.last())
}

/// The text with the section as `own` or all read it, in the place of the old one or at its end.
pub(super) fn with_section(bytes: &[u8], cluster: &Cluster<'_>, own: Option<&Member>) -> Result<String, Refusal> {
    let text = String::from_utf8_lossy(bytes);
    let section = peers::section(cluster, own).to_string();
    let Some(lines) = section_lines(bytes, &cluster.section)? else {
        let gap = if text.ends_with('\n') || text.is_empty() { "\n" } else { "\n\n" };
        return Ok(format!("{text}{gap}{section}"));
    };
    let all: Vec<&str> = text.split_inclusive('\n').collect();
    Ok([&all[..lines.start].concat(), &section, &all[lines.end.min(all.len())..].concat()].map(String::as_str).concat())
}

fn without_secrets(node: &mut Node, place: &str, left: &mut BTreeSet<String>) {
    match node {
        Node::List(list) => list.iter_mut().for_each(|element| without_secrets(element, place, left)),
        Node::Map(entries) => {
            // It holds the whole object once more.
            entries.retain(|(key, _)| key != LAST_APPLIED);
            entries.iter_mut().for_each(|(_, value)| without_secrets(value, place, left));
            let text = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
            let (Some(name), Some(_)) = (text("name").filter(|n| secret::is_secret(n)), text("value").filter(|v| secret::is_value(v)))
            else {
                return;
            };
            let reference = map([("name", place.into()), ("key", name.as_str().into())]);
            node.remove(&["value"]);
            node.set("valueFrom", map([("secretKeyRef", reference)]));
            left.insert(name);
        }
        _ => {}
    }
}
