//! What comments in configurations silence where several nodes read them.

use haproxy_lint::{check::Options, source::SourceFile, topology};

/// The rules of what is found, and of what comments silence.
fn check(files: &[(&str, &str)]) -> (Vec<&'static str>, Vec<&'static str>) {
    let (topology, configurations): (Vec<_>, Vec<_>) = files.iter().partition(|(name, _)| name.ends_with(".yaml"));
    let file = |(name, text): &(&str, &str)| SourceFile::new(*name, text.as_bytes().to_vec());
    let (mut topology, problems) = topology::read(topology.iter().map(file).collect());
    assert!(problems.is_empty(), "{problems:?}");
    let given: Vec<usize> = configurations.iter().map(|given| topology.add_configuration(vec![file(given)])).collect();
    assert!(topology.distribute(&given).is_ok());
    let report = haproxy_lint::check::nodes::check(&topology, &Options::default()).report;
    let names = |findings: &[haproxy_lint::finding::Finding]| findings.iter().map(|f| f.rule.name).collect();
    (names(&report.findings), names(&report.silenced))
}

const UNUSED: &str = "style/unused-ignore";

#[test]
fn a_comment_that_one_node_needs_is_used() {
    let hosts = |full: &str| {
        format!(
            "topology: 1\nhosts:\n- {{name: lb1, addresses: [10.0.0.1]}}\n- {{name: lb2, hostname: lb2{full}, addresses: [10.0.0.2]}}\n- {{name: lb3, addresses: [10.0.0.3]}}\n"
        )
    };
    let config = |comment: &str| {
        format!(
            "peers p\n  peer lb1 10.0.0.1:1024\n{comment}  peer lb2 10.0.0.2:1024\n  peer lb3 10.0.0.3:1024\nbackend b\n  stick-table type ip size 1m expire 10m peers p\n"
        )
    };
    const RULE: &str = "peers/local-name-case-or-fqdn";
    let comment = "  # haproxy-lint: ignore[peers/local-name-case-or-fqdn] why\n";
    let of = |full: &str, comment: &str| check(&[("hosts.yaml", &hosts(full)), ("haproxy.cfg", &config(comment))]);
    assert!(of(".example.com", "").0.contains(&RULE));
    let (found, silenced) = of(".example.com", comment);
    assert!(!found.contains(&RULE) && !found.contains(&UNUSED), "{found:?}");
    assert_eq!(silenced.iter().filter(|rule| **rule == RULE).count(), 1);
    // Where no node needs it, that is told.
    assert!(of("", comment).0.contains(&UNUSED));
}

#[test]
fn what_a_topology_brings_up_is_silenced_at_its_line_in_its_section_and_in_its_file() {
    const RULE: &str = "topology/peer-unreachable";
    let hosts = "topology: 1\nhosts:\n- {name: a, addresses: [10.0.0.1]}\n- {name: b, addresses: [10.0.0.2]}\n";
    let config = |file: &str, section: &str, line: &str| {
        format!(
            "{file}peers p\n{section}  peer a 10.0.0.1:1024\n{line}  peer b 10.0.0.9:1024\nbackend b\n  stick-table type ip size 1m expire 10m peers p\n"
        )
    };
    let of = |config: &str| check(&[("hosts.yaml", hosts), ("haproxy.cfg", config)]);
    assert!(of(&config("", "", "")).0.contains(&RULE));
    let silent = [
        config("# haproxy-lint: ignore-file[topology/peer-unreachable]\n", "", ""),
        config("", "  # haproxy-lint: ignore-section[topology]\n", ""),
        config("", "", "  # haproxy-lint: ignore[topology/peer-unreachable] why\n"),
    ];
    for config in &silent {
        let (found, silenced) = of(config);
        assert!(!found.contains(&RULE) && !found.contains(&UNUSED), "{config}\n{found:?}");
        assert!(silenced.contains(&RULE), "{config}\n{silenced:?}");
    }
    // A comment elsewhere silences nothing, and is told of.
    let (found, _) = of(&config("", "  # haproxy-lint: ignore[topology/peer-unreachable] why\n", ""));
    assert!(found.contains(&RULE) && found.contains(&UNUSED), "{found:?}");
}

#[test]
fn comments_inside_of_a_manifest_count_for_what_all_pods_together_are_told() {
    const RULE: &str = "topology/ordinal-set-mismatch";
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/topology/cases/kubectl-list.yaml")).unwrap();
    assert!(check(&[("m.yaml", &manifest)]).0.contains(&RULE));
    let silent = manifest.replace("\"peers cluster", &format!("\"# haproxy-lint: ignore[{RULE}] why\\npeers cluster"));
    let (found, silenced) = check(&[("m.yaml", &silent)]);
    assert!(!found.contains(&RULE) && !found.contains(&UNUSED), "{found:?}");
    assert!(silenced.contains(&RULE));
}

/// What is said better is silenced with what it says worse.
#[test]
fn what_a_silenced_finding_covers_stays_covered() {
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/topology/cases/f27-second-replica.yaml")).unwrap();
    let (found, _) = check(&[("m.yaml", &manifest)]);
    let (rule, covered) = ("topology/ordinal-set-mismatch", "peers/local-name-missing");
    assert!(found.contains(&rule) && !found.contains(&covered), "{found:?}");
    let silent = manifest.replace("    peers cluster", &format!("    # haproxy-lint: ignore[{rule}] why\n    peers cluster"));
    let (found, silenced) = check(&[("m.yaml", &silent)]);
    assert!(!found.contains(&rule) && !found.contains(&covered) && silenced.contains(&rule), "{found:?}");
}
