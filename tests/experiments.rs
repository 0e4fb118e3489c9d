//! The recorded experiments with seven HAProxy versions: the same accept or reject, at the same line.

mod common;

use haproxy_lint::{
    check::{Options, check},
    finding::Verdict,
    source::Sources,
    syntax::Environment,
};
use serde_json::Value;

/// Experiments whose refusal depends on what keywords take, which is not known yet. Each must still be missed in some
/// version: one that is caught everywhere has to be taken off this list.
const NOT_YET: &[&str] = &[
    "q01_env",
    "q04_emptyarg",
    "u02_kw",
    "fat",
    "v07_aclwarn",
    "v08_acl",
    "w3",
    "st005",
    "st006",
    "st007",
    "st008",
    "st009",
    "st010",
    "st011",
    "st012",
    "st015",
    "st017",
    "st018",
    "st019",
    "st020",
    "st021",
    "st022",
    "st028",
    "st031",
    "st032",
    "st033",
    "st034",
    "st035",
    "st036",
    "st041",
    "st042",
    "st044",
    "st045",
    "st046",
    "st050",
    "st054",
    "st056",
    "st057",
    "st059",
    "st063",
    "st064",
    "st065",
    "st066",
    "st068",
    "st069",
    "st072",
    "st073",
    "st074",
    "st076",
    "st077",
    "st080",
    "st095",
    "st128",
    "st137",
    "st138",
    "st148",
    "st155",
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
    let mut agreed = 0;
    for experiment in &experiments {
        let id = experiment["id"].as_str().unwrap_or("");
        let args = experiment["args"].as_array().map_or(0, Vec::len);
        // With -dW and -q the exit status says something else.
        if args > 0 && experiment["args"][0] != "-L" {
            continue;
        }
        let mut missed = Vec::new();
        for build in BUILDS {
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
            let judged = |l: &&usize| alerts.iter().max().is_some_and(|last| *l < last || !open);
            let stray = lines.iter().flatten().filter(judged).any(|l| !alerts.contains(l));
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
    println!("{agreed} of {} verdicts agree", experiments.len() * BUILDS.len());
    assert!(caught.is_empty(), "caught now, take them off the list: {caught:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
