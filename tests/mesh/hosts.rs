//! Two hosts, known by what `facts` says on each: what is found is what becomes of them.

use std::{
    ffi::OsString,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use haproxy_lint::{
    check::Options,
    finding::Severity,
    source::SourceFile,
    topology::{self, matrix::Verdict},
};

use crate::netns::{self, World};

/// How the hosts are called, and their HAProxy.
const HOSTS: [(&str, &str); 2] = [("hosta", "n1"), ("hostb", "n2")];

struct Case {
    title: &'static str,
    /// The address in the line of the second one.
    second: &'static str,
    nonlocal: u8,
    /// What is said of the second host.
    finding: Option<(&'static str, Severity)>,
    /// Whether the two synchronise.
    up: bool,
}

const CASES: [Case; 3] = [
    Case { title: "all is right", second: "10.77.0.12", nonlocal: 0, finding: None, up: true },
    Case {
        title: "an address that is not there",
        second: "10.77.0.99",
        nonlocal: 0,
        finding: Some(("host/address-not-on-host", Severity::Error)),
        up: false,
    },
    Case {
        title: "the same, hidden by the sysctl: the second one dials",
        second: "10.77.0.99",
        nonlocal: 1,
        finding: Some(("host/nonlocal-hides-fault", Severity::Warning)),
        up: true,
    },
];

/// The program, which is built beside this test.
fn program() -> Option<PathBuf> {
    let path = std::env::current_exe().ok()?.parent()?.parent()?.join("cargo-haproxy-lint");
    path.is_file().then_some(path)
}

fn facts(world: &World, at: usize, lint: &str) -> String {
    let script = format!("echo {} > /proc/sys/kernel/hostname && {lint} facts", HOSTS[at].0);
    let output = world.inside(at, &["unshare", "--uts", "sh", "-c", &script]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn run(haproxy: &OsString, case: &Case, lint: &str, prefix: String) {
    let addresses = ["10.77.0.11/24", "10.77.0.12/24"].map(|a| vec![a.to_owned()]);
    let mut world = World::new(prefix, &addresses);
    let config = format!(
        "peers mesh\n    peer n1 10.77.0.11:1024\n    peer n2 {}:1024\n\nbackend t\n    stick-table type ip size 1k expire 1m peers mesh\n",
        case.second
    );
    for (at, (_, name)) in HOSTS.iter().enumerate() {
        world.script(at, &format!("echo {} > /proc/sys/net/ipv4/ip_nonlocal_bind", case.nonlocal));
        world.start(haproxy, at, name, &config, &[]);
    }
    let start = Instant::now();
    let is_up = |world: &World| world.session(0, "n2").is_some() && world.session(1, "n1").is_some();
    // What works has its time, and what does not as well.
    while start.elapsed() < Duration::from_secs(if case.up { 20 } else { 8 }) && !(case.up && is_up(&world)) {
        thread::sleep(Duration::from_millis(500));
    }
    assert_eq!(is_up(&world), case.up, "{}", case.title);

    let files = (0..2).map(|at| SourceFile::new(format!("{}.json", HOSTS[at].0), facts(&world, at, lint).into_bytes())).collect();
    let (mut topology, problems) = topology::read(files);
    assert!(problems.is_empty() && topology.nodes.len() == 2, "{problems:?} {:?}", topology.nodes);
    // A HAProxy that did not start says nothing of itself.
    topology.nodes.iter_mut().zip(HOSTS).for_each(|(node, (_, name))| node.option_l = Some(topology::Name::Known(name.to_owned())));
    let given: Vec<usize> = HOSTS
        .iter()
        .rev()
        .map(|(host, _)| topology.add_configuration(vec![SourceFile::new(format!("{host}.cfg"), config.clone().into_bytes())]))
        .collect();
    assert_eq!(topology.distribute(&given), Ok(Vec::new()));
    let checked = haproxy_lint::check::nodes::check(&topology, &Options::default());
    let of_hosts: Vec<_> = checked.report.findings.iter().filter(|f| f.rule.group() == "host").collect();
    let wanted = |rule, level| of_hosts.iter().any(|f| f.rule.name == rule && f.severity == level && f.nodes == [HOSTS[1].0]);
    assert!(case.finding.map_or(of_hosts.is_empty(), |(rule, level)| wanted(rule, level)), "{}: {of_hosts:?}", case.title);
    let fine = |from, to| checked.mesh.matrix.get(from, to).is_some_and(|l| l.verdict == Verdict::Fine);
    assert_eq!(fine(0, 1) || fine(1, 0), case.up, "{}", case.title);
}

#[test]
fn what_facts_say_of_two_hosts_is_what_becomes_of_them() {
    let Some(programs) = netns::programs() else { return };
    let Some(lint) = program() else {
        println!("skipped: cargo-haproxy-lint is not built");
        return;
    };
    let lint = lint.to_string_lossy().into_owned();
    thread::scope(|scope| {
        for (number, program) in programs.iter().enumerate() {
            for (at, case) in CASES.iter().enumerate() {
                let prefix = format!("hh{}-{number}-{at}-", std::process::id());
                let lint = &lint;
                scope.spawn(move || run(program, case, lint, prefix));
            }
        }
    });
}
