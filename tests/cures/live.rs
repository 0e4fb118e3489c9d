//! What is mended, started for real: a namespace for each node, names and Services as the topology says, and every pair of
//! nodes has a session. It needs root, `ip`, `nft` and `haproxy`, and says so where they are missing.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    net::IpAddr,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use haproxy_lint::{
    check::Options,
    source::SourceFile,
    topology::{self, Mesh, Topology, matrix::Verdict},
};

use super::netns::{self, World};

/// How long HAProxy may take: a peer that was refused is tried again within five seconds.
const PATIENCE: Duration = Duration::from_secs(25);

/// A node as it is started.
struct Start {
    local: String,
    config: String,
    environment: Vec<(String, String)>,
    addresses: Vec<String>,
}

/// A mended case.
struct Case {
    name: String,
    nodes: Vec<Start>,
    /// Names and where they lead.
    hosts: String,
    /// What makes the addresses of Services lead to pods.
    services: String,
    /// The pairs that are to have a session.
    pairs: Vec<(usize, usize)>,
}

/// The address of a node: its own one where that is known.
fn address(topology: &Topology, at: usize) -> IpAddr {
    let known = topology.nodes[at].addresses.iter().flatten().find(|ip| ip.is_ipv4());
    known.copied().unwrap_or_else(|| IpAddr::from([10, 77, 0, 11 + at as u8]))
}

fn start(mesh: &Mesh<'_>, view: &topology::View) -> Option<Start> {
    let node = mesh.node(view);
    let files = &mesh.topology.configurations[mesh.summary(view).configuration].files;
    let config: String = files.iter().map(|f| String::from_utf8_lossy(&f.bytes).into_owned()).collect();
    let host = node.host_name.known().map(|name| ("HOSTNAME".to_owned(), name.to_owned()));
    let variables = node.environment.iter().filter_map(|(name, v)| Some((name.clone(), v.value.clone()?)));
    let environment = variables.chain(host).collect();
    Some(Start { local: view.local.clone()?, config, environment, addresses: vec![format!("{}/16", address(mesh.topology, view.node))] })
}

/// The case as it is to run, where each of its nodes and names is known.
fn case(name: &str, text: &[u8]) -> Option<Case> {
    let (topology, _) = topology::read(vec![SourceFile::new(name, text.to_vec())]);
    let checked = haproxy_lint::check::nodes::check(&topology, &Options::default());
    let mesh = &checked.mesh;
    let links = &mesh.matrix.links;
    if links.is_empty() || links.iter().any(|l| l.verdict != Verdict::Fine) || !topology.policies.is_empty() {
        return None;
    }
    let nodes: Vec<Start> = mesh.views.iter().map(|v| start(mesh, v)).collect::<Option<_>>()?;
    let mut hosts = "127.0.0.1 localhost\n".to_owned();
    for view in &mesh.views {
        let (node, ip) = (mesh.node(view), address(&topology, view.node));
        for name in node.names.iter().chain(node.host_name.known().map(str::to_owned).as_ref()) {
            // `pod.service` and the longer forms of it.
            let labels: Vec<&str> = name.split('.').collect();
            let short = (2..labels.len()).map(|count| labels[..count].join("."));
            let all: Vec<String> = short.chain([name.clone(), format!("{name}.cluster.local")]).collect();
            hosts += &format!("{ip} {}\n", all.join(" "));
        }
    }
    let (mut services, mut chosen) = (String::new(), BTreeMap::new());
    for (at, service) in topology.services.iter().enumerate().filter(|(_, s)| !s.headless) {
        let leads = |n: &usize| {
            let (node, group) = (&topology.nodes[*n], &topology.groups[topology.nodes[*n].group]);
            service.selects(&group.namespace, &group.labels, Some(&node.name))
        };
        let targets: Vec<usize> = (0..topology.nodes.len()).filter(leads).collect();
        let [target] = targets[..] else { continue };
        let ip = service.addresses.first().copied().unwrap_or_else(|| IpAddr::from([10, 96, 0, at as u8 + 1]));
        chosen.insert(at, ip);
        hosts += &format!("{ip} {0} {0}.{1} {0}.{1}.svc.cluster.local\n", service.name, service.namespace);
        for port in &service.ports {
            let (pod, inner) = (address(&topology, target), port.target.unwrap_or(port.port));
            services += &format!(
                "ip route replace {ip} dev eth0\nnft add rule ip lint out ip daddr {ip} tcp dport {} dnat to {pod}:{inner}\n",
                port.port
            );
        }
    }
    // What is in no manifest leads to an address where nobody is.
    for word in nodes.iter().flat_map(|n| n.config.split_ascii_whitespace()) {
        if let Some((host, port)) = word.rsplit_once(':')
            && port.parse::<u16>().is_ok()
            && host.starts_with(|c: char| c.is_ascii_alphabetic())
            && !hosts.split_ascii_whitespace().any(|known| known == host)
        {
            hosts += &format!("10.77.0.99 {host}\n");
        }
    }
    let pairs = links.iter().filter(|l| l.from < l.to).map(|l| (l.from, l.to)).collect();
    Some(Case { name: name.to_owned(), nodes, hosts, services, pairs })
}

/// Starts a case and says which pairs never had a session.
fn run(program: &OsString, case: &Case, prefix: &str) -> Vec<String> {
    let addresses: Vec<Vec<String>> = case.nodes.iter().map(|n| n.addresses.clone()).collect();
    let mut world = World::new(prefix.to_owned(), &addresses);
    let folder = tempfile::tempdir().unwrap();
    let hosts = folder.path().join("hosts");
    fs::write(&hosts, &case.hosts).unwrap();
    for (at, node) in case.nodes.iter().enumerate() {
        if !case.services.is_empty() {
            let chain = "nft add table ip lint; nft add chain ip lint out '{ type nat hook output priority -100; }'";
            world.script(at, &format!("set -e; {chain}\n{}", case.services));
        }
        // `ip netns exec` has a mount namespace of its own, in which names may be other ones.
        let wrapper = folder.path().join(format!("{at}.sh"));
        let script = format!("#!/bin/sh\nmount --bind {} /etc/hosts && exec {} \"$@\"\n", hosts.display(), program.to_string_lossy());
        fs::write(&wrapper, script).unwrap();
        assert!(Command::new("chmod").arg("+x").arg(&wrapper).status().unwrap().success());
        world.start(&wrapper.into_os_string(), at, &node.local, &node.config, &node.environment);
    }
    let begin = Instant::now();
    loop {
        let up = |(a, b): &&(usize, usize)| {
            world.session(*a, &case.nodes[*b].local).is_some() && world.session(*b, &case.nodes[*a].local).is_some()
        };
        let missing: Vec<String> = case.pairs.iter().filter(|pair| !up(pair)).map(|(a, b)| format!("{}: {a} and {b}", case.name)).collect();
        if missing.is_empty() || begin.elapsed() > PATIENCE {
            return missing;
        }
        thread::sleep(Duration::from_millis(500));
    }
}

#[test]
fn what_is_mended_synchronises() {
    let Some(programs) = netns::programs() else { return };
    if Command::new("nft").arg("--version").output().is_err() {
        println!("skipped: Services of pods need nft");
        return;
    }
    let mended = super::MENDED.iter().filter(|(.., fixed)| fixed.applied > 0);
    let cases: Vec<Case> = mended.filter_map(|(name, _, fixed)| case(name, fixed.sources.files()[0].bytes())).collect();
    assert!(cases.len() >= 10, "{} cases", cases.len());
    for (number, program) in programs.iter().enumerate() {
        let missing: Vec<String> = thread::scope(|scope| {
            let prefix = |at: usize| format!("hc{}-{number}-{at}-", std::process::id());
            let runs: Vec<_> = cases.iter().enumerate().map(|(at, c)| scope.spawn(move || run(program, c, &prefix(at)))).collect();
            runs.into_iter().flat_map(|r| r.join().unwrap()).collect()
        });
        assert!(missing.is_empty(), "{}: {}", program.to_string_lossy(), missing.join("\n"));
        println!("{}: {} mended cases synchronise", program.to_string_lossy(), cases.len());
    }
}
