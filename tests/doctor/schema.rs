//! The JSON of the doctor is what its schema says.

use haproxy_lint::{
    check::Options,
    report::doctor::{Format, Shown, render},
    runtime::{
        self, Answers, Cluster,
        probe::{Answer, Probe, Reached},
    },
    source::{SourceFile, Sources},
};

use super::captures;

#[test]
fn every_diagnosis_keeps_to_the_schema() {
    let schema = serde_json::from_str(include_str!("../../docs/schema/doctor-v1.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let probe = Probe {
        section: "p".to_owned(),
        peer: "b".to_owned(),
        address: "10.0.0.2:1024".to_owned(),
        at: None,
        tls: false,
        resolved: vec!["10.0.0.2:1024".parse().unwrap()],
        tried: Some("10.0.0.2:1024".parse().unwrap()),
        from: None,
        own: false,
        took: None,
        reached: Reached::Connected(Answer::Silence),
    };
    for (name, text) in captures("every_diagnosis_keeps_to_the_schema") {
        let Some(dumps) = runtime::parse(&text) else { continue };
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new(name.clone(), text.into_bytes()));
        let answers = Answers { name: None, source: name.clone(), file, dumps, seconds: None };
        let cluster = Cluster::new(runtime::nodes(vec![answers]), None, vec![probe.clone()]);
        let diagnosis = haproxy_lint::check::doctor::diagnose(&cluster, &Options::default(), &sources);
        let ladders = runtime::ladder(&cluster);
        let shown = Shown {
            cluster: &cluster,
            diagnosis: &diagnosis,
            ladders: &ladders,
            sources: &sources,
            target: None,
            style: haproxy_lint::report::Style::plain(80),
            verbose: false,
        };
        let mut out = Vec::new();
        render(&shown, Format::Json, &mut out).unwrap();
        let value = serde_json::from_slice(&out).unwrap();
        let wrong: Vec<String> = schema.iter_errors(&value).map(|e| format!("{e} at {}", e.instance_path())).collect();
        assert!(wrong.is_empty(), "{name}: {}", wrong.join("\n"));
    }
}
