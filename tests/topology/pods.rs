//! What is in a pod beside the container that is its node, and what that container may read.

use haproxy_lint::finding::{Finding, Severity};

use super::check;

const DEFAULTS: &str =
    "    defaults\n        mode http\n        timeout client 30s\n        timeout connect 5s\n        timeout server 30s\n";

/// A pod of these containers and volumes, with what follows; the rules that say something, with their severities.
fn found(spec: &str, objects: &str) -> Vec<Finding> {
    let text = format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: lb, namespace: lb, labels: {{app: lb}}}}\nspec:\n{spec}\n{objects}");
    check("pod.yaml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn told(spec: &str, objects: &str) -> Vec<(String, Severity)> {
    found(spec, objects).into_iter().map(|f| (f.rule.name.to_owned(), f.severity)).collect()
}

fn configmap(name: &str, lines: &str) -> String {
    let lines: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: lb}}\ndata:\n  haproxy.cfg: |\n{DEFAULTS}{lines}")
}

const TWO: &str = "  containers:
  - {name: one, image: 'haproxy:2.8', volumeMounts: [{name: one, mountPath: /usr/local/etc/haproxy}]}
  - {name: two, image: 'haproxy:2.8', env: [{name: PORT, value: '8443'}], volumeMounts: [{name: two, mountPath: /usr/local/etc/haproxy}]}
  volumes: [{name: one, configMap: {name: one}}, {name: two, configMap: {name: two}}]";

fn frontend(bind: &str) -> String {
    format!("frontend web\n    bind {bind}\n    http-request return status 200\n")
}

#[test]
fn a_second_haproxy_of_a_pod_is_checked_as_it_reads_what_it_mounts() {
    let told_of = |second: &str| told(TWO, &(configmap("one", &frontend(":8080")) + &configmap("two", second)));
    assert_eq!(told_of(&frontend(":\"$PORT\"")), []);
    // The variable is that of the second container, and so are the words.
    let findings =
        found(TWO, &(configmap("one", &frontend(":8080")) + &configmap("two", "frontend web\n    bind :\"$PORT\"\n    bimd :1\n")));
    let wrong = findings.iter().find(|f| f.rule.name == "keyword/unknown-keyword").expect("the second one is read");
    assert_eq!(wrong.nodes, ["lb/two"]);
    // A port that the first one has as well reaches one of the two by chance.
    assert_eq!(told_of(&frontend(":8080")), [("topology/port-of-another-container".to_owned(), Severity::Warning)]);
    assert_eq!(told_of(&frontend("127.0.0.1:8080")), [("topology/port-of-another-container".to_owned(), Severity::Warning)]);
    assert_eq!(told_of(&frontend(":::8080 v6only")), []);
    let users = TWO.replace("name: one, image", "name: one, securityContext: {runAsUser: 99}, image");
    let users = users.replace("name: two, image", "name: two, securityContext: {runAsUser: 1000}, image");
    let both = configmap("one", &frontend(":8080")) + &configmap("two", &frontend(":8080"));
    assert_eq!(told(&users, &both), [("topology/port-of-another-container".to_owned(), Severity::Error)]);
}

#[test]
fn what_starts_another_program_is_no_second_haproxy() {
    let both = configmap("one", &frontend(":8080")) + &configmap("two", &frontend(":8080"));
    let script = TWO.replace("name: two, image", "name: two, command: [/opt/watch.sh], image");
    assert_eq!(told(&script, &both), []);
    let checks = TWO.replace(
        "name: two, image",
        "name: two, command: [sh, -c, 'while :; do haproxy -c -f /usr/local/etc/haproxy/haproxy.cfg; sleep 9; done'], image",
    );
    assert_eq!(told(&checks, &both), []);
    let once = TWO.replace("name: two, image", "name: two, args: [haproxy, -c, -f, /usr/local/etc/haproxy/haproxy.cfg], image");
    assert_eq!(told(&once, &both), []);
    let elsewhere = TWO.replace("{name: two, mountPath: /usr/local/etc/haproxy}", "{name: two, mountPath: /srv}");
    assert_eq!(told(&elsewhere, &both), []);
}

#[test]
fn peers_of_a_second_haproxy_are_left_to_the_node_of_the_pod() {
    let spec = TWO.replace("  containers:", "  hostname: lb\n  containers:");
    let peers = |port: u16| {
        format!(
            "peers mesh\n    peer lb 127.0.0.1:{port}\n    peer other 192.0.2.9:{port}\nbackend b\n    stick-table type ip size 1m expire 30m peers mesh\n    stick on src\n    server s 192.0.2.1:80\nfrontend web\n    bind :{}\n    default_backend b\n",
            port + 1
        )
    };
    let findings = found(&spec, &(configmap("one", &peers(10000)) + &configmap("two", &peers(11000))));
    let of_second = findings.iter().filter(|f| f.nodes.iter().any(|node| node == "lb/two"));
    let of_mesh: Vec<&str> = of_second.map(|f| f.rule.name).filter(|rule| rule.starts_with("topology/")).collect();
    assert_eq!(of_mesh, [""; 0]);
}

#[test]
fn a_port_of_haproxy_that_another_program_takes() {
    let pod = |program: &str| {
        format!(
            "  containers:\n  - {{name: haproxy, image: 'haproxy:2.8', volumeMounts: [{{name: c, mountPath: /usr/local/etc/haproxy}}]}}\n  - {program}\n  volumes: [{{name: c, configMap: {{name: c}}}}]"
        )
    };
    let rule = |severity| vec![("topology/port-of-another-container".to_owned(), severity)];
    let with = |program: &str, bind: &str| told(&pod(program), &configmap("c", &frontend(bind)));
    let exporter = "{name: exporter, image: 'example/exporter:1', args: ['--web.listen-address=:8404']}";
    assert_eq!(with(exporter, ":8404"), rule(Severity::Error));
    assert_eq!(with(exporter, "127.0.0.1:8404"), rule(Severity::Error));
    assert_eq!(with(exporter, ":8405"), []);
    assert_eq!(with(&exporter.replace("=:8404", "=127.0.0.1:8404"), ":8404"), rule(Severity::Error));
    assert_eq!(with(&exporter.replace("=:8404", "=127.0.0.1:8404"), "127.0.0.2:8404"), []);
    assert_eq!(with(&exporter.replace("=:8404", "', '0.0.0.0:8404"), "*:8404"), rule(Severity::Error));
    assert_eq!(with(exporter, "quic4@:8404 ssl crt /x.pem"), []);
    // Whom a program connects to is not where it listens.
    assert_eq!(with("{name: proxy, image: 'example/proxy:1', args: ['--upstream=http://127.0.0.1:8404', '--port=8404']}", ":8404"), []);
    // A port that is only said may stand at the wrong container.
    let declares = "{name: exporter, image: 'example/exporter:1', ports: [{containerPort: 8404}]}";
    assert_eq!(with(declares, ":8404"), []);
    let both = |program: &str, bind: &str| {
        let spec = pod(program).replace("'haproxy:2.8',", "'haproxy:2.8', ports: [{containerPort: 8404}],");
        told(&spec, &configmap("c", &frontend(bind)))
    };
    assert_eq!(both(declares, ":8404"), rule(Severity::Warning));
    assert_eq!(both(declares, "127.0.0.1:8404"), []);
    assert_eq!(both(&declares.replace("8404}", "8404, protocol: UDP}"), ":8404"), []);
}

/// A certificate without a key, and both in one text, as far as anybody looks.
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\\nMII\\n-----END CERTIFICATE-----\\n";
const BOTH: &str = "-----BEGIN CERTIFICATE-----\\nMII\\n-----END CERTIFICATE-----\\n-----BEGIN PRIVATE KEY-----\\nMII\\n";

#[test]
fn a_secret_of_tls_has_the_key_where_haproxy_does_not_look() {
    let pod = |volume: &str, mount: &str| {
        format!(
            "  containers:\n  - {{name: haproxy, image: 'haproxy:2.8', volumeMounts: [{{name: c, mountPath: /usr/local/etc/haproxy}}, {{name: t, {mount}}}]}}\n  volumes: [{{name: c, configMap: {{name: c}}}}, {{name: t, {volume}}}]"
        )
    };
    let secret = |kind: &str, crt: &str| {
        format!(
            "---\napiVersion: v1\nkind: Secret\nmetadata: {{name: t, namespace: lb}}\ntype: {kind}\nstringData: {{tls.crt: \"{crt}\", tls.key: \"-----BEGIN PRIVATE KEY-----\"}}\n"
        )
    };
    let tls = secret("kubernetes.io/tls", CERTIFICATE);
    let made = "---\napiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: x, namespace: lb}\nspec: {secretName: t}\n";
    let (plain, folder) = ("secret: {secretName: t}", "mountPath: /certs");
    let is_told = |volume: &str, mount: &str, secret: &str, lines: &str| {
        let told = told(&pod(volume, mount), &(configmap("c", lines) + secret));
        told.iter().any(|(rule, _)| rule == "topology/certificate-without-key")
    };
    let crt = |path: &str| frontend(&format!(":8443 ssl crt {path}"));
    assert!(is_told(plain, folder, &tls, &crt("/certs/tls.crt")));
    assert!(is_told(plain, folder, &tls, &crt("/certs/")));
    assert!(is_told(plain, folder, &tls, "backend b\n    server s 192.0.2.1:443 ssl verify none crt /certs/tls.crt\n"));
    assert!(is_told(plain, folder, made, &crt("/certs")));
    assert!(is_told(plain, folder, &secret("Opaque", CERTIFICATE), &crt("/certs")));
    assert!(is_told("projected: {sources: [{secret: {name: t}}]}", folder, &tls, &crt("/certs")));
    assert!(is_told(plain, "mountPath: /certs/site.pem, subPath: tls.crt", &tls, &crt("/certs/site.pem")));
    assert!(is_told("secret: {secretName: t, items: [{key: tls.crt, path: site.pem}]}", folder, &tls, &crt("/certs")));
    // What a cured one looks like.
    assert!(!is_told(
        "secret: {secretName: t, items: [{key: tls.crt, path: a.crt}, {key: tls.key, path: a.crt.key}]}",
        folder,
        &tls,
        &crt("/certs")
    ));
    assert!(!is_told(plain, folder, &tls, &format!("global\n    ssl-load-extra-del-ext\n{}", crt("/certs/tls.crt"))));
    assert!(!is_told(plain, folder, &secret("kubernetes.io/tls", BOTH), &crt("/certs/tls.crt")));
    assert!(!is_told(plain, folder, &secret("Opaque", "•••"), &crt("/certs/tls.crt")));
    let twice = "mountPath: /certs/a.pem, subPath: tls.crt}, {name: t, mountPath: /certs/a.pem.key, subPath: tls.key";
    assert!(!is_told(plain, twice, &tls, &crt("/certs/a.pem")));
    // Nobody names it, or it is only whom to trust.
    assert!(!is_told(plain, folder, &tls, &frontend(":8080")));
    assert!(!is_told(plain, folder, &tls, "backend b\n    server s 192.0.2.1:443 ssl verify required ca-file /certs/tls.crt\n"));
}

#[test]
fn a_crt_store_names_the_key_of_a_certificate_itself() {
    let pod = "  containers:\n  - {name: haproxy, image: 'haproxy:3.2', volumeMounts: [{name: c, mountPath: /usr/local/etc/haproxy}, {name: t, mountPath: /certs}]}\n  volumes: [{name: c, configMap: {name: c}}, {name: t, secret: {secretName: t}}]";
    let made = "---\napiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: x, namespace: lb}\nspec: {secretName: t}\n";
    let told = |lines: &str| told(pod, &(configmap("c", lines) + made));
    let by_path = "frontend web\n    bind :8443 ssl crt /certs/tls.crt\n    http-request return status 200\n";
    assert_eq!(told(by_path).len(), 1);
    assert_eq!(told(&format!("crt-store\n    load crt /certs/tls.crt key /certs/tls.key\n{by_path}")), []);
}

#[test]
fn files_of_root_are_not_for_another_user() {
    let pod = |security: &str, own: &str, volume: &str| {
        format!(
            "  securityContext: {{{security}}}\n  containers:\n  - {{name: haproxy, image: 'haproxy:2.8', securityContext: {{{own}}}, volumeMounts: [{{name: c, mountPath: /usr/local/etc/haproxy}}]}}\n  volumes: [{{name: c, {volume}}}]"
        )
    };
    let told = |security: &str, own: &str, volume: &str, more: &str| -> Option<Severity> {
        let told = told(&pod(security, own, volume), &(configmap("c", &frontend(":8080")) + more));
        assert!(told.iter().all(|(rule, _)| rule == "topology/file-not-readable") && told.len() < 2, "{told:?}");
        told.first().map(|(_, severity)| *severity)
    };
    let (error, warning) = (Some(Severity::Error), Some(Severity::Warning));
    let volume = |mode: &str| format!("configMap: {{name: c, defaultMode: {mode}}}");
    let user = "runAsUser: 99, runAsGroup: 99";
    for mode in ["0400", "256", "0440", "0640", "400", "0o400"] {
        assert_eq!(told(user, "", &volume(mode), ""), error, "{mode}");
        assert_eq!(told("", "", &volume(mode), ""), warning, "{mode}");
        assert_eq!(told(user, "runAsUser: 0", &volume(mode), ""), None, "{mode}");
        assert_eq!(told("runAsUser: 99, runAsGroup: 99, fsGroup: 2000", "", &volume(mode), ""), None, "{mode}");
    }
    for mode in ["0444", "0644", "420", "0755", "292"] {
        assert_eq!(told(user, "", &volume(mode), ""), None, "{mode}");
    }
    assert_eq!(told(user, "", "configMap: {name: c}", ""), None);
    // The group of root may read what is its own: a user that the image does not know is in it.
    assert_eq!(told("runAsUser: 1000", "", &volume("0440"), ""), None);
    assert_eq!(told("runAsUser: 1000", "", &volume("0400"), ""), error);
    assert_eq!(told("runAsUser: 99, runAsGroup: 0", "", &volume("0440"), ""), None);
    assert_eq!(told("runAsUser: 99, runAsGroup: 99, supplementalGroups: [0]", "", &volume("0440"), ""), None);
    // A mode of one file counts before that of all.
    let item = |mode: &str| format!("configMap: {{name: c, defaultMode: 0400, items: [{{key: haproxy.cfg, path: haproxy.cfg{mode}}}]}}");
    assert_eq!(told(user, "", &item(""), ""), error);
    assert_eq!(told(user, "", &item(", mode: 0444"), ""), None);
    assert_eq!(told(user, "", "projected: {defaultMode: 0400, sources: [{configMap: {name: c}}]}", ""), error);
    let route = "---\napiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: lb, namespace: lb}\nspec: {}\n";
    assert_eq!(told("", "", &volume("0400"), route), None);
}

#[test]
fn a_certificate_of_root_is_told_where_it_is_read() {
    let pod = "  securityContext: {runAsUser: 99, runAsGroup: 99}\n  containers:\n  - {name: haproxy, image: 'haproxy:2.8', volumeMounts: [{name: c, mountPath: /usr/local/etc/haproxy}, {name: t, mountPath: /certs}]}\n  volumes: [{name: c, configMap: {name: c}}, {name: t, secret: {secretName: t, defaultMode: 0400}}]";
    let told = |bind: &str| told(pod, &configmap("c", &frontend(bind)));
    assert_eq!(told(":8443 ssl crt /certs/site.pem"), [("topology/file-not-readable".to_owned(), Severity::Error)]);
    assert_eq!(told(":8443 ssl crt /certs/"), [("topology/file-not-readable".to_owned(), Severity::Error)]);
    assert_eq!(told(":8443 ssl crt /other/site.pem"), []);
}

#[test]
fn a_config_of_swarm_may_be_for_root_alone() {
    let told = |service: &str, config: &str, swarm: &str| -> usize {
        let text = format!(
            "services:\n  lb:\n    image: haproxy:2.8\n    hostname: lb\n    {service}\n    configs: [{{source: c, target: /usr/local/etc/haproxy/haproxy.cfg{config}}}]\n{swarm}configs:\n  c:\n    content: |\n      frontend web\n          mode http\n          timeout client 30s\n          bind :8080\n          http-request return status 200\n"
        );
        let findings = check("compose.yaml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert!(findings.iter().all(|f| f.rule.name == "topology/file-not-readable" && f.severity == Severity::Error), "{text}");
        findings.len()
    };
    let swarm = "networks: {n: {driver: overlay}}\n";
    for swarm in [swarm, ""] {
        assert_eq!(told("", ", mode: 0400", swarm), 1);
        assert_eq!(told("", ", mode: 0440", swarm), 1);
        assert_eq!(told("user: '1000'", ", mode: 0400", swarm), 1);
        assert_eq!(told("user: '1000'", ", mode: 0440", swarm), 0);
        assert_eq!(told("user: root", ", mode: 0400", swarm), 0);
        assert_eq!(told("user: '0'", ", mode: 0400", swarm), 0);
        assert_eq!(told("", ", uid: '99', mode: 0400", swarm), 0);
        assert_eq!(told("", ", mode: 0444", swarm), 0);
        assert_eq!(told("", "", swarm), 0);
    }
}
