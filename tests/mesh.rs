//! Real processes in network namespaces: what the links of a topology predict is what `show peers` says.
//!
//! It needs root, `ip` and `haproxy`, and says so where they are missing; `HAPROXY_2_8` names a second HAProxy.

#[path = "mesh/hosts.rs"]
mod hosts;
#[path = "common/netns.rs"]
mod netns;

#[path = "mesh/names.rs"]
mod names;
#[path = "mesh/relays.rs"]
mod relays;

use std::{
    ffi::OsString,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use haproxy_lint::{
    check::Options,
    source::SourceFile,
    topology::{self, matrix::Verdict},
};
use netns::World;

/// How many nodes each scenario has.
const NODES: usize = 3;
/// How long HAProxy may take: a peer that was refused is tried again within five seconds.
const PATIENCE: Duration = Duration::from_secs(20);

struct Node {
    /// What it is started with as `-L`.
    name: &'static str,
    /// Its `peers` section and whatever else.
    config: String,
    /// A line of sysctl in its namespace.
    nonlocal: u8,
    /// Further addresses.
    more: Vec<&'static str>,
}

struct Scenario {
    title: &'static str,
    nodes: [Node; NODES],
    vips: &'static [&'static str],
    /// The nodes are pods, and this is what stands between them.
    cluster: Option<Cluster>,
}

/// What a cluster does to the packets of pods, and the manifests that say so.
struct Cluster {
    manifests: &'static str,
    /// Whether the addresses of Services lead to the pods, as kube-proxy makes them.
    services: bool,
    /// The pods whose port of the peers nobody may connect to.
    closed: &'static [usize],
}

/// Every pod has a Service of its own.
const POD_SERVICES: &str = "
kind: Service
apiVersion: v1
metadata: {name: n1, namespace: lb}
spec: {clusterIP: 10.96.0.11, selector: {pod: n1}, ports: [{port: 1024}]}
---
kind: Service
apiVersion: v1
metadata: {name: n2, namespace: lb}
spec: {clusterIP: 10.96.0.12, selector: {pod: n2}, ports: [{port: 1024}]}
---
kind: Service
apiVersion: v1
metadata: {name: n3, namespace: lb}
spec: {clusterIP: 10.96.0.13, selector: {pod: n3}, ports: [{port: 1024}]}
---
";

/// Nobody may connect to any pod but for HTTP.
const ONLY_HTTP: &str = "
kind: NetworkPolicy
apiVersion: networking.k8s.io/v1
metadata: {name: only-http, namespace: lb}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{port: 80}]}]}
---
";

/// Nobody may connect to the third pod.
const CLOSED_THIRD: &str = "
kind: NetworkPolicy
apiVersion: networking.k8s.io/v1
metadata: {name: closed, namespace: lb}
spec: {podSelector: {matchLabels: {pod: n3}}, policyTypes: [Ingress]}
---
";

const NAMES: [&str; NODES] = ["n1", "n2", "n3"];

fn peers(lines: &[&str]) -> String {
    let lines: String = lines.iter().map(|l| format!("    {l}\n")).collect();
    format!("peers mesh\n{lines}\nbackend t\n    stick-table type ip size 1k expire 1m store gpc0 peers mesh\n")
}

/// The usual list, with other addresses for some.
fn list(addresses: [&str; NODES]) -> String {
    let lines: Vec<String> = NAMES.iter().zip(addresses).map(|(name, address)| format!("peer {name} {address}")).collect();
    peers(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

const OWN: [&str; NODES] = ["10.77.0.11:1024", "10.77.0.12:1024", "10.77.0.13:1024"];

/// Addresses that packets never reach, as those of Services in a pod.
const SERVICES: [&str; NODES] = ["10.96.0.11:1024", "10.96.0.12:1024", "10.96.0.13:1024"];

fn node(at: usize, config: String) -> Node {
    Node { name: NAMES[at], config, nonlocal: 0, more: Vec::new() }
}

fn all(title: &'static str, config: impl Fn(usize) -> String) -> Scenario {
    Scenario { title, nodes: [0, 1, 2].map(|at| node(at, config(at))), vips: &[], cluster: None }
}

/// `bind`, and `server` lines of which the own one has no address.
fn bound(bind: &str, own: usize, addresses: [&str; NODES]) -> String {
    let mut lines = vec![bind.to_owned()];
    for (at, address) in addresses.iter().enumerate() {
        lines.push(if at == own { format!("server {}", NAMES[at]) } else { format!("server {} {address}", NAMES[at]) });
    }
    peers(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

fn scenarios() -> Vec<Scenario> {
    let vip = |config: String| config + "\nfrontend web\n    mode http\n    timeout client 1s\n    bind 10.77.0.100:80\n";
    let with = |mut scenario: Scenario, change: &dyn Fn(&mut Scenario)| {
        change(&mut scenario);
        scenario
    };
    let v6 = ["[fd77::11]:1024", "[fd77::12]:1024", "[fd77::13]:1024"];
    vec![
        all("healthy", |_| list(OWN)),
        all("healthy, with bind and server", |at| bound("bind :1024", at, OWN)),
        with(all("a name that is in no line", |_| list(OWN)), &|s| s.nodes[2].name = "n3.example.com"),
        all("everybody on loopback", |at| bound("bind 127.0.0.1:1024", at, OWN)),
        all("one on loopback: the other direction is enough", |at| {
            bound(if at == 0 { "bind 127.0.0.1:1024" } else { "bind :1024" }, at, OWN)
        }),
        all("an address that one does not have", |_| list([OWN[0], "10.77.0.99:1024", OWN[2]])),
        with(all("the same, hidden by the sysctl", |_| list([OWN[0], "10.77.0.99:1024", OWN[2]])), &|s| s.nodes[1].nonlocal = 1),
        with(all("everybody on an address of a Service, hidden by the sysctl", |_| list(SERVICES)), &|s| {
            s.nodes.iter_mut().for_each(|n| n.nonlocal = 1);
        }),
        with(all("a virtual address without the sysctl", |_| vip(list(OWN))), &|s| {
            s.vips = &["10.77.0.100"];
            s.nodes[0].more.push("10.77.0.100");
        }),
        with(all("a virtual address with the sysctl", |_| vip(list(OWN))), &|s| {
            s.vips = &["10.77.0.100"];
            s.nodes[0].more.push("10.77.0.100");
            s.nodes.iter_mut().for_each(|n| n.nonlocal = 1);
        }),
        all("another port than the one listened on", |at| {
            bound("bind :1024", at, if at == 2 { ["10.77.0.11:1025", OWN[1], OWN[2]] } else { [OWN[0], OWN[1], "10.77.0.13:1025"] })
        }),
        with(all("two do not list each other", |_| list(OWN)), &|s| {
            let but = |lost: usize| {
                peers(
                    &(0..NODES)
                        .filter(|at| *at != lost)
                        .map(|at| ["peer n1 10.77.0.11:1024", "peer n2 10.77.0.12:1024", "peer n3 10.77.0.13:1024"][at])
                        .collect::<Vec<_>>(),
                )
            };
            (s.nodes[0].config, s.nodes[2].config) = (but(2), but(0));
        }),
        all(
            "another table: connected all the same",
            |at| {
                if at == 0 { list(OWN).replace("type ip", "type string len 32") } else { list(OWN) }
            },
        ),
        all("one wrong address: the other direction is enough", |at| {
            bound("bind :1024", at, if at == 0 { [OWN[0], "10.77.0.77:1024", OWN[2]] } else { OWN })
        }),
        all("two dial themselves", |at| {
            let own = OWN[at];
            bound(
                "bind :1024",
                at,
                match at {
                    0 => [own, own, OWN[2]],
                    1 => [own, own, OWN[2]],
                    _ => OWN,
                },
            )
        }),
        all("IPv6", |_| list(v6)),
        all("IPv6 for any takes IPv4 too", |at| bound("bind :::1024", at, OWN)),
        all("dialled by IPv6, and listening on IPv4 alone", |at| bound("bind :1024", at, v6)),
        all("the same written with a star", |at| bound("bind *:1024", at, v6)),
        all("dialled by IPv4, and listening on IPv6 alone", |at| bound("bind :::1024 v6only", at, OWN)),
        with(all("a hub and its spokes", |_| list(OWN)), &|s| {
            let spoke = |at: usize| peers(&["peer n1 10.77.0.11:1024", ["", "peer n2 10.77.0.12:1024", "peer n3 10.77.0.13:1024"][at]]);
            (s.nodes[1].config, s.nodes[2].config) = (spoke(1), spoke(2));
        }),
        with(all("one name for two", |_| list(OWN)), &|s| {
            s.nodes[1].name = "n1";
            s.nodes[1].config = bound("bind :1024", 0, OWN);
        }),
        pods("Services of pods, with bind", POD_SERVICES, &[], |at| bound("bind :1024", at, SERVICES)),
        pods("an address of a Service to listen on: no pod starts", POD_SERVICES, &[], |_| list(SERVICES)),
        with(pods("an address of a Service, hidden by the sysctl: nobody gets there", POD_SERVICES, &[], |_| list(SERVICES)), &|s| {
            s.nodes.iter_mut().for_each(|n| n.nonlocal = 1);
        }),
        pods("a policy closes the port of all", ONLY_HTTP, &[0, 1, 2], |_| list(OWN)),
        pods("a policy closes the port of one: the other direction is enough", CLOSED_THIRD, &[2], |_| list(OWN)),
    ]
}

fn pods(title: &'static str, manifests: &'static str, closed: &'static [usize], config: impl Fn(usize) -> String) -> Scenario {
    let services = manifests == POD_SERVICES;
    Scenario { cluster: Some(Cluster { manifests, services, closed }), ..all(title, config) }
}

/// What `kubectl get -o yaml` says of pods that run, with a ConfigMap for each.
fn manifests(scenario: &Scenario, cluster: &Cluster) -> String {
    let mut text = cluster.manifests.to_owned();
    for (at, node) in scenario.nodes.iter().enumerate() {
        let config: String = node.config.lines().map(|l| format!("    {l}\n")).collect();
        let init = "  initContainers: [{name: sysctl, image: busybox, securityContext: {privileged: true}, command: [sysctl, -w, net.ipv4.ip_nonlocal_bind=1]}]\n";
        text += &format!(
            "kind: ConfigMap\napiVersion: v1\nmetadata: {{name: c{at}, namespace: lb}}\ndata:\n  haproxy.cfg: |\n{config}---\nkind: Pod\napiVersion: v1\n\
             metadata: {{name: {name}, namespace: lb, labels: {{pod: {name}}}}}\nspec:\n{init}  containers: [{{name: haproxy, image: 'haproxy:2.8', volumeMounts: [{{name: c, mountPath: /usr/local/etc/haproxy}}]}}]\n\
             \x20 volumes: [{{name: c, configMap: {{name: c{at}}}}}]\nstatus: {{podIPs: [{{ip: 10.77.0.1{n}}}]}}\n---\n",
            name = node.name,
            init = if node.nonlocal == 1 { init } else { "" },
            n = at + 1,
        );
    }
    text
}

impl Scenario {
    /// The topology as a user would describe it.
    fn topology(&self) -> String {
        let vips = self.vips.iter().map(|v| format!("{v:?}")).collect::<Vec<_>>().join(", ");
        let mut text = format!("topology: 1\nvips: [{vips}]\nhosts:\n");
        for (at, node) in self.nodes.iter().enumerate() {
            let more: String = node.more.iter().map(|a| format!(", \"{a}\"")).collect();
            text += &format!(
                "- name: host{at}\n  local_name: {}\n  addresses: [10.77.0.1{n}, \"fd77::1{n}\"{more}]\n  config: {at}.cfg\n  sysctls: {{net.ipv4.ip_nonlocal_bind: {}}}\n",
                node.name,
                node.nonlocal,
                n = at + 1,
            );
        }
        text
    }

    /// What is predicted of every pair.
    fn predicted(&self) -> Vec<Pair> {
        let text = self.cluster.as_ref().map_or_else(|| self.topology(), |cluster| manifests(self, cluster));
        let (mut topology, problems) = topology::read(vec![SourceFile::new("topology.yaml", text.into_bytes())]);
        assert!(problems.is_empty(), "{problems:?}");
        for (at, node) in self.nodes.iter().enumerate().filter(|_| self.cluster.is_none()) {
            let configuration = topology.add_configuration(vec![SourceFile::new(format!("{at}.cfg"), node.config.clone().into_bytes())]);
            assert!(topology.distribute(&[configuration]).is_ok_and(|alone| alone.is_empty()));
            assert_eq!(topology.nodes.iter().filter(|n| n.configuration == Some(configuration)).count(), 1);
        }
        let checked = haproxy_lint::check::nodes::check(&topology, &Options::default());
        let verdict = |from, to| checked.mesh.matrix.get(from, to).map_or(Verdict::Broken, |l| l.verdict);
        let pair = |(a, b)| {
            let (there, back) = (verdict(a, b), verdict(b, a));
            let up = match (there, back) {
                (Verdict::Fine, _) | (_, Verdict::Fine) => Some(true),
                (Verdict::Broken, Verdict::Broken) => Some(false),
                _ => None,
            };
            let caller = match (there, back) {
                (Verdict::Fine, Verdict::Broken) => Some(a),
                (Verdict::Broken, Verdict::Fine) => Some(b),
                _ => None,
            };
            Pair { nodes: (a, b), up, caller }
        };
        [(0, 1), (0, 2), (1, 2)].map(pair).into()
    }
}

/// What is predicted of two nodes.
struct Pair {
    nodes: (usize, usize),
    /// Whether they synchronise; `None` where nothing is claimed.
    up: Option<bool>,
    /// Who must have dialled, where only one direction works.
    caller: Option<usize>,
}

/// The nodes of a scenario, each in a namespace of its own.
fn world(scenario: &Scenario, prefix: String) -> World {
    let addresses = scenario.nodes.iter().enumerate().map(|(at, node)| {
        let own = [format!("10.77.0.1{}/24", at + 1), format!("fd77::1{}/64", at + 1)];
        own.into_iter().chain(node.more.iter().map(|more| format!("{more}/32"))).collect()
    });
    let world = World::new(prefix, &addresses.collect::<Vec<Vec<String>>>());
    for (at, node) in scenario.nodes.iter().enumerate() {
        world.script(at, &format!("echo {} > /proc/sys/net/ipv4/ip_nonlocal_bind", node.nonlocal));
        // Without waiting for nobody to object.
        world.script(at, &format!("ip -6 addr del fd77::1{n}/64 dev eth0; ip -6 addr add fd77::1{n}/64 dev eth0 nodad", n = at + 1));
        if let Some(cluster) = &scenario.cluster {
            world.script(at, &rules(cluster, at));
        }
    }
    world
}

/// What is otherwise than predicted.
fn wrong(world: &World, scenario: &Scenario, pair: &Pair) -> Option<String> {
    let (a, b) = pair.nodes;
    let name = |at: usize| scenario.nodes[at].name;
    let sessions = (world.session(a, name(b)), world.session(b, name(a)));
    let up = sessions.0.is_some() && sessions.1.is_some();
    if pair.up != Some(up) {
        return Some(format!("{}: {a} and {b}: predicted {:?}, in truth {up}", scenario.title, pair.up));
    }
    // `src=` stands where the session came from there, and nowhere else.
    let caller = pair.caller.filter(|_| up)?;
    let accepted = |session: &Option<String>| session.as_ref().is_some_and(|s| s.contains(" src="));
    let really = match (accepted(&sessions.0), accepted(&sessions.1)) {
        (false, true) => a,
        (true, false) => b,
        _ => return Some(format!("{}: {a} and {b}: who dialled whom cannot be seen: {sessions:?}", scenario.title)),
    };
    (really != caller).then(|| format!("{}: {a} and {b}: {caller} was to dial, and {really} did", scenario.title))
}

/// What kube-proxy and a network plugin set up in the namespace of a pod, as a script.
fn rules(cluster: &Cluster, at: usize) -> String {
    let mut script = "set -e; nft add table ip lint\n".to_owned();
    if cluster.services {
        script += "ip route add 10.96.0.0/16 dev eth0\nnft add chain ip lint out '{ type nat hook output priority -100; }'\n";
        for n in 1..=NODES {
            script += &format!("nft add rule ip lint out ip daddr 10.96.0.1{n} tcp dport 1024 dnat to 10.77.0.1{n}:1024\n");
        }
    }
    if cluster.closed.contains(&at) {
        script += "nft add chain ip lint in '{ type filter hook input priority 0; }'\nnft add rule ip lint in tcp dport 1024 drop\n";
    }
    script
}

/// Runs a scenario and says what differs from what was predicted.
fn run(program: &OsString, scenario: &Scenario, prefix: String) -> Vec<String> {
    let mut world = world(scenario, prefix);
    for (at, node) in scenario.nodes.iter().enumerate() {
        world.start(program, at, node.name, &node.config, &[]);
    }
    let predicted = scenario.predicted();
    let start = Instant::now();
    // What is to work may take its time; what is not must have had as much of it.
    loop {
        let wrong: Vec<String> = predicted.iter().filter_map(|pair| wrong(&world, scenario, pair)).collect();
        let late = start.elapsed() > PATIENCE;
        if late || (wrong.is_empty() && start.elapsed() > Duration::from_secs(8)) {
            return wrong;
        }
        thread::sleep(Duration::from_millis(500));
    }
}

#[test]
fn real_haproxy_agrees_with_the_links() {
    let Some(programs) = netns::programs() else { return };
    let mut scenarios = scenarios();
    if Command::new("nft").arg("--version").output().is_err() {
        println!("skipped: scenarios with pods, which need nft");
        scenarios.retain(|s| s.cluster.is_none());
    }
    let mut wrong = Vec::new();
    for (number, program) in programs.iter().enumerate() {
        let found: Vec<Vec<String>> = thread::scope(|scope| {
            let prefix = |at: usize| format!("hl{}-{number}-{at}-", std::process::id());
            let runs: Vec<_> = scenarios.iter().enumerate().map(|(at, s)| scope.spawn(move || run(program, s, prefix(at)))).collect();
            runs.into_iter().map(|r| r.join().unwrap()).collect()
        });
        wrong.extend(found.into_iter().flatten().map(|w| format!("{}: {w}", program.to_string_lossy())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
