//! Compose files that are made of several files, and images that are built beside them.

use haproxy_lint::{
    source::SourceFile,
    topology::{self, Topology},
};

fn read(files: &[(&str, &str)]) -> Topology {
    let (topology, problems) = topology::read(files.iter().map(|(name, text)| SourceFile::new(*name, text.as_bytes().to_vec())).collect());
    assert!(problems.is_empty(), "{problems:?}");
    topology
}

/// The services with the files that they read.
fn services(topology: &Topology) -> Vec<(&str, &str, Vec<&str>)> {
    topology.groups.iter().map(|g| (g.name.as_str(), g.namespace.as_str(), g.reads.iter().map(String::as_str).collect())).collect()
}

#[test]
fn a_service_has_what_one_of_another_file_has() {
    let own = "services:\n  lb:\n    extends: {file: common/base.yml, service: haproxy}\n    hostname: lb1\n";
    let base = "services:\n  haproxy:\n    extends: {service: all}\n    volumes: [../haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro]\n  all:\n    image: haproxy:2.8\n";
    assert_eq!(read(&[("d/compose.yaml", own)]).lacking, ["d/common/base.yml"]);
    let topology = read(&[("d/compose.yaml", own), ("d/common/base.yml", base)]);
    assert!(topology.lacking.is_empty());
    assert_eq!(services(&topology), [("lb", "d/compose.yaml", vec!["d/haproxy.cfg"])]);
    let group = &topology.groups[0];
    assert_eq!(group.version.map(|version| version.to_string()[..3].to_owned()), Some("2.8".to_owned()));
    // What stands in another file is told where it is named.
    let at = group.image.as_ref().unwrap().at;
    assert_eq!(topology.sources.file(at.file).text(at.span), "{file: common/base.yml, service: haproxy}");
}

#[test]
fn files_that_extend_each_other_end() {
    let one = "services:\n  a:\n    image: haproxy:2.8\n    extends: {file: b.yml, service: b}\n";
    let two = "services:\n  b:\n    image: haproxy:2.8\n    extends: {file: compose.yaml, service: a}\n";
    assert_eq!(read(&[("compose.yaml", one), ("b.yml", two)]).groups.len(), 1);
}

#[test]
fn what_is_included_is_of_one_project() {
    let own = "include:\n- lb/second.yml\n- {path: [third.yml]}\nservices:\n  lb1: {image: 'haproxy:2.8', hostname: lb1}\n";
    let other = |name: &str| format!("services:\n  {name}: {{image: 'haproxy:2.8', hostname: {name}}}\n");
    let topology = read(&[("compose.yaml", own), ("lb/second.yml", &other("lb2")), ("third.yml", &other("lb3"))]);
    let names: Vec<(&str, &str)> = topology.groups.iter().map(|g| (g.name.as_str(), g.namespace.as_str())).collect();
    assert_eq!(names, [("lb1", "compose.yaml"), ("lb2", "compose.yaml"), ("lb3", "compose.yaml")]);
}

#[test]
fn an_image_that_is_built_brings_its_configuration() {
    let compose = |service: &str| format!("services:\n  lb:\n    {service}\n");
    let file = "FROM golang:1 AS tool\nCOPY x /usr/local/etc/haproxy/haproxy.cfg\nFROM haproxy:2.8\nRUN a && \\\n    b\nCOPY --chown=haproxy lb.cfg haproxy.cfg /usr/local/etc/haproxy/\n";
    let reads = |service: &str, file: &str| {
        let topology = read(&[("compose.yaml", &compose(service)), ("lb/Dockerfile", file)]);
        topology.groups.first().map(|group| group.reads.clone())
    };
    let read_there = Some(vec!["lb/haproxy.cfg".to_owned()]);
    assert_eq!(reads("build: lb", file), read_there);
    assert_eq!(reads("build: {context: ./lb, dockerfile: Dockerfile}", file), read_there);
    assert_eq!(
        reads("build: lb", &file.replace("lb.cfg haproxy.cfg", "[\"haproxy.cfg\",").replace("haproxy/\n", "haproxy/\"]\n")),
        read_there
    );
    // What is mounted hides it, and what another stage has made is not known.
    let mounted = "build: lb\n    volumes: [./own.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro]";
    assert_eq!(reads(mounted, file), Some(vec!["own.cfg".to_owned()]));
    assert_eq!(reads("build: lb", &file.replace("--chown=haproxy", "--from=tool")), Some(Vec::new()));
    assert_eq!(reads("build: lb", "FROM nginx\nCOPY haproxy.cfg /x\n"), None);
}
