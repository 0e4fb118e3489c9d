//! The failures of clusters that people reported, written anew, and what looks like one and is none.
//!
//! Each file of `cases/` says in its first lines what is to be found in it: `# expect: error RULE`, `# expect: no error`,
//! `# expect: no finding` (of those that look at nodes), `# expect: not RULE`.

mod hosts;
mod mended;
mod names;
mod network;
mod pods;
mod projects;
mod property;
mod sections;
mod silence;

use std::{fs, path::Path};

use haproxy_lint::{
    check::Options,
    finding::{Finding, Severity},
    rules::Rule,
    source::SourceFile,
    topology::{self, Topology},
};

/// What is read of these files, with which nothing is wrong.
fn read(files: &[(&str, &str)]) -> Topology {
    let (topology, problems) = topology::read(files.iter().map(|(name, text)| SourceFile::new(*name, text.as_bytes().to_vec())).collect());
    assert!(problems.is_empty(), "{problems:?}");
    topology
}

fn check(name: &str, text: &str) -> Result<Vec<Finding>, String> {
    let (topology, problems) = topology::read(vec![SourceFile::new(name, text.as_bytes().to_vec())]);
    if let Some(problem) = problems.first() {
        return Err(format!("{name}: {}", problem.message));
    }
    Ok(haproxy_lint::check::nodes::check(&topology, &Options::default()).report.findings)
}

/// What is wrong with the findings of a case.
fn judge(expected: &str, findings: &[Finding]) -> Option<String> {
    let shown = || findings.iter().map(|f| format!("\n    {} {}: {}", f.severity, f.rule.name, f.message)).collect::<String>();
    let wrong = match expected.split_once(' ') {
        Some(("no", "error")) => findings.iter().any(|f| f.severity == Severity::Error),
        Some(("no", "finding")) => findings.iter().any(|f| Rule::by_name(f.rule.name).is_some_and(Rule::sees_all_nodes)),
        Some(("not", rule)) => findings.iter().any(|f| f.rule.name == rule),
        Some((level, rule)) => {
            let level = Severity::from_name(level).expect("a severity");
            !findings.iter().any(|f| f.rule.name == rule && f.severity == level)
        }
        None => panic!("`{expected}` says nothing"),
    };
    wrong.then(|| format!("expected {expected}, found{}", shown()))
}

#[test]
fn every_case_is_judged_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/topology/cases");
    let mut wrong = Vec::new();
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    for path in &files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).unwrap();
        let expected: Vec<&str> = text.lines().filter_map(|l| l.strip_prefix("# expect: ")).collect();
        assert!(!expected.is_empty(), "{name} expects nothing");
        match check(&name, &text) {
            Ok(findings) => wrong.extend(expected.iter().filter_map(|e| Some(format!("{name}: {}", judge(e, &findings)?)))),
            Err(error) => wrong.push(error),
        }
    }
    assert!(files.len() > 60, "the cases are there");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn findings_point_into_the_manifest() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/topology/cases/kubectl-list.yaml")).unwrap();
    let findings = check("list.yaml", &text).unwrap();
    let finding = findings.iter().find(|f| f.rule.name == "topology/ordinal-set-mismatch").unwrap();
    let span = finding.location.unwrap().span;
    assert_eq!(&text[span.start as usize..span.end as usize], "cluster");
    let embedded = finding.embedded.as_ref().unwrap();
    assert_eq!((embedded.kind.as_str(), embedded.name.as_str(), embedded.key.as_str()), ("ConfigMap", "cfg", "haproxy.cfg"));
    assert_eq!((embedded.namespace.as_deref(), embedded.line), (Some("lb"), 1));
    assert_eq!(finding.nodes, ["haproxy-0", "haproxy-1"]);
}

/// The help that a case gets from a rule.
fn help_of(case: &str, rule: &str) -> String {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/topology/cases").join(case)).unwrap();
    let findings = check(case, &text).unwrap();
    let finding = findings.iter().find(|f| f.rule.name == rule).unwrap_or_else(|| panic!("{case}: {findings:?}"));
    format!("{}; {}", finding.message, finding.help.as_deref().unwrap_or(""))
}

#[test]
fn help_names_what_is_wrong() {
    for (case, rule, said) in [
        ("headless-selects-others.yaml", "topology/pod-dns-shape", "let Service `haproxy` select the pods by their labels: `app: haproxy`"),
        ("service-target-port-wrong.yaml", "topology/peer-unreachable", "`targetPort: 10000`"),
        ("service-target-port-unnamed.yaml", "topology/service-port-missing", "write `targetPort: 10000` at this port of the Service"),
        ("env-called-otherwise.yaml", "peers/env-may-be-empty", "`PEER_0` is not set here"),
        ("env-called-otherwise.yaml", "peers/env-may-be-empty", "`PEER0` is set: write `${PEER0}`"),
        ("service-link-as-port.yaml", "topology/servicelink-env", "`PEERS_PORT` is no port"),
        ("renamed-by-prefix.yaml", "topology/ordinal-set-mismatch", "in the place of `haproxy-0`"),
        ("copied-from-another-namespace.yaml", "topology/local-addr-not-on-pod", "such as `haproxy-0.haproxy.prod.svc:10000`"),
        ("table-kept-apart.yaml", "table/table-mismatch", "`other` is replicated on `lb1` and not on `lb2`"),
        ("table-called-otherwise.yaml", "table/table-mismatch", "`sessions` on `lb1` and `clients` on `lb2`"),
        ("host-name-of-another-case.yaml", "peers/incomplete-mesh", "write `lb1` instead of `LB1`"),
        ("nothing-listens.yaml", "topology/peer-unreachable", "write `bind :1024` into `peers cluster` of `lb2`"),
        ("proxy-protocol-not-sent.yaml", "topology/peer-unreachable", "take `accept-proxy` out"),
        ("tls-without-certificate.yaml", "peers/tls-asymmetry", "add `crt FILE` to this line"),
        ("table-several.yaml", "table/table-mismatch", "only one of them stores `gpc0`, `conn_cnt`"),
        ("table-several.yaml", "table/table-mismatch", "stores `http_req_rate(10s)` here and `http_req_rate(60s)` there"),
        ("table-several.yaml", "table/table-mismatch", "write the same `type`, `store`, `expire`, `size` on both nodes"),
    ] {
        let help = help_of(case, rule);
        assert!(help.contains(said), "{case}: {help}");
    }
}

#[test]
fn a_localpeer_that_is_not_heeded_joins_nobody() {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/topology/cases/localpeer-behind-the-peers.yaml")).unwrap();
    let verdicts = |text: &str| {
        let (topology, _) = topology::read(vec![SourceFile::new("two.yaml", text.as_bytes().to_vec())]);
        let checked = haproxy_lint::check::nodes::check(&topology, &Options::default());
        checked.mesh.matrix.links.iter().map(|l| l.verdict.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&text), ["broken", "broken"]);
    // From 3.1 on it counts wherever it stands.
    assert_eq!(verdicts(&text.replace("\"2.8\"", "\"3.2\"")), ["fine", "fine"]);
}

#[test]
fn nodes_of_two_namespaces_are_told_apart() {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/topology/cases/copied-from-another-namespace.yaml")).unwrap();
    let findings = check("two.yaml", &text).unwrap();
    let said: Vec<&str> = findings.iter().map(|f| f.message.as_str()).collect();
    assert!(
        said.iter().any(|m| m.contains("`prod/haproxy-1` does not reach `prod/haproxy-0`") && m.ends_with("leads to `dev/haproxy-0`")),
        "{said:?}"
    );
    assert!(findings.iter().all(|f| f.nodes.iter().all(|n| n.starts_with("prod/"))), "{findings:?}");
    let one = check("one.yaml", &text.replace("namespace: dev", "namespace: prod")).unwrap();
    assert!(one.iter().all(|f| f.nodes.iter().all(|n| !n.contains('/'))), "{one:?}");
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let broken = |text: &str| {
        let (_, problems) = topology::read(vec![SourceFile::new("f.yaml", text.as_bytes().to_vec())]);
        problems.first().map(|p| (p.offset, p.message.clone(), p.help.clone()))
    };
    let helm = broken("kind: Service\nmetadata:\n  name: {{ .Values.name }}\n").unwrap();
    assert!(helm.0 == 32 && helm.2.contains("helm template"), "{helm:?}");
    assert!(broken("{{- if .Values.x }}\nkind: Service\n{{- end }}\n").is_some());
    assert!(broken("a: [1\nb: 2\n").is_some() && broken("\u{0}").is_some());
    let replicas = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: lb}\nspec:\n  replicas: three\n  template: {spec: {containers: [{image: haproxy}]}}\n";
    assert!(broken(replicas).unwrap().1.contains("three"));
    assert!(broken("topology: 1\nhosts: [{name: a, adresses: []}]\n").unwrap().2.contains("addresses"));
    assert!(broken("topology: 1\nhosts: [{name: a, addresses: [nonsense]}]\n").unwrap().1.contains("nonsense"));
    let twice = broken("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {}\ndata: {}\n").unwrap();
    assert!(twice.0 == 60 && twice.1.contains("`data` stands twice"), "{twice:?}");
    let list = broken("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers: haproxy\n").unwrap();
    assert!(list.1.contains("`containers` of Pod `p` is `haproxy`, and must be a list"), "{list:?}");
    let tab = broken("kind: Service\nmetadata:\n\tname: x\n").unwrap();
    assert!(tab.0 >= 24 && tab.1.contains("tab"), "{tab:?}");
    // Whatever is no topology at all is nothing.
    for text in ["", "just text", "- 1\n- 2\n", "kind: 3\napiVersion: []\nitems: {}\n", "services: 1\n", "topology: []\n", "hosts: x\n"] {
        let _ = broken(text);
    }
}

/// Real manifests of public repositories, where they are at hand.
#[test]
fn real_manifests_never_panic() {
    let folder = std::env::var_os("HAPROXY_LINT_MANIFESTS").map_or_else(|| "../shared/manifests".into(), std::path::PathBuf::from);
    if !folder.is_dir() {
        println!("skipped: there are no manifests in {}", folder.display());
        return;
    }
    let mut waiting = vec![folder];
    let mut files = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { waiting.push(path) } else { files.push(path) }
        }
    }
    for path in files {
        let (topology, _) = topology::read(vec![SourceFile::new(path.display().to_string(), fs::read(&path).unwrap())]);
        let _ = haproxy_lint::check::nodes::check(&topology, &Options::default());
    }
}

/// The line and column of what a rule found, for a manifest whose configuration is written in several ways.
fn place_of(name: &str, text: &str, rule: &str) -> Vec<(usize, usize, String)> {
    let (topology, problems) = topology::read(vec![SourceFile::new(name, text.as_bytes().to_vec())]);
    assert!(problems.is_empty(), "{problems:?}");
    let findings = haproxy_lint::check::nodes::check(&topology, &Options::default()).report.findings;
    let place = |f: &Finding| {
        let location = f.location.unwrap();
        let file = topology.sources.file(location.file);
        let at = file.position(location.span.start);
        (at.line, at.column, file.text(location.span).into_owned())
    };
    findings.iter().filter(|f| f.rule.name == rule).map(place).collect()
}

#[test]
fn every_rule_points_into_every_kind_of_scalar() {
    let map = |data: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n{data}");
    let wrong = "use_backend nowhere if TRUE";
    let texts = [
        (map(&format!("  haproxy.cfg: |\n    frontend f\n      bind :80\n      {wrong}\n")), 8, 19),
        (map(&format!("  haproxy.cfg: >\n    frontend f\n\n    \n      bind :80\n      {wrong}\n")), 10, 19),
        (map(&format!("  haproxy.cfg: 'frontend f\n\n    bind :80\n\n\n    {wrong}\n\n    '\n")), 10, 17),
        (map(&format!("  haproxy.cfg: \"frontend f\\n  bind :80\\n\\\n    {wrong}\\n\"\n")), 6, 17),
        (map(&format!("  haproxy.cfg: \"frontend \\u0066\\n\\tbind :80\\n\\t{wrong}\\n\"\n")), 5, 60),
        (
            format!(
                "{{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [{{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\",\n \"metadata\": {{\"name\": \"c\"}}, \"data\": {{\"haproxy.cfg\":\n\"frontend f\\n  bind :80\\n  {wrong}\\n\"}}}}]}}"
            ),
            3,
            40,
        ),
    ];
    for (text, line, column) in texts {
        let places = place_of("f.yaml", &text, "reference/unknown-backend");
        assert_eq!(places, [(line, column, "nowhere".to_owned())], "{text}");
    }
}

#[test]
fn comments_in_embedded_configurations_silence_rules() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  haproxy.cfg: \"frontend f\\n  bind :80\\n  # haproxy-lint: ignore[reference/unknown-backend] comes with the next release\\n  use_backend nowhere\\n\"\n";
    assert!(place_of("f.yaml", text, "reference/unknown-backend").is_empty());
    assert!(place_of("f.yaml", text, "style/unused-ignore").is_empty());
}

#[test]
fn snippets_of_controllers_are_read_as_parts() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ingress}\ndata:\n  backend-config-snippet: |-\n    http-request dny\n  config-sections: |\n    frontend x\n      bind :80\n      timeout client 1s\n      default_backend elsewhere\n  other: |\n    nonsense\n---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\n  annotations: {haproxy.org/backend-config-snippet: \"http-request dny\"}\n";
    assert_eq!(place_of("f.yaml", text, "keyword/unknown-argument"), [(6, 18, "dny".to_owned()), (19, 67, "dny".to_owned())]);
    let findings = check("f.yaml", text).unwrap();
    assert_eq!(findings.len(), 2, "{findings:?}");
    let values = "replicaCount: 2\nconfig: |\n  frontend f\n    bind :80\n    timeout client 1s\n    default_backend nowhere\n";
    assert_eq!(place_of("values.yaml", values, "reference/unknown-backend"), [(6, 21, "nowhere".to_owned())]);
}

#[test]
fn nothing_of_a_secret_is_shown() {
    // "frontend x\n  use_backend hunter2\n  nonsense hunter2\n"
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: lb}\nspec:\n  containers: [{name: haproxy, image: 'haproxy:2.8', volumeMounts: [{name: c, mountPath: /usr/local/etc/haproxy}]}]\n  volumes: [{name: c, secret: {secretName: s}}]\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  haproxy.cfg: ZnJvbnRlbmQgeAogIHVzZV9iYWNrZW5kIGh1bnRlcjIKICBub25zZW5zZSBodW50ZXIyCg==\n";
    let findings = check("f.yaml", text).unwrap();
    let finding = findings.iter().find(|f| f.rule.name == "reference/unknown-backend").unwrap();
    let place = finding.location.map(|l| &text[l.span.start as usize..l.span.end as usize]);
    assert!(place == Some("Secret") && finding.notes[0].contains("line 2 of `haproxy.cfg` in Secret `s`"), "{finding:?}");
    // Where a line near it may hold a value, there is no place: lines around a place are quoted.
    let (head, data) = text.split_once("kind: Secret\nmetadata: {name: s}\n").unwrap();
    let (version, head) = head.rsplit_once("apiVersion").map(|(head, v)| (format!("apiVersion{v}"), head)).unwrap();
    let close = check("f.yaml", &format!("{head}{version}metadata: {{name: s}}\n{}\nkind: Secret\n", data.trim_end())).unwrap();
    assert!(close.iter().any(|f| f.rule.name == "reference/unknown-backend" && f.location.is_none()), "{close:?}");
    assert!(!format!("{findings:?}").contains("hunter2") && !format!("{findings:?}").contains("Ti"), "{findings:?}");
}

#[test]
fn keepalived_says_who_begins_without_the_address() {
    let file = |name: &str, text: &str| SourceFile::new(name, text.as_bytes().to_vec());
    let (topology, problems) = topology::read(vec![
        file(
            "lb2/keepalived.conf",
            "global_defs {\n  router_id lb2\n}\nvrrp_instance web {\n  state BACKUP\n  virtual_ipaddress {\n    10.0.0.100/24 dev eth0\n  }\n}\n",
        ),
        file(
            "topology.yaml",
            "topology: 1\nhosts:\n- {name: lb1, addresses: [10.0.0.11], sysctls: {net.ipv4.ip_nonlocal_bind: 0}}\n- {name: lb2, addresses: [10.0.0.12], sysctls: {net.ipv4.ip_nonlocal_bind: 0}}\nconfiguration: |\n  frontend web\n      timeout client 1m\n      bind 10.0.0.100:80\n",
        ),
    ]);
    assert!(problems.is_empty(), "{problems:?}");
    let findings = haproxy_lint::check::nodes::check(&topology, &Options::default()).report.findings;
    let finding = findings.iter().find(|f| f.rule.name == "host/vip-bind").unwrap();
    assert!(finding.notes.iter().any(|n| n == "keepalived begins as BACKUP, without the address, on `lb2`"), "{finding:?}");
}

/// A document as JSON, with numbers and truth values where YAML has them.
fn json(node: &topology::yaml::Yaml) -> serde_json::Value {
    use topology::yaml::{Style, Value};
    match &node.value {
        Value::Scalar(_, Style::Plain) if node.text().is_none() => serde_json::Value::Null,
        Value::Scalar(text, Style::Plain) => serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into()),
        Value::Scalar(text, _) => text.as_str().into(),
        Value::List(list) => list.iter().map(|n| json(n)).collect(),
        Value::Map(pairs) => pairs.iter().map(|(k, v)| (k.text().unwrap_or("").to_owned(), json(v))).collect(),
    }
}

#[test]
fn topology_files_are_what_the_schema_says() {
    let schema = serde_json::from_str(include_str!("../../docs/schema/topology-v1.schema.json")).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let guide = include_str!("../../docs/topology.md");
    let examples = guide.split("\n```").filter_map(|part| part.split_once(" topology\n"));
    let mut texts: Vec<(String, String)> = examples.map(|(kind, text)| (format!("guide.{kind}"), text.to_owned())).collect();
    assert_eq!(texts.len(), 3, "the guide has examples");
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/topology/cases")).unwrap() {
        let path = entry.unwrap().path();
        texts.push((path.display().to_string(), fs::read_to_string(path).unwrap()));
    }
    let mut checked = 0;
    for (name, text) in texts {
        let file = SourceFile::new(name.as_str(), text.into_bytes());
        let documents = if name.ends_with(".toml") {
            vec![topology::yaml::toml(&file).unwrap()]
        } else {
            topology::yaml::documents(&file).unwrap().list
        };
        for document in documents.iter().filter(|d| d.get("topology").is_some() || d.get("haproxy-lint-facts").is_some()) {
            let errors: Vec<String> = validator.iter_errors(&json(document)).map(|e| e.to_string()).collect();
            assert!(errors.is_empty(), "{name}: {errors:?}");
            let (_, problems) = topology::read(vec![SourceFile::new(name.as_str(), file.bytes().to_vec())]);
            assert!(problems.is_empty(), "{name}: {problems:?}");
            checked += 1;
        }
    }
    assert!(checked > 8, "{checked} files");
    for wrong in [serde_json::json!({"topology": 1, "hosts": [{"name": "a", "adresses": []}]}), serde_json::json!({"topology": 2})] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}

#[test]
fn two_compose_files_are_two_projects() {
    let text = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/topology/cases/compose-clean.yaml")).unwrap();
    let files = ["prod/compose.yaml", "staging/compose.yaml"].map(|name| SourceFile::new(name, text.clone()));
    let (topology, problems) = topology::read(files.into());
    assert!(problems.is_empty(), "{problems:?}");
    let checked = haproxy_lint::check::nodes::check(&topology, &Options::default());
    let errors: Vec<&Finding> = checked.report.findings.iter().filter(|f| f.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert!(checked.mesh.matrix.broken().next().is_none());
}
