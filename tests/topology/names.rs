//! What is read, and what is said of files that cannot be.

use haproxy_lint::{source::SourceFile, topology};

fn problems(name: &str, text: &str) -> Vec<String> {
    let (_, problems) = topology::read(vec![SourceFile::new(name, text.as_bytes().to_vec())]);
    problems.into_iter().map(|p| format!("{}; {}", p.message, p.help)).collect()
}

#[test]
fn kustomizations_are_told_with_the_command_that_renders_them() {
    let told = problems("deploy/staging/kustomization.yaml", "resources: [../base]\nnamespace: staging\n");
    assert!(told[0].contains("kustomization that was not rendered") && told[0].contains("kubectl kustomize deploy/staging |"), "{told:?}");
    let text = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\nconfigMapGenerator: [{name: c}]\n";
    assert_eq!(problems("k.yaml", text).len(), 1);
    // Nothing is changed by it.
    let plain = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml, b.yaml]\n";
    assert!(problems("kustomization.yaml", plain).is_empty());
    assert!(problems("other.yaml", "resources: [../base]\n").is_empty());
}

#[test]
fn surrogates_of_json_keep_their_places() {
    let pod = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "annotations": {"a": "\ud83d\ude00"}}, "spec": {"containers": 3}}"#;
    let (topology, problems) = topology::read(vec![SourceFile::new("pod.json", pod.as_bytes().to_vec())]);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(topology.sources.file(problems[0].file).bytes()[problems[0].offset as usize], b'3');
}

#[test]
fn manifests_stay_manifests_whatever_is_in_them() {
    let (topology, problems) = topology::read(vec![SourceFile::new(
        "all.yaml",
        b"# both\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  unit: |\n    [Service]\n    ExecStart=haproxy\n  keepalived.conf: |\n    vrrp_instance a {\n      virtual_ipaddress {\n        10.0.0.9\n      }\n    }\n  hosts: |\n    [lb:children]\n    a ansible_host=10.0.0.1\n".to_vec(),
    )]);
    assert!(problems.is_empty() && topology.machines.is_empty(), "{problems:?}");
    let vip = &topology.vips[0];
    assert_eq!(topology.sources.file(vip.at.file).text(vip.at.span), "10.0.0.9");
}

#[test]
fn images_are_left_out_for_a_reason() {
    let pod =
        |image: &str| format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec: {{containers: [{{name: a, image: '{image}'}}]}}\n");
    let read = |image: &str| topology::read(vec![SourceFile::new("p.yaml", pod(image).into_bytes())]).0;
    for image in ["ghcr.io/zalando/spilo-16:3.3-p1", "haproxytech/haproxy-ingress:1", "quay.io/prometheus/haproxy-exporter:v0.15.0"] {
        let topology = read(image);
        assert!(topology.nodes.is_empty() && topology.left_out.len() == 1, "{image}");
    }
    for image in ["percona/percona-xtradb-cluster-operator:1.14.0-haproxy", "percona/haproxy:2.8.5", "lb/haproxy-keepalived:3"] {
        assert_eq!(read(image).nodes.len(), 1, "{image}");
    }
    let compose = "services:\n  db: {image: patroni, command: haproxy, hostname: haproxy}\n  other: {image: patroni}\n";
    let topology = topology::read(vec![SourceFile::new("compose.yaml", compose.as_bytes().to_vec())]).0;
    assert_eq!((topology.nodes.len(), topology.left_out.len()), (1, 1));
}

/// A StatefulSet with its configuration, of so many replicas.
fn render(replicas: u32) -> Vec<u8> {
    let case = include_str!("cases/names-command-in-shell.yaml");
    case.replace("replicas: 2", &format!("replicas: {replicas}")).into_bytes()
}

#[test]
fn each_render_is_a_cluster_of_its_own() {
    let read = |staging: u32, production: u32| {
        let files = [("d/staging/all.yaml", staging), ("d/production/all.yaml", production)];
        topology::read(files.map(|(name, replicas)| SourceFile::new(name, render(replicas))).into())
    };
    let (topology, problems) = read(2, 2);
    assert!(problems.is_empty() && topology.nodes.len() == 4 && topology.configurations.len() == 2);
    assert!(topology.notes.len() == 1 && topology.notes[0].contains("`d/production`, `d/staging`"), "{:?}", topology.notes);
    let checked = haproxy_lint::check::nodes::check(&topology, &haproxy_lint::check::Options::default());
    assert!(checked.report.findings.is_empty(), "{:?}", checked.report.findings);
    assert_eq!(checked.mesh.matrix.links.iter().filter(|l| l.verdict == topology::matrix::Verdict::Fine).count(), 4);
    // What is wrong with one is said of that one.
    let (topology, _) = read(3, 2);
    let findings = haproxy_lint::check::nodes::check(&topology, &haproxy_lint::check::Options::default()).report.findings;
    let missing: Vec<_> = findings.iter().filter(|f| f.rule.name == "topology/ordinal-set-mismatch").collect();
    assert_eq!(missing.len(), 1);
    assert_eq!(topology.sources.file(missing[0].location.unwrap().file).name(), "d/staging/all.yaml");
    assert_eq!(missing[0].embedded.as_ref().unwrap().namespace.as_deref(), Some("lb"));
}

#[test]
fn an_object_that_a_folder_has_twice_is_read_once() {
    let files = ["a.yaml", "b.yaml"].map(|name| SourceFile::new(format!("d/{name}"), render(2)));
    let (topology, _) = topology::read(files.into());
    assert_eq!((topology.nodes.len(), topology.configurations.len(), topology.notes.len()), (2, 1, 0));
}

#[test]
fn policies_of_a_render_know_their_namespace_by_its_name() {
    let policy = "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: np, namespace: lb}\nspec:\n  podSelector: {}\n  \
                  policyTypes: [Ingress]\n  ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAME}}}]}]\n";
    let blocked = |name: &str| {
        let text = [render(2), policy.replace("NAME", name).into_bytes()].concat();
        let files = ["d/staging/all.yaml", "d/production/all.yaml"].map(|file| SourceFile::new(file, text.clone()));
        let (topology, _) = topology::read(files.into());
        let findings = haproxy_lint::check::nodes::check(&topology, &haproxy_lint::check::Options::default()).report.findings;
        let of_policies = findings.iter().filter(|f| f.rule.name == "topology/networkpolicy-blocks");
        of_policies.map(|f| topology.sources.file(f.location.unwrap().file).name().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(blocked("lb"), [""; 0]);
    // Each policy is told, though they have one name.
    assert_eq!(blocked("elsewhere"), ["d/staging/all.yaml", "d/production/all.yaml"]);
}
