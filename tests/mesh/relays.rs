//! Nobody relays: what happens on one spoke reaches the hub and no other spoke, although every session is established.

use std::{
    ffi::OsString,
    thread,
    time::{Duration, Instant},
};

use haproxy_lint::{
    check::Options,
    runtime::{self, Answers, Cluster},
    source::{FileId, Sources},
};

use super::{PATIENCE, list, netns, peers};
use netns::World;

const NAMES: [&str; 3] = ["n1", "n2", "n3"];

/// What each of the three reads: a list of all, or of the hub and itself.
fn configs(star: bool) -> [String; 3] {
    let lines = ["peer n1 10.77.2.1:1024", "peer n2 10.77.2.2:1024", "peer n3 10.77.2.3:1024"];
    let all = list(["10.77.2.1:1024", "10.77.2.2:1024", "10.77.2.3:1024"]);
    let spoke = |at: usize| if star { peers(&[lines[0], lines[at]]) } else { all.clone() };
    [all.clone(), spoke(1), spoke(2)]
}

fn wait(done: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if done() {
            return true;
        }
        thread::sleep(Duration::from_millis(200));
    }
    false
}

/// Where a key that is set on the first spoke arrives, and whether the doctor says that somebody does not get it.
fn arrives(program: &OsString, prefix: String, star: bool) -> ([bool; 3], bool) {
    let addresses: Vec<Vec<String>> = (1..=3).map(|n| vec![format!("10.77.2.{n}/24")]).collect();
    let mut world = World::new(prefix, &addresses);
    for (at, config) in configs(star).iter().enumerate() {
        world.start(program, at, NAMES[at], config, &[]);
    }
    let joined = |a: usize, b: usize| world.session(a, NAMES[b]).is_some() && world.session(b, NAMES[a]).is_some();
    assert!(wait(|| joined(0, 1) && joined(0, 2) && (star || joined(1, 2))), "the sessions are there");
    // A node that has just started is taught all that the other has, whoever brought it: only what comes later is looked at.
    thread::sleep(Duration::from_secs(8));
    world.ask(1, "set table t key 192.0.2.7 data.gpc0 5");
    let has = |at: usize| world.ask(at, "show table t").contains("192.0.2.7");
    assert!(wait(|| has(0)), "the hub has it");
    let others = if star { Duration::from_secs(3) } else { Duration::ZERO };
    thread::sleep(others);
    let found = if star { [has(0), has(1), has(2)] } else { [has(0), has(1), wait(|| has(2))] };
    if star {
        // What the hub does itself goes out, and takes nothing else along.
        world.ask(0, "set table t key 192.0.2.8 data.gpc0 5");
        assert!(wait(|| world.ask(2, "show table t").contains("192.0.2.8")) && !has(2));
    }
    let text = |at: usize| world.ask(at, "show peers");
    let sources = Sources::new((0..3).map(|at| haproxy_lint::source::SourceFile::new(NAMES[at], text(at).into_bytes())).collect());
    let answer = |at: usize| {
        let text = String::from_utf8_lossy(sources.files()[at].bytes()).into_owned();
        let dumps = runtime::parse(&text).expect("there is an answer");
        Answers { name: Some(NAMES[at].to_owned()), source: NAMES[at].to_owned(), file: FileId(at as u32), dumps, seconds: None }
    };
    let cluster = Cluster::new(runtime::nodes((0..3).map(answer).collect()), None, Vec::new());
    let told = haproxy_lint::check::doctor::diagnose(&cluster, &Options::default(), &sources)
        .findings
        .iter()
        .any(|f| f.rule.name == "runtime/not-relayed");
    (found, told)
}

#[test]
fn a_key_of_one_spoke_does_not_reach_the_other() {
    let Some(programs) = netns::programs() else { return };
    for (number, program) in programs.iter().enumerate() {
        let prefix = |kind| format!("hr{}-{number}-{kind}-", std::process::id());
        let (star, full) = thread::scope(|scope| {
            let full = scope.spawn(|| arrives(program, prefix("f"), false));
            (arrives(program, prefix("s"), true), full.join().unwrap())
        });
        assert_eq!(star, ([true, true, false], true), "{}", program.to_string_lossy());
        assert_eq!(full, ([true, true, true], false), "{}", program.to_string_lossy());
    }
}
