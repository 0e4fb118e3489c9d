//! Hosts that several files speak of, and which configuration each of them reads.

use std::path::Path;

use haproxy_lint::{
    check::Options,
    source::SourceFile,
    topology::{self, Topology, Undecided},
};

use super::read;

/// What `facts` says on a host that runs HAProxy with the usual path.
fn facts(name: &str, addresses: &str) -> String {
    format!(
        "{{\"haproxy-lint-facts\": 1, \"name\": \"{name}\", \"addresses\": [{addresses}], \"sysctls\": {{\"net.ipv4.ip_nonlocal_bind\": \"0\"}}, \
         \"arguments\": [\"-f\", \"/etc/haproxy/haproxy.cfg\"]}}"
    )
}

const PEERS: &str = "peers p\n    peer lb1 10.0.0.11:1024\n    peer lb2 10.0.0.12:1024\n";

fn give(topology: &mut Topology, files: &[(&str, &str)]) -> Result<Vec<usize>, Undecided> {
    let given: Vec<usize> =
        files.iter().map(|(name, text)| topology.add_configuration(vec![SourceFile::new(*name, text.as_bytes().to_vec())])).collect();
    topology.distribute(&given)
}

/// The first file that each node reads.
fn readers(topology: &Topology) -> Vec<(&str, Option<&str>)> {
    let file = |number: usize| topology.configurations[number].files[0].name.as_str();
    topology.nodes.iter().map(|n| (n.name.as_str(), n.configuration.map(file))).collect()
}

fn pair() -> Topology {
    let (one, two) = (facts("lb1.example.com", "\"10.0.0.11\", \"172.17.0.1\""), facts("lb2.example.com", "\"10.0.0.12\", \"172.17.0.1\""));
    read(&[("a.json", one.as_str()), ("b.json", two.as_str())])
}

#[test]
fn facts_topology_file_and_inventory_make_one_node() {
    let measured = facts("lb1.example.com", "\"10.0.0.11\", \"10.9.0.11\"");
    let file = "topology: 1\nhosts:\n- {name: lb1, local_name: one, addresses: [10.0.0.11]}\n- {name: other, addresses: [10.0.0.12]}\n";
    let topology = read(&[
        ("facts.json", measured.as_str()),
        ("hosts.yaml", file),
        ("inventory.ini", "[lb]\nedge1 ansible_host=10.0.0.11\nedge2 ansible_host=10.0.0.12\n"),
    ]);
    assert_eq!(topology.nodes.iter().map(|n| n.name.as_str()).collect::<Vec<_>>(), ["lb1", "other"]);
    let node = &topology.nodes[0];
    assert_eq!(node.host_name.known(), Some("lb1.example.com"));
    assert_eq!(node.local_name().known(), Some("one"));
    assert_eq!(node.addresses.as_ref().map(Vec::len), Some(2));
    assert!(node.names.iter().any(|n| n == "edge1") && topology.nodes[1].names.iter().any(|n| n == "edge2"));
    assert_eq!(topology.groups[node.group].sysctl("net.ipv4.ip_nonlocal_bind").map(|s| s.value.as_str()), Some("0"));
}

#[test]
fn an_ini_file_of_another_program_is_passed_over() {
    let others = [("tox.ini", "[flake8]\nmax-line-length=120\n"), ("grafana.ini", "; [server]\n[users]\nallow_sign_up = false\n")];
    assert!(read(&others).machines.is_empty());
}

#[test]
fn hosts_that_only_look_alike_stay_apart() {
    // A network of containers has the same address on every machine, and machines that were copied have one name.
    assert_eq!(pair().nodes.len(), 2);
    let (one, two) = (facts("debian", "\"10.0.0.11\""), facts("debian", "\"10.0.0.12\""));
    assert_eq!(read(&[("a.json", one.as_str()), ("b.json", two.as_str())]).nodes.len(), 2);
    let (one, two) = (facts("lb.north.example.com", "\"10.0.0.11\""), "topology: 1\nhosts: [{name: lb.south.example.com}]\n");
    assert_eq!(read(&[("a.json", one.as_str()), ("b.yaml", two)]).nodes.len(), 2);
}

#[test]
fn each_host_reads_the_file_that_carries_its_name() {
    for files in [["lb1/haproxy.cfg", "lb2/haproxy.cfg"], ["lb1.cfg", "lb2.cfg"], ["x/lb1/etc/haproxy/haproxy.cfg", "x/haproxy-lb2.cfg"]] {
        let mut topology = pair();
        assert_eq!(give(&mut topology, &[(files[1], PEERS), (files[0], PEERS)]), Ok(Vec::new()));
        assert_eq!(readers(&topology), [("lb1.example.com", Some(files[0])), ("lb2.example.com", Some(files[1]))]);
        let findings = haproxy_lint::check::nodes::check(&topology, &Options::default()).report.findings;
        assert!(findings.iter().all(|f| f.rule.group() != "host"), "{findings:?}");
    }
    // One name within another.
    let mut topology = read(&[("h.yaml", "topology: 1\nhosts: [{name: lb-1}, {name: lb-1-b}, {name: lb}]\n")]);
    assert_eq!(give(&mut topology, &[("lb-1-b.cfg", "1"), ("lb-1.cfg", "2"), ("lb.cfg", "3")]), Ok(Vec::new()));
    assert_eq!(readers(&topology), [("lb-1", Some("lb-1.cfg")), ("lb-1-b", Some("lb-1-b.cfg")), ("lb", Some("lb.cfg"))]);
}

#[test]
fn what_was_not_given_is_not_guessed() {
    let mut topology = pair();
    assert_eq!(give(&mut topology, &[("lb1/haproxy.cfg", PEERS)]), Ok(Vec::new()));
    assert_eq!(readers(&topology), [("lb1.example.com", Some("lb1/haproxy.cfg")), ("lb2.example.com", None)]);
    let mut topology = pair();
    let undecided = give(&mut topology, &[("a.cfg", PEERS), ("b.cfg", "# other\n")]).unwrap_err();
    assert_eq!((undecided.files.len(), undecided.hosts.len()), (2, 2));
    assert!(readers(&topology).iter().all(|(_, file)| file.is_none()));
    // Two files for one host.
    assert!(give(&mut pair(), &[("lb1/a.cfg", "1"), ("lb1/b.cfg", "2")]).is_err());
}

#[test]
fn one_file_without_a_name_is_for_all() {
    let mut topology = pair();
    assert_eq!(give(&mut topology, &[("haproxy.cfg", PEERS)]), Ok(Vec::new()));
    assert!(readers(&topology).iter().all(|(_, file)| *file == Some("haproxy.cfg")));
    let mut topology = pair();
    assert_eq!(give(&mut topology, &[("a.cfg", PEERS), ("b.cfg", PEERS)]).map(|alone| alone.len()), Ok(1));
}

#[test]
fn variables_count_where_a_unit_reads_their_file() {
    let hosts = "topology: 1\nhosts:\n- {name: lb1}\n";
    let start = "ExecStart=/usr/sbin/haproxy -f /etc/haproxy/haproxy.cfg $EXTRAOPTS\n";
    let name = |unit: &str, file: &str| {
        let unit = format!("[Service]\n{unit}{start}");
        let topology = read(&[("etc/haproxy.service", unit.as_str()), (file, "EXTRAOPTS=\"-L one\"\n"), ("h.yaml", hosts)]);
        topology.nodes[0].local_name().known().map(str::to_owned)
    };
    assert_eq!(name("EnvironmentFile=-/etc/default/haproxy\n", "r/etc/default/haproxy"), Some("one".to_owned()));
    assert_eq!(name("EnvironmentFile=/etc/haproxy/haproxy.env\n", "haproxy.env"), Some("one".to_owned()));
    assert_eq!(name("", "etc/default/haproxy"), Some("lb1".to_owned()));
    assert_eq!(name("EnvironmentFile=-/etc/sysconfig/haproxy\n", "etc/default/haproxy"), Some("lb1".to_owned()));
    for path in ["etc/default/haproxy", "a/sysconfig/haproxy"] {
        assert!(topology::is_known_name(Path::new(path)), "{path}");
    }
    assert!(!topology::is_known_name(Path::new("src/haproxy")));
}

#[test]
fn systemd_runs_no_shell() {
    let hosts = "topology: 1\nhosts:\n- {name: lb1}\n";
    let misread = |unit: &str| {
        let unit = format!("[Service]\n{unit}\n");
        let topology = read(&[("etc/haproxy.service", unit.as_str()), ("h.yaml", hosts)]);
        (!topology.groups[0].misread.is_empty(), topology.nodes[0].local_name().known().map(str::to_owned))
    };
    let host = || Some("lb1".to_owned());
    for removed in ["$(hostname)", "$HOSTNAME", "$(hostname -s)"] {
        assert_eq!(misread(&format!("ExecStart=/usr/sbin/haproxy -L {removed} -f /x.cfg")), (true, None), "{removed}");
    }
    assert_eq!(misread("ExecStart=/usr/sbin/haproxy -L %H -f /x.cfg"), (false, host()));
    assert_eq!(misread("Environment=HOSTNAME=lb1\nExecStart=/usr/sbin/haproxy -L $HOSTNAME"), (false, host()));
    for unknown in [
        "EnvironmentFile=/etc/host.env\nExecStart=/usr/sbin/haproxy -L $HOSTNAME",
        "PassEnvironment=HOSTNAME\nExecStart=/usr/sbin/haproxy -L $HOSTNAME",
        "ExecStart=/bin/sh -c 'exec haproxy -L $(hostname)'",
        "ExecStart=/usr/sbin/haproxy -L ${NAME}",
    ] {
        assert_eq!(misread(unknown), (false, None), "{unknown}");
    }
}

#[test]
fn a_unit_in_the_folder_of_a_host_is_of_that_host() {
    let unit = |name: &str| format!("[Service]\nExecStart=/usr/sbin/haproxy -f /etc/haproxy/haproxy.cfg -L {name}\n");
    let (one, two) = (unit("first"), unit("second"));
    let hosts = "topology: 1\nhosts: [{name: lb1}, {name: lb2}]\n";
    let topology = read(&[("lb1/haproxy.service", one.as_str()), ("h.yaml", hosts), ("lb2/haproxy.service", two.as_str())]);
    assert_eq!(topology.nodes.iter().map(|n| n.local_name().known()).collect::<Vec<_>>(), [Some("first"), Some("second")]);
    let topology = read(&[("etc/haproxy.service", one.as_str()), ("h.yaml", hosts)]);
    assert!(topology.nodes.iter().all(|n| n.local_name().known() == Some("first")));
    // A script may give any name; the exporter has a unit, too, and says nothing.
    let script = "[Service]\nExecStart=/opt/haproxy/start.sh\n";
    let exporter = "[Service]\nExecStart=/usr/bin/haproxy_exporter --haproxy.scrape-uri=unix:/run/haproxy.sock\n";
    let topology = read(&[("etc/haproxy.service", script), ("h.yaml", hosts)]);
    assert!(topology.nodes.iter().all(|n| n.local_name() == &topology::Name::Unknown));
    let topology = read(&[("etc/haproxy.service", one.as_str()), ("etc/haproxy_exporter.service", exporter), ("h.yaml", hosts)]);
    assert!(topology.nodes.iter().all(|n| n.local_name().known() == Some("first")));
}

#[test]
fn drop_ins_come_behind_their_unit() {
    let hosts = "topology: 1\nhosts: [{name: lb1}, {name: lb2}]\n";
    let unit = "[Service]\nEnvironment=EXTRAOPTS=\nExecStart=/usr/sbin/haproxy -Ws -f /etc/haproxy/haproxy.cfg $EXTRAOPTS -L unit\n";
    let names = |drop_ins: &[(&str, &str)]| {
        let topology = read(&[drop_ins, &[("etc/haproxy.service", unit), ("h.yaml", hosts)]].concat());
        topology.nodes.iter().map(|n| n.local_name().known().unwrap_or("?").to_owned()).collect::<Vec<_>>()
    };
    let folder = "etc/haproxy.service.d/10-name.conf";
    assert_eq!(names(&[]), ["unit", "unit"]);
    assert_eq!(names(&[(folder, "[Service]\nExecStart=\nExecStart=/usr/sbin/haproxy -Ws -f /x.cfg -L %H\n")]), ["lb1", "lb2"]);
    assert_eq!(names(&[(folder, "[Service]\nExecStart=\nExecStart=/usr/sbin/haproxy -Ws -f /x.cfg\n")]), ["lb1", "lb2"]);
    assert_eq!(names(&[(folder, "[Service]\nRestart=always\n")]), ["unit", "unit"]);
    let own = ("lb2/haproxy.service.d/name.conf", "[Service]\nExecStart=\nExecStart=/usr/sbin/haproxy -f /x.cfg -L own\n");
    assert_eq!(names(&[own]), ["unit", "own"]);
    assert!(topology::is_known_name(Path::new(folder)));
    assert!(!topology::is_known_name(Path::new("etc/nginx.service.d/a.conf")));
}

#[test]
fn a_template_unit_is_that_of_the_host_where_it_starts_no_other() {
    let hosts = "topology: 1\nhosts: [{name: lb1}, {name: lb2}]\n";
    let plain = ("etc/haproxy.service", "[Service]\nExecStart=/usr/sbin/haproxy -Ws -f /etc/haproxy/haproxy.cfg -L plain\n");
    let template = ("etc/haproxy@.service", "[Service]\nExecStart=/usr/sbin/haproxy -Ws -f /etc/haproxy/%i.cfg -L %i\n");
    let fixed = ("etc/haproxy@.service", "[Service]\nExecStart=/usr/sbin/haproxy -Ws -f /etc/haproxy/%i.cfg -L %H\n");
    let edge = ("etc/wants/haproxy@edge.service", template.1);
    let core = ("etc/wants/haproxy@core.service", template.1);
    let own = ("etc/haproxy@edge.service.d/name.conf", "[Service]\nExecStart=\nExecStart=/usr/sbin/haproxy -f /x.cfg -L own\n");
    let names = |units: &[(&str, &str)]| {
        let topology = read(&[units, &[("h.yaml", hosts)]].concat());
        topology.nodes.iter().map(|n| n.local_name().known().unwrap_or("?").to_owned()).collect::<Vec<_>>()
    };
    // What a template starts beside is another HAProxy.
    for other in [template, edge, own] {
        assert_eq!(names(&[plain, other]), ["plain", "plain"], "{}", other.0);
        assert_eq!(names(&[other, plain]), ["plain", "plain"], "{}", other.0);
    }
    assert_eq!(names(&[template]), ["?", "?"]);
    assert_eq!(names(&[fixed]), ["lb1", "lb2"]);
    assert_eq!(names(&[template, edge]), ["edge", "edge"]);
    assert_eq!(names(&[template, edge, core]), ["?", "?"]);
    assert_eq!(names(&[template, own]), ["own", "own"]);
    assert_eq!(names(&[template, own, core]), ["?", "?"]);
    // One that is called as a host is started there.
    assert_eq!(names(&[template, ("wants/haproxy@lb2.service", template.1)]), ["?", "lb2"]);
}

#[test]
fn the_unit_of_a_package_passes_on_what_its_variables_say() {
    let hosts = "topology: 1\nhosts: [{name: lb1}]\n";
    let name = |path: &str, text: &str| read(&[("h.yaml", hosts), (path, text)]).nodes[0].local_name().known().map(str::to_owned);
    assert_eq!(name("etc/default/haproxy", "# -L none\nEXTRAOPTS=\"-L one\"\n").as_deref(), Some("one"));
    assert_eq!(name("etc/sysconfig/haproxy", "OPTIONS=-L one\n").as_deref(), Some("one"));
    assert_eq!(name("etc/default/haproxy", "EXTRAOPTS=\"-de -m 16\"\n").as_deref(), Some("lb1"));
    assert_eq!(name("haproxy.env", "EXTRAOPTS=\"-L one\"\n").as_deref(), Some("lb1"));
}

/// What an inventory and the configurations beside it give: the rules of errors, and the number of nodes.
fn with_inventory(inventory: &str, files: &[(&str, &str)], units: &[(&str, &str)]) -> (Vec<&'static str>, usize) {
    let all: Vec<(&str, &str)> = [("inventory.ini", inventory)].iter().chain(units).copied().collect();
    let mut topology = read(&all);
    give(&mut topology, files).expect("who reads what is known");
    let findings = haproxy_lint::check::nodes::check(&topology, &Options::default()).report.findings;
    let errors = findings.iter().filter(|f| f.severity == haproxy_lint::finding::Severity::Error);
    (errors.map(|f| f.rule.name).collect(), topology.nodes.len())
}

#[test]
fn hosts_of_an_inventory_that_peers_name_are_nodes() {
    let config = format!("{PEERS}backend st\n    stick-table type ip size 1m expire 10m store http_req_cnt peers p\n");
    let (one, two) = (("lb1/haproxy.cfg", config.as_str()), ("lb2/haproxy.cfg", config.as_str()));
    let right = "[lb]\nlb1 ansible_host=10.0.0.11\nlb2 ansible_host=10.0.0.12\n[db]\ndb1 ansible_host=10.0.0.50\n";
    assert_eq!(with_inventory(right, &[("haproxy.cfg", &config)], &[]), (vec![], 2));
    assert_eq!(with_inventory(right, &[one, two], &[]), (vec![], 2));
    let swapped = "[lb]\nlb1 ansible_host=10.0.0.12\nlb2 ansible_host=10.0.0.11\n";
    assert!(with_inventory(swapped, &[one, two], &[]).0.contains(&"topology/peer-unreachable"));
    let full = "[lb]\nlb1.example.com ansible_host=10.0.0.11\nlb2.example.com ansible_host=10.0.0.12\n";
    assert_eq!(with_inventory(full, &[("haproxy.cfg", &config)], &[]), (vec![], 2));
    // Two hosts of one short name are not told apart by it.
    let sites = "[lb]\nlb1.north.example ansible_host=192.0.2.1\nlb1.south.example\nlb2.north.example\nlb2.south.example\n";
    assert_eq!(with_inventory(sites, &[("haproxy.cfg", &config)], &[]), (vec![], 0));
    // Addresses of another network, and hosts that are called otherwise, say nothing.
    assert_eq!(with_inventory("[lb]\nlb1 ansible_host=192.0.2.1\nlb2 ansible_host=192.0.2.2\n", &[one], &[]), (vec![], 2));
    assert_eq!(with_inventory("[lb]\na ansible_host=10.0.0.11\nb ansible_host=10.0.0.12\n", &[one], &[]), (vec![], 0));
}

#[test]
fn units_speak_of_the_hosts_of_an_inventory() {
    let config = format!("{PEERS}backend st\n    stick-table type ip size 1m expire 10m store http_req_cnt peers p\n");
    let hosts = "[lb]\nlb1 ansible_host=10.0.0.11\nlb2 ansible_host=10.0.0.12\n";
    let start = |name: &str| format!("[Service]\nExecStart=/usr/sbin/haproxy -Ws -f /etc/haproxy/haproxy.cfg -L {name}\n");
    let all = |name: &str| with_inventory(hosts, &[("haproxy.cfg", &config)], &[("haproxy.service", &start(name))]).0;
    assert_eq!(all("%H"), [""; 0]);
    assert_eq!(all("%l"), [""; 0]);
    assert!(all("%H.example.net").contains(&"peers/local-name-case-or-fqdn"), "{:?}", all("%H.example.net"));
    let (one, two) = (("lb1/haproxy.cfg", config.as_str()), ("lb2/haproxy.cfg", config.as_str()));
    let each = |second: &str| {
        with_inventory(hosts, &[one, two], &[("lb1/haproxy.service", &start("lb1")), ("lb2/haproxy.service", &start(second))]).0
    };
    assert_eq!(each("lb2"), [""; 0]);
    assert_eq!(each("lb1"), ["host/same-local-name"]);
}

#[test]
fn a_host_may_bring_its_own_configuration() {
    let text = "topology: 1\nhosts:\n- {name: lb1}\n- name: lb2\n  configuration: |\n    peers own\nconfiguration: |\n  peers shared\n";
    let topology = read(&[("hosts.yaml", text)]);
    let first = |n: &topology::Node| {
        let file = &topology.configurations[n.configuration.unwrap()].files[0];
        String::from_utf8(file.bytes.clone()).unwrap()
    };
    assert_eq!(topology.nodes.iter().map(first).collect::<Vec<_>>(), ["peers shared\n", "peers own\n"]);
}

#[test]
fn a_key_that_is_wrong_at_every_host_is_told_once() {
    let hosts: String = (0..50).map(|n| format!("- {{name: lb{n}, vips: [192.0.2.1], colour: red}}\n")).collect();
    let text = format!("topology: 1\nhosts:\n{hosts}");
    let (_, problems) = topology::read(vec![SourceFile::new("hosts.yaml", text.into_bytes())]);
    let told: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
    assert_eq!(told, ["`vips` is no key of a topology", "`colour` is no key of a topology"]);
    assert_eq!(problems[0].help, "`vips` stands at the top of the file, beside `hosts`");
}

#[test]
fn files_of_sysctl_d_are_of_the_host_that_their_path_names() {
    let hosts = "topology: 1\nhosts:\n- {name: lb1, addresses: [10.0.0.11]}\n- {name: lb2, sysctls: {net.ipv4.ip_nonlocal_bind: 0}}\n";
    let topology = read(&[
        ("hosts.yaml", hosts),
        ("lb1/etc/sysctl.d/90-lb.conf", "# mine\n-net/ipv4/ip_nonlocal_bind = 1\n;net.core.somaxconn=1\n"),
        ("files/sysctl.d/10-all.conf", "net.ipv4.ip_nonlocal_bind=2\nnet.core.somaxconn = 4096\n"),
        ("files/sysctl.d/20-all.conf", "net.core.somaxconn = 8192\n"),
        ("roles/haproxy/files/haproxy.conf", "# of the role\nnet.ipv4.ip_forward = 1\n"),
    ]);
    let forwards = |host: usize| topology.groups[host].sysctl("net.ipv4.ip_forward").is_some();
    assert!(forwards(0) && forwards(1));
    assert!(topology::is_known_name(Path::new("files/90-sysctl-haproxy.conf")));
    assert!(!topology::is_known_name(Path::new("files/rsyslog.conf")) && !topology::is_known_name(Path::new("files/90-haproxy.conf")));
    let value = |host: usize, name: &str| topology.groups[host].sysctl(name).map(|s| s.value.as_str());
    assert_eq!((value(0, "net.ipv4.ip_nonlocal_bind"), value(0, "net.core.somaxconn")), (Some("1"), Some("8192")));
    assert_eq!((value(1, "net.ipv4.ip_nonlocal_bind"), value(1, "net.core.somaxconn")), (Some("0"), Some("8192")));
    let at = topology.groups[0].sysctl("net.ipv4.ip_nonlocal_bind").and_then(|s| s.at).unwrap();
    assert_eq!(topology.sources.file(at.file).text(at.span), "-net/ipv4/ip_nonlocal_bind");
}
