//! `--topology`, `topology` and `facts` as people use them.

mod place;

use place::{Place, err, out, status};

const PODS: &str = r#"apiVersion: apps/v1
kind: StatefulSet
metadata: {name: haproxy, namespace: lb}
spec:
  replicas: 2
  serviceName: haproxy
  podManagementPolicy: Parallel
  minReadySeconds: 15
  template:
    metadata: {labels: {app: haproxy}}
    spec:
      containers:
      - name: haproxy
        image: haproxy:2.8
        volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
      volumes: [{name: config, configMap: {name: haproxy}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: haproxy, namespace: lb}
data:
  haproxy.cfg: |
    peers cluster
        peer haproxy-0 haproxy-0.haproxy:10000
        peer haproxy-x haproxy-1.haproxy:10000

    backend sessions
        stick-table type ip size 100k expire 30m peers cluster
        stick on src
---
apiVersion: v1
kind: Service
metadata: {name: haproxy, namespace: lb}
spec: {clusterIP: None, publishNotReadyAddresses: true, selector: {app: haproxy}}
"#;

#[test]
fn manifests_alone_are_enough() {
    let place = Place::with(&[]);
    let found = place.command(&["check", "--topology", "-", "--format", "short"]).write_stdin(PODS).output().unwrap();
    assert_eq!(status(&found), 1, "{}", err(&found));
    let text = out(&found);
    assert!(text.contains("<stdin>:23:11: error[topology/ordinal-set-mismatch]"), "{text}");
}

#[test]
fn json_says_where_in_the_manifest() {
    let place = Place::with(&[("pods.yaml", PODS)]);
    let found = place.run(&["check", "--topology", ".", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out(&found)).unwrap();
    let findings = json["findings"].as_array().unwrap();
    let finding = findings.iter().find(|f| f["rule"] == "topology/ordinal-set-mismatch").unwrap();
    assert_eq!(finding["nodes"], serde_json::json!(["haproxy-1"]));
    assert_eq!(finding["embedded"]["key"], "haproxy.cfg");
    assert_eq!(finding["embedded"]["line"], 1);
    assert_eq!(finding["embedded"]["namespace"], "lb");
    assert_eq!(finding["range"]["start"]["line"], 23);
}

#[test]
fn one_node_may_be_looked_at() {
    let place = Place::with(&[("pods.yaml", PODS)]);
    let found = place.run(&["check", "--topology", "pods.yaml", "--node", "haproxy-0", "--format", "json"]);
    assert!(!out(&found).contains("ordinal-set-mismatch"));
    let wrong = place.run(&["check", "--topology", "pods.yaml", "--node", "lb9"]);
    assert!(status(&wrong) == 2 && err(&wrong).contains("haproxy-1"), "{}", err(&wrong));
}

#[test]
fn a_file_beside_the_topology_is_what_its_nodes_read() {
    let hosts = "topology: 1\nhosts:\n- {name: lb1, addresses: [10.0.0.11], config: haproxy.cfg}\n- {name: lb2, addresses: [10.0.0.12], config: haproxy.cfg}\n";
    let config = "peers cluster\n    peer lb1 10.0.0.11:1024\n    peer lb3 10.0.0.12:1024\n";
    let place = Place::with(&[("hosts.yaml", hosts), ("haproxy.cfg", config)]);
    let found = place.run(&["--topology", "hosts.yaml", "--format", "short"]);
    assert!(out(&found).contains("haproxy.cfg:1:7: error[peers/local-name-missing]"), "{}{}", out(&found), err(&found));
}

#[test]
fn the_links_are_shown() {
    let place = Place::with(&[("pods.yaml", PODS)]);
    let text = out(&place.run(&["topology", "--topology", "pods.yaml"]));
    assert!(text.contains("0 of 1 pairs synchronise") && text.contains("haproxy-1 (in no line)"), "{text}");
    let json: serde_json::Value =
        serde_json::from_str(&out(&place.run(&["topology", "--topology", "pods.yaml", "--format", "json"]))).unwrap();
    assert_eq!(json["links"].as_array().unwrap().len(), 2);
    assert_eq!(json["links"][0]["verdict"], "broken");
    for format in ["dot", "mermaid", "svg"] {
        let text = out(&place.run(&["topology", "--topology", "pods.yaml", "--format", format]));
        assert!(text.contains("haproxy-1"), "{format}: {text}");
    }
}

#[test]
fn templates_and_charts_are_refused_with_what_to_run() {
    let place = Place::with(&[("chart/Chart.yaml", "name: x\n"), ("t.yaml", "kind: Service\nmetadata:\n  name: {{ .Values.name }}\n")]);
    for path in ["chart", "t.yaml"] {
        let refused = place.run(&["--topology", path]);
        assert!(status(&refused) == 2 && err(&refused).contains("helm template"), "{}", err(&refused));
    }
}

#[test]
fn facts_are_a_topology() {
    let place = Place::with(&[]);
    let facts = place.run(&["facts"]);
    let json: serde_json::Value = serde_json::from_str(&out(&facts)).unwrap();
    assert_eq!(json["haproxy-lint-facts"], 1);
    std::fs::write(place.path().join("host.json"), out(&facts)).unwrap();
    std::fs::write(place.path().join("haproxy.cfg"), "frontend web\n    mode http\n    timeout client 1m\n    bind :8080\n").unwrap();
    let found = place.run(&["haproxy.cfg", "--topology", "host.json"]);
    assert!(status(&found) < 2, "{}", err(&found));
}

#[test]
fn topics_are_explained() {
    let place = Place::with(&[]);
    for (topic, says) in
        [("peers", "Nobody passes on"), ("ip_nonlocal_bind", "Where it hides the fault"), ("local-inactive", "This is normal")]
    {
        let explained = place.run(&["explain", topic]);
        assert!(status(&explained) == 0 && out(&explained).contains(says), "{topic}: {}", out(&explained));
    }
}

#[test]
fn states_words_and_messages_lead_to_pages() {
    let place = Place::with(&[]);
    let heading = |words: &[&str]| {
        let explained = place.run(&[&["explain"], words].concat());
        assert_eq!(status(&explained), 0, "{words:?}: {}", err(&explained));
        out(&explained).lines().next().unwrap_or_default().to_owned()
    };
    let inactive = "# `(local,inactive)` in `show peers`";
    let (peers, nonlocal) = ("# How peers work", "# net.ipv4.ip_nonlocal_bind");
    for (asked, page) in [
        (&["inactive"][..], inactive),
        (&["show", "peers"], inactive),
        (&["show peers"], inactive),
        (&["ESTA"], inactive),
        (&["last_status=CONN"], "# runtime/remote-unreachable (error)"),
        (&["CONN"], "# runtime/remote-unreachable (error)"),
        (&["HSHK"], "# runtime/hello-unanswered (error)"),
        (&["NAME"], "# runtime/remote-other-name (error)"),
        (&["UNKN"], "# runtime/not-listed-by-remote (error)"),
        (&["localpeer"], peers),
        (&["-L"], peers),
        (&["VRRP"], nonlocal),
        (&["nonlocal"], nonlocal),
        (&["cannot bind socket"], nonlocal),
        (
            &["[ALERT] (1) : Binding [a.cfg:3] for frontend x: protocol tcpv4: cannot bind socket (Permission denied) for [0.0.0.0:80]."],
            "# topology/privileged-port (error)",
        ),
        (&["cannot", "bind", "socket", "(Address", "already", "in", "use)"], "# host/port-taken (error)"),
        (&["Removing incomplete section 'peers x' (no peer named 'lb1')."], "# peers/local-name-missing (error)"),
    ] {
        assert_eq!(heading(asked), page, "{asked:?}");
    }
    let all = out(&place.run(&["explain"]));
    for topic in ["explain peers", "explain ip_nonlocal_bind", "explain local-inactive"] {
        assert!(all.contains(topic), "{all}");
    }
    let nowhere = place.run(&["explain", "the moon is made of cheese"]);
    assert!(status(&nowhere) == 2 && err(&nowhere).contains("no rule"), "{}", err(&nowhere));
}

/// What real HAProxy says of wrong sections of peers leads to a page, whatever names and places are in it.
#[test]
fn what_haproxy_prints_of_peers_is_explained() {
    let peer = "peer lb1 127.0.0.1:18124";
    let wrong = [
        ("peers p\n  peer other 127.0.0.1:18124\n", "peers/local-name-missing"),
        ("peers p\n  peer lb1 127.0.0.1:18124\n  peer lb1 127.0.0.1:18125\n", "peers/dup-peer-name"),
        ("peers p\n  bind 127.0.0.1:18124\n  peer lb1 127.0.0.1:18124\n", "peers/mix-bind-peer"),
        ("peers p\n  bind 127.0.0.1:18124\n  bind 127.0.0.1:18125\n  server lb1\n", "peers/second-bind"),
        (&format!("peers p\n  {peer}\npeers p\n  {peer}\n"), "reference/duplicate-section"),
        (&format!("peers p\n  {peer}\n  peer lb2 nowhere.invalid:1\n"), "peers/hostname-resolved-once"),
        (&format!("peers p\n  {peer}\n  nonsense\n"), "keyword/unknown-keyword"),
        (&format!("peers\n  {peer}\n"), "syntax/missing-section-name"),
        ("backend b\n  stick-table type ip size 1k peers q\n", "peers/missing-section"),
        (&format!("global\n  localpeer lb2\npeers p\n  {peer}\n"), "peers/localpeer-and-option-l"),
    ];
    let Some(haproxy) = ["/usr/sbin/haproxy", "/usr/local/sbin/haproxy"].into_iter().find(|p| std::path::Path::new(p).exists()) else {
        println!("skipped: no haproxy");
        return;
    };
    for (text, page) in wrong {
        let place = Place::with(&[("a.cfg", text)]);
        let run = std::process::Command::new(haproxy).args(["-c", "-L", "lb1", "-f"]).arg(place.path().join("a.cfg")).output().unwrap();
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        let lines = said.lines().filter(|l| l.contains("peer") || l.contains("address"));
        let explained: Vec<String> =
            lines.map(|l| out(&place.run(&["explain", l])).lines().next().unwrap_or_default().to_owned()).collect();
        assert!(explained.iter().any(|heading| heading.starts_with(&format!("# {page} "))), "{page}: {explained:?}\n{said}");
    }
}

#[test]
fn a_gate_lets_only_nodes_with_a_line_of_their_own_pass() {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = &name.trim()[..name.trim().len().min(63)];
    let config = |name: &str| format!("peers cluster\n    peer {name} :18024\n    peer other 10.0.0.12:18024\n");
    let place = Place::with(&[("good.cfg", config(name).as_str()), ("bad.cfg", config("elsewhere").as_str()), ("none.cfg", "global\n")]);
    let gate = |file: &str| place.run(&["check", "--host", "--require-local-peer", "--format", "short", file]);
    assert_eq!(status(&gate("good.cfg")), 0, "{}", out(&gate("good.cfg")));
    assert!(status(&gate("bad.cfg")) == 1 && out(&gate("bad.cfg")).contains("peers/local-name-missing"));
    assert_eq!(status(&gate("none.cfg")), 1);
}

#[test]
fn this_machine_has_its_own_addresses_and_ports_only() {
    let taken = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let web = |bind: &str| format!("frontend web\n    mode http\n    timeout client 1m\n    bind {bind}\n");
    let (far, held, fine) = (web("203.0.113.77:18025"), web(&format!(":{port}")), web("127.0.0.1:18026"));
    let place = Place::with(&[("far.cfg", far.as_str()), ("held.cfg", held.as_str()), ("fine.cfg", fine.as_str())]);
    let look = |file: &str| out(&place.run(&["check", "--no-config", "--host", "--format", "short", file]));
    // Either rule says it, whatever this machine's sysctl is.
    let of_address = |text: &str| text.contains("host/address-not-on-host") || text.contains("host/nonlocal-hides-fault");
    assert!(of_address(&look("far.cfg")), "{}", look("far.cfg"));
    assert!(look("held.cfg").contains("host/port-taken"), "{}", look("held.cfg"));
    assert!(!look("fine.cfg").contains("host/"), "{}", look("fine.cfg"));
    assert!(!out(&place.run(&["check", "--no-config", "--format", "short", "far.cfg"])).contains("host/"));
}

#[test]
fn which_host_reads_which_file_is_not_guessed() {
    let facts = |name: &str, n: u8| format!("{{\"haproxy-lint-facts\": 1, \"name\": \"{name}\", \"addresses\": [\"10.0.0.{n}\"]}}");
    let (one, two) = (facts("lb1", 11), facts("lb2", 12));
    let bind = |n: u8| format!("frontend web\n    mode http\n    timeout client 1m\n    bind 10.0.0.{n}:80\n");
    let (first, second) = (bind(11), bind(12));
    let files = [
        ("1.json", one.as_str()),
        ("2.json", two.as_str()),
        ("lb1/h.cfg", &first),
        ("lb2/h.cfg", &second),
        ("a.cfg", &first),
        ("b.cfg", &second),
    ];
    let place = Place::with(&[]);
    for (path, text) in files {
        let path = place.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let run =
        |files: &[&str]| place.run(&[&["check", "--topology", "1.json", "--topology", "2.json", "--format", "short"], files].concat());
    let named = run(&["lb2/h.cfg", "lb1/h.cfg"]);
    assert!(status(&named) == 0 && !out(&named).contains("host/"), "{}{}", out(&named), err(&named));
    let unknown = run(&["a.cfg", "b.cfg"]);
    assert!(status(&unknown) == 2 && err(&unknown).contains("lb1.cfg"), "{}{}", out(&unknown), err(&unknown));
    let alone = run(&["lb1/h.cfg"]);
    assert!(status(&alone) == 0 && err(&alone).contains("`lb2`"), "{}{}", out(&alone), err(&alone));
}

#[test]
fn files_that_a_host_reads_are_not_looked_for_here() {
    let place = Place::with(&[("here.cfg", "nonsense\n")]);
    let path = place.path().join("here.cfg");
    let facts = format!("haproxy-lint-facts: 1\nname: lb1\narguments: [-f, {}]\n", path.display());
    std::fs::write(place.path().join("facts.yaml"), facts).unwrap();
    let found = place.run(&["check", "--topology", "facts.yaml", "--format", "short"]);
    assert!(status(&found) == 0 && !out(&found).contains("nonsense"), "{}{}", out(&found), err(&found));
}

const INVENTORY: &str = "[lb]\nlb1.example.com ansible_host=10.0.0.11\nlb2.example.com ansible_host=10.0.0.12\n";

/// A configuration of two hosts that dial each other at these addresses.
fn peers(lb1: &str, lb2: &str) -> String {
    format!("peers cluster\n    peer lb1 {lb1}\n    peer lb2 {lb2}\n")
}

#[test]
fn what_lies_beside_a_topology_is_read_by_the_host_that_it_is_called_after() {
    let hosts = "topology: 1\nhosts:\n- {name: lb1, addresses: [10.0.0.11]}\n- {name: lb2, addresses: [10.0.0.12]}\n";
    let main = "global\n    maxconn 100\n";
    let swapped = peers("10.0.0.12:1024", "10.0.0.11:1024");
    for (name, text) in [("hosts.yaml", hosts), ("hosts.ini", INVENTORY)] {
        let place = Place::with(&[
            (name, text),
            ("lb1/haproxy.cfg", main),
            ("lb1/conf.d/10-peers.cfg", &swapped),
            ("lb2/haproxy.cfg", main),
            ("lb2/conf.d/10-peers.cfg", &swapped),
        ]);
        let found = place.run(&["check", "--topology", name, "--format", "short"]);
        assert!(out(&found).contains("lb1/conf.d/10-peers.cfg:3:14: error[topology/peer-unreachable]"), "{}{}", out(&found), err(&found));
        assert!(err(&found).contains("`lb1"), "{}", err(&found));
        let drawn = place.run(&["topology", "--topology", name]);
        assert!(out(&drawn).starts_with("0 of 1 pairs synchronise"), "{}", out(&drawn));
        // Of two that a host might read none is taken.
        std::fs::write(place.path().join("lb1.cfg"), main).unwrap();
        let found = place.run(&["check", "--topology", name, "--format", "short"]);
        assert!(!out(&found).contains("lb1.cfg"), "{}", out(&found));
    }
    let place = Place::with(&[("hosts.yaml", hosts), ("haproxy.cfg", &swapped)]);
    let found = place.run(&["check", "--topology", "hosts.yaml"]);
    assert!(err(&found).contains("no configuration was given for `lb1`, `lb2`"), "{}", err(&found));
}

#[test]
fn hosts_of_an_inventory_have_names_and_addresses() {
    let place = Place::with(&[("hosts.ini", INVENTORY), ("haproxy.cfg", &peers("10.0.0.12:1024", "10.0.0.11:1024"))]);
    let found = place.run(&["check", "--topology", "hosts.ini", "haproxy.cfg", "--format", "short"]);
    assert!(out(&found).contains("`lb1.example.com` does not reach `lb2.example.com`"), "{}{}", out(&found), err(&found));
    let made = place.run(&["generate", "peers", "--topology", "hosts.ini", "haproxy.cfg"]);
    assert!(out(&made).contains("peer lb1 10.0.0.11:1024\n    peer lb2 10.0.0.12:1024\n"), "{}{}", out(&made), err(&made));
    let elsewhere = Place::with(&[("hosts.ini", INVENTORY), ("haproxy.cfg", &peers("10.0.0.100:1024", "10.0.0.12:1024"))]);
    let drawn = out(&elsewhere.run(&["topology", "--topology", "hosts.ini", "haproxy.cfg"]));
    assert!(drawn.contains("the inventory has `10.0.0.11` for it"), "{drawn}");
    let other =
        Place::with(&[("hosts.ini", "[lb]\nedge1 ansible_host=192.0.2.1\n"), ("haproxy.cfg", &peers("10.0.0.11:1024", "10.0.0.12:1024"))]);
    for command in ["check", "topology"] {
        let told = err(&other.run(&[command, "--topology", "hosts.ini", "haproxy.cfg"]));
        assert!(told.contains("no host of `hosts.ini` (`edge1`) was matched with a peer"), "{command}: {told}");
    }
    let third = peers("10.0.0.11:1024", "10.0.0.12:1024").replacen("peers cluster\n", "peers cluster\n    peer lb-3 10.0.0.13:1024\n", 1);
    let inventory = format!("{INVENTORY}lb3 ansible_host=10.0.0.14\n");
    let one = Place::with(&[("hosts.ini", &inventory), ("haproxy.cfg", &third)]);
    let told = err(&one.run(&["check", "--topology", "hosts.ini", "haproxy.cfg"]));
    assert!(told.contains("no host of `hosts.ini` was matched with the peer `lb-3`") && told.contains("no peer is `lb3`"), "{told}");
}

#[test]
fn several_files_are_what_the_nodes_read() {
    let hosts = "topology: 1\nhosts:\n- {name: lb1, addresses: [10.0.0.11]}\n- {name: lb2, addresses: [10.0.0.12]}\n";
    let place = Place::with(&[
        ("hosts.yaml", hosts),
        ("haproxy.cfg", "global\n    maxconn 100\n"),
        ("conf.d/10-peers.cfg", &peers("10.0.0.11:1024", "10.0.0.12:1024")),
    ]);
    for named in [&["haproxy.cfg"][..], &["-f", "haproxy.cfg", "-f", "conf.d"]] {
        let drawn = place.run(&[&["topology", "--topology", "hosts.yaml"], named].concat());
        assert!(out(&drawn).starts_with("1 of 1 pairs synchronise."), "{named:?}: {}{}", out(&drawn), err(&drawn));
        let made = place.run(&[&["generate", "peers", "--check", "--topology", "hosts.yaml"], named].concat());
        assert_eq!(status(&made), 0, "{named:?}: {}{}", out(&made), err(&made));
    }
}

#[test]
fn who_listens_for_peers_on_an_address_that_moves_may_not_start() {
    let hosts = "topology: 1\nvips: [10.0.0.100]\nhosts:\n- {name: lb1, addresses: [10.0.0.11]}\n- {name: lb2, addresses: [10.0.0.12]}\n";
    let place = Place::with(&[("hosts.yaml", hosts), ("haproxy.cfg", &peers("10.0.0.100:1024", "10.0.0.12:1024"))]);
    let drawn = out(&place.run(&["topology", "--topology", "hosts.yaml", "haproxy.cfg"]));
    assert!(drawn.starts_with("0 of 1 pairs synchronise") && drawn.contains("whether it starts"), "{drawn}");
}

#[test]
fn what_is_not_at_hand_is_said() {
    let made = r#"apiVersion: apps/v1
kind: StatefulSet
metadata: {name: lb}
spec:
  replicas: 2
  serviceName: lb
  podManagementPolicy: Parallel
  minReadySeconds: 15
  template:
    metadata: {labels: {app: lb}}
    spec:
      initContainers:
      - name: render
        image: registry.example.com/render:1
        volumeMounts: [{name: made, mountPath: /made}]
      containers:
      - name: haproxy
        image: haproxy:2.8
        volumeMounts: [{name: made, mountPath: /usr/local/etc/haproxy}]
      volumes: [{name: made, emptyDir: {}}]
"#;
    let composed = "services:\n  lb:\n    image: haproxy:2.8\n    volumes: [./lb.cfg:/usr/local/etc/haproxy/haproxy.cfg]\n";
    let place = Place::with(&[("pods.yaml", made), ("compose.yaml", composed)]);
    for (file, said) in [
        ("pods.yaml", "what StatefulSet `lb` reads is not at hand, so it was not checked"),
        ("compose.yaml", "what compose service `lb` (`lb.cfg`) reads is not at hand, so it was not checked"),
    ] {
        let found = place.run(&["check", file]);
        assert_eq!(status(&found), 0, "{}", err(&found));
        let words = err(&found).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(said), "{words}");
    }
}

/// What is named beside the folder that it lies in, or lies in a folder that is called as a host and named, too, is read once.
#[test]
fn what_is_named_in_two_ways_is_read_once() {
    let keepalived = |id: u8, router: &str| {
        format!(
            "global_defs {{\n    router_id {router}\n}}\nvrrp_instance VI_1 {{\n    state BACKUP\n    virtual_router_id {id}\n    virtual_ipaddress {{\n        10.20.0.100/24\n    }}\n}}\n"
        )
    };
    let hosts = "topology: 1\nhosts:\n- {name: lb1, addresses: [10.20.0.11]}\n- {name: lb2, addresses: [10.20.0.12]}\n";
    let (one, two) = (keepalived(51, "lb1"), keepalived(52, "lb2"));
    let files = [
        ("hosts.yaml", hosts),
        ("haproxy.cfg", "frontend f\n    bind :80\n"),
        ("lb1/etc/keepalived/keepalived.conf", one.as_str()),
        ("lb2/etc/keepalived/keepalived.conf", two.as_str()),
    ];
    let place = Place::with(&files);
    for named in [&["."][..], &["hosts.yaml"], &["hosts.yaml", "lb1", "lb2"], &["lb1", "./lb2", "hosts.yaml"], &[".", "lb1", "lb2/etc"]] {
        let named = named.iter().flat_map(|path| ["--topology", path]);
        let arguments: Vec<&str> =
            ["check", "--format", "short", "--select", "host"].into_iter().chain(named).chain(["haproxy.cfg"]).collect();
        let found = out(&place.run(&arguments));
        assert_eq!(found.matches("host/vrrp-not-together").count(), 1, "{arguments:?}\n{found}");
        assert!(found.contains("`virtual_router_id` is 51 on one and 52 on the other"), "{found}");
    }
}
