//! Another name and back, over real configurations: the bytes are the same again, and nothing new is found in between.

use std::{collections::BTreeMap, path::PathBuf, process::Command};

use haproxy_lint::{
    analysis::{Cursor, Snapshot, declarations, rename},
    check::{Options, check},
    fix::apply,
    source::{FileId, SourceFile, Sources},
    syntax::ReadOptions,
};

mod common;

/// The configurations of the corpus that HAProxy 2.6 takes as they are.
fn accepted(test: &str) -> Vec<(String, Vec<u8>)> {
    let Some(shared) = common::shared(test) else { return Vec::new() };
    let corpus = shared.join("corpus");
    let oracle = std::fs::read_to_string(corpus.join("oracle-2.6.jsonl")).expect("the verdicts can be read");
    let records = oracle.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let names = records.filter(|record| record["verdict"] == "ok").filter_map(|record| Some(record["file"].as_str()?.to_owned()));
    let open = names.filter(|name| name.starts_with("open/"));
    open.map(|name| (name.clone(), std::fs::read(corpus.join(&name)).expect("the file can be read"))).collect()
}

fn sources(name: &str, bytes: &[u8]) -> Sources {
    Sources::new(vec![SourceFile::new(name, bytes.to_vec())])
}

/// Gives the name at a place another one; `None` where that is refused.
fn renamed(name: &str, bytes: &[u8], offset: u32, new: &str) -> Option<Vec<u8>> {
    let snapshot = Snapshot::new(sources(name, bytes), ReadOptions::default());
    let edits = snapshot.with(|view| rename(view, Cursor { file: FileId(0), offset }, new)).ok()?;
    let after = apply(snapshot.sources(), &edits.iter().collect::<Vec<_>>());
    Some(after.files()[0].bytes().to_vec())
}

/// How often each rule speaks.
fn rules(name: &str, bytes: &[u8]) -> BTreeMap<&'static str, usize> {
    let mut rules = BTreeMap::new();
    let findings = check(&sources(name, bytes), &Options::default()).findings;
    findings.iter().for_each(|finding| *rules.entry(finding.rule.name).or_default() += 1);
    rules
}

/// What is declared in a text: where, and its name.
fn names(name: &str, bytes: &[u8]) -> Vec<(u32, String)> {
    let snapshot = Snapshot::new(sources(name, bytes), ReadOptions::default());
    let all: Vec<(u32, String)> =
        snapshot.with(|view| declarations(view).into_iter().map(|(place, _, name)| (place.span.start, name)).collect());
    // HAProxy itself uses this one.
    all.into_iter().filter(|(_, name)| name != "default").collect()
}

/// What HAProxy says of a text: whether it takes it, and how many lines it has to say.
fn said(bytes: &[u8]) -> Option<(bool, usize)> {
    let folder = tempfile::tempdir().ok()?;
    let file: PathBuf = folder.path().join("haproxy.cfg");
    std::fs::write(&file, bytes).ok()?;
    let output = Command::new("haproxy").args(["-c", "-f"]).arg(&file).output().ok()?;
    let lines = String::from_utf8_lossy(&output.stderr).lines().filter(|line| line.starts_with('[')).count();
    Some((output.status.success(), lines))
}

/// A name that nothing has yet. Some names mean something to other programs, so that the old one stays a part of it.
fn fresh(old: &str, number: usize) -> String {
    format!("{old}_x{number}")
}

/// Larger files than this are for those who have time.
const LARGE: usize = 6_000;

/// Renames every `step`th name of every `step`th file; tells how many, and how many were refused.
fn there_and_back(test: &str, step: usize, ask: bool) -> (usize, usize) {
    let (mut all, mut refused) = (0, 0);
    for (name, bytes) in accepted(test).iter().filter(|(_, bytes)| ask || bytes.len() < LARGE).step_by(step) {
        let before = rules(name, bytes);
        let mut at_once = bytes.clone();
        for (number, (offset, old)) in names(name, bytes).into_iter().enumerate().step_by(step) {
            all += 1;
            let Some(there) = renamed(name, bytes, offset, &fresh(&old, number)) else {
                refused += 1;
                continue;
            };
            assert_ne!(there, *bytes, "{name}: {old}");
            for (rule, times) in rules(name, &there) {
                assert!(before.get(rule).is_some_and(|known| times <= *known), "{name}: {old}: {rule} is new");
            }
            // Uses above it may have moved it.
            let offset = names(name, &there)[number].0;
            let back = renamed(name, &there, offset, &old).unwrap_or_else(|| panic!("{name}: not back to {old}"));
            assert!(back == *bytes, "{name}: {old}");
        }
        if ask {
            // All names of a file at once are one question for HAProxy.
            for number in 0..names(name, bytes).len() {
                let Some((offset, old)) = names(name, &at_once).get(number).cloned() else { continue };
                at_once = renamed(name, &at_once, offset, &fresh(&old, number)).unwrap_or(at_once);
            }
            let (then, now) = (said(bytes), said(&at_once));
            let no_worse = then.zip(now).is_none_or(|(then, now)| now.0 == then.0 && now.1 <= then.1);
            assert!(no_worse, "{name}: {then:?} {now:?}");
        }
    }
    (all, refused)
}

#[test]
fn names_of_real_configurations_go_there_and_back() {
    let (all, refused) = there_and_back("names_of_real_configurations_go_there_and_back", 13, false);
    println!("{all} names, {refused} refused");
    assert!(refused * 10 <= all, "{refused} of {all} are refused");
}

#[test]
#[ignore = "minutes: all names of all files, and what HAProxy says then: `cargo test --release --test rename -- --ignored`"]
fn all_names_of_real_configurations_go_there_and_back() {
    let (all, refused) = there_and_back("all_names_of_real_configurations_go_there_and_back", 1, true);
    println!("{all} names, {refused} refused");
    assert!(all == 0 || refused * 10 <= all, "{refused} of {all} are refused");
}
