//! What a topology knows of the way to HAProxy: published ports, and networks without IPv6.

use haproxy_lint::{check::Options, finding::Severity, source::SourceFile, topology};

const REDIRECT: &str = "frontend web\n    mode http\n    bind :8080\n    timeout client 5s\n    http-request redirect scheme https if !{ ssl_fc }\n    http-request return status 200\n";
const LIMIT: &str = "frontend web\n    mode http\n    bind [::]:8080 v4v6\n    timeout client 5s\n    stick-table type ip size 100k expire 1m store http_req_rate(10s)\n    http-request track-sc0 src\n    http-request deny if { sc_http_req_rate(0) gt 50 }\n    http-request return status 200\n";

fn indented(config: &str, by: usize) -> String {
    config.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect()
}

fn compose(config: &str, more: &str) -> String {
    format!(
        "services:\n  lb:\n    image: haproxy:2.8\n{more}    configs: [{{source: cfg, target: /usr/local/etc/haproxy/haproxy.cfg}}]\nconfigs:\n  cfg:\n    content: |\n{}",
        indented(config, 6)
    )
}

fn kubernetes(config: &str, ports: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: lb}}\ndata:\n  haproxy.cfg: |\n{}---\napiVersion: v1\nkind: Service\nmetadata: {{name: lb}}\nspec:\n  selector: {{app: lb}}\n  ports: {ports}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: lb}}\nspec:\n  selector: {{matchLabels: {{app: lb}}}}\n  template:\n    metadata: {{labels: {{app: lb}}}}\n    spec:\n      containers:\n      - name: lb\n        image: haproxy:2.8\n        ports: [{{name: http, containerPort: 8080}}]\n        volumeMounts: [{{name: c, mountPath: /usr/local/etc/haproxy}}]\n      volumes: [{{name: c, configMap: {{name: lb}}}}]\n",
        indented(config, 4)
    )
}

/// What a rule says: severity and notes.
fn said(rule: &str, manifest: &str) -> Option<(Severity, String)> {
    let (topology, _) = topology::read(vec![SourceFile::new("m.yaml", manifest.as_bytes().to_vec())]);
    let report = haproxy_lint::check::nodes::check(&topology, &Options::default()).report;
    report.findings.into_iter().find(|f| f.rule.name == rule).map(|f| (f.severity, f.notes.join(" ")))
}

#[test]
fn a_redirect_goes_where_port_443_leads() {
    let rule = "reliability/https-redirect-loop";
    let back = [
        compose(REDIRECT, "    ports: ['443:8080', '80:8080']\n"),
        kubernetes(REDIRECT, "[{port: 443, targetPort: http}, {port: 80, targetPort: http}]"),
        kubernetes(REDIRECT, "[{port: 443, targetPort: 8080}]"),
    ];
    for manifest in back {
        let (severity, notes) = said(rule, &manifest).unwrap();
        assert!(severity == Severity::Warning && notes.contains("port 443 leads to port 8080"), "{manifest}{notes}");
    }
    for manifest in [compose(REDIRECT, "    ports: ['80:8080']\n"), kubernetes(REDIRECT, "[{port: 80, targetPort: http}]")] {
        assert_eq!(said(rule, &manifest).unwrap().0, Severity::Info, "{manifest}");
    }
    assert_eq!(said(rule, &compose(REDIRECT, "")).unwrap().0, Severity::Warning);
}

#[test]
fn nobody_comes_by_ipv6_where_it_is_switched_off() {
    let rule = "table/key-misses-clients";
    assert!(said(rule, &compose(LIMIT, "")).is_some());
    assert!(said(rule, &compose(LIMIT, "    sysctls: {net.ipv6.conf.all.disable_ipv6: 0}\n")).is_some());
    assert_eq!(said(rule, &compose(LIMIT, "    sysctls: {net.ipv6.conf.all.disable_ipv6: 1}\n")), None);
}
