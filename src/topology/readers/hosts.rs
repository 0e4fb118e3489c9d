//! Our own topology file, and the facts that `cargo haproxy-lint facts` measures on a host: the same words.

use std::{net::IpAddr, rc::Rc};

use crate::source::{FileId, Location};

use super::{Document, Reader};
use crate::topology::{
    Problem,
    embedded::SegmentMap,
    file_folder,
    model::{
        Configuration, ConfigurationFile, Embedded, Group, Held, HostFacts, Kind, Machine, Name, Node, Origin, Persistent, Place, Platform,
        Said, Sysctl, Topology, Variable, Vip, normal,
    },
    variables::Variables,
    words::{arguments, short_host_name, split},
    yaml::{Value, Yaml},
};

pub(super) static READER: Reader = Reader {
    rank: 20,
    about: &[
        ("`topology: 1`", "hosts, as described below"),
        ("`haproxy-lint-facts: 1`", "what `cargo haproxy-lint facts` printed on a host"),
    ],
    document: Some(Document {
        is: |document, _| document.get(FACTS).is_some() || (document.get(TOPOLOGY).is_some() && document.get("services").is_none()),
        read: |document, id, reading| match document.get(FACTS) {
            Some(_) => facts(document, id, &mut reading.topology, &mut reading.problems),
            None => read(document, id, &mut reading.topology, &mut reading.problems),
        },
    }),
    ..Reader::NEW
};

/// The key by which a file is known for our own topology file.
pub(in crate::topology) const TOPOLOGY: &str = "topology";
/// The key by which a file is known for the facts of a host.
pub(in crate::topology) const FACTS: &str = "haproxy-lint-facts";

/// Adds the hosts of a topology file.
pub(in crate::topology) fn read(document: &Yaml, file: FileId, topology: &mut Topology, problems: &mut Vec<Problem>) {
    let mut reader = Hosts { file, topology, problems };
    reader.known(document, &TOP);
    for vip in document.list_at(&["vips"]) {
        reader.vip(vip);
    }
    for machine in document.list_at(&["machines"]) {
        let names = machine.str_at(&["name"]).into_iter().chain(machine.list_at(&["names"]).iter().filter_map(|n| n.text()));
        let names = names.map(str::to_owned).collect();
        let addresses = reader.addresses(machine);
        reader.topology.machines.push(Machine { names, addresses: addresses.unwrap_or_default(), ..Machine::default() });
    }
    let first = reader.topology.nodes.len();
    for host in document.list_at(&["hosts"]) {
        reader.host(host);
    }
    reader.shared(document, first);
}

/// Adds the host that a file of facts is about.
pub(in crate::topology) fn facts(document: &Yaml, file: FileId, topology: &mut Topology, problems: &mut Vec<Problem>) {
    Hosts { file, topology, problems }.host(document);
}

/// Lets hosts of other files read the configuration that stands in the topology file, if they name no other.
pub(in crate::topology) fn share(topology: &mut Topology) {
    let (Some(number), groups) = (topology.shared, &topology.groups) else { return };
    let free = |n: &&mut Node| n.configuration.is_none() && groups[n.group].platform == Platform::Host && is_free(&groups[n.group]);
    topology.nodes.iter_mut().filter(free).for_each(|node| node.configuration = Some(number));
}

/// Whether a host names no file that could be at hand.
fn is_free(group: &Group) -> bool {
    group.reads.is_empty() || group.reads_there
}

/// The keys of a topology file.
const TOP: [&str; 5] = [TOPOLOGY, "hosts", "machines", "vips", CONFIGURATION];

/// A configuration that stands in the file itself: of one host, or of all.
const CONFIGURATION: &str = "configuration";

/// The keys of a host.
const KEYS: [&str; 22] = [
    FACTS,
    "name",
    "hostname",
    "names",
    "addresses",
    "local_name",
    "arguments",
    "config",
    CONFIGURATION,
    "version",
    "env",
    "env_closed",
    "sysctls",
    "persistent_sysctls",
    "sysctls_changed",
    "namespace_sysctls",
    "listening",
    "held",
    "started",
    "root",
    "capabilities",
    "other_namespace",
];

struct Hosts<'t> {
    file: FileId,
    topology: &'t mut Topology,
    problems: &'t mut Vec<Problem>,
}

impl Hosts<'_> {
    fn at(&self, node: &Yaml) -> Location {
        Location { file: self.file, span: node.span }
    }

    fn problem(&mut self, node: &Yaml, message: String, help: String) {
        self.problems.push(Problem { file: self.file, offset: node.span.start, message, help });
    }

    /// Complains of keys that mean nothing here: of each once, however many hosts have it.
    fn known(&mut self, node: &Yaml, keys: &[&str]) {
        for (key, _) in node.entries() {
            let name = key.text().unwrap_or("");
            let message = format!("`{name}` is no key of a topology");
            if keys.contains(&name) || self.problems.iter().any(|p| p.file == self.file && p.message == message) {
                continue;
            }
            let help = match crate::nearest::nearest(name, keys.iter().copied()) {
                _ if TOP.contains(&name) => format!("`{name}` stands at the top of the file, beside `hosts`"),
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the keys are {}", keys.join(", ")),
            };
            self.problem(key, message, help);
        }
    }

    fn address(&mut self, node: &Yaml) -> Option<IpAddr> {
        let text = node.text().unwrap_or("");
        let found = text.split('/').next().and_then(|t| t.parse().ok());
        if found.is_none() {
            self.problem(node, format!("`{text}` is no IP address"), "write an IPv4 or IPv6 address".to_owned());
        }
        found
    }

    fn addresses(&mut self, node: &Yaml) -> Option<Vec<IpAddr>> {
        let list = node.get("addresses")?;
        Some(list.list().iter().filter_map(|a| self.address(a)).collect())
    }

    /// The configuration at the top of the file, for every host that names no other.
    fn shared(&mut self, document: &Yaml, first: usize) {
        let Some(number) = self.configuration(document) else { return };
        let (nodes, groups) = (&mut self.topology.nodes, &self.topology.groups);
        let free = nodes.iter_mut().skip(first).filter(|n| n.configuration.is_none() && is_free(&groups[n.group]));
        free.for_each(|node| node.configuration = Some(number));
        self.topology.shared = Some(number);
    }

    /// A configuration that stands in the file itself.
    fn configuration(&mut self, of: &Yaml) -> Option<usize> {
        let (key, node) = of.entry(CONFIGURATION)?;
        let Value::Scalar(text, style) = &node.value else { return None };
        let map = SegmentMap::new(self.topology.sources.file(self.file).bytes(), node.span, *style, text);
        let key = key.text().unwrap_or("").to_owned();
        let name = self.topology.sources.file(self.file).name().to_owned();
        let embedded = Embedded {
            file: self.file,
            map,
            kind: "topology".to_owned(),
            namespace: None,
            name,
            key: key.clone(),
            secret: false,
            in_shell: false,
        };
        let file = ConfigurationFile { name: key, bytes: text.clone().into_bytes(), place: Place::Embedded(Box::new(embedded)) };
        self.topology.configurations.push(Configuration { files: vec![file], ..Configuration::default() });
        Some(self.topology.configurations.len() - 1)
    }

    fn vip(&mut self, node: &Yaml) {
        let at = self.at(node);
        if let Some(address) = self.address(node) {
            self.topology.vips.push(Vip { address, at, role: None });
        }
    }

    fn host(&mut self, node: &Yaml) {
        self.known(node, &KEYS);
        let Some(name) = node.get("name").or_else(|| node.get("hostname")).filter(|n| n.text().is_some()) else {
            self.problem(node, "a host has no name".to_owned(), "write `name`: what people call it".to_owned());
            return;
        };
        let text = name.text().unwrap_or("").to_owned();
        let mut group = Group::new(Platform::Host, Kind::Host, "", &text, self.at(name));
        let said = |n: &Yaml, at| n.text().map(|t| Said { value: t.to_owned(), at });
        group.version = self.version(node.get("version"));
        group.option_l = node.get("local_name").and_then(|n| said(n, self.at(n)));
        group.capabilities =
            node.list_at(&["capabilities"]).iter().filter_map(|c| c.text()).map(|c| c.trim_start_matches("CAP_").to_uppercase()).collect();
        group.unprivileged = node.get("root").is_some_and(Yaml::is_false);
        group.reads = files(node.get("config"), file_folder(self.topology, self.file));
        group.sysctls = self.sysctls(node.get("sysctls"));
        self.arguments(node, &mut group);
        let node = self.node(node, &group, &text);
        self.topology.nodes.push(node);
        self.topology.groups.push(group);
    }

    fn version(&mut self, node: Option<&Yaml>) -> Option<crate::version::Version> {
        let text = node?.text()?;
        let parsed = text.parse();
        // A version that is older or newer than all that are known is no mistake.
        if let Some(near) = parsed.as_ref().err().and_then(|error: &crate::version::UnknownVersion| error.nearest()) {
            self.topology.notes.push(format!("HAProxy {text} is not known here: what is said is true of {near}, the nearest that is"));
            return Some(near);
        }
        if let (Err(error), Some(node)) = (&parsed, node) {
            let error: &crate::version::UnknownVersion = error;
            self.problem(node, error.to_string(), crate::version::UnknownVersion::help());
        }
        parsed.ok()
    }

    /// What the command line of HAProxy adds, where it is given.
    fn arguments(&self, node: &Yaml, group: &mut Group) {
        let Some(given) = node.get("arguments") else { return };
        let at = self.at(given);
        let words: Vec<String> = match given.text() {
            Some(text) => split(text),
            None => given.list().iter().filter_map(|w| w.text().map(str::to_owned)).collect(),
        };
        let words: Vec<Said<String>> = words.into_iter().map(|value| Said { value, at }).collect();
        let parsed = arguments(&words, &|_| None);
        if group.option_l.is_none() {
            group.option_l = parsed.local_name;
        }
        if group.reads.is_empty() {
            group.reads = parsed.files;
            group.reads_there = true;
        }
    }

    fn sysctls(&self, node: Option<&Yaml>) -> Vec<Sysctl> {
        let entries = node.map(Yaml::entries).unwrap_or_default();
        let sysctl = |(key, value): (&Yaml, &Yaml)| {
            Some(Sysctl { name: key.text()?.replace('/', "."), value: value.text()?.to_owned(), at: Some(self.at(key)) })
        };
        entries.into_iter().filter_map(sysctl).collect()
    }

    fn node(&mut self, node: &Yaml, group: &Group, name: &str) -> Node {
        let host = node.str_at(&["hostname"]).unwrap_or(name);
        let mut names: Vec<String> = vec![name.to_owned(), host.to_owned()];
        names.extend(node.list_at(&["names"]).iter().filter_map(|n| n.text().map(str::to_owned)));
        let env = node.get("env").map(Yaml::entries).unwrap_or_default();
        let variable = |(key, value): (&Yaml, &Yaml)| {
            Some((key.text()?.to_owned(), Variable { value: value.text().map(str::to_owned), origin: Origin::Literal }))
        };
        Node {
            name: name.to_owned(),
            group: self.topology.groups.len(),
            host_name: Name::Known(short_host_name(host)),
            option_l: group.option_l.as_ref().map(|l| if l.value.contains('$') { Name::Unknown } else { Name::Known(l.value.clone()) }),
            addresses: self.addresses(node),
            names,
            environment: env.into_iter().filter_map(variable).collect(),
            closed: node.get("env_closed").is_some_and(Yaml::is_true),
            title: String::new(),
            configuration: self.configuration(node),
            facts: Some(Box::new(self.measured(node))),
        }
    }

    fn measured(&mut self, node: &Yaml) -> HostFacts {
        let entries = |key: &str| node.get(key).map(Yaml::entries).unwrap_or_default();
        let name = |key: &Yaml| Some(key.text()?.replace('/', "."));
        let texts = |key: &str| entries(key).into_iter().filter_map(|(k, v)| Some((name(k)?, v.text()?.to_owned()))).collect();
        let set = |(key, value): (&Yaml, &Yaml)| {
            let text = value.text().or_else(|| value.str_at(&["value"]))?.to_owned();
            Some((name(key)?, Persistent { value: text, file: value.str_at(&["file"]).map(str::to_owned) }))
        };
        let socket = |n: &Yaml| {
            let (host, port) = n.text()?.rsplit_once(':')?;
            Some((host.trim_matches(['[', ']']).parse().ok()?, port.parse().ok()?))
        };
        let held = |(key, value): (&Yaml, &Yaml)| {
            let (address, port) = socket(key)?;
            Some(Held { address, port, program: value.text()?.to_owned() })
        };
        let seconds = |n: &Yaml| n.number().and_then(|n| u64::try_from(n).ok());
        HostFacts {
            measured: node.get(FACTS).is_some(),
            listening: node.get("listening").map(|l| l.list().iter().filter_map(|n: &Rc<Yaml>| socket(n)).collect()),
            held: entries("held").into_iter().filter_map(held).collect(),
            sysctls: texts("sysctls"),
            inner: node.get("namespace_sysctls").map(|_| texts("namespace_sysctls")),
            persistent: entries("persistent_sysctls").into_iter().filter_map(set).collect(),
            persistence_known: node.get("persistent_sysctls").is_some(),
            haproxy_started: node.get("started").and_then(seconds),
            sysctl_changed: entries("sysctls_changed").into_iter().filter_map(|(k, v)| Some((name(k)?, seconds(v)?))).collect(),
            other_namespace: node.get("other_namespace").is_some_and(Yaml::is_true),
        }
    }
}

/// The paths that `config` names, as seen from the folder of the file that names them.
fn files(node: Option<&Yaml>, folder: &str) -> Vec<String> {
    let Some(node) = node else { return Vec::new() };
    let one = node.text().into_iter().map(str::to_owned);
    let all = one.chain(node.list().iter().filter_map(|n| n.text().map(str::to_owned)));
    all.map(|path| normal(&if path.starts_with('/') || folder.is_empty() { path } else { format!("{folder}/{path}") })).collect()
}

/// Where nothing says which hosts there are, but a `keepalived.conf` or a unit of systemd is given: the host that they are of.
pub(in crate::topology) fn implied(topology: &mut Topology) {
    let unit = topology.units.iter().find_map(crate::topology::readers::systemd::Unit::place);
    let Some(at) = topology.vips.first().map(|vip| vip.at).or(unit) else { return };
    let called = topology.vips.iter().find_map(|vip| vip.role.as_ref()).map(|role| role.host.clone());
    // A `router_id` need not be the name of the host.
    let name = called.unwrap_or_else(|| "this host".to_owned());
    topology.nodes.push(Node {
        name: name.clone(),
        title: String::new(),
        group: topology.groups.len(),
        host_name: Name::Unknown,
        option_l: None,
        addresses: None,
        names: vec![name.clone()],
        environment: Variables::default(),
        closed: false,
        configuration: None,
        facts: None,
    });
    topology.groups.push(Group::new(Platform::Host, Kind::Host, "", &name, at));
    let units = std::mem::take(&mut topology.units);
    crate::topology::readers::systemd::apply(&units, topology);
    topology.units = units;
    crate::topology::readers::sysctl::apply(topology);
}
