//! Fixes of the objects of a cluster: the name a pod starts HAProxy under, the pod that a Service selects, and the Service that
//! a StatefulSet names.

use std::collections::{HashMap, HashSet};

use crate::{
    config::address::Host,
    finding::{Applicability, Edit},
    source::Location,
};

use super::{
    super::{
        edit::{New, Part},
        image,
        matrix::MAX_PAIRS,
        mesh::{Mesh, View},
        model::{Group, Kind, Labels, POD_NAME_LABEL, Platform, Said},
        resolve::Target,
        summary::{Listener, PeerLine, Section},
    },
    either, is_plain, is_pod_of_set, same_namespace,
};

impl Mesh<'_> {
    /// HAProxy under the name of its pod, from a variable that the kubelet fills in: by `-L`, or by the `localpeer` line that is
    /// there, since from 3.1 on HAProxy refuses to have both.
    pub(crate) fn named_after_pod(&self, group: &Group, view: &View) -> Option<Vec<Edit>> {
        if group.platform != Platform::Kubernetes || !matches!(group.kind, Kind::StatefulSet | Kind::Pod) || group.script.is_some() {
            return None;
        }
        let container = self.container(group)?;
        let (variable, mut edits) = pod_name(container)?;
        let localpeer = self.line_of(view, "localpeer").filter(|_| group.option_l.is_none());
        if let Some(line) = localpeer {
            // What other workloads read stays as it is.
            if !self.readers(view).all(|reader| std::ptr::eq(self.group(reader), group)) {
                return None;
            }
            edits.push(line.argument(&format!("\"${{{variable}}}\""))?);
            return Some(edits);
        }
        let value = New::text(format!("$({variable})"));
        edits.push(match &group.option_l {
            // What took the place of the name stays an option.
            Some(said) if group.lost_name().is_some() => self.behind_option_l(said, value)?,
            Some(said) => {
                self.scalar(said.at, value).filter(|_| self.topology.sources.file(said.at.file).text(said.at.span).contains(&said.value))?
            }
            None => {
                let given = ["args", "command"].into_iter().find(|key| container.node.get(key).is_some());
                let mut words = vec![New::text("-L"), value];
                if given.is_none() {
                    let image = group.image.as_ref().and_then(|i| image::haproxy(&i.value)).filter(|i| i.official)?;
                    words.splice(0..0, [New::text("-f"), New::text(*image.default_files.first()?)]);
                }
                container.push(&[given.unwrap_or("args")], words)?
            }
        });
        Some(edits)
    }

    /// A container with a variable that holds the name of its pod, made anew, or in the place of what it is made of now.
    pub(crate) fn with_pod_name(&self, group: &Group, variable: &str) -> Option<Vec<Edit>> {
        let container = self.container(group).filter(|_| variable != "HOSTNAME")?;
        let env = container.at(&["env"]).map(Part::items).unwrap_or_default();
        match env.into_iter().find(|entry| entry.node.str_at(&["name"]) == Some(variable)) {
            Some(entry) => Some(vec![entry.at(&["valueFrom", "fieldRef", "fieldPath"])?.replace(New::text("metadata.name"))?]),
            None => Some(vec![container.push(&["env"], vec![of_pod_name(variable)])?]),
        }
    }

    /// A name behind `-L`, before the word that stands there now.
    fn behind_option_l(&self, said: &Said<String>, value: New) -> Option<Edit> {
        let word = self.element(said.at)?;
        if said.value.is_empty() { word.0.push(&[], vec![value]) } else { word.1.before(value) }
    }

    /// The `localpeer` line that a node reads, as it is written, and its place.
    pub(crate) fn localpeer(&self, view: &View) -> Option<(String, Location)> {
        let index = self.summary(view).configuration;
        let configuration = &self.topology.configurations[index];
        let line = self.line_of(view, "localpeer")?;
        let file = configuration.files.iter().position(|file| line.is_of(file))?;
        let at = configuration.map(line.location(file as u32))?;
        Some((line.text(line.place).trim().to_owned(), at))
    }

    /// A Service that is dialled for one pod of a StatefulSet alone, with that pod as what it selects.
    pub(crate) fn select_pod(&self, service: usize, pod: &str) -> Option<Vec<Edit>> {
        let said = &self.topology.services[service];
        let of_set = |group: &&Group| same_namespace(&group.namespace, &said.namespace) && is_pod_of_set(group, pod);
        let group = self.topology.groups.iter().find(of_set)?;
        let exists = self.topology.nodes.iter().any(|n| n.name == pod && std::ptr::eq(&self.topology.groups[n.group], group));
        if said.headless || !exists || self.dialled_for(service) != Some(pod) {
            return None;
        }
        let name = New::map([(POD_NAME_LABEL, New::text(pod))]);
        Some(vec![self.object(said.at)?.set(&["spec", "selector"], name, "clusterIP")?])
    }

    /// The labels by which a workload knows its own pods, where those have them.
    pub(crate) fn own_labels(&self, group: &Group) -> Option<Labels> {
        let object = self.object(group.at)?;
        let Some(said) = object.at(&["spec", "selector", "matchLabels"]) else { return Some(group.labels.clone()) };
        let labels: Labels = said.node.entries().iter().filter_map(|(k, v)| Some((k.text()?.to_owned(), v.text()?.to_owned()))).collect();
        let has = |(key, value): (&String, &String)| group.labels.get(key) == Some(value);
        (!labels.is_empty() && labels.iter().all(has)).then_some(labels)
    }

    /// A Service that selects pods by these labels alone.
    pub(crate) fn select(&self, service: usize, labels: &Labels) -> Option<Vec<Edit>> {
        let value = New::Map(labels.iter().map(|(key, value)| (key.clone(), New::text(value))).collect());
        Some(vec![self.object(self.topology.services[service].at)?.set(&["spec", "selector"], value, "")?])
    }

    /// The port of a Service as it leads to another one of the pods.
    pub(crate) fn lead_port(&self, service: usize, port: u16, inner: u16) -> Option<Vec<Edit>> {
        let items = self.object(self.topology.services[service].at)?.at(&["spec", "ports"])?.items();
        let item = items.into_iter().find(|item| item.node.get("port").and_then(|p| p.number()) == Some(i64::from(port)))?;
        Some(vec![item.set(&["targetPort"], New::plain(inner), "port")?])
    }

    /// The one peer that a Service is dialled for.
    fn dialled_for(&self, service: usize) -> Option<&str> {
        let find = || {
            let mut all: HashMap<usize, Option<String>> = HashMap::new();
            if self.topology.nodes.len().saturating_mul(self.topology.nodes.len()) >= MAX_PAIRS {
                return all;
            }
            for (view, section) in self.sections() {
                for peer in view.remotes(section) {
                    let Some(address) = &peer.address else { continue };
                    let Target::Service(at) = self.target(view, &address.address.host) else { continue };
                    let known = all.entry(at).or_insert_with(|| peer.name.clone());
                    if *known != peer.name {
                        *known = None;
                    }
                }
            }
            all
        };
        self.dialled_for.get_or_init(find).get(&service)?.as_deref()
    }

    /// A StatefulSet with the headless Service as its own below which its pods are dialled at `host`, where the Service that it
    /// names is not there.
    pub(crate) fn name_service(&self, group: &Group, host: &Host) -> Option<Vec<Edit>> {
        let Host::Name(name) = host else { return None };
        let said = group.service_name.as_ref().filter(|_| group.kind == Kind::StatefulSet)?;
        let find = |name: &str| self.names.service(&group.namespace, name);
        let at = find(name.split('.').nth(1)?)?;
        let service = &self.topology.services[at];
        let pods = self.selected(at);
        let leads = pods.len() == self.size(group)
            && pods.iter().all(|n| std::ptr::eq(&self.topology.groups[self.topology.nodes[*n].group], group));
        if !service.headless || !leads || find(&said.value).is_some() {
            return None;
        }
        Some(vec![self.scalar(said.at, New::text(service.name.as_str()))?])
    }

    /// The lines that are called like pods, under the names and addresses of those that have a host name of their own.
    pub(crate) fn by_host_name(&self, section: &Section, lost: &[&View]) -> Option<Vec<Edit>> {
        let (mut edits, mut known) = (Vec::new(), HashSet::new());
        for view in lost {
            let local = view.local.as_deref().filter(|l| is_plain(l) && section.peer(l).is_none() && known.insert(*l))?;
            let peer = section.peer(&self.node(view).name)?;
            edits.push(self.word(peer.at, local)?);
            if let Some(address) = &peer.address {
                edits.push(self.word(address.at, &self.address_of(view, &section.name)?)?);
            }
        }
        Some(edits)
    }

    /// The lines of nodes that the section has under other names, which nobody here goes by: what changed the names, such as a
    /// prefix, left the list as it was. Such a line leads to the node, or has the number of its pod.
    pub(crate) fn renamed(&self, section: &Section, lost: &[&View]) -> Option<Vec<Edit>> {
        let orphans = self.orphans(lost.first()?, section);
        let (mut edits, mut taken) = (Vec::new(), HashSet::new());
        for view in lost {
            let local = view.local.as_deref().filter(|l| is_plain(l) && section.peer(l).is_none())?;
            let leads = |p: &&&PeerLine| p.address.as_ref().is_some_and(|a| self.leads(view, view, &section.name, &a.text));
            let number = |name: &str| name.rsplit_once('-').and_then(|(_, n)| n.parse::<u32>().ok());
            let of_pod = |p: &&&PeerLine| {
                let same = number(local).is_some() && p.name.as_deref().and_then(number) == number(local);
                same && is_pod_of_set(self.group(view), local) && self.is_of_renamed(self.group(view), p)
            };
            let peer = orphans.iter().find(leads).or_else(|| orphans.iter().find(of_pod)).filter(|p| taken.insert(p.at))?;
            let address = peer.address.as_ref().filter(|_| !leads(&peer)).map(|old| Some((old, self.renamed_address(view, old)?)));
            if section.bind.is_some() {
                edits.push(self.renamed_server(view, peer, local, &address??.1)?);
                continue;
            }
            edits.push(self.word(peer.at, local)?);
            if let Some(address) = address {
                let (old, new) = address?;
                edits.push(self.word(old.at, &new)?);
            }
        }
        Some(edits)
    }

    /// The same beside a `bind` line, where the node itself has no address. Conditions that ask for the old name are left alone.
    fn renamed_server(&self, view: &View, peer: &PeerLine, local: &str, address: &str) -> Option<Edit> {
        let line = self.line(peer.at).filter(|line| line.words().len() == 3)?;
        let configuration = &self.topology.configurations[self.summary(view).configuration];
        let asks = configuration.files.iter().any(|f| String::from_utf8_lossy(&f.bytes).contains("HAPROXY_LOCALPEER"));
        let lines = if self.readers(view).count() == 1 { vec![format!("server {local}")] } else { either(local, address) };
        (!asks).then(|| line.rewrite(&lines))?
    }

    /// Lines of peers that no node of the same namespace goes by.
    pub(crate) fn orphans<'s>(&self, view: &View, section: &'s Section) -> Vec<&'s PeerLine> {
        let is_orphan = |p: &&PeerLine| p.name.is_some() && !p.after_host && self.called(view, p.name.as_deref()).is_none();
        section.peers.iter().filter(is_orphan).collect()
    }

    /// Whether a line is that of a pod of this StatefulSet under the name that it had before something was put before or behind it.
    pub(crate) fn is_of_renamed(&self, group: &Group, peer: &PeerLine) -> bool {
        let base = peer.name.as_deref().and_then(|name| name.rsplit_once('-')).filter(|(_, n)| n.parse::<u32>().is_ok());
        let related = |(base, _): &(&str, &str)| {
            let rest = group.name.strip_suffix(base).map(|r| r.ends_with('-'));
            rest.or_else(|| group.name.strip_prefix(base).map(|r| r.starts_with('-'))).unwrap_or(false)
        };
        group.kind == Kind::StatefulSet && base.as_ref().is_some_and(related)
    }

    /// The address of a pod below the Service of its StatefulSet, with the port that another one had.
    fn renamed_address(&self, view: &View, old: &Listener) -> Option<String> {
        let service = &self.group(view).service_name.as_ref()?.value;
        let at = self.names.service(&self.group(view).namespace, service)?;
        let host = self.node(view).host_name.known()?;
        self.topology.services[at].headless.then(|| Some(format!("{host}.{service}:{}", old.port()?)))?
    }

    /// A section without the line of a peer whose name another line has as well, if what is left is right on every node.
    pub(crate) fn once(&self, view: &View, section: &Section, peer: &PeerLine) -> Option<(Applicability, Vec<Edit>)> {
        let mut level = Applicability::Safe;
        for reader in self.readers(view) {
            let section = self.section(reader, &section.name)?;
            let here = section.peers.iter().find(|p| p.at == peer.at)?;
            let other = section.peers.iter().find(|p| p.at != here.at && p.name.is_some() && p.name == here.name)?;
            let text = |peer: &PeerLine| peer.address.as_ref().map(|a| a.text.clone());
            if text(here) == text(other) && here.kind == other.kind {
                continue;
            }
            level = Applicability::Unsafe;
            let own = other.name == reader.local;
            let listens = || section.bind.is_some() || text(other).is_some_and(|t| self.leads(reader, reader, &section.name, &t));
            if !own || !listens() {
                return None;
            }
        }
        Some((level, self.delete_line(peer)?))
    }
}

/// The variable that holds the name of a container's pod, and what makes it.
fn pod_name<'m>(container: Part<'m>) -> Option<(&'m str, Vec<Edit>)> {
    let env = container.at(&["env"]).map(Part::items).unwrap_or_default();
    let after_pod = |e: &&Part<'m>| e.node.str_at(&["valueFrom", "fieldRef", "fieldPath"]) == Some("metadata.name");
    if let Some(name) = env.iter().find(after_pod).and_then(|e| e.node.str_at(&["name"])) {
        return Some((name, Vec::new()));
    }
    if env.iter().any(|e| e.node.str_at(&["name"]) == Some("POD_NAME")) {
        return None;
    }
    Some(("POD_NAME", vec![container.push(&["env"], vec![of_pod_name("POD_NAME")])?]))
}

/// A variable that the kubelet makes of the name of the pod.
fn of_pod_name(variable: &str) -> New {
    let field = New::map([("fieldPath", New::text("metadata.name"))]);
    New::map([("name", New::text(variable)), ("valueFrom", New::map([("fieldRef", field)]))])
}
