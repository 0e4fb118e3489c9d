//! Small configurations around peers, and what seven HAProxy versions said of each: our verdict must never contradict.
//!
//! The experiments are looked for in `HAPROXY_LINT_SHARED`, else in `../shared`; without them the test says that it was
//! skipped, and where `CI` is set it fails.

mod common;

use std::{collections::BTreeMap, fs};

use haproxy_lint::{
    check::{Options, check},
    finding::{Finding, Verdict},
    source::Sources,
    syntax::Environment,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Experiment {
    id: String,
    args: Vec<String>,
    env: BTreeMap<String, String>,
    config: String,
    results: BTreeMap<String, Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    rc: i32,
    stderr: Vec<String>,
}

/// Experiments that some version refuses and we do not yet, since no rule knows the keywords, names and arguments in
/// them. One that is caught must go from here.
const MISSED: &[&str] = &[
    "s05_cmdline_and_cfg", // only whoever knows that -L is given can tell
    "s34_ssl_mismatch",
];

/// The host name of the machine that the experiments ran on.
const HOST: &str = "vm";

fn experiments() -> Option<Vec<Experiment>> {
    let path = common::shared("peers_experiments")?.join("experiments/peers-experiments.json");
    Some(serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap())
}

/// What we say of an experiment for one version, and the line of each rejection.
fn rejections(experiment: &Experiment, version: &str) -> Vec<(String, Option<usize>)> {
    let name = experiment.args.iter().position(|a| a == "-L").map_or(HOST, |at| &experiment.args[at + 1]);
    let environment = experiment.env.iter().fold(Environment::default(), |all, (name, value)| all.with(name, value)).closed();
    let options = Options { target: Some(version.parse().unwrap()), environment, local_name: Some(name.to_owned()), ..Options::default() };
    let line = |f: &Finding| f.location.map(|l| experiment.config[..l.span.start as usize].matches('\n').count() + 1);
    let report = check(&Sources::single("haproxy.cfg", experiment.config.clone()), &options);
    let rejected = report.findings.iter().filter(|f| f.haproxy == Some(Verdict::Reject));
    rejected.map(|f| (f.message.clone(), line(f))).collect()
}

/// Whether an ALERT names the line, or names none at all.
fn alerts_at(outcome: &Outcome, line: Option<usize>) -> bool {
    let place = |text: &str, line: usize| {
        text.contains(&format!(".cfg:{line}]")) || text.contains(&format!(".cfg:{line}, ")) || text.contains(&format!(".cfg:{line}."))
    };
    outcome
        .stderr
        .iter()
        .filter(|text| text.starts_with("[ALERT]"))
        .any(|text| !text.contains(".cfg:") || line.is_some_and(|l| place(text, l)))
}

#[test]
fn no_experiment_is_contradicted() {
    let Some(experiments) = experiments() else { return };
    let mut wrong = Vec::new();
    let mut missed = Vec::new();
    for experiment in &experiments {
        for (version, outcome) in &experiment.results {
            let rejections = rejections(experiment, version);
            let refused = outcome.rc != 0;
            for (message, line) in &rejections {
                if !refused || !alerts_at(outcome, *line) {
                    wrong.push(format!("{} {version}: {message} (line {line:?}), but HAProxy says {:?}", experiment.id, outcome.stderr));
                }
            }
            if outcome.rc == 1 && rejections.is_empty() && missed.last() != Some(&experiment.id.as_str()) {
                missed.push(&experiment.id);
            }
        }
    }
    let new: Vec<_> = missed.iter().filter(|id| !MISSED.contains(id)).collect();
    let caught: Vec<_> = MISSED.iter().filter(|id| !missed.contains(id)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(new.is_empty(), "missed: {new:?}");
    assert!(caught.is_empty(), "no longer missed, so delete them from the list: {caught:?}");
}

fn rules_of(text: &str, local_name: &str) -> Vec<&'static str> {
    let options = Options { local_name: Some(local_name.to_owned()), ..Options::default() };
    check(&Sources::single("haproxy.cfg", text), &options).findings.iter().map(|f| f.rule.name).collect()
}

#[test]
fn the_examples_tell_their_story() {
    let (before, after) = (include_str!("../examples/haproxy.cfg"), include_str!("../examples/haproxy-fixed.cfg"));
    assert_eq!(rules_of(before, "haproxy-0"), ["peers/loopback-bind"]);
    assert_eq!(rules_of(before, "haproxy-1"), ["peers/localpeer-and-option-l", "peers/loopback-bind"]);
    for node in ["haproxy-0", "haproxy-1"] {
        assert!(rules_of(after, node).is_empty(), "{node}");
    }
    assert_eq!(rules_of(after, "haproxy-7"), ["peers/local-name-missing"]);
    let mistakes = rules_of(include_str!("../examples/mistakes.cfg"), "");
    assert!(["syntax/unterminated-quote", "peers/missing-section"].iter().all(|r| mistakes.contains(r)), "{mistakes:?}");
}

#[test]
fn what_is_right_stays_without_a_word() {
    let table = "backend b\n  stick-table type ip size 1k peers p\n";
    for (section, local_name) in [
        // Named after the host: the node is in it by construction.
        ("  peer \"${HOSTNAME}\" 0.0.0.0:3000\n  peer b 10.0.0.2:3000\n", None),
        ("  peer \"$HAPROXY_LOCALPEER\" 10.0.0.1:3000\n  peer b 10.0.0.2:3000\n", Some("a")),
        ("  peer \"${POD_NAME}\" \"${POD_IP}:3000\"\n", Some("pod-0")),
        // A section of one node keeps tables over a reload, and needs no other address.
        ("  bind 127.0.0.1:3000\n  server a\n", Some("a")),
        // Both families.
        ("  bind :::3000\n  server a\n  server b 10.0.0.2:3000\n", Some("a")),
        // One file for all nodes.
        (
            "  bind :3000\n.if streq(\"${HAPROXY_LOCALPEER}\",a)\n  server a\n  server b 10.0.0.2:3000\n.else\n  server a 10.0.0.1:3000\n  server b\n.endif\n",
            Some("a"),
        ),
        // The same by a variable that this run does not know.
        (
            "  bind :3000\n.if streq(\"${POD_NAME}\",a)\n  server a\n.else\n  server a 10.0.0.1:3000\n.endif\n.if streq(\"${POD_NAME}\",b)\n  server b\n.else\n  server b 10.0.0.2:3000\n.endif\n",
            Some("a"),
        ),
        (
            "  bind :3000\n.if streq(\"${POD_NAME}\",a)\n  server a\n.else\n  server a 10.0.0.1:3000\n.endif\n.if streq(\"${POD_NAME}\",b)\n  server b\n.else\n  server b 10.0.0.2:3000\n.endif\n",
            None,
        ),
    ] {
        let options = Options { local_name: local_name.map(str::to_owned), ..Options::default() };
        let report = check(&Sources::single("haproxy.cfg", format!("peers p\n{section}{table}")), &options);
        let said: Vec<_> = report.findings.iter().filter(|f| f.rule.group() != "syntax").map(|f| (f.rule.name, &f.message)).collect();
        assert!(said.is_empty(), "{section}{said:?}");
    }
}

#[test]
fn a_local_name_that_is_required_is_an_error_where_it_is_not_known() {
    use haproxy_lint::finding::Severity;
    let section = "peers p\n  peer a 10.0.0.1:3000\n  peer b 10.0.0.2:3000\nbackend b\n  stick-table type ip size 1k peers p\n";
    for (text, name, required, severity) in [
        (section, None, false, Some(Severity::Info)),
        (section, None, true, Some(Severity::Error)),
        (section, Some("c"), false, Some(Severity::Error)),
        (section, Some("b"), true, None),
        ("", Some("b"), true, Some(Severity::Error)),
        ("", None, true, Some(Severity::Error)),
        ("", None, false, None),
    ] {
        let options = Options { local_name: name.map(str::to_owned), require_local_peer: required, ..Options::default() };
        let worst = check(&Sources::single("haproxy.cfg", text), &options).worst();
        assert_eq!(worst, severity, "{name:?} {required} {text}");
    }
}
