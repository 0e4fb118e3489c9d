//! Real processes in network namespaces: what the links of a topology predict is what `show peers` says.
//!
//! It needs root, `ip` and `haproxy`, and says so where they are missing; `HAPROXY_2_8` names a second HAProxy.

use std::{
    ffi::OsString,
    fs,
    io::{Read, Write},
    net::Shutdown,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use haproxy_lint::{
    check::Options,
    source::SourceFile,
    topology::{self, matrix::Verdict},
};

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
}

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
    Scenario { title, nodes: [0, 1, 2].map(|at| node(at, config(at))), vips: &[] }
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
        with(all("one name for two", |_| list(OWN)), &|s| {
            s.nodes[1].name = "n1";
            s.nodes[1].config = bound("bind :1024", 0, OWN);
        }),
    ]
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

    /// Which pairs are to synchronise; `None` where nothing is claimed.
    fn predicted(&self) -> Vec<(usize, usize, Option<bool>)> {
        let (mut topology, problems) = topology::read(vec![SourceFile::new("topology.yaml", self.topology().into_bytes())]);
        assert!(problems.is_empty(), "{problems:?}");
        for (at, node) in self.nodes.iter().enumerate() {
            let configuration = topology.add_configuration(vec![SourceFile::new(format!("{at}.cfg"), node.config.clone().into_bytes())]);
            assert_eq!(topology.claim(configuration), 1);
        }
        let checked = topology::check(&topology, &Options::default());
        let verdict = |from, to| checked.mesh.matrix.get(from, to).map_or(Verdict::Broken, |l| l.verdict);
        let pair = |(a, b)| match (verdict(a, b), verdict(b, a)) {
            (Verdict::Fine, _) | (_, Verdict::Fine) => (a, b, Some(true)),
            (Verdict::Broken, Verdict::Broken) => (a, b, Some(false)),
            _ => (a, b, None),
        };
        [(0, 1), (0, 2), (1, 2)].map(pair).into()
    }
}

/// Three namespaces on one bridge, which are gone when this is dropped.
struct World {
    prefix: String,
    folder: tempfile::TempDir,
    running: Vec<Child>,
}

fn ip(words: &str) -> bool {
    let output = Command::new("ip").args(words.split(' ')).output();
    output.is_ok_and(|o| o.status.success())
}

impl World {
    fn new(scenario: &Scenario, prefix: String) -> Self {
        let world = Self { prefix, folder: tempfile::tempdir().unwrap(), running: Vec::new() };
        let hub = world.name("hub");
        assert!(
            ip(&format!("netns add {hub}"))
                && ip(&format!("-n {hub} link add br0 type bridge"))
                && ip(&format!("-n {hub} link set br0 up"))
        );
        for (at, node) in scenario.nodes.iter().enumerate() {
            let name = world.name(&at.to_string());
            assert!(ip(&format!("netns add {name}")));
            assert!(ip(&format!("-n {hub} link add v{at} type veth peer name eth0 netns {name}")));
            assert!(ip(&format!("-n {hub} link set v{at} master br0 up")));
            ip(&format!("-n {name} link set lo up"));
            ip(&format!("-n {name} addr add 10.77.0.1{}/24 dev eth0", at + 1));
            ip(&format!("-n {name} addr add fd77::1{}/64 dev eth0 nodad", at + 1));
            for more in &node.more {
                ip(&format!("-n {name} addr add {more}/32 dev eth0"));
            }
            assert!(ip(&format!("-n {name} link set eth0 up")));
            let write = format!("echo {} > /proc/sys/net/ipv4/ip_nonlocal_bind", node.nonlocal);
            assert!(ip_exec(&name, &["sh", "-c", &write]).status().unwrap().success());
        }
        world
    }

    fn name(&self, part: &str) -> String {
        format!("{}{part}", self.prefix)
    }

    fn socket(&self, at: usize) -> PathBuf {
        self.folder.path().join(format!("{at}.sock"))
    }

    fn start(&mut self, program: &OsString, at: usize, node: &Node) {
        let path = self.folder.path().join(format!("{at}.cfg"));
        let global = format!("global\n    stats socket {} mode 600\n\n", self.socket(at).display());
        fs::write(&path, global + &node.config).unwrap();
        let mut command = ip_exec(&self.name(&at.to_string()), &[]);
        command.arg(program).args(["-db", "-L", node.name, "-f"]).arg(&path);
        self.running.push(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    }

    /// What a node says of its peers; nothing where it does not run.
    fn show(&self, at: usize) -> String {
        let mut text = String::new();
        if let Ok(mut socket) = UnixStream::connect(self.socket(at)) {
            let _ = socket.write_all(b"show peers\n");
            let _ = socket.shutdown(Shutdown::Write);
            let _ = socket.read_to_string(&mut text);
        }
        text
    }

    /// Whether the node number `at` has a session with the peer of that name.
    fn has(&self, at: usize, peer: &str) -> bool {
        let text = self.show(at);
        let lines = text.split("id=").find(|part| part.starts_with(&format!("{peer}(remote"))).map(str::to_owned);
        lines.is_some_and(|l| l.contains("last_status=ESTA"))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        for child in &mut self.running {
            let _ = child.kill();
            let _ = child.wait();
        }
        for part in ["0", "1", "2", "hub"] {
            ip(&format!("netns del {}", self.name(part)));
        }
    }
}

fn ip_exec(namespace: &str, words: &[&str]) -> Command {
    let mut command = Command::new("ip");
    command.args(["netns", "exec", namespace]).args(words);
    command
}

/// Runs a scenario and says what differs from what was predicted.
fn run(program: &OsString, scenario: &Scenario, prefix: String) -> Vec<String> {
    let mut world = World::new(scenario, prefix);
    for (at, node) in scenario.nodes.iter().enumerate() {
        world.start(program, at, node);
    }
    let predicted = scenario.predicted();
    let up = |a: usize, b: usize| world.has(a, scenario.nodes[b].name) && world.has(b, scenario.nodes[a].name);
    let start = Instant::now();
    // What is to work may take its time; what is not must have had as much of it.
    loop {
        let wrong: Vec<String> = predicted
            .iter()
            .filter_map(|(a, b, wanted)| {
                let really = up(*a, *b);
                (wanted != &Some(really)).then(|| format!("{}: {a} and {b}: predicted {wanted:?}, in truth {really}", scenario.title))
            })
            .collect();
        let late = start.elapsed() > PATIENCE;
        if late || (wrong.is_empty() && start.elapsed() > Duration::from_secs(8)) {
            return wrong;
        }
        thread::sleep(Duration::from_millis(500));
    }
}

#[test]
fn real_haproxy_agrees_with_the_links() {
    let probe = format!("hl{}probe", std::process::id());
    if !ip(&format!("netns add {probe}")) {
        println!("skipped: network namespaces need root and `ip`");
        return;
    }
    ip(&format!("netns del {probe}"));
    let programs = [Some("haproxy".into()), std::env::var_os("HAPROXY_2_8")].into_iter().flatten();
    let programs: Vec<OsString> = programs.filter(|p: &OsString| Command::new(Path::new(p)).arg("-v").output().is_ok()).collect();
    if programs.is_empty() {
        println!("skipped: there is no haproxy on this machine");
        return;
    }
    let scenarios = scenarios();
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
