//! What fixes write into manifests, and what the help says where there is none.

use haproxy_lint::{
    check::Options,
    finding::{Edit, Finding},
    fix::apply,
    source::SourceFile,
    topology::Topology,
};

use super::read;

fn found(topology: &Topology, rule: &str) -> Finding {
    let report = haproxy_lint::check::nodes::check(topology, &Options::default()).report;
    let all: Vec<_> = report.findings.iter().map(|f| (f.rule.name, f.message.clone())).collect();
    report.findings.into_iter().find(|finding| finding.rule.name == rule).unwrap_or_else(|| panic!("no {rule} in {all:?}"))
}

/// The first file with the fix of a rule, if it has one.
fn mended(text: &str, rule: &str) -> Option<String> {
    let topology = read(&[("m.yaml", text)]);
    let fix = found(&topology, rule).fix?;
    let edits: Vec<&Edit> = fix.edits.iter().collect();
    Some(String::from_utf8_lossy(apply(&topology.sources, &edits).files()[0].bytes()).into_owned())
}

/// Two Deployments with a Service each, of which the second has these ports.
fn deployments(second: &str, ports: &str, more: &str) -> String {
    let one = |name: &str, local: &str, ports: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  replicas: 1\n  strategy: {{type: Recreate}}\n  selector: {{matchLabels: {{peer: {name}}}}}\n  template:\n    metadata: {{labels: {{peer: {name}}}}}\n    spec:\n      containers:\n      - name: haproxy\n        image: haproxy:3.0\n        args: [haproxy, -f, /usr/local/etc/haproxy/haproxy.cfg, -L, {local}]\n        volumeMounts: [{{name: c, mountPath: /usr/local/etc/haproxy}}]\n      volumes: [{{name: c, configMap: {{name: c}}}}]\n---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec:\n  selector: {{peer: {name}}}\n  publishNotReadyAddresses: true\n  ports: {ports}\n---\n"
        )
    };
    let config = format!(
        "peers p\n        bind :10000\n        .if streq(\"$HAPROXY_LOCALPEER\",a)\n        server a\n        server b b:10000\n        .else\n        server a a:10000\n        server b\n        .endif\n{more}    backend b\n        stick-table type ip size 1m expire 10m peers p\n"
    );
    let first = one("a", "a", "[{name: peers, port: 10000}]");
    format!(
        "{first}{}apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n  haproxy.cfg: |\n    {config}",
        one("b", second, ports)
    )
}

#[test]
fn no_two_ports_of_a_service_have_one_name() {
    const RULE: &str = "topology/service-port-missing";
    let of = |ports: &str, more: &str| mended(&deployments("b", ports, more), RULE).unwrap();
    // The port for peers is there under another number, which nobody asks for.
    let moved = of("[{name: peers, port: 10001, targetPort: 10000}]", "");
    assert!(moved.contains("  ports: [{name: peers, port: 10000, targetPort: 10000}]"), "{moved}");
    // It leads elsewhere, or somebody asks for it.
    let second = "    peers q\n        bind :10000\n        server a\n        server b b:10001\n";
    for (ports, more) in [("[{name: peers, port: 10001}]", ""), ("[{name: peers, port: 10001, targetPort: 10000}]", second)] {
        let more = of(ports, more);
        assert!(more.contains("{name: peers-10000, port: 10000, targetPort: 10000}"), "{more}");
        assert!(more.contains("{name: peers, port: 10001"), "{more}");
    }
    let beside = of("[{name: http, port: 80}]", "");
    assert!(beside.contains("{name: http, port: 80}") && beside.contains("{name: peers, port: 10000, targetPort: 10000}"), "{beside}");
}

fn config(indent: &str) -> String {
    let lines = ["peers p", "    peer a a:1024", "    peer b b:1024", "backend st", "    stick-table type ip size 1m expire 10m peers p"];
    lines.map(|line| format!("{indent}{line}\n")).concat()
}

fn compose(services: &str) -> String {
    format!("services:\n{services}configs:\n  cfg:\n    content: |\n{}", config("      "))
}

const MOUNT: &str = "    configs: [{source: cfg, target: /usr/local/etc/haproxy/haproxy.cfg}]\n";

#[test]
fn only_swarm_numbers_replicas() {
    let of = |deploy: &str| {
        let text = compose(&format!("  lb:\n    image: haproxy:3.0\n    hostname: lb1\n    deploy: {deploy}\n{MOUNT}"));
        let text = text.replace("peer a a:", "peer lb1 lb1:").replace("peer b b:", "peer lb2 lb2:");
        mended(&text, "topology/compose-hostname")
    };
    assert_eq!(of("{replicas: 2}"), None);
    assert!(of("{mode: replicated, replicas: 2}").unwrap().contains("hostname: \"lb{{.Task.Slot}}\""));
}

#[test]
fn a_name_that_was_copied_is_mended_where_it_is_given() {
    const RULE: &str = "host/same-local-name";
    let pair = |one: &str, two: &str| {
        compose(&format!("  a:\n    image: haproxy:3.0\n    {one}\n{MOUNT}  b:\n    image: haproxy:3.0\n    {two}\n{MOUNT}"))
    };
    let cfg = "/usr/local/etc/haproxy/haproxy.cfg";
    let ways = [
        (format!("command: haproxy -f {cfg} -L a"), format!("command: haproxy -f {cfg} -L b")),
        (format!("command: [haproxy, -f, {cfg}, -L, a]"), format!("command: [haproxy, -f, {cfg}, -L, b]")),
        (
            format!("command: [\"haproxy\", \"-L\", \"a\", \"-f\", \"{cfg}\"]"),
            format!("command: [\"haproxy\", \"-L\", \"b\", \"-f\", \"{cfg}\"]"),
        ),
        ("hostname: a".to_owned(), "hostname: b".to_owned()),
    ];
    for (right, wanted) in ways {
        let wrong = pair(&right, &right);
        let topology = read(&[("m.yaml", &wrong)]);
        let finding = found(&topology, RULE);
        assert!(finding.location.unwrap().span.start as usize > wrong.find("  b:").unwrap(), "{wrong}");
        assert_eq!(mended(&wrong, RULE).as_deref(), Some(pair(&right, &wanted).as_str()));
        // The file that both read is right as it is.
        let rules = haproxy_lint::check::nodes::check(&topology, &Options::default()).report.findings;
        assert!(rules.iter().all(|finding| finding.rule.name != "topology/local-addr-not-on-pod"), "{right}");
    }
    let copied = deployments("a", "[{name: peers, port: 10000}]", "");
    assert_eq!(mended(&copied, RULE).as_deref(), Some(deployments("b", "[{name: peers, port: 10000}]", "").as_str()));
}

/// The help says what is missing, and nothing that is there.
#[test]
fn what_is_missing_for_a_name_of_its_own_is_said() {
    let of = |local: &str, env: &str| {
        let text = format!(
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: lb}}\nspec:\n  replicas: 2\n  serviceName: lb\n  podManagementPolicy: Parallel\n  template:\n    metadata: {{labels: {{app: lb}}}}\n    spec:\n      containers:\n      - name: haproxy\n        image: haproxy:3.0\n        args: [haproxy, -f, /usr/local/etc/haproxy/haproxy.cfg, -L, {local}]\n        env: [{env}]\n        volumeMounts: [{{name: c, mountPath: /usr/local/etc/haproxy}}]\n      volumes: [{{name: c, configMap: {{name: c}}}}]\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n  haproxy.cfg: |\n    peers p\n        peer lb-0 lb-0.lb:1024\n        peer lb-1 lb-1.lb:1024\n    backend st\n        stick-table type ip size 1m expire 10m peers p\n"
        );
        found(&read(&[("m.yaml", &text)]), "host/same-local-name").help.unwrap().to_string()
    };
    let pod_name = "{name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}";
    assert!(of("$(POD_NAME)", "").starts_with("`POD_NAME` is not set there"));
    let order = of("$(PEER)", &format!("{{name: PEER, value: $(POD_NAME)}}, {pod_name}"));
    assert!(order.starts_with("move `POD_NAME` in `env` above"), "{order}");
    assert!(of("lb-0", "").contains("`-L $(POD_NAME)`, with `POD_NAME` from"));
}

#[test]
fn cloud_configs_of_two_hosts_with_one_name_are_two_hosts() {
    let one = |host: &str| {
        format!("#cloud-config\nhostname: {host}\nwrite_files:\n- path: /etc/haproxy/haproxy.cfg\n  content: |\n{}", config("    "))
    };
    let pair = |second: &str| read(&[("a.yaml", &one("a")), ("b.yaml", &one(second))]);
    let finding = found(&pair("a"), "host/same-local-name");
    assert_eq!(finding.message, "`a` and `b` both call themselves `a` in `peers p`");
    let report = haproxy_lint::check::nodes::check(&pair("a"), &Options::default()).report;
    assert!(report.findings.iter().all(|f| f.rule.name != "peers/local-name-missing"));
    // What is said twice of one host stays one.
    let twice = read(&[("a.yaml", &one("a")), ("old/a.yaml", &one("a"))]);
    assert_eq!((twice.nodes.len(), pair("b").nodes.len()), (1, 2));
}

#[test]
fn the_file_that_takes_a_sysctl_back_is_named() {
    let hosts = "topology: 1\nhosts:\n- {name: lb1, addresses: [10.0.0.1]}\n- {name: lb2, addresses: [10.0.0.2]}\nvips: [10.0.0.9]\n";
    let set = |value: u8| format!("net.ipv4.ip_nonlocal_bind = {value}\n");
    let (yes, no) = (set(1), set(0));
    let of = |files: &[(&str, &str)]| {
        let mut topology = read(&[&[("hosts.yaml", hosts)], files].concat());
        let text = "frontend f\n  bind 10.0.0.9:80\n  default_backend b\nbackend b\n".to_owned();
        let given = topology.add_configuration(vec![SourceFile::new("haproxy.cfg", text.into_bytes())]);
        assert!(topology.distribute(&[given]).is_ok());
        found(&topology, "host/vip-bind").help.unwrap().to_string()
    };
    let help = of(&[
        ("lb1/etc/sysctl.d/90-haproxy.conf", &yes),
        ("lb1/etc/sysctl.d/99-hardening.conf", &no),
        ("lb2/etc/sysctl.d/90-haproxy.conf", &yes),
    ]);
    assert!(help.starts_with("`lb1/etc/sysctl.d/99-hardening.conf` sets `net.ipv4.ip_nonlocal_bind` to 0 after"), "{help}");
    assert!(of(&[("lb1/etc/sysctl.d/90-haproxy.conf", &no)]).starts_with("write `net.ipv4.ip_nonlocal_bind = 1`"));
}

/// What two hosts have in common gives no name to one of them.
#[test]
fn a_unit_that_hosts_share_is_not_that_of_one() {
    let hosts = "topology: 1\nhosts:\n- {name: a, addresses: [10.0.0.1]}\n- {name: b, addresses: [10.0.0.2]}\n";
    let unit = "[Service]\nExecStart=/usr/sbin/haproxy -Ws -f /etc/haproxy/haproxy.cfg -L a\n";
    let mut topology = read(&[("hosts.yaml", hosts), ("haproxy.service", unit)]);
    let text = config("").replace("a:1024", "10.0.0.1:1024").replace("b:1024", "10.0.0.2:1024");
    let given = topology.add_configuration(vec![SourceFile::new("haproxy.cfg", text.into_bytes())]);
    assert!(topology.distribute(&[given]).is_ok());
    let finding = found(&topology, "host/same-local-name");
    assert!(finding.help.unwrap().to_string().starts_with("give each node its own name behind `-L`") && finding.fix.is_none());
}
