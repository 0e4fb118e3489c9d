//! What holds for any topology: less knowledge never brings an error, and the links say what the findings say.

use std::{collections::BTreeSet, fmt::Write};

use haproxy_lint::{
    check::Options,
    finding::{Finding, Severity},
    source::SourceFile,
    topology::{
        self,
        matrix::{Cause, Verdict},
    },
};
use proptest::{
    prelude::*,
    sample::select,
    test_runner::{Config, FileFailurePersistence},
};

/// Some hosts and what is known of them.
#[derive(Clone, Debug)]
struct Hosts {
    hosts: Vec<Host>,
    vip: bool,
}

/// What is told of a host, and what its HAProxy reads.
#[derive(Clone, Debug)]
struct Host {
    addresses: bool,
    nonlocal: Option<bool>,
    /// Where it listens for its peers: a `bind` line, or its own `peer` line.
    bind: Option<&'static str>,
    /// The address of each peer: the right one, or another.
    peers: Vec<&'static str>,
    web: &'static str,
}

/// `@` is the address of the host itself, `%` that of the next one.
const BINDS: [&str; 8] = [":1024", "@:1024", "%:1024", "10.0.0.100:1024", "127.0.0.1:1024", ":::1024 v6only", "@:1025", "10.0.0.77:1024"];
const WEB: [&str; 4] = [":80", "@:80", "10.0.0.100:80", "10.0.0.77:80"];
const PEERS: [&str; 8] = ["@:1024", "@:1024", "@:1024", "@:1025", "%:1024", "10.0.0.100:1024", "10.0.0.77:1024", ""];

fn host() -> impl Strategy<Value = Host> {
    let bind = prop_oneof![Just(None), select(&BINDS[..]).prop_map(Some)];
    let peers = prop_oneof![Just(vec!["@:1024"; 3]), prop::collection::vec(select(&PEERS[..]), 3)];
    let web = prop_oneof![Just(":80"), select(&WEB[..])];
    (any::<bool>(), any::<Option<bool>>(), bind, peers, web).prop_map(|(addresses, nonlocal, bind, peers, web)| Host {
        addresses,
        nonlocal,
        bind,
        peers,
        web,
    })
}

fn hosts() -> impl Strategy<Value = Hosts> {
    (prop::collection::vec(host(), 2..=3), any::<bool>()).prop_map(|(hosts, vip)| Hosts { hosts, vip })
}

impl Hosts {
    fn address(&self, at: usize) -> String {
        format!("10.0.0.1{}", at % self.hosts.len())
    }

    fn written(&self, text: &str, at: usize) -> String {
        text.replace('@', &self.address(at)).replace('%', &self.address(at + 1))
    }

    fn files(&self) -> Vec<(String, String)> {
        let mut topology = "topology: 1\nhosts:\n".to_owned();
        for (at, host) in self.hosts.iter().enumerate() {
            let _ = write!(topology, "- {{name: lb{at}");
            if host.addresses {
                let _ = write!(topology, ", addresses: [{}]", self.address(at));
            }
            if let Some(value) = host.nonlocal {
                let _ = write!(topology, ", sysctls: {{net.ipv4.ip_nonlocal_bind: {}}}", u8::from(value));
            }
            topology += "}\n";
        }
        if self.vip {
            topology += "vips: [10.0.0.100]\n";
        }
        let configurations = self.hosts.iter().enumerate().map(|(at, host)| (format!("lb{at}.cfg"), self.configuration(at, host)));
        std::iter::once(("topology.yaml".to_owned(), topology)).chain(configurations).collect()
    }

    fn configuration(&self, me: usize, host: &Host) -> String {
        let mut text = "peers p\n".to_owned();
        if let Some(bind) = host.bind {
            let _ = writeln!(text, "  bind {}", self.written(bind, me));
        }
        for (at, address) in host.peers.iter().enumerate().take(self.hosts.len()) {
            let address = self.written(address, at);
            let _ = match (host.bind.is_some(), at == me) {
                (true, true) => writeln!(text, "  server lb{at}"),
                _ if address.is_empty() => Ok(()),
                (true, false) => writeln!(text, "  server lb{at} {address}"),
                (false, _) => writeln!(text, "  peer lb{at} {address}"),
            };
        }
        let times = "  mode http\n  timeout client 1m\n  timeout server 1m\n  timeout connect 1s\n";
        let web = self.written(host.web, me);
        text + "backend st\n  stick-table type ip size 1m expire 10m store http_req_cnt peers p\n"
            + &format!("listen web\n{times}  bind {web}\n")
    }

    /// The same with one thing less known.
    fn with_less(&self) -> Vec<Self> {
        let mut all = Vec::new();
        for at in 0..self.hosts.len() {
            let mut less = self.clone();
            if less.hosts[at].nonlocal.take().is_some() {
                all.push(less);
            }
            let mut less = self.clone();
            if std::mem::take(&mut less.hosts[at].addresses) {
                all.push(less);
            }
        }
        if self.vip {
            all.push(Self { vip: false, ..self.clone() });
        }
        all
    }
}

/// A StatefulSet with its Services and policies.
#[derive(Clone, Debug)]
struct Pods {
    replicas: usize,
    listed: usize,
    parallel: bool,
    not_ready: bool,
    selector: &'static str,
    dialled: &'static str,
    bind: &'static str,
    of_pods: (u16, bool),
    option_l: bool,
    nonlocal: Option<bool>,
    host_network: bool,
    policies: Vec<&'static str>,
}

const DIALLED: [&str; 6] = ["gate-#.mesh:7000", "gate-#.mesh:7000", "gate-#-p:7000", "mesh:7000", "gate-#:7000", "gate-#.mesh:7001"];
const POD_BINDS: [&str; 5] = [":7000", ":7000", "127.0.0.1:7000", ":::7000", "10.96.0.9:7000"];
const SELECTORS: [&str; 3] = ["app: gate", "app: gate", "app: other"];
const POLICIES: [&str; 5] = [
    "policyTypes: [Ingress]",
    "policyTypes: [Ingress]\n  ingress: [{from: [{podSelector: {matchLabels: {app: gate}}}], ports: [{port: 7000}]}]",
    "policyTypes: [Ingress]\n  ingress: [{ports: [{port: 80}]}]",
    "policyTypes: [Egress]\n  egress: [{ports: [{port: 53}]}]",
    "policyTypes: [Egress]\n  egress: [{to: [{podSelector: {}}]}]",
];

fn pods() -> impl Strategy<Value = Pods> {
    let shape = (1..=3usize, 1..=3usize, prop::bool::weighted(0.8), prop::bool::weighted(0.8));
    let network = (select(&SELECTORS[..]), select(&DIALLED[..]), select(&POD_BINDS[..]), (select(vec![7000u16, 7000, 80]), any::<bool>()));
    let pod = (any::<bool>(), any::<Option<bool>>(), prop::bool::weighted(0.2), prop::collection::vec(select(&POLICIES[..]), 0..=2));
    (shape, network, pod).prop_map(|(shape, network, pod)| Pods {
        replicas: shape.0,
        listed: shape.1,
        parallel: shape.2,
        not_ready: shape.3,
        selector: network.0,
        dialled: network.1,
        bind: network.2,
        of_pods: network.3,
        option_l: pod.0,
        nonlocal: pod.1,
        host_network: pod.2,
        policies: pod.3,
    })
}

impl Pods {
    fn files(&self) -> Vec<(String, String)> {
        let mut config = format!("    peers p\n      bind {}\n", self.bind);
        for at in 0..self.listed {
            let address = self.dialled.replace('#', &at.to_string());
            let condition = format!("      .if streq(\"$HAPROXY_LOCALPEER\",gate-{at})");
            let _ = write!(config, "{condition}\n      server gate-{at}\n      .else\n      server gate-{at} {address}\n      .endif\n");
        }
        config += "    backend st\n      stick-table type ip size 1m expire 10m store http_req_cnt peers p\n";
        let mut text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: cfg}}\ndata:\n  haproxy.cfg: |\n{config}");
        let _ = write!(
            text,
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: mesh}}\nspec: {{clusterIP: None, publishNotReadyAddresses: {}, selector: {{{}}}, \
             ports: [{{port: 7000}}]}}\n",
            self.not_ready, self.selector
        );
        let (port, right) = self.of_pods;
        for at in 0..self.replicas {
            let pod = if right { at } else { 0 };
            let _ = write!(
                text,
                "---\napiVersion: v1\nkind: Service\nmetadata: {{name: gate-{at}-p}}\nspec: {{clusterIP: 10.96.0.{}, \
                 selector: {{statefulset.kubernetes.io/pod-name: gate-{pod}}}, ports: [{{port: {port}}}]}}\n",
                9 + at
            );
        }
        let policy = if self.parallel { "Parallel" } else { "OrderedReady" };
        let _ = write!(
            text,
            "---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: gate}}\nspec:\n  replicas: {}\n  serviceName: mesh\n  \
             podManagementPolicy: {policy}\n  minReadySeconds: 15\n  selector: {{matchLabels: {{app: gate}}}}\n  template:\n    metadata: {{labels: \
             {{app: gate}}}}\n    spec:\n      hostNetwork: {}\n",
            self.replicas, self.host_network
        );
        if let Some(value) = self.nonlocal {
            let sysctl = format!("{{name: net.ipv4.ip_nonlocal_bind, value: \"{}\"}}", u8::from(value));
            let _ = writeln!(text, "      securityContext: {{sysctls: [{sysctl}]}}");
        }
        text += "      containers:\n      - name: proxy\n        image: haproxy:2.8\n";
        if self.option_l {
            text += "        args: [-f, /usr/local/etc/haproxy/haproxy.cfg, -L, $(POD_NAME)]\n";
            text += "        env: [{name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]\n";
        }
        text += "        volumeMounts: [{name: c, mountPath: /usr/local/etc/haproxy}]\n";
        text += "      volumes: [{name: c, configMap: {name: cfg}}]\n";
        for (at, policy) in self.policies.iter().enumerate() {
            let _ = write!(
                text,
                "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: n{at}}}\nspec:\n  podSelector: \
                 {{matchLabels: {{app: gate}}}}\n  {policy}\n"
            );
        }
        vec![("pods.yaml".to_owned(), text)]
    }

    /// The same with one thing less known. What policies admit adds up, so that one without the other would say something else.
    fn with_less(&self) -> Vec<Self> {
        let sysctl = self.nonlocal.is_some().then(|| Self { nonlocal: None, ..self.clone() });
        let policies = (!self.policies.is_empty()).then(|| Self { policies: Vec::new(), ..self.clone() });
        sysctl.into_iter().chain(policies).collect()
    }
}

/// The findings, and for each pair of nodes what both directions say.
struct Found {
    findings: Vec<Finding>,
    pairs: Vec<([String; 2], [Verdict; 2])>,
    /// Of them those that share nothing because nobody relays: a warning.
    spokes: Vec<[String; 2]>,
}

fn check(files: &[(String, String)]) -> Found {
    let source = |(name, text): &(String, String)| SourceFile::new(name.as_str(), text.as_bytes().to_vec());
    let (mut topology, problems) = topology::read(vec![source(&files[0])]);
    assert!(problems.is_empty(), "{problems:?}");
    let given: Vec<usize> = files[1..].iter().map(|file| topology.add_configuration(vec![source(file)])).collect();
    assert_eq!(topology.distribute(&given).map_err(|undecided| undecided.files), Ok(Vec::new()));
    let checked = haproxy_lint::check::nodes::check(&topology, &Options::default());
    let mesh = &checked.mesh;
    let name = |at: usize| mesh.node(&mesh.views[at]).name.clone();
    let once = mesh.matrix.links.iter().filter(|link| link.from < link.to);
    let pairs = once.map(|link| {
        let back = mesh.matrix.get(link.to, link.from).map_or(Verdict::Unknown, |back| back.verdict);
        ([name(link.from), name(link.to)], [link.verdict, back])
    });
    let pairs = pairs.collect();
    let spokes = mesh.matrix.links.iter().filter(|link| link.cause == Cause::NotRelayed).map(|link| [name(link.from), name(link.to)]);
    Found { pairs, spokes: spokes.collect(), findings: checked.report.findings }
}

impl Found {
    fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| f.severity == Severity::Error)
    }

    fn shown(&self) -> String {
        let said = self.findings.iter().map(|f| format!("{} {} {:?}: {}\n", f.severity, f.rule.name, f.nodes, f.message));
        said.chain(self.pairs.iter().map(|pair| format!("{pair:?}\n"))).collect()
    }

    /// What links and findings say of each other.
    fn agrees(&self) -> Result<(), String> {
        for (names, verdicts) in &self.pairs {
            let dead = verdicts.iter().all(|v| *v == Verdict::Broken);
            let least = if self.spokes.contains(names) { Severity::Warning } else { Severity::Error };
            let mut loud = self.findings.iter().filter(|f| f.severity >= least);
            if dead && !loud.any(|f| f.nodes.iter().any(|node| names.contains(node))) {
                return Err(format!("{names:?} is dead, and there is no error"));
            }
        }
        let fine = self.pairs.iter().all(|(_, verdicts)| verdicts.iter().all(|v| *v == Verdict::Fine));
        // Whether a kubelet takes a pod at all is not the network's: links are between pods that it took.
        let about_nodes = |f: &&Finding| matches!(f.rule.group(), "topology" | "host" | "peers") && f.rule.name != "topology/unsafe-sysctl";
        match self.errors().find(about_nodes) {
            Some(error) if fine && !self.pairs.is_empty() => Err(format!("all links are fine, but {}: {}", error.rule.name, error.message)),
            _ => Ok(()),
        }
    }

    /// Whether each error is about a node that had one before.
    fn brings_none_to(&self, before: &Self) -> Result<(), String> {
        let known: BTreeSet<&String> = before.errors().flat_map(|f| &f.nodes).collect();
        let new = self.errors().find(|f| !f.nodes.iter().any(|node| known.contains(node)));
        new.map_or(Ok(()), |f| Err(format!("with less known there is a new {}: {}", f.rule.name, f.message)))
    }
}

/// The two laws, for a topology and each one with less known.
fn holds(files: &[(String, String)], less: &[Vec<(String, String)>]) -> Result<(), TestCaseError> {
    let all = |files: &[(String, String)]| files.iter().map(|(name, text)| format!("== {name}\n{text}")).collect::<String>();
    let found = check(files);
    found.agrees().map_err(|why| TestCaseError::fail(format!("{why}\n{}{}", found.shown(), all(files))))?;
    for less in less {
        let then = check(less);
        let said = || format!("{}-- with less:\n{}{}", found.shown(), then.shown(), all(less));
        then.brings_none_to(&found).map_err(|why| TestCaseError::fail(format!("{why}\n{}", said())))?;
    }
    Ok(())
}

/// A failure is a test of its own once it is understood: no file remembers it.
fn config() -> Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(200);
    Config { cases, failure_persistence: None::<Box<FileFailurePersistence>>.map(|b| b as _), ..Config::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn hosts_are_judged_as_they_are_known(hosts in hosts()) {
        let less: Vec<_> = hosts.with_less().iter().map(Hosts::files).collect();
        holds(&hosts.files(), &less)?;
    }

    #[test]
    fn pods_are_judged_as_they_are_known(pods in pods()) {
        let less: Vec<_> = pods.with_less().iter().map(Pods::files).collect();
        holds(&pods.files(), &less)?;
    }
}
