//! `topology`, `doctor` and `explain` keep to the width of the terminal, and say first what is broken.

use std::fs;

use crate::place::{Place, out, status};

/// A mesh of so many hosts, of which the last two are dialled where they are not.
fn mesh(count: usize) -> String {
    let hosts: String = (1..=count).map(|n| format!("- name: lb{n:02}\n  addresses: [192.0.2.{n}]\n")).collect();
    let address = |n: usize| if n + 1 >= count { n + 100 } else { n };
    let peers: String = (1..=count).map(|n| format!("    peer lb{n:02} 192.0.2.{}:1024\n", address(n))).collect();
    format!(
        "topology: 1\nhosts:\n{hosts}configuration: |\n  peers mesh\n{peers}  backend b\n    stick-table type ip size 100k expire 30m peers mesh\n"
    )
}

fn place() -> Place {
    let example = |name: &str| fs::read_to_string(format!("{}/../examples/show-peers/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    Place::with(&[
        ("four.yaml", mesh(4).as_str()),
        ("fifty.yaml", mesh(50).as_str()),
        ("healthy.txt", example("healthy.txt").as_str()),
        ("broken.txt", example("haproxy-0.txt").as_str()),
    ])
}

fn at(place: &Place, width: usize, arguments: &[&str]) -> String {
    out(&place.command(arguments).env("COLUMNS", width.to_string()).output().unwrap())
}

#[test]
fn every_line_fits() {
    let place = place();
    for width in [40, 60, 80, 160, 200] {
        for arguments in [
            &["topology", "--topology", "four.yaml"][..],
            &["topology", "--topology", "fifty.yaml"],
            &["explain", "local-inactive"],
            &["explain", "ip_nonlocal_bind"],
        ] {
            let text = at(&place, width, arguments);
            let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > width && !line.starts_with("    ")).collect();
            assert!(wide.is_empty() && !text.is_empty(), "{width} {arguments:?}: {wide:?}");
        }
    }
}

#[test]
fn the_doctor_fits_but_for_commands() {
    let place = place();
    for width in [40, 60, 80, 160, 200] {
        let text = at(&place, width, &["doctor", "--show-peers", "broken.txt", "--show-peers", "healthy.txt"]);
        // Commands are copied, so they stay on one line.
        let fits = |line: &&str| line.chars().count() <= width || line.trim_start().starts_with("$ ");
        let wide: Vec<&str> = text.lines().filter(|line| !fits(line)).collect();
        assert!(wide.is_empty() && text.contains("no connection"), "{width}: {wide:?}");
    }
    insta::with_settings!({ snapshot_path => "../../../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("first_hour__doctor_40", at(&place, 40, &["doctor", "--show-peers", "broken.txt"]));
    });
}

#[test]
fn what_is_broken_comes_first_and_a_matrix_only_where_it_fits() {
    let place = place();
    insta::with_settings!({ snapshot_path => "../../../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        for width in [60, 80, 160] {
            insta::assert_snapshot!(format!("first_hour__topology_{width}"), at(&place, width, &["topology", "--topology", "four.yaml"]));
        }
    });
    let fifty = at(&place, 80, &["topology", "--topology", "fifty.yaml"]);
    assert!(fifty.lines().take(3).any(|line| line.starts_with("  ✗ lb49 – lb50: ")), "{fifty}");
    assert!(!fifty.contains("A row is who connects"), "{fifty}");
    assert!(at(&place, 200, &["topology", "--topology", "fifty.yaml"]).contains("A row is who connects"));
}

#[test]
fn a_healthy_doctor_is_short() {
    let place = place();
    let run = |arguments: &[&str]| place.command(arguments).env("COLUMNS", "160").output().unwrap();
    let healthy = run(&["doctor", "--show-peers", "healthy.txt"]);
    assert_eq!(status(&healthy), 0, "{}", out(&healthy));
    assert!(out(&healthy).lines().count() <= 6, "{}", out(&healthy));
    assert!(out(&run(&["doctor", "--verbose", "--show-peers", "healthy.txt"])).contains("The ladder for"));
    let broken = run(&["doctor", "--show-peers", "broken.txt"]);
    assert!(status(&broken) == 1 && out(&broken).contains("The ladder for"), "{}", out(&broken));
}
