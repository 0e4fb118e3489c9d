//! With a topology beside the dumps the cause is named, with the file and line.

use haproxy_lint::{
    check::{Options, doctor::Diagnosis},
    runtime::{self, Answers, Cluster},
    source::SourceFile,
    topology,
};

const TOPOLOGY: &str = "topology: 1
vips: [10.0.0.100]
hosts:
- {name: n1, local_name: a, addresses: [10.0.0.1], config: haproxy.cfg}
- {name: n2, local_name: b, addresses: [10.0.0.2], config: haproxy.cfg}
- {name: n3, local_name: c, addresses: [10.0.0.3], config: haproxy.cfg}
";

const CONFIG: &str = "peers p\n    peer a 10.0.0.1:1024\n    peer b 10.0.0.2:1024\n    peer c 10.0.0.3:1024\n\nbackend t\n    stick-table type ip size 1k peers p\n";

/// What `a` prints of `b` at this address, beside a healthy `c`.
fn dump(address: &str, status: &str) -> String {
    format!(
        "0x1: [22/Nov/2026:14:15:36] id=p disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=8\n 0x2: id=c(remote,active) addr=10.0.0.3:1024 \
         last_status=ESTA last_hdshk=9s reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0\n flags=0x20000200 \
         appctx:0x3 st0=7 st1=0 task_calls=7 state=EST\n 0x2: id=b(remote,inactive) addr={address} last_status={status} last_hdshk=9s reconnect=<PAST> \
         heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=4 proto_err=0 coll=0\n flags=0x0\n 0x4: id=a(local,inactive) addr=10.0.0.1:1024 \
         last_status=NONE last_hdshk=<NEVER> reconnect=<NEVER> flags=0x0\n"
    )
}

fn diagnose(config: &str, text: &str) -> (Diagnosis, Vec<String>) {
    diagnose_in(TOPOLOGY, config, text)
}

fn diagnose_in(topology: &str, config: &str, text: &str) -> (Diagnosis, Vec<String>) {
    let (mut topology, problems) = topology::read(vec![SourceFile::new("topology.yaml", topology.as_bytes().to_vec())]);
    assert!(problems.is_empty(), "{problems:?}");
    let configuration = topology.add_configuration(vec![SourceFile::new("haproxy.cfg", config.as_bytes().to_vec())]);
    assert!(topology.distribute(&[configuration]).is_ok_and(|alone| alone.is_empty()));
    assert_eq!(topology.nodes.iter().filter(|n| n.configuration == Some(configuration)).count(), 3);
    let file = topology.sources.add(SourceFile::new("dump.txt", text.as_bytes().to_vec()));
    let answers = Answers { name: None, source: "dump.txt".to_owned(), file, dumps: runtime::parse(text).unwrap(), seconds: None };
    let checked = haproxy_lint::check::nodes::check(&topology, &Options::default());
    let cluster = Cluster::new(runtime::nodes(vec![answers]), Some(&checked.mesh), Vec::new());
    let diagnosis = haproxy_lint::check::doctor::diagnose(&cluster, &Options::default(), &topology.sources)
        .with_causes(&cluster, checked.report.findings);
    let told = |f: &haproxy_lint::finding::Finding| {
        let places = f.related.iter().map(|r| topology.sources.at(r.location));
        format!("{} | {} | {} | {}", f.rule.name, f.message, f.notes.join("; "), places.collect::<Vec<_>>().join(" "))
    };
    let told = diagnosis.findings.iter().map(told).collect();
    (diagnosis, told)
}

#[track_caller]
fn says(told: &[String], rule: &str, words: &[&str]) {
    assert!(told.iter().any(|t| t.starts_with(rule) && words.iter().all(|w| t.contains(w))), "{rule} {words:?}:\n{}", told.join("\n"));
}

#[test]
fn the_node_behind_an_address_is_named() {
    let (_, told) = diagnose(&CONFIG.replace("peer b 10.0.0.2", "peer b 10.0.0.3"), &dump("10.0.0.3:1024", "NAME"));
    says(&told, "runtime/remote-other-name", &["10.0.0.3 is `n3`, which goes by `c` and not by `b`", "haproxy.cfg:3"]);
    let (_, told) = diagnose(CONFIG, &dump("10.0.0.100:1024", "CONN"));
    says(&told, "runtime/remote-unreachable", &["moves between hosts", "its configuration says `10.0.0.2:1024`: reload it"]);
}

#[test]
fn what_is_configured_and_does_not_run_is_told() {
    let (_, told) = diagnose(&CONFIG.replace("\nbackend", "    peer d 10.0.0.4:1024\n\nbackend"), &dump("10.0.0.2:1024", "CONN"));
    says(&told, "runtime/pair-not-established", &["runs `peers p` without `d`, which is configured", "haproxy.cfg:5"]);
    let (_, told) = diagnose(&CONFIG.replace("peers p", "peers q"), &dump("10.0.0.2:1024", "CONN"));
    says(&told, "runtime/section-missing", &["does not run `peers q`", "haproxy.cfg:1"]);
}

#[test]
fn what_check_says_of_the_sick_nodes_is_told_too() {
    let (_, told) = diagnose(&CONFIG.replace("peer b 10.0.0.2:1024", "peer b 127.0.0.1:1024"), &dump("127.0.0.1:1024", "NAME"));
    assert!(told.iter().any(|t| t.starts_with("peers/") || t.starts_with("topology/")), "{}", told.join("\n"));
}

/// Peers that are all on loopback addresses, each on its own, run on one machine, unless the nodes are known to be several.
#[test]
fn nodes_of_one_machine_reach_each_other_on_loopback_addresses() {
    let config = CONFIG.replace("10.0.0.", "127.0.0.");
    let dump = dump("127.0.0.2:1024", "CONN").replace("10.0.0.", "127.0.0.");
    let nobody_knows = (1..=3).fold(TOPOLOGY.to_owned(), |text, n| text.replace(&format!("addresses: [10.0.0.{n}], "), ""));
    let itself = |told: &[String]| told.iter().any(|t| t.contains("` itself"));
    let (_, told) = diagnose_in(&nobody_knows, &config, &dump);
    says(&told, "runtime/remote-unreachable", &["as far as the configuration tells this link works"]);
    assert!(!itself(&told) && !told.iter().any(|t| t.starts_with("topology/")), "{}", told.join("\n"));
    let (_, told) = diagnose_in(TOPOLOGY, &config, &dump);
    says(&told, "topology/peer-unreachable", &["the address of `n1` itself"]);
    let (_, told) = diagnose_in(&nobody_knows, &config.replace("peer c 127.0.0.3", "peer c 127.0.0.2"), &dump);
    assert!(itself(&told), "{}", told.join("\n"));
}
