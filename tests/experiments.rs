//! The recorded experiments with seven HAProxy versions: the same accept or reject, at the same line.

mod common;

use haproxy_lint::{
    check::{Options, check},
    finding::Verdict,
    source::Sources,
    syntax::Environment,
};
use serde_json::Value;

/// Experiments that are missed in some version, and why: each must still be, or be taken off this list.
const NOT_YET: &[&str] = &[
    // `zero-warning` makes every warning a refusal, which no line shows.
    "w3",    // A predicate that depends on the library HAProxy is built with.
    "st080", // 2.6 to 3.0 read the blank behind an empty word as a condition.
    "st095", // `program` depends on -W, which is no part of the configuration.
    "st138",
];

/// The seven builds; 3.5-dev5 is checked as a preview.
const BUILDS: [&str; 7] = ["2.4.0", "2.6.12", "2.8.25", "3.0.0", "3.2.0", "3.4.0", "3.5-dev5"];

/// The lines of ALERT messages that have one.
fn alert_lines(result: &Value) -> Vec<usize> {
    let messages = result["stderr"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let alerts = messages.filter(|m| m.starts_with("[ALERT]"));
    alerts.filter_map(|m| m.split_once(".cfg:")?.1.split(']').next()?.parse().ok()).collect()
}

/// Whether the record leaves out some of the messages.
fn is_cut(result: &Value) -> bool {
    result["stderr"].as_array().and_then(|m| m.last()).and_then(Value::as_str).is_some_and(|last| last.starts_with("... ("))
}

fn options(experiment: &Value, build: &str) -> Options {
    let mut options = Options { target: build.parse().ok(), ..Options::default() };
    let variables = experiment["env"].as_object().into_iter().flatten();
    let environment = variables.fold(Environment::default(), |env, (name, value)| env.with(name, value.as_str().unwrap_or("")));
    options.environment = environment.closed();
    let args: Vec<&str> = experiment["args"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let given = args.iter().position(|a| *a == "-L").and_then(|i| args.get(i + 1));
    options.local_name = Some(given.map_or("vm", |name| name).to_owned());
    options
}

#[test]
fn the_same_verdict_at_the_same_line() {
    let Some(shared) = common::shared("the_same_verdict_at_the_same_line") else { return };
    let text = std::fs::read_to_string(shared.join("experiments/parser-experiments.json")).expect("the experiments can be read");
    let experiments: Vec<Value> = serde_json::from_str(&text).expect("the experiments are JSON");
    let mut wrong = Vec::new();
    let mut caught = Vec::new();
    let (mut agreed, mut judged) = (0, 0);
    for experiment in &experiments {
        let id = experiment["id"].as_str().unwrap_or("");
        let args = experiment["args"].as_array().map_or(0, Vec::len);
        // With -dW and -q the exit status says something else.
        if args > 0 && experiment["args"][0] != "-L" {
            continue;
        }
        let mut missed = Vec::new();
        for build in BUILDS {
            judged += 1;
            let result = &experiment["results"][build];
            let bytes: Vec<u8> = experiment["config"].as_str().unwrap_or("").chars().map(|c| c as u32 as u8).collect();
            let sources = Sources::single(format!("{id}.cfg"), bytes);
            let report = check(&sources, &options(experiment, build));
            let line = |f: &haproxy_lint::finding::Finding| f.location.map(|l| sources.file(l.file).line_of(l.span.start) + 1);
            let rejects = report.findings.iter().filter(|f| f.haproxy == Some(Verdict::Reject));
            let lines: Vec<Option<usize>> = rejects.map(line).collect();
            let alerts = alert_lines(result);
            let refused = !matches!(result["rc"].as_i64(), Some(0 | 2));
            // What HAProxy says behind its last alert is not known where the record was cut, or where it stopped for what
            // we cannot see; without any alert it crashed, or spoke in a warning.
            let open = is_cut(result) || NOT_YET.contains(&id);
            let within = |l: &&usize| alerts.iter().max().is_some_and(|last| *l < last || !open);
            let stray = lines.iter().flatten().filter(within).any(|l| !alerts.contains(l));
            if (!refused && !lines.is_empty()) || stray {
                wrong.push(format!("{id} {build}: we refuse lines {lines:?}, HAProxy {alerts:?} (refused: {refused})"));
            }
            let first = alerts.first().is_none_or(|first| lines.contains(&Some(*first)));
            if refused && (lines.is_empty() || !first) {
                missed.push(format!("{build} {alerts:?}"));
            } else {
                agreed += 1;
            }
        }
        match (missed.is_empty(), NOT_YET.contains(&id)) {
            (true, true) => caught.push(id),
            (false, false) => wrong.push(format!("{id}: missed in {}", missed.join(", "))),
            _ => {}
        }
    }
    println!("{agreed} of {judged} verdicts agree");
    assert!(agreed * 100 >= judged * 97, "{agreed} of {judged} verdicts agree");
    assert!(caught.is_empty(), "caught now, take them off the list: {caught:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
