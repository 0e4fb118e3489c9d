//! What holds of any topology: more knowledge never makes a finding vanish, and the links and the findings agree.

use haproxy_lint::{
    check::Options,
    finding::{Finding, Severity},
    source::SourceFile,
    topology::{
        self,
        matrix::{Cause, Verdict},
    },
};
use proptest::prelude::*;

/// How a host is described, and what is wrong with it.
#[derive(Clone, Copy, Debug)]
struct Host {
    nonlocal: Option<u8>,
    addresses_known: bool,
    listens: Listens,
    slip: Slip,
}

#[derive(Clone, Copy, Debug)]
enum Listens {
    PeerLine,
    Any,
    AnyOfBoth,
    Own,
    Loopback,
    Nowhere,
}

/// A fault in what a host reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slip {
    None,
    OwnName,
    OtherAddress,
    OtherPort,
    Forgotten,
    Refused,
}

fn host() -> impl Strategy<Value = Host> {
    use Listens as L;
    let listens = prop::sample::select(vec![L::PeerLine, L::PeerLine, L::Any, L::AnyOfBoth, L::Own, L::Loopback, L::Nowhere]);
    let slips =
        vec![Slip::None, Slip::None, Slip::None, Slip::OwnName, Slip::OtherAddress, Slip::OtherPort, Slip::Forgotten, Slip::Refused];
    let nonlocal = prop::sample::select(vec![None, Some(0), Some(1)]);
    (nonlocal, any::<bool>(), listens, prop::sample::select(slips)).prop_map(|(nonlocal, addresses_known, listens, slip)| Host {
        nonlocal,
        addresses_known,
        listens,
        slip,
    })
}

/// A workload of Kubernetes, and what is wrong around it.
#[derive(Clone, Copy, Debug)]
struct Pods {
    replicas: usize,
    parallel: bool,
    publishes: bool,
    selects: bool,
    names_service: bool,
    policy: Option<bool>,
    port: bool,
}

fn pods() -> impl Strategy<Value = Pods> {
    let often = || prop::bool::weighted(0.8);
    let policy = prop::option::of(any::<bool>());
    (1..4usize, often(), often(), often(), often(), policy, often()).prop_map(
        |(replicas, parallel, publishes, selects, names_service, policy, port)| Pods {
            replicas,
            parallel,
            publishes,
            selects,
            names_service,
            policy,
            port,
        },
    )
}

/// What is left out of a description.
#[derive(Clone, Copy, Debug, Default)]
struct Without {
    sysctls: bool,
    addresses: bool,
    policies: bool,
}

const LOSSES: [Without; 3] = [
    Without { sysctls: true, addresses: false, policies: false },
    Without { sysctls: false, addresses: true, policies: false },
    Without { sysctls: false, addresses: false, policies: true },
];

const TABLE: &str = "backend st\n  stick-table type ip size 1m expire 10m store http_req_cnt peers p\n";

fn configuration(hosts: &[Host], own: usize) -> String {
    let me = hosts[own];
    let mut text = "peers p\n".to_owned();
    let bind = match me.listens {
        Listens::PeerLine => None,
        Listens::Any => Some(":1024".to_owned()),
        Listens::AnyOfBoth => Some(":::1024".to_owned()),
        Listens::Own => Some(format!("10.0.0.{}:1024", own + 1)),
        Listens::Loopback => Some("127.0.0.1:1024".to_owned()),
        Listens::Nowhere => Some("10.0.9.9:1024".to_owned()),
    };
    bind.iter().for_each(|bind| text += &format!("  bind {bind}\n"));
    for at in 0..hosts.len() {
        let mut name = format!("h{at}");
        if at == own && me.slip == Slip::OwnName {
            name += "x";
        }
        let next = own + 1 == at || (own + 1 == hosts.len() && at == 0);
        if next && me.slip == Slip::Forgotten {
            continue;
        }
        let last = if next && me.slip == Slip::OtherAddress { 77 } else { at + 1 };
        let port = if next && me.slip == Slip::OtherPort { 1025 } else { 1024 };
        text += &match bind {
            Some(_) if at == own => format!("  server {name}\n"),
            Some(_) => format!("  server {name} 10.0.0.{last}:{port}\n"),
            None => format!("  peer {name} 10.0.0.{last}:{port}\n"),
        };
    }
    text += TABLE;
    if me.slip == Slip::Refused { text + "frontend f\n  nothing of haproxy\n" } else { text }
}

fn of_hosts(hosts: &[Host], without: Without) -> (String, Vec<(String, String)>) {
    let mut text = "topology: 1\nhosts:\n".to_owned();
    for (at, host) in hosts.iter().enumerate() {
        text += &format!("- name: h{at}\n");
        if host.addresses_known && !without.addresses {
            text += &format!("  addresses: [10.0.0.{}]\n", at + 1);
        }
        if let Some(value) = host.nonlocal.filter(|_| !without.sysctls) {
            text += &format!("  sysctls: {{net.ipv4.ip_nonlocal_bind: {value}}}\n");
        }
    }
    (text, (0..hosts.len()).map(|at| (format!("h{at}.cfg"), configuration(hosts, at))).collect())
}

fn of_pods(pods: &Pods, without: Without) -> (String, Vec<(String, String)>) {
    let lines: String = (0..pods.replicas).map(|n| format!("      peer e-{n} e-{n}.e:1024\n")).collect();
    let mut text = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c, namespace: lb}}\ndata:\n  haproxy.cfg: |\n    peers p\n{lines}    {}---\n",
        TABLE.replace("\n  ", "\n      ")
    );
    let publishes = if pods.publishes { "publishNotReadyAddresses: true, " } else { "" };
    let app = if pods.selects { "e" } else { "other" };
    text += &format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: e, namespace: lb}}\nspec: {{clusterIP: None, {publishes}selector: {{app: {app}}}, ports: [{{port: 1024}}]}}\n---\n"
    );
    let parallel = if pods.parallel { "  podManagementPolicy: Parallel\n" } else { "" };
    let service = if pods.names_service { "e" } else { "f" };
    text += &format!(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: e, namespace: lb}}\nspec:\n  replicas: {}\n  serviceName: {service}\n{parallel}  minReadySeconds: 20\n  \
         selector: {{matchLabels: {{app: e}}}}\n  template:\n    metadata: {{labels: {{app: e}}}}\n    spec:\n      containers:\n      - name: haproxy\n        image: haproxy:3.0\n        \
         volumeMounts: [{{name: c, mountPath: /usr/local/etc/haproxy}}]\n      volumes: [{{name: c, configMap: {{name: c}}}}]\n",
        pods.replicas
    );
    if let Some(admits) = pods.policy.filter(|_| !without.policies) {
        let port = if admits == pods.port { 1024 } else { 80 };
        text += &format!(
            "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: np, namespace: lb}}\nspec: {{podSelector: {{}}, policyTypes: [Ingress], ingress: [{{ports: [{{port: {port}}}]}}]}}\n"
        );
    }
    (text, Vec::new())
}

struct Seen {
    findings: Vec<Finding>,
    /// Each pair: the names of both, both verdicts, and whether they are only not joined by a third one.
    pairs: Vec<([String; 2], [Verdict; 2], bool)>,
}

fn look((text, files): (String, Vec<(String, String)>)) -> Seen {
    let (mut topology, problems) = topology::read(vec![SourceFile::new("topology.yaml", text.into_bytes())]);
    assert!(problems.is_empty(), "{problems:?}");
    let add = |(name, text): (String, String)| topology.add_configuration(vec![SourceFile::new(name, text.into_bytes())]);
    let given: Vec<usize> = files.into_iter().map(add).collect();
    topology.distribute(&given).unwrap_or_else(|undecided| panic!("{undecided:?}"));
    let checked = topology::check(&topology, &Options::default());
    let mesh = &checked.mesh;
    let name = |at: usize| mesh.node(&mesh.views[at]).name.clone();
    let forward = mesh.matrix.links.iter().filter(|l| l.from < l.to);
    let pairs = forward.filter_map(|link| {
        let back = mesh.matrix.get(link.to, link.from)?;
        Some(([name(link.from), name(link.to)], [link.verdict, back.verdict], link.cause == Cause::NotRelayed))
    });
    let pairs = pairs.collect();
    Seen { findings: checked.report.findings, pairs }
}

impl Seen {
    fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| f.severity == Severity::Error)
    }

    /// The links and the findings agree.
    fn agrees(&self) -> Result<(), TestCaseError> {
        for (names, verdicts, relayed) in &self.pairs {
            let dead = *verdicts == [Verdict::Broken; 2] && !relayed;
            let told = self.errors().any(|f| f.nodes.iter().any(|node| names.contains(node)));
            prop_assert!(!dead || told, "{names:?} are dead in both directions, and nothing is said");
        }
        let fine = !self.pairs.is_empty() && self.pairs.iter().all(|(_, verdicts, _)| *verdicts == [Verdict::Fine; 2]);
        let of_nodes = |f: &&Finding| ["topology", "host", "peers"].contains(&f.rule.group());
        let loud: Vec<_> = self.errors().filter(of_nodes).map(|f| (f.rule.name, &f.message)).collect();
        prop_assert!(!fine || loud.is_empty(), "all links are fine, and {loud:?}");
        Ok(())
    }

    /// Whoever knows less finds no error that the other does not find.
    fn finds_no_more_than(&self, whole: &Seen, without: Without) -> Result<(), TestCaseError> {
        let known: Vec<&str> = whole.errors().map(|f| f.rule.name).collect();
        for finding in self.errors() {
            prop_assert!(known.contains(&finding.rule.name), "{}: {} only where {without:?}", finding.rule.name, finding.message);
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn hosts_are_judged_alike_however_much_is_known(hosts in prop::collection::vec(host(), 2..4)) {
        let whole = look(of_hosts(&hosts, Without::default()));
        whole.agrees()?;
        for without in LOSSES {
            let less = look(of_hosts(&hosts, without));
            less.agrees()?;
            less.finds_no_more_than(&whole, without)?;
        }
    }

    #[test]
    fn pods_are_judged_alike_however_much_is_known(pods in pods()) {
        let whole = look(of_pods(&pods, Without::default()));
        whole.agrees()?;
        for without in LOSSES {
            let less = look(of_pods(&pods, without));
            less.agrees()?;
            less.finds_no_more_than(&whole, without)?;
        }
    }
}
