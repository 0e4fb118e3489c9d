//! Who reaches whom: each fault beside a clean twin, and the links of `topology` beside the findings of `check`.

use haproxy_lint::{
    check::Options,
    finding::{Finding, Severity},
    source::SourceFile,
    topology::{self, matrix::Verdict},
};

/// What is found, and how many links work, of a topology and the configurations beside it.
fn check(topology: &str, files: &[(&str, &str)]) -> (Vec<Finding>, usize, usize) {
    let (mut topology, problems) = topology::read(vec![SourceFile::new("topology.yaml", topology.as_bytes().to_vec())]);
    assert!(problems.is_empty(), "{problems:?}");
    let add = |(name, text): &(&str, &str)| topology.add_configuration(vec![SourceFile::new(*name, text.as_bytes().to_vec())]);
    let given: Vec<usize> = files.iter().map(add).collect();
    assert_eq!(topology.distribute(&given).map_err(|undecided| undecided.files), Ok(Vec::new()));
    let checked = haproxy_lint::check::nodes::check(&topology, &Options::default());
    let links = &checked.mesh.matrix.links;
    let fine = links.iter().filter(|l| l.verdict == Verdict::Fine).count();
    (checked.report.findings, fine, links.len())
}

fn names(findings: &[Finding], severity: Severity) -> Vec<&'static str> {
    let mut names: Vec<_> = findings.iter().filter(|f| f.severity == severity).map(|f| f.rule.name).collect();
    names.dedup();
    names
}

/// Nothing is wrong, and every link works.
#[track_caller]
fn is_clean(topology: &str, files: &[(&str, &str)]) {
    let (findings, fine, all) = check(topology, files);
    let loud: Vec<_> = findings.iter().filter(|f| f.severity > Severity::Info).map(|f| (f.rule.name, &f.message)).collect();
    assert!(loud.is_empty(), "{loud:?}");
    assert!(fine == all && all > 0, "{fine} of {all} links work");
}

/// Something is wrong, and no link works.
#[track_caller]
fn is_dead(topology: &str, files: &[(&str, &str)], rule: &str) {
    let (findings, fine, all) = check(topology, files);
    assert!(names(&findings, Severity::Error).contains(&rule), "{:?}", findings.iter().map(|f| &f.message).collect::<Vec<_>>());
    assert!(fine == 0 && all > 0, "{fine} of {all} links work");
}

const TABLE: &str = "backend st\n  stick-table type ip size 1m expire 10m store http_req_cnt peers p\n";

fn hosts(names: &[(&str, &str)]) -> String {
    let host = |(name, address): &(&str, &str)| format!("- {{name: {name}, addresses: [\"{address}\"]}}\n");
    format!("topology: 1\nhosts:\n{}", names.iter().map(host).collect::<String>())
}

/// A section with a `bind` line, whose own `server` line has no address on each node.
fn with_bind(bind: &str, servers: &[(&str, &str)]) -> String {
    let server = |(name, address): &(&str, &str)| {
        format!(".if streq(\"${{HAPROXY_LOCALPEER}}\",{name})\n  server {name}\n.else\n  server {name} {address}\n.endif\n")
    };
    format!("peers p\n  bind {bind}\n{}{TABLE}", servers.iter().map(server).collect::<String>())
}

fn peers(lines: &[&str]) -> String {
    format!("peers p\n{}{TABLE}", lines.iter().map(|l| format!("  {l}\n")).collect::<String>())
}

const A: &str = "peer a 10.0.0.1:1024";
const B: &str = "peer b 10.0.0.2:1024";
const C: &str = "peer c 10.0.0.3:1024";

#[test]
fn nobody_relays_between_spokes() {
    let three = hosts(&[("a", "10.0.0.1"), ("b", "10.0.0.2"), ("c", "10.0.0.3")]);
    let (hub, one, two) = (peers(&[A, B, C]), peers(&[A, B]), peers(&[A, C]));
    let (findings, fine, all) = check(&three, &[("a.cfg", &hub), ("b.cfg", &one), ("c.cfg", &two)]);
    assert_eq!(names(&findings, Severity::Error), [""; 0]);
    assert_eq!(names(&findings, Severity::Warning), ["peers/incomplete-mesh"]);
    assert_eq!((fine, all), (4, 6));
    is_clean(&three, &[("haproxy.cfg", &hub)]);
}

#[test]
fn who_is_dialled_by_ipv6_listens_there() {
    let two = hosts(&[("a", "2001:db8::1"), ("b", "2001:db8::2")]);
    let config = |bind: &str| with_bind(bind, &[("a", "2001:db8::1:1024"), ("b", "2001:db8::2:1024")]);
    is_dead(&two, &[("haproxy.cfg", &config(":1024"))], "topology/peer-unreachable");
    is_dead(&two, &[("haproxy.cfg", &config("*:1024"))], "topology/peer-unreachable");
    is_clean(&two, &[("haproxy.cfg", &config(":::1024"))]);
}

#[test]
fn ipv4_reaches_no_socket_that_takes_ipv6_alone() {
    let two = hosts(&[("a", "10.0.0.1"), ("b", "10.0.0.2")]);
    let config = |bind: &str| with_bind(bind, &[("a", "10.0.0.1:1024"), ("b", "10.0.0.2:1024")]);
    is_dead(&two, &[("haproxy.cfg", &config(":::1024 v6only"))], "topology/peer-unreachable");
    is_clean(&two, &[("haproxy.cfg", &config(":::1024"))]);
}

fn compose(first: &str, second: &str) -> String {
    format!(
        "services:\n  a:\n    image: haproxy:3.0\n    hostname: a\n{first}\n    volumes: [./haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg]\n\
         \x20 b:\n    image: haproxy:3.0\n    hostname: b\n{second}\n    volumes: [./haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg]\n"
    )
}

fn by_name(port: u16) -> String {
    with_bind(":1024", &[("a", &format!("a:{port}")), ("b", &format!("b:{port}"))])
}

#[test]
fn containers_without_a_common_network_do_not_find_each_other() {
    is_dead(&compose("    networks: [one]", "    networks: [two]"), &[("haproxy.cfg", &by_name(1024))], "topology/peer-unreachable");
    is_clean(&compose("    networks: [one, both]", "    networks: [both]"), &[("haproxy.cfg", &by_name(1024))]);
    is_clean(&compose("", ""), &[("haproxy.cfg", &by_name(1024))]);
    // Two keys may stand for one network, and a container may be on another one's.
    let named = "networks: {one: {name: shared}, two: {name: shared, external: true}}\n";
    is_clean(&(compose("    networks: [one]", "    networks: [two]") + named), &[("haproxy.cfg", &by_name(1024))]);
    let third = "  c: {image: busybox, networks: [one]}\n";
    let of_third = compose("    networks: [one]", "    network_mode: 'service:c'") + third;
    let (_, fine, all) = check(&of_third, &[("haproxy.cfg", &by_name(1024))]);
    assert!(fine == all && all > 0, "{fine} of {all}");
    is_dead(&compose("    networks: [one]", "    network_mode: none"), &[("haproxy.cfg", &by_name(1024))], "topology/peer-unreachable");
    let fixed = |network: &str, last: u8| format!("    networks: {{{network}: {{ipv4_address: 10.5.0.{last}}}}}");
    let by_address = with_bind(":1024", &[("a", "10.5.0.1:1024"), ("b", "10.5.0.2:1024")]);
    is_dead(&compose(&fixed("one", 1), &fixed("two", 2)), &[("haproxy.cfg", &by_address)], "topology/peer-unreachable");
    is_clean(&compose(&fixed("one", 1), &fixed("one", 2)), &[("haproxy.cfg", &by_address)]);
}

/// Who is on one network is told apart by the ports there.
#[test]
fn processes_of_one_machine_are_told_apart_by_their_ports() {
    let at = |ip: &str, ports: [u16; 2]| peers(&[&format!("peer a {ip}:{}", ports[0]), &format!("peer b {ip}:{}", ports[1])]);
    let host = "    network_mode: host";
    let of_b = "    network_mode: 'service:b'";
    let of_third = "    network_mode: 'service:vpn'";
    let third = "  vpn: {image: busybox, container_name: tunnel}\n";
    let all = [
        compose(host, host),
        compose(of_b, ""),
        compose(of_b, host),
        compose(of_third, of_third) + third,
        compose(of_third, "    network_mode: 'container:tunnel'") + third,
        hosts(&[("a", "10.0.0.1"), ("b", "10.0.0.1")]),
    ];
    for topology in &all {
        is_clean(topology, &[("haproxy.cfg", &at("127.0.0.1", [1024, 1025]))]);
        is_dead(topology, &[("haproxy.cfg", &at("127.0.0.1", [1024, 1024]))], "topology/peer-unreachable");
    }
    let by_both = with_bind(":1024", &[("a", "127.0.0.1:1024"), ("b", "127.0.0.1:1024")]);
    is_dead(&compose(host, host), &[("haproxy.cfg", &by_both)], "topology/peer-unreachable");
    let one_host = hosts(&[("a", "10.0.0.1"), ("b", "10.0.0.1")]);
    is_clean(&one_host, &[("haproxy.cfg", &at("10.0.0.1", [1024, 1025]))]);
    is_dead(&one_host, &[("haproxy.cfg", &at("10.0.0.1", [1024, 1024]))], "topology/shared-service-as-peer");
    let three = hosts(&[("a", "10.0.0.1"), ("b", "10.0.0.1"), ("c", "10.0.0.3")]);
    is_clean(&three, &[("haproxy.cfg", &peers(&["peer a 10.0.0.1:1024", "peer b 10.0.0.1:1025", C]))]);
    // Where nothing says that it is one network, each has a loopback of its own.
    let apart = [compose("", ""), compose(host, ""), compose(of_third, "") + third, hosts(&[("a", "10.0.0.1"), ("b", "10.0.0.2")])];
    for topology in &apart {
        is_dead(topology, &[("haproxy.cfg", &at("127.0.0.1", [1024, 1025]))], "topology/peer-unreachable");
    }
    // A bridge has the same address on every machine.
    let bridged = "topology: 1\nhosts:\n- {name: a, addresses: [10.0.0.1, 172.17.0.1]}\n- {name: b, addresses: [10.0.0.2, 172.17.0.1]}\n";
    is_dead(bridged, &[("haproxy.cfg", &at("127.0.0.1", [1024, 1025]))], "topology/peer-unreachable");
}

/// Two DaemonSets on the network of their machines are two meshes, whose processes have the addresses and names of the machines in
/// common, and not the ports.
#[test]
fn daemonsets_on_the_network_of_their_machines_are_told_apart() {
    let set = |name: &str, port: u16| {
        format!(
            "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: {name}}}\nspec:\n  minReadySeconds: 15\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      hostNetwork: true\n      dnsPolicy: ClusterFirstWithHostNet\n      containers:\n      - name: haproxy\n        image: haproxy:3.0\n        volumeMounts: [{{name: c, mountPath: /usr/local/etc/haproxy}}]\n      volumes: [{{name: c, configMap: {{name: {name}}}}}]\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata:\n  haproxy.cfg: |\n    peers p\n      peer m1 10.0.0.1:{port}\n      peer m2 10.0.0.2:{port}\n    backend st\n      stick-table type ip size 1m expire 10m store http_req_cnt peers p\n---\n"
        )
    };
    let machine = |name: &str, address: &str| {
        format!(
            "apiVersion: v1\nkind: Node\nmetadata: {{name: {name}, labels: {{kubernetes.io/hostname: {name}}}}}\nstatus: {{addresses: [{{type: InternalIP, address: {address}}}, {{type: Hostname, address: {name}}}]}}\n---\n"
        )
    };
    let machines = machine("m1", "10.0.0.1") + &machine("m2", "10.0.0.2");
    is_clean(&(set("a", 1024) + &set("b", 1025) + &machines), &[]);
    is_dead(&(set("a", 1024) + &set("b", 1024) + &machines), &[], "topology/shared-service-as-peer");
}

#[test]
fn a_published_port_is_no_port_inside() {
    let ports = "    ports: ['11024:1024']";
    is_dead(&compose(ports, ports), &[("haproxy.cfg", &by_name(11024))], "topology/published-port-mismatch");
    is_clean(&compose(ports, "    ports: ['11025:1024']"), &[("haproxy.cfg", &by_name(1024))]);
}

fn cluster(policy: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Namespace\nmetadata: {{name: lb, labels: {{team: edge}}}}\n---\n\
apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c, namespace: lb}}\ndata:\n  haproxy.cfg: |\n    peers p\n      peer e-0 e-0.e:1024\n      peer e-1 e-1.e:1024\n    backend st\n      stick-table type ip size 1m expire 10m store http_req_cnt peers p\n---\n\
apiVersion: v1\nkind: Service\nmetadata: {{name: e, namespace: lb}}\nspec: {{clusterIP: None, publishNotReadyAddresses: true, selector: {{app: e}}, ports: [{{port: 1024}}]}}\n---\n\
apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: e, namespace: lb}}\nspec:\n  replicas: 2\n  serviceName: e\n  podManagementPolicy: Parallel\n  minReadySeconds: 20\n  selector: {{matchLabels: {{app: e}}}}\n  template:\n    metadata: {{labels: {{app: e}}}}\n    spec:\n      containers:\n      - name: haproxy\n        image: haproxy:3.0\n        ports: [{{name: peers, containerPort: 1024}}, {{name: http, containerPort: 80}}]\n        volumeMounts: [{{name: c, mountPath: /usr/local/etc/haproxy}}]\n      volumes: [{{name: c, configMap: {{name: c}}}}]\n{policy}"
    )
}

fn policy(rule: &str) -> String {
    format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: np, namespace: lb}}\nspec:\n  podSelector: {{matchLabels: {{app: e}}}}\n  policyTypes: [Ingress]\n  ingress: [{rule}]\n"
    )
}

#[test]
fn policies_choose_namespaces_and_ports() {
    let dead = |rule: &str| is_dead(&cluster(&policy(rule)), &[], "topology/networkpolicy-blocks");
    let clean = |rule: &str| is_clean(&cluster(&policy(rule)), &[]);
    is_clean(&cluster(""), &[]);
    dead("{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}}]}");
    clean("{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: lb}}}]}");
    dead("{from: [{namespaceSelector: {matchLabels: {team: web}}}]}");
    clean("{from: [{namespaceSelector: {matchLabels: {team: edge}}, podSelector: {matchLabels: {app: e}}}]}");
    dead("{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: other}}}]}");
    dead("{ports: [{port: 1000, endPort: 1023}]}");
    clean("{ports: [{port: 1000, endPort: 1024}]}");
    dead("{ports: [{port: http}]}");
    dead("{ports: [{port: peer}]}");
    clean("{ports: [{port: peers}]}");
}

#[test]
fn a_service_that_misses_the_pods_names_none() {
    let missing = cluster("").replace("selector: {app: e}, ports", "selector: {app: edge}, ports");
    is_dead(&missing, &[], "topology/pod-dns-shape");
}

#[test]
fn what_cannot_start_is_never_drawn_green() {
    let two = hosts(&[("a", "10.0.0.1"), ("b", "10.0.0.2")]);
    let config = peers(&[A, B]);
    is_clean(&two, &[("haproxy.cfg", &config)]);
    is_dead(&two, &[("haproxy.cfg", &format!("{config}frontend f\n  bnd :80\n"))], "keyword/unknown-keyword");
    let pods = cluster("");
    is_dead(&pods.replace("  podManagementPolicy: Parallel\n", ""), &[], "topology/ordered-ready-deadlock");
    is_dead(&pods.replace("publishNotReadyAddresses: true, ", ""), &[], "topology/headless-needs-notready");
}

#[test]
fn a_service_with_ipv6_alone_needs_who_listens_there() {
    let only = |bind: &str| {
        let servers = ".if streq(\"$HOSTNAME\",e-0)\n      server e-0\n      server e-1 e-1.e:1024\n      .else\n      server e-0 e-0.e:1024\n      server e-1\n      .endif\n";
        let text =
            cluster("").replace("      peer e-0 e-0.e:1024\n      peer e-1 e-1.e:1024\n", &format!("      bind {bind}\n      {servers}"));
        text.replace("{clusterIP: None,", "{clusterIP: None, ipFamilies: [IPv6],")
    };
    is_dead(&only(":1024"), &[], "topology/ip-family");
    is_clean(&only(":::1024"), &[]);
}

#[test]
fn a_sidecar_lets_ports_pass_that_are_taken_out() {
    let with = |annotations: &str| {
        let text = cluster("")
            .replace("metadata: {labels: {app: e}}", &format!("metadata: {{labels: {{app: e}}, annotations: {{{annotations}}}}}"));
        let (findings, ..) = check(&text, &[]);
        names(&findings, Severity::Warning)
    };
    let told = ["topology/probe-or-sidecar-on-peers-port"];
    let (istio, linkerd) = ("sidecar.istio.io/inject: 'true'", "linkerd.io/inject: enabled");
    assert_eq!(with(istio), told);
    assert_eq!(with(&format!("{istio}, traffic.sidecar.istio.io/excludeInboundPorts: '80,1025'")), told);
    assert_eq!(with(&format!("{istio}, traffic.sidecar.istio.io/includeInboundPorts: '*'")), told);
    assert_eq!(with(&format!("{istio}, traffic.sidecar.istio.io/excludeInboundPorts: '80, 1024'")), [""; 0]);
    assert_eq!(with(&format!("{istio}, traffic.sidecar.istio.io/includeInboundPorts: '80'")), [""; 0]);
    assert_eq!(with(linkerd), told);
    assert_eq!(with(&format!("{linkerd}, config.linkerd.io/opaque-ports: '3306,4444'")), told);
    assert_eq!(with(&format!("{linkerd}, config.linkerd.io/opaque-ports: '3306,1024'")), [""; 0]);
    assert_eq!(with(&format!("{linkerd}, config.linkerd.io/skip-inbound-ports: '1000-1100'")), [""; 0]);
    assert_eq!(with(&format!("{linkerd}, config.linkerd.io/skip-outbound-ports: 1000-2000")), [""; 0]);
    assert_eq!(with(&format!("{istio}, traffic.sidecar.istio.io/excludeOutboundPorts: '1024'")), [""; 0]);
}

#[test]
fn pods_that_may_not_ask_for_names_do_not_start() {
    let policy = |rules: &str| {
        format!(
            "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: np, namespace: lb}}\nspec:\n  podSelector: {{matchLabels: {{app: e}}}}\n  policyTypes: [Egress]\n  egress: [{rules}]\n"
        )
    };
    let peers = "{to: [{podSelector: {matchLabels: {app: e}}}]}";
    is_dead(&cluster(&policy(peers)), &[], "topology/networkpolicy-blocks");
    is_dead(&cluster(&policy("{ports: [{port: 1024}]}")), &[], "topology/networkpolicy-blocks");
    is_clean(&cluster(&policy(&format!("{peers}, {{ports: [{{port: 53, protocol: UDP}}]}}"))), &[]);
    is_clean(
        &cluster(&policy(&format!("{peers}, {{to: [{{namespaceSelector: {{}}, podSelector: {{matchLabels: {{k8s-app: kube-dns}}}}}}]}}"))),
        &[],
    );
    is_clean(&cluster(&policy(&format!("{peers}, {{to: [{{ipBlock: {{cidr: 0.0.0.0/0}}}}]}}"))), &[]);
}

#[test]
fn containers_read_the_files_that_they_mount() {
    let of = |from: &str| {
        let mount = |name: &str| format!("    volumes: ['{from}/{name}.cfg:/usr/local/etc/haproxy/haproxy.cfg']\n");
        format!(
            "services:\n  a:\n    image: haproxy:3.0\n    hostname: a\n{}  b:\n    image: haproxy:3.0\n    hostname: b\n{}",
            mount("a"),
            mount("b")
        )
    };
    let (one, two) = (peers(&["peer a a:1024", "peer b b:1024"]), peers(&["peer a a:1024", "peer c b:1024"]));
    for from in ["./conf", "${PWD}/conf", "$PWD/other"] {
        is_clean(&of(from), &[("conf/a.cfg", &one), ("conf/b.cfg", &one)]);
        let (findings, ..) = check(&of(from), &[("conf/a.cfg", &one), ("conf/b.cfg", &two)]);
        let missing: Vec<_> = findings.iter().filter(|f| f.rule.name == "peers/local-name-missing").map(|f| f.severity).collect();
        assert_eq!(missing, [Severity::Error], "{from}");
    }
}

#[test]
fn a_container_is_dialled_by_a_name_that_the_file_gives() {
    let by = |a: &str, b: &str| with_bind(":1024", &[("a", &format!("{a}:1024")), ("b", &format!("{b}:1024"))]);
    is_dead(&compose("", ""), &[("haproxy.cfg", &by("lb1", "lb2"))], "topology/peer-unreachable");
    let named = |a: &str, b: &str| compose(&format!("    container_name: {a}"), &format!("    container_name: {b}"));
    is_clean(&named("lb1", "lb2"), &[("haproxy.cfg", &by("lb1", "lb2"))]);
    // What is outside of the file may have any name.
    let quiet = |topology: &str, a: &str, b: &str| {
        let (findings, ..) = check(topology, &[("haproxy.cfg", &by(a, b))]);
        assert_eq!(names(&findings, Severity::Error), [""; 0]);
    };
    quiet(&compose("    dns: 10.0.0.1", "    dns: 10.0.0.1"), "lb1", "lb2");
    quiet(&compose("    extra_hosts: ['lb2:10.0.0.2']", "    extra_hosts: {lb1: 10.0.0.1}"), "lb1", "lb2");
    quiet(&compose("", ""), "lb1.example.net", "lb2.example.net");
    let shared = compose("    networks: [n]", "    networks: [n]") + "networks: {n: {external: true}}\n";
    quiet(&shared, "lb1", "lb2");
}
