//! Checks every configuration of a topology as each of its nodes reads it, and the nodes against each other.

mod comments;
mod files;
mod secret;
mod unset;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    rc::Rc,
};

use crate::{
    config::Config,
    finding::{Asked, Draft, Finding, InManifest, Moot, RuleInfo, Severity, Stage, Subject, SubjectKind, Verdict},
    rules::{Mend, RULES},
    source::{Location, Sources, template},
    syntax::{Environment, Tree},
    topology::{
        Configuration, Group, Mending, Name, Node, Part, Place, Platform, ServicePort, Topology,
        excerpt::Excerpt,
        matrix::Matrix,
        mesh::{Mesh, View},
        received, starts,
        summary::{self, Summary, Tables},
    },
    version::Version,
};

use self::{
    comments::Silent,
    files::Files,
    secret::{SECRET, place_of_secret},
};
use super::{Found, Options, Report, Seen};

/// What came of a topology.
pub struct Checked<'a> {
    /// The findings; their places are in the topology's files.
    pub report: Report,
    /// The nodes, with what each one reads.
    pub mesh: Mesh<'a>,
    /// The HAProxy that was checked for, where all nodes have the same.
    pub target: Option<Version>,
}

/// Checks all of `topology`. What `options` say of the environment and the local name is for configurations that no node reads.
pub fn check<'a>(topology: &'a Topology, options: &Options) -> Checked<'a> {
    let mut run = Run {
        topology,
        options,
        mesh: Mesh::new(topology),
        found: Vec::new(),
        silenced: Vec::new(),
        silent: HashSet::new(),
        comments: Silent::default(),
        known: HashMap::new(),
        refused: HashMap::new(),
    };
    let mut readers: Vec<Vec<usize>> = vec![Vec::new(); topology.configurations.len()];
    for (at, node) in topology.nodes.iter().enumerate() {
        if let Some(list) = node.configuration.and_then(|c| readers.get_mut(c)) {
            list.push(at);
        }
    }
    for (index, nodes) in readers.iter().enumerate().take_while(|_| !options.cancel.is_over()) {
        run.configuration(index, nodes);
    }
    run.mesh.views.sort_by_key(|v| v.node);
    run.mesh.starts = starts::refusals(&run.mesh, &run.refused);
    run.mesh.matrix = Matrix::new(&run.mesh);
    run.together();
    run.finish()
}

/// Whether IPv6 is switched off in the network of a node.
fn without_ipv6(group: &Group, node: &Node) -> bool {
    const OFF: &str = "net.ipv6.conf.all.disable_ipv6";
    let said = group.sysctl(OFF).is_some_and(|s| s.value.trim() == "1");
    let facts = node.facts.as_ref().filter(|facts| !facts.other_namespace);
    said || facts.and_then(|facts| facts.sysctls.get(OFF)).is_some_and(|value| value.trim() == "1")
}

/// A finding and the nodes it is true of.
struct Entry {
    finding: Finding,
    /// Lists that it shares with other findings: thousands of nodes may say thousands of them.
    nodes: Vec<Rc<[usize]>>,
    configuration: Option<usize>,
}

impl Entry {
    /// All of them, in order and each once.
    fn all_nodes(&self) -> Vec<usize> {
        let mut all: Vec<usize> = self.nodes.iter().flat_map(|nodes| nodes.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// For so many ways to read a configuration it is checked as a whole; for further ones only what may be otherwise.
const WHOLE: usize = 8;

struct Run<'a, 'o> {
    topology: &'a Topology,
    options: &'o Options,
    mesh: Mesh<'a>,
    found: Vec<Entry>,
    silenced: Vec<Finding>,
    /// What makes two of them the same.
    silent: HashSet<Same>,
    comments: Silent,
    /// The findings, by what makes two of them the same.
    known: HashMap<Same, usize>,
    /// The nodes whose HAProxy refuses what they read, with the rule that says so.
    refused: HashMap<usize, &'static str>,
}

impl<'a> Run<'a, '_> {
    fn configuration(&mut self, index: usize, nodes: &[usize]) {
        let configuration = &self.topology.configurations[index];
        let sources = configuration.sources();
        // Where all is filled in, what looks like a placeholder is none.
        let filled = configuration.part == Part::Filled;
        let templates: Vec<_> = sources.files().iter().map(|file| template(file).filter(|_| !filled)).collect();
        let trees = super::trees_but(&templates, &sources, &self.options.cancel);
        // What the rest of a part says is not known.
        let opaque = templates.iter().any(Option::is_some) || matches!(configuration.part, Part::Sections | Part::Template);
        let run = Files {
            index,
            configuration,
            whole: &sources,
            sources: &sources,
            trees: &trees,
            templates: &templates,
            opaque,
            excerpt: None,
            manifests: &self.topology.sources,
        };
        self.comments.read(index, configuration, &trees, &self.options.selection);
        if nodes.is_empty() {
            let mut options = self.options.clone();
            if let Part::Body(kind) = configuration.part {
                options.fragment_of = Some(kind);
            }
            let mut found = vec![super::text(&sources, &trees, &templates, &options)];
            found.extend(super::worlds(&run.read(&options), &options));
            let report = super::judge(found, &options, &sources, &trees);
            self.silence(&run, report.silenced);
            self.add(&run, report.findings, &[]);
            return;
        }
        let alike = self.alike(&sources, nodes);
        let excerpt = (alike.len() > WHOLE && !opaque).then(|| Excerpt::new(&sources));
        let whole = if excerpt.is_some() { WHOLE } else { usize::MAX };
        // Where no variable concerns peers and sockets, the others see there what the first ones see.
        let same = excerpt.as_ref().is_some_and(|e| !e.differs);
        let rest: Vec<usize> = alike.iter().skip(whole).flatten().copied().collect();
        let mut first = None;
        for nodes in alike.iter().take(whole) {
            let further: &[usize] = if same && first.is_none() { &rest } else { &[] };
            let common = self.readers(&run, nodes, further, excerpt.as_ref().filter(|_| first.is_none()));
            first = first.or(common);
        }
        if let (Some(excerpt), Some(common)) = (&excerpt, first) {
            let trees: Vec<Tree> = excerpt.sources.files().iter().map(Tree::new).collect();
            let part = Files { sources: &excerpt.sources, trees: &trees, excerpt: Some(excerpt), ..run };
            alike[WHOLE..].iter().filter(|_| !same).for_each(|nodes| self.partly(&part, nodes, &common.tables));
            self.add(&run, common.findings, &rest);
        }
    }

    /// Groups nodes that read the files alike: they have the same HAProxy, and the same values for every variable in them.
    fn alike(&self, sources: &Sources, nodes: &[usize]) -> Vec<Vec<usize>> {
        let texts: Vec<String> = sources.files().iter().map(|f| String::from_utf8_lossy(f.bytes()).into_owned()).collect();
        let mut is_read: HashMap<&str, bool> = HashMap::new();
        let mut groups: BTreeMap<Vec<(String, Option<String>)>, Vec<usize>> = BTreeMap::new();
        let asks_name = texts.iter().any(|t| t.contains("HAPROXY_LOCALPEER"));
        for at in nodes {
            let node = &self.topology.nodes[*at];
            let mut key = Vec::new();
            for (name, variable) in node.environment.iter() {
                if *is_read.entry(name).or_insert_with(|| texts.iter().any(|t| t.contains(name.as_str()))) {
                    key.push((name.clone(), variable.value.clone()));
                }
            }
            key.push(("closed".to_owned(), node.closed.then(String::new)));
            key.push(("version".to_owned(), self.topology.groups[node.group].version.map(|v| v.to_string())));
            if asks_name {
                key.push(("HAPROXY_LOCALPEER".to_owned(), node.local_name().known().map(str::to_owned)));
            }
            groups.entry(key).or_default().push(*at);
        }
        let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
        groups.sort();
        groups
    }

    /// Checks what some nodes read alike. Only rules about peers depend on more than that: on the node's name.
    /// What is about names is said to `further` nodes too. Gives what is true of every other node, where those will read the
    /// `excerpt` alone.
    fn readers(&mut self, run: &Files<'_>, nodes: &[usize], further: &[usize], excerpt: Option<&Excerpt>) -> Option<Common> {
        let options = self.node_options(nodes[0]);
        let text = super::text(run.sources, run.trees, run.templates, &options);
        let readings = run.read(&options);
        let configs = Config::of_worlds(&readings, options.build.as_ref(), &options.cancel);
        let worlds: Vec<Found> = configs.iter().map(|c| super::world(c, &options)).collect();
        // What keeps HAProxy from going on is the same for all of them.
        let refused: Vec<Found> = std::iter::once(&text).chain(&worlds).map(refusals).collect();
        let mut report = super::judge(std::iter::once(text).chain(worlds).collect(), &options, run.sources, run.trees);
        let (environment, group) = (&options.environment, &self.topology.groups[self.topology.nodes[nodes[0]].group]);
        // What the configuration sets itself only its readings know.
        let environment = readings.first().map_or(environment, |reading| &reading.environment);
        report.findings.iter_mut().for_each(|finding| unset::tell(finding, run.sources, environment, group));
        self.silence(run, report.silenced);
        let (own, shared): (Vec<_>, Vec<_>) = report.findings.into_iter().partition(|f| is_about_names(f.rule));
        let common = excerpt.map(|excerpt| {
            let elsewhere = |f: &&Finding| f.location.is_some_and(|l| excerpt.lacks(l));
            let findings = shared.iter().chain(own.iter().filter(elsewhere)).cloned().collect();
            let map = |location| run.map(location);
            let tables = configs.first().map(|c| summary::tables(c, &map, &|l| excerpt.lacks(l))).unwrap_or_default();
            Common { findings, tables }
        });
        self.add(run, shared, nodes);
        self.add(run, own, &nodes[..1]);
        let all = [nodes, further].concat();
        self.names(run, &configs, &refused, &all[1..]);
        self.views(run, &configs, &all, None);
        common
    }

    /// The same for an excerpt of the files: only rules about peers look at it.
    fn partly(&mut self, run: &Files<'_>, nodes: &[usize], tables: &Tables) {
        let readings = run.read(&self.node_options(nodes[0]));
        let configs: Vec<Config<'_>> = readings.iter().map(Config::new).collect();
        let nothing = |world| Found { world, drafts: Vec::new() };
        let refused: Vec<Found> = std::iter::once(nothing(None)).chain(readings.iter().map(|r| nothing(Some(r.world.clone())))).collect();
        self.names(run, &configs, &refused, nodes);
        self.views(run, &configs, nodes, Some(tables));
    }

    /// What the rules about peers say to each of these nodes.
    fn names(&mut self, run: &Files<'_>, configs: &[Config<'_>], refused: &[Found], nodes: &[usize]) {
        for node in nodes {
            let options = self.node_options(*node);
            let worlds = configs.iter().zip(refused.iter().skip(1)).map(|(config, refused)| {
                let mut found = super::looked(config, &options, is_about_names);
                found.drafts.extend(refused.drafts.iter().cloned());
                found
            });
            let found: Vec<Found> = refused.first().cloned().into_iter().chain(worlds).collect();
            let mut report = super::judge(found, &options, run.sources, run.trees);
            report.findings.retain(|f| is_about_names(f.rule));
            report.silenced.retain(|f| is_about_names(f.rule));
            self.silence(run, report.silenced);
            self.add(run, report.findings, &[*node]);
        }
    }

    /// Keeps what nodes that read alike see of peers and sockets.
    fn views(&mut self, run: &Files<'_>, configs: &[Config<'_>], nodes: &[usize], common: Option<&Tables>) {
        let mut summaries: HashMap<(usize, bool, bool), usize> = HashMap::new();
        for node in nodes {
            let host = &self.topology.nodes[*node];
            // A `localpeer` line gives another name.
            let possible = |config: &Config<'_>| {
                !config.localpeer.is_empty() || config.is_world_of_names(&|variable, text| host.may_hold(variable, text))
            };
            let mut worlds = configs.iter().enumerate().filter(|(_, config)| possible(config));
            let Some((at, config)) = worlds.next().or_else(|| configs.iter().enumerate().next()) else { return };
            let several = worlds.next().is_some();
            let second = self.topology.groups[host.group].second;
            let summary = *summaries.entry((at, several, second)).or_insert_with(|| {
                let mut summary = Summary::new(config, &|location| run.map(location), run.index, common);
                summary.open |= several;
                if second {
                    summary.leave_peers_to_another();
                }
                self.mesh.summaries.push(summary);
                self.mesh.summaries.len() - 1
            });
            let names = config.local_names(host.local_name().known());
            // Up to 3.0 a `localpeer` behind the sections does not count.
            let here = names.iter().rfind(|(versions, _)| versions.meets(config.reading.world.versions));
            let local = here.or(names.last()).and_then(|(_, name)| *name).map(str::to_owned);
            let by_localpeer = received::is_by_localpeer(config, host);
            self.mesh.views.push(View { node: *node, summary, local, by_localpeer });
        }
    }

    fn node_options(&self, number: usize) -> Options {
        let node = &self.topology.nodes[number];
        let template = node.configuration.is_some_and(|c| self.topology.configurations[c].part == Part::Template);
        let group = &self.topology.groups[node.group];
        let published = |group: &Group| !group.published.is_empty() && group.published.iter().all(|(outside, inside)| outside == inside);
        Options {
            ports_are_mapped: group.platform != Platform::Host && group.host_network.is_none() && !published(group),
            published: self.published(group, number),
            without_ipv6: without_ipv6(group, node),
            target: self.options.target.or(self.topology.groups[node.group].version),
            // What fills in a template sees other variables than HAProxy.
            environment: if template { Environment::default() } else { node.reader_environment() },
            local_name: node.local_name().known().map(str::to_owned),
            ..self.options.clone()
        }
    }

    /// The ports that are published for a node: those of its container, or of the Services that select it.
    fn published(&self, group: &Group, node: usize) -> Vec<(u16, u16)> {
        if group.platform != Platform::Kubernetes {
            return group.published.clone();
        }
        let named = |name: &String| group.named_ports.iter().find(|(known, _)| known == name).map(|(_, port)| *port);
        let inside = |port: &ServicePort| match &port.target_name {
            Some(name) => named(name),
            None => Some(port.target.unwrap_or(port.port)),
        };
        self.mesh
            .selecting(node)
            .flat_map(|s| &s.ports)
            .filter(|port| port.tcp)
            .filter_map(|port| Some((port.port, inside(port)?)))
            .collect()
    }

    /// Takes findings whose places are those of the configuration.
    fn add(&mut self, run: &Files<'_>, findings: Vec<Finding>, nodes: &[usize]) {
        let shared: Rc<[usize]> = nodes.into();
        let only = nodes.first().filter(|_| nodes.len() == 1);
        let local = only.and_then(|n| self.topology.nodes[*n].local_name().known());
        for finding in findings {
            if self.is_moot(&finding, run.configuration, nodes) {
                continue;
            }
            // An excerpt has not all the comments.
            if run.excerpt.is_some() && self.comments.takes(run.index, finding.rule, run.places(&finding)) {
                self.silenced.push(run.mapped(finding));
                continue;
            }
            if finding.haproxy == Some(Verdict::Reject) && !finding.varies {
                nodes.iter().for_each(|node| _ = self.refused.entry(*node).or_insert(finding.rule.name));
            }
            self.merge(run.mapped(finding), &shared, local, run.index);
        }
    }

    /// Whether others tell it better here: the topology knows what there is to know of names.
    fn is_moot(&self, finding: &Finding, configuration: &Configuration, nodes: &[usize]) -> bool {
        let known = !nodes.is_empty() && !self.options.require_local_peer;
        match finding.rule.moot {
            Moot::Never => false,
            Moot::InTopology => known,
            Moot::AsAdviceInTopology => known && finding.severity == Severity::Info,
            Moot::InTemplate => configuration.part == Part::Template,
        }
    }

    /// Takes what comments in the configuration silence.
    fn silence(&mut self, run: &Files<'_>, findings: Vec<Finding>) {
        for finding in findings {
            self.comments.takes(run.index, finding.rule, run.places(&finding));
            let finding = run.mapped(finding);
            // Other nodes may have said so.
            if self.silent.insert(same(&finding, None)) {
                self.silenced.push(finding);
            }
        }
    }

    fn merge(&mut self, finding: Finding, nodes: &Rc<[usize]>, local: Option<&str>, configuration: usize) {
        // What is said of a peer by others, it may say of itself.
        let keys = [same(&finding, local), same(&finding, None)];
        let at = keys.iter().find_map(|key| self.known.get(key).copied()).unwrap_or_else(|| {
            self.found.push(Entry { finding: finding.clone(), nodes: Vec::new(), configuration: Some(configuration) });
            self.found.len() - 1
        });
        keys.into_iter().for_each(|key| _ = self.known.entry(key).or_insert(at));
        let entry = &mut self.found[at];
        entry.nodes.push(Rc::clone(nodes));
        entry.finding.severity = entry.finding.severity.max(finding.severity);
        entry.finding.haproxy = entry.finding.haproxy.max(finding.haproxy);
    }

    /// The rules that see all nodes.
    fn together(&mut self) {
        let mends: HashMap<&str, Mend> = RULES.iter().filter_map(|rule| Some((rule.name, rule.mend?))).collect();
        for entry in &mut self.found {
            let Some(mend) = mends.get(entry.finding.rule.name) else { continue };
            let nodes = entry.all_nodes();
            if let Some(mending) = entry.finding.location.and_then(|at| Mending::new(&self.mesh, at, &nodes)) {
                entry.finding.fix = mend(&mending);
            }
        }
        let manifests: HashMap<_, _> = self.manifests();
        for mut finding in super::mesh(&self.mesh, self.options) {
            let manifest = |l: Location| manifest_of(self.topology, &manifests, l);
            finding.embedded = finding.location.and_then(manifest).map(Box::new);
            // Names and addresses of nodes may be told, but not the lines that they stand on.
            finding.related.retain(|label| manifest(label.location).is_none_or(|m| m.kind != SECRET));
            if let Some(secret) = finding.embedded.as_ref().filter(|m| m.kind == SECRET) {
                finding.notes.push(format!("it is in `{}` of Secret `{}`, whose words are not shown", secret.key, secret.name));
                finding.location = None;
                finding.label.clear();
                finding.fix = None;
            }
            finding.nodes.sort();
            finding.nodes.dedup();
            if self.comments.takes_of_all(self.topology, &finding) {
                self.silenced.push(finding);
                continue;
            }
            let key = same(&finding, None);
            if let Some(at) = self.known.get(&key) {
                // Nodes that read the file in several ways say the same of it.
                let nodes = &mut self.found[*at].finding.nodes;
                nodes.extend(finding.nodes);
                nodes.sort();
                nodes.dedup();
                continue;
            }
            self.known.insert(key, self.found.len());
            self.found.push(Entry { finding, nodes: Vec::new(), configuration: None });
        }
    }

    /// Configurations inside of manifests by the file they stand in.
    fn manifests(&self) -> HashMap<u32, Vec<(usize, usize)>> {
        let mut all: HashMap<u32, Vec<(usize, usize)>> = HashMap::new();
        for (index, configuration) in self.topology.configurations.iter().enumerate() {
            for (at, file) in configuration.files.iter().enumerate() {
                if let Place::Embedded(embedded) = &file.place {
                    all.entry(embedded.file.0).or_default().push((index, at));
                }
            }
        }
        all
    }

    fn finish(mut self) -> Checked<'a> {
        let readers = self.readers_of();
        let topology = self.topology;
        self.found.retain(|entry| !self.comments.refutes(topology, &entry.finding));
        uncover(&mut self.found, &self.silenced, topology);
        let mut findings: Vec<Finding> = self.found.into_iter().map(|entry| named(entry, topology, &readers)).collect();
        for finding in findings.iter_mut().filter(|f| f.location.is_none()) {
            finding.location = finding.embedded.as_ref().and_then(|there| place_of_secret(&self.mesh, there));
        }
        findings.sort_by_key(order);
        super::end_lines(&mut findings, &topology.sources);
        let versions: Vec<_> = topology.nodes.iter().map(|n| topology.groups[n.group].version).collect();
        let same = versions.windows(2).all(|pair| pair[0] == pair[1]);
        let target = self.options.target.or(versions.first().copied().flatten().filter(|_| same));
        let seen = Seen { configurations: topology.configurations.len(), nodes: topology.nodes.len(), links: self.mesh.fine() };
        Checked {
            report: Report {
                findings,
                silenced: self.silenced,
                declared: self.options.selection.declared().cloned().collect(),
                picture: None,
                seen,
                incomplete: self.options.cancel.is_over(),
            },
            mesh: self.mesh,
            target,
        }
    }

    /// How many nodes read each configuration.
    fn readers_of(&self) -> HashMap<usize, usize> {
        let mut all = HashMap::new();
        for configuration in self.topology.nodes.iter().filter_map(|n| n.configuration) {
            *all.entry(configuration).or_insert(0) += 1;
        }
        all
    }
}

/// Takes out what another finding says better of the same name on the same nodes.
fn uncover(found: &mut Vec<Entry>, silenced: &[Finding], topology: &Topology) {
    // Who silences what is said better has silenced it.
    let all = found.iter().map(|entry| &entry.finding).chain(silenced);
    let better: Vec<(&str, Vec<Subject>, Vec<String>)> =
        all.filter_map(|finding| Some((finding.rule.covers?, finding.subjects(), finding.nodes.clone()))).collect();
    found.retain_mut(|entry| {
        let said = better.iter().filter(|(rule, ..)| *rule == entry.finding.rule.name);
        for (_, subjects, told) in said {
            let is_name = |subject: &&Subject| matches!(subject.kind, SubjectKind::Node | SubjectKind::Name);
            let name = entry.finding.said.iter().find(is_name).map(|subject| &subject.name);
            if !entry.nodes.is_empty() && subjects.iter().any(|subject| Some(&subject.name) == name) {
                let mut nodes = entry.all_nodes();
                nodes.retain(|node| !told.contains(&topology.nodes[*node].title));
                if nodes.is_empty() {
                    return false;
                }
                entry.nodes = vec![nodes.into()];
            }
        }
        true
    });
}

/// The rule, the place, and what it is about; `None` stands for the node's own name.
type Same = (&'static str, Option<Location>, Vec<Option<String>>);

/// What makes two findings the same; `local` is the name of the node that it is true of, where that is one node alone.
fn same(finding: &Finding, local: Option<&str>) -> Same {
    let about = finding.about().map(|name| Some(name.to_owned()).filter(|_| local != Some(name)));
    (finding.rule.name, finding.location, about.collect())
}

/// What the parts of a configuration say that every node reads alike.
struct Common {
    findings: Vec<Finding>,
    tables: Tables,
}

/// The configuration inside of a manifest that a place of the manifest belongs to.
fn manifest_of(topology: &Topology, manifests: &HashMap<u32, Vec<(usize, usize)>>, location: Location) -> Option<InManifest> {
    manifests.get(&location.file.0)?.iter().find_map(|(configuration, file)| {
        let file = &topology.configurations[*configuration].files[*file];
        let Place::Embedded(embedded) = &file.place else { return None };
        let at = embedded.map.text_of(location.span.start)?;
        let line = file.bytes[..(at as usize).min(file.bytes.len())].iter().filter(|b| **b == b'\n').count() + 1;
        Some(embedded.in_manifest(line))
    })
}

fn order(finding: &Finding) -> (u32, u32, u32) {
    finding.location.map_or((u32::MAX, 0, 0), |l| (l.file.0, l.span.start, l.span.end))
}

/// Only these depend on the name of the node, and not on the files and variables alone.
fn is_about_names(rule: &RuleInfo) -> bool {
    rule.asked == Asked::ByNode
}

/// What makes some versions stop: other findings depend on it.
fn refusals(found: &Found) -> Found {
    let refuses = |draft: &Draft| draft.stage != Stage::Whole && draft.says.iter().any(|s| s.verdict == Verdict::Reject);
    Found { world: found.world.clone(), drafts: found.drafts.iter().filter(|(_, draft)| refuses(draft)).cloned().collect() }
}

/// How many nodes a note names.
const SHOWN: usize = 6;

/// How many nodes a finding lists: with more, a set of pods and a long configuration would fill any memory.
const LISTED: usize = 200;

/// Puts the nodes into the finding, and a note where they are not all that read the configuration.
fn named(entry: Entry, topology: &Topology, readers: &HashMap<usize, usize>) -> Finding {
    let nodes = entry.all_nodes();
    let Entry { mut finding, configuration, .. } = entry;
    if !nodes.is_empty() {
        finding.nodes = nodes.iter().take(LISTED).map(|n| topology.nodes[*n].title.clone()).collect();
    }
    let all = configuration.and_then(|c| readers.get(&c)).is_some_and(|count| *count == nodes.len());
    let speaks_of = |node: &usize| match topology.nodes[*node].local_name() {
        Name::Known(name) => finding.about().any(|subject| subject == name),
        _ => false,
    };
    if !nodes.is_empty() && (!all || nodes.len() > LISTED || (nodes.len() > 1 && speaks_of(&nodes[0]))) {
        let names: Vec<String> = finding.nodes.iter().take(SHOWN).map(|n| format!("`{n}`")).collect();
        let more = if nodes.len() > SHOWN { format!(" and {} more", nodes.len() - SHOWN) } else { String::new() };
        finding.notes.push(format!("this is so on {}{more}", names.join(", ")));
    }
    // Rules that see all nodes have put theirs in.
    if finding.nodes.len() > LISTED {
        finding.notes.push(format!("it is true of {} nodes, of which {LISTED} are listed", finding.nodes.len()));
    }
    finding.nodes.sort();
    finding.nodes.truncate(LISTED);
    finding
}
