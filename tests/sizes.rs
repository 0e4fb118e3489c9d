//! What stick tables take, and what the container may have: `table/too-large` and its harmless twins.

use haproxy_lint::{
    analysis::{Cursor, Part, Snapshot, hover},
    check::Options,
    source::{FileId, SourceFile, Sources},
    syntax::ReadOptions,
    topology,
};

const CONFIG: &str = "\
defaults
    mode http
    timeout client 5s
    timeout connect 5s
    timeout server 5s
frontend web
    bind :8080
    stick-table type ip size 1m expire 10m store http_req_rate(10s)
    http-request track-sc0 src
    http-request deny if { sc_http_req_rate(0) gt 50 }
    default_backend app
backend app
    server one 192.0.2.1:80
";

fn indented(config: &str, by: usize) -> String {
    config.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect()
}

fn compose(config: &str, limit: &str) -> String {
    let config = indented(config, 6);
    format!(
        "services:\n  lb:\n    image: haproxy:2.8\n{limit}    configs: [{{source: cfg, target: /usr/local/etc/haproxy/haproxy.cfg}}]\nconfigs:\n  cfg:\n    content: |\n{config}"
    )
}

/// A Deployment and its ConfigMap; `limit` is what the container says of its resources, `pod` what the pod says.
fn deployment(config: &str, limit: &str, pod: &str) -> String {
    let config = indented(config, 4);
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: lb}}\ndata:\n  haproxy.cfg: |\n{config}---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: lb}}\nspec:\n  replicas: 2\n  selector: {{matchLabels: {{app: lb}}}}\n  template:\n    metadata: {{labels: {{app: lb}}}}\n    spec:\n{pod}      containers:\n      - name: lb\n        image: haproxy:2.8\n{limit}        volumeMounts: [{{name: c, mountPath: /usr/local/etc/haproxy}}]\n      volumes: [{{name: c, configMap: {{name: lb}}}}]\n"
    )
}

fn said(manifest: &str) -> Vec<String> {
    let (topology, problems) = topology::read(vec![SourceFile::new("m.yaml", manifest.as_bytes().to_vec())]);
    assert!(problems.is_empty(), "{manifest}");
    let report = haproxy_lint::check::nodes::check(&topology, &Options::default()).report;
    report.findings.into_iter().filter(|f| f.rule.name == "table/too-large").map(|f| f.message).collect()
}

#[test]
fn tables_larger_than_the_limit_are_told_of() {
    let expected = "full, table `web` takes 208 MiB, and the container may have";
    let limits = [
        compose(CONFIG, "    mem_limit: 128m\n"),
        compose(CONFIG, "    deploy: {resources: {limits: {memory: 200M}}}\n"),
        compose(CONFIG, "    deploy: {resources: {limits: {memory: 64M}}}\n    mem_limit: 1g\n"),
        deployment(CONFIG, "        resources: {limits: {memory: 128Mi, cpu: 1}}\n", ""),
        deployment(CONFIG, "        resources: {limits: {memory: '134217728'}}\n", ""),
        deployment(CONFIG, "", "      resources: {limits: {memory: 0.125Gi}}\n"),
    ];
    for manifest in limits {
        let found = said(&manifest);
        assert_eq!(found.len(), 1, "{manifest}");
        assert!(found[0].starts_with(expected), "{found:?}");
    }
    let two =
        CONFIG.replace("backend app\n", "backend app\n    stick-table type string len 32 size 1m expire 1h\n    stick on req.cook(SID)\n");
    assert_eq!(said(&compose(&two, "    mem_limit: 300m\n")), ["full, 2 tables take 416 MiB, and the container may have 300 MiB"]);
}

#[test]
fn nothing_is_said_where_there_is_room_or_nobody_fills_the_table() {
    let kubernetes = |limit: &str| deployment(CONFIG, limit, "");
    let silent = [
        compose(CONFIG, ""),
        compose(CONFIG, "    mem_limit: 512m\n"),
        compose(CONFIG, "    mem_limit: ${LIMIT}\n"),
        compose(&CONFIG.replace("1m expire", "100k expire"), "    mem_limit: 128m\n"),
        compose(&CONFIG.replace("track-sc0 src", "track-sc0 dst"), "    mem_limit: 128m\n"),
        kubernetes("        resources: {requests: {memory: 64Mi}}\n"),
        kubernetes("        resources: {limits: {memory: 1Gi}}\n"),
        kubernetes("        resources: {limits: {memory: $MEMORY}}\n"),
    ];
    for manifest in silent {
        assert_eq!(said(&manifest), [""; 0], "{manifest}");
    }
}

#[test]
fn an_editor_is_told_the_same() {
    let told = |config: &str, keyword: &str| {
        let offset = config.find(keyword).unwrap() as u32 + 1;
        let snapshot = Snapshot::new(Sources::single("haproxy.cfg", config), ReadOptions::default());
        let parts = snapshot.with(|view| hover(view, Cursor { file: FileId(0), offset }, None)).unwrap().parts;
        parts.into_iter().filter_map(|part| if let Part::Text(text) = part { Some(text) } else { None }).collect::<Vec<_>>().join("\n")
    };
    let alone = told(CONFIG, "stick-table");
    assert!(alone.contains("an entry takes 192 to 208 bytes, depending on the version") && !alone.contains("each other node"), "{alone}");
    let shared = CONFIG.replace("expire 10m", "expire 10m peers p");
    assert!(told(&shared, "stick-table").contains("sends about 17 bytes to each other node"), "{}", told(&shared, "stick-table"));
    let own = "peers p\n    peer a 192.0.2.1:1000\n    table t type ip size 1m store gpc0\n";
    assert!(told(own, "table t").contains("to each other node"));
}
