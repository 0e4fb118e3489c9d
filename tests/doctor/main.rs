//! What the doctor says of real `show peers` outputs, against what their setups say is wrong or right.

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/cores.rs"]
mod cores;
#[path = "../common/dump.rs"]
mod dump;
mod large;
mod mesh;
mod schema;
mod topology;
mod truncation;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use haproxy_lint::{
    check::doctor::Health,
    finding::{Finding, Severity},
    runtime::{self, Answers, Cluster},
    source::FileId,
};

use dump::diagnose;

/// Every capture, by its path in the folder.
fn captures(test: &str) -> Vec<(String, String)> {
    let Some(shared) = common::shared(test) else { return Vec::new() };
    let folder = shared.join("show-peers");
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in [folder.clone(), folder.join("remote-behaviour")] {
        let entries = fs::read_dir(folder).expect("the folder is there").filter_map(Result::ok).map(|e| e.path());
        paths.extend(entries.filter(|p| p.extension().is_some_and(|e| e == "txt")));
    }
    paths.sort();
    let name = |p: &Path| p.strip_prefix(&folder).expect("it is inside").display().to_string();
    paths.iter().map(|p| (name(p), String::from_utf8_lossy(&fs::read(p).expect("it can be read")).into_owned())).collect()
}

fn health(text: &str) -> Option<Health> {
    diagnose(&[(None, text)]).map(|d| d.health)
}

/// `error remote-other-name a`, sorted.
fn lines(findings: &[Finding]) -> BTreeSet<String> {
    let line = |f: &Finding| {
        format!("{} {} {}", f.severity, f.rule.name.trim_start_matches("runtime/"), f.nodes.join("+").replace("dump.txt", "?"))
    };
    findings.iter().filter(|f| f.severity > Severity::Info || f.rule.name != "runtime/never-taught").map(line).collect()
}

/// The table: a capture, how the whole stands, and the findings, as they follow from its setup.
const TABLE: &str = include_str!("captures.tsv");

#[test]
fn each_capture_is_diagnosed_as_its_setup_says() {
    let mut wrong = Vec::new();
    let mut told = String::new();
    for (name, text) in captures("each_capture_is_diagnosed_as_its_setup_says") {
        let found = diagnose(&[(None, &text)]);
        let status = found.as_ref().map_or("no dump", |d| d.health.as_str());
        let lines: Vec<String> = found.iter().flat_map(|d| lines(&d.findings)).collect();
        let line = format!("{name}\t{status}\t{}", lines.join("; "));
        if !TABLE.lines().any(|l| l == line) {
            let expected = TABLE.lines().find(|l| l.split('\t').next() == Some(&name)).unwrap_or("nothing");
            wrong.push(format!("it says  {line}\nexpected {expected}"));
        }
        told += &format!("{line}\n");
    }
    if let Some(path) = std::env::var_os("WRITE_CAPTURES") {
        fs::write(path, told).expect("it can be written");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sections_that_are_called_otherwise_are_one_pair_where_the_addresses_say_so() {
    let here = include_str!("healthy.txt");
    let there = |port: &str| {
        let swapped = here.replace("id=a(local", "id=B(local").replace("id=b(remote", "id=a(remote").replace("id=B(local", "id=b(local");
        let swapped = swapped.replace("18301", "own").replace("18302", "18301").replace("own", port);
        swapped.replace("id=p ", "id=q ").replace("id=p/", "id=q/")
    };
    let pairs = |other: &str| {
        let answers = [here, other].map(|text| {
            let dumps = runtime::parse(text).expect("it is a dump");
            Answers { name: None, source: "dump.txt".to_owned(), file: FileId(0), dumps, seconds: None }
        });
        let cluster = Cluster::new(runtime::nodes(answers.into()), None, Vec::new());
        cluster.pairs.iter().map(|pair| pair.sides.iter().flatten().count()).collect::<Vec<_>>()
    };
    assert_eq!(pairs(&there("18302")), [2]);
    // What is reached there is something else.
    assert_eq!(pairs(&there("18303")), [1, 1]);
}
