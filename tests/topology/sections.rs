//! Which sections of two nodes are for each other: HAProxy compares names of peers and dials addresses, and never compares the names
//! of sections.

use haproxy_lint::{check::Options, source::SourceFile, topology};

const HOSTS: &str = "topology: 1\nhosts:\n- {name: lb1, addresses: [10.0.0.11]}\n- {name: lb2, addresses: [10.0.0.12]}\n";

/// A section with its table; `list` has names with addresses.
fn section(name: &str, list: &[(&str, &str)], store: &str) -> String {
    let peers: String = list.iter().map(|(peer, address)| format!("    peer {peer} {address}\n")).collect();
    format!("peers {name}\n{peers}backend t-{store}\n    stick-table type ip size 1m expire 10m store {store} peers {name}\n")
}

/// The findings of the rules that look at all nodes.
fn said(hosts: &str, files: &[(&str, &str)]) -> Vec<String> {
    let (mut topology, problems) = topology::read(vec![SourceFile::new("hosts.yaml", hosts.as_bytes().to_vec())]);
    assert!(problems.is_empty(), "{problems:?}");
    let add = |(name, text): &(&str, &str)| topology.add_configuration(vec![SourceFile::new(*name, text.as_bytes().to_vec())]);
    let given: Vec<usize> = files.iter().map(add).collect();
    topology.distribute(&given).unwrap();
    let findings = haproxy_lint::check::nodes::check(&topology, &Options::default()).report.findings;
    let of_nodes = |rule: &str| rule.starts_with("topology/") || rule.starts_with("peers/") || rule == "table/table-mismatch";
    findings.into_iter().filter(|f| of_nodes(f.rule.name) && f.nodes.len() > 1).map(|f| format!("{}: {}", f.rule.name, f.message)).collect()
}

fn pair(one: &str, two: &str) -> Vec<String> {
    said(HOSTS, &[("lb1.cfg", one), ("lb2.cfg", two)])
}

const BOTH: [(&str, &str); 2] = [("lb1", "10.0.0.11:1000"), ("lb2", "10.0.0.12:1000")];
const OTHER_PORT: [(&str, &str); 2] = [("lb1", "10.0.0.11:2000"), ("lb2", "10.0.0.12:2000")];

#[test]
fn sections_of_other_names_are_of_one_cluster() {
    assert_eq!(pair(&section("mypeers", &BOTH, "gpc0"), &section("mypeer", &BOTH, "gpc0")), Vec::<String>::new());
    let moved = [("lb1", "10.0.0.11:1000"), ("lb2", "10.0.0.12:1001")];
    let found = pair(&section("mypeers", &BOTH, "gpc0"), &section("mypeer", &moved, "gpc0"));
    assert!(found.len() == 1 && found[0].contains("`lb2` listens on port 1001, not on 1000"), "{found:?}");
    let other = section("mypeer", &BOTH, "gpc0").replace("store gpc0", "store gpc0,conn_cnt");
    let found = pair(&section("mypeers", &BOTH, "gpc0"), &other);
    assert!(found.len() == 1 && found[0].starts_with("table/table-mismatch: "), "{found:?}");
}

#[test]
fn tables_of_sections_of_other_names_meet() {
    let own = |name: &str, store: &str| {
        format!(
            "peers {name}\n    peer lb1 10.0.0.11:1000\n    peer lb2 10.0.0.12:1000\n    table t type ip size 1m expire 10m store {store}\n\
             frontend f\n    mode http\n    bind :80\n    http-request track-sc0 src table {name}/t\n"
        )
    };
    let found = pair(&own("mypeers", "gpc0"), &own("mypeer", "gpc0,conn_cnt"));
    assert!(found.len() == 1 && found[0].starts_with("table/table-mismatch: "), "{found:?}");
}

#[test]
fn the_name_counts_first() {
    // Each node has both sections; the ports of one lead to the other of that name alone.
    let one = section("a", &BOTH, "gpc0") + &section("b", &OTHER_PORT, "gpc1");
    assert_eq!(pair(&one, &(section("b", &OTHER_PORT, "gpc1") + &section("a", &BOTH, "gpc0"))), Vec::<String>::new());
    // A section that only one node has is for nobody on the other.
    assert_eq!(pair(&one, &section("a", &BOTH, "gpc0")), Vec::<String>::new());
}

#[test]
fn of_several_sections_the_port_decides() {
    let one = section("a", &BOTH, "gpc0") + &section("b", &OTHER_PORT, "gpc1");
    let two = section("c", &OTHER_PORT, "gpc1") + &section("d", &BOTH, "gpc0");
    assert_eq!(pair(&one, &two), Vec::<String>::new());
    let other = two.replace("store gpc1", "store gpc1,conn_cnt");
    let found = pair(&one, &other);
    assert!(found.len() == 1 && found[0].contains("`t-gpc1`"), "{found:?}");
    // Where no port fits any, nothing tells which is for which.
    assert_eq!(pair(&one, &other.replace(":1000", ":3000").replace(":2000", ":4000")), Vec::<String>::new());
}

#[test]
fn equal_names_in_two_places_are_two_clusters() {
    let hosts = format!(
        "{HOSTS}- {{name: east1, local_name: lb1, addresses: [10.1.0.11]}}\n- {{name: east2, local_name: lb2, addresses: [10.1.0.12]}}\n"
    );
    let east = section("east", &[("lb1", "10.1.0.11:1000"), ("lb2", "10.1.0.12:1000")], "gpc1").replace("t-gpc1", "t-gpc0");
    let west = section("west", &BOTH, "gpc0");
    let files = [("lb1.cfg", west.as_str()), ("lb2.cfg", &west), ("east1.cfg", &east), ("east2.cfg", &east)];
    assert_eq!(said(&hosts, &files), Vec::<String>::new());
}
