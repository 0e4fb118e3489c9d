//! Compose files that are made of several files, and images that are built beside them.

use haproxy_lint::{
    source::SourceFile,
    topology::{self, Topology},
};

use super::read;

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

#[test]
fn an_image_that_is_built_says_what_runs() {
    let names = |service: &str, runs: &str| {
        let compose = format!("services:\n  lb:\n    build: .\n    hostname: lb1\n{service}");
        let file = format!("FROM haproxy:3.0\nCOPY haproxy.cfg /usr/local/etc/haproxy/haproxy.cfg\n{runs}\n");
        let topology = read(&[("compose.yaml", &compose), ("Dockerfile", &file)]);
        (topology.nodes[0].local_name().known().map(str::to_owned), topology.groups[0].reads.clone())
    };
    let read_as = |name: &str| (Some(name.to_owned()), vec!["haproxy.cfg".to_owned()]);
    let file = "/usr/local/etc/haproxy/haproxy.cfg";
    assert_eq!(names("", &format!("CMD [\"haproxy\", \"-f\", \"{file}\", \"-L\", \"one\"]")), read_as("one"));
    assert_eq!(names("", &format!("ENTRYPOINT haproxy -f {file} -L two")), read_as("two"));
    assert_eq!(names("", &format!("ENTRYPOINT [\"haproxy\", \"-f\", \"{file}\"]\nCMD [\"-L\", \"three\"]")), read_as("three"));
    assert_eq!(names("", &format!("ENTRYPOINT [\"haproxy\", \"-f\", \"{file}\"]")), read_as("lb1"));
    // What the compose file says takes its place.
    assert_eq!(names(&format!("    command: haproxy -f {file}\n"), "CMD [\"haproxy\", \"-L\", \"four\"]"), read_as("lb1"));
    assert_eq!(names("", "CMD [\"/start.sh\"]"), (None, Vec::new()));
}

#[test]
fn variables_come_from_the_files_that_are_named() {
    let name = |service: &str, env: &[(&str, &str)]| {
        let compose = format!("services:\n  lb:\n    image: haproxy:3.0\n    command: sh -c 'exec haproxy -L $$PEER'\n{service}");
        let topology = read(&[[("d/compose.yaml", compose.as_str())].as_slice(), env].concat());
        (topology.nodes[0].local_name().known().map(str::to_owned), topology.lacking)
    };
    let known = |name: &str| (Some(name.to_owned()), Vec::new());
    let (one, two) = (("d/one.env", "PEER=lb-1\n"), ("d/two.env", "# x\nPEER='lb-2' # y\n"));
    assert_eq!(name("    env_file: one.env\n", &[one]), known("lb-1"));
    assert_eq!(name("    env_file: [./one.env, {path: two.env, required: false}]\n", &[one, two]), known("lb-2"));
    assert_eq!(name("    env_file: one.env\n    environment: [PEER=own]\n", &[one]), known("own"));
    assert_eq!(name("    env_file: one.env\n", &[]), (None, vec!["d/one.env".to_owned()]));
    assert_eq!(name("    env_file: one.env\n", &[("d/one.env", "PEER=$HOST\n")]), (None, Vec::new()));
}

/// The local names of the nodes of some files, `""` where one is not known.
fn names(files: &[(&str, &str)]) -> Vec<String> {
    read(files).nodes.iter().map(|node| node.local_name().known().unwrap_or("").to_owned()).collect()
}

#[test]
fn what_lies_over_a_file_counts() {
    let own = "services:\n  lb1: {image: 'haproxy:3.0', hostname: lb1}\n  lb2: {image: 'haproxy:3.0', hostname: lb2, command: [haproxy, -L, a]}\n";
    let over = "services:\n  lb1: {hostname: other}\n  lb2: {command: [haproxy, -L, b]}\n";
    assert_eq!(names(&[("d/compose.yaml", own), ("d/compose.override.yaml", over)]), ["other", "b"]);
    assert_eq!(names(&[("docker-compose.override.yml", over), ("docker-compose.yml", own)]), ["other", "b"]);
    assert_eq!(names(&[("d/compose.yaml", own), ("e/compose.override.yaml", over)]), ["lb1", "a"]);
    assert_eq!(names(&[("d/compose.prod.yaml", own), ("d/compose.override.yaml", over)]), ["lb1", "a"]);
    let topology = read(&[("d/compose.yaml", own)]);
    assert!(topology.lacking.is_empty() && topology.beside.contains(&"d/compose.override.yml".to_owned()), "{:?}", topology.beside);
}

#[test]
fn a_file_that_is_no_project_alone_says_more_of_one() {
    let own = "services:\n  lb1: {image: 'haproxy:3.0', command: [haproxy, -L, a]}\n  lb2: {image: 'haproxy:3.0'}\n";
    let prod = "services:\n  lb1: {hostname: lb1, command: [haproxy, -L, b]}\n  lb2: {hostname: lb2}\n";
    // What the project says itself is right without the other file, too.
    assert_eq!(names(&[("d/compose.yaml", own), ("d/compose.prod.yaml", prod)]), ["a", "lb2"]);
    assert_eq!(names(&[("docker-compose.prod.yml", prod), ("docker-compose.yml", own)]), ["a", "lb2"]);
    let with_more = format!("{prod}  log: {{image: rsyslog}}\n");
    assert_eq!(names(&[("docker-compose.prod.yml", &with_more), ("docker-compose.yml", own)]), ["a", "lb2"]);
    assert_eq!(names(&[("d/compose.yaml", own), ("e/compose.prod.yaml", prod)]), ["a", ""]);
    // Two may be what it says more of.
    assert_eq!(names(&[("compose.yaml", own), ("compose.old.yaml", own), ("compose.prod.yaml", prod)]), ["a", "", "a", ""]);
}

#[test]
fn a_default_parts_nothing_of_a_volume() {
    let reads = |volume: &str| {
        let text = format!("services:\n  lb:\n    image: haproxy:3.0\n    volumes: ['{volume}:/usr/local/etc/haproxy/haproxy.cfg:ro']\n");
        read(&[("d/compose.yaml", &text)]).groups[0].reads.clone()
    };
    assert_eq!(reads("./lb.cfg"), ["d/lb.cfg"]);
    assert_eq!(reads("${CONF:-./lb.cfg}"), ["d/lb.cfg"]);
    assert_eq!(reads("${DIR:-./conf}/lb.cfg"), ["d/conf/lb.cfg"]);
    assert_eq!(reads("${PWD}/lb.cfg"), ["lb.cfg"]);
    assert_eq!(reads("${CONF:?which}"), [""; 0]);
}

#[test]
fn who_runs_a_container_is_said_or_is_that_of_the_image() {
    let is_root = |more: &str| {
        let text = format!("services:\n  lb:\n    {more}\n");
        !read(&[("compose.yaml", &text), ("lb/Dockerfile", "FROM haproxy:3.0\nUSER root\n")]).groups[0].unprivileged
    };
    assert!(!is_root("image: haproxy:3.0") && is_root("image: haproxy:2.3") && is_root("image: haproxytech/haproxy-alpine:3.0"));
    assert!(!is_root("image: haproxy:3.0\n    user: '99:99'") && !is_root("image: haproxytech/haproxy-alpine:3.0\n    user: 1000"));
    assert!(is_root("image: haproxy:3.0\n    user: '0'") && is_root("image: haproxy:3.0\n    user: root"));
    assert!(is_root("build: lb"));
}

#[test]
fn a_patch_of_a_kustomization_is_no_object() {
    let set = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: lb, namespace: a}\nspec:\n  replicas: 2\n  template:\n    spec:\n      containers: [{name: haproxy, image: 'haproxy:2.8'}]\n";
    let patch = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: lb, namespace: a}\nspec:\n  replicas: 5\n  template:\n    spec:\n      containers: [{name: haproxy, image: 'haproxy:3.0'}]\n";
    let kustomization =
        |lines: &str| format!("kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\nresources: [../base]\n{lines}");
    let nodes = |lines: &str| {
        let text = kustomization(lines);
        let files = [("k/base/set.yaml", set), ("k/prod/kustomization.yaml", &text), ("k/prod/patch.yaml", patch)];
        let files = files.map(|(name, text)| SourceFile::new(name, text.as_bytes().to_vec()));
        topology::read(files.into()).0.nodes.len()
    };
    assert_eq!(nodes("patches: [{path: patch.yaml}]"), 2);
    assert_eq!(nodes("patchesStrategicMerge: [./patch.yaml]"), 2);
    assert_eq!(nodes("patchesJson6902:\n- {target: {kind: StatefulSet, name: lb}, path: ../prod/patch.yaml}"), 2);
    assert_eq!(nodes("patches: [{path: other.yaml}]"), 7);
    assert_eq!(nodes("patches:\n- patch: |-\n    path: patch.yaml"), 7);
}
