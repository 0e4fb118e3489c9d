//! `generate` as people use it: what is written, what is compared, and what is left alone.

mod place;

use std::{fs, process::Command};

use place::{Place, err, out, status};

const STATEFULSET: &str = include_str!("../../tests/generate/statefulset.yaml");
const LB1: &str = include_str!("../../tests/generate/lb1.json");
const LB2: &str = include_str!("../../tests/generate/lb2.json");
const KEEPALIVED: &str = include_str!("../../tests/generate/keepalived.conf");
const VIP: &str = include_str!("../../tests/generate/vip.cfg");

fn pods() -> Place {
    Place::with(&[("pods.yaml", STATEFULSET)])
}

fn pair() -> Place {
    Place::with(&[("lb1.json", LB1), ("lb2.json", LB2), ("keepalived.conf", KEEPALIVED), ("haproxy.cfg", VIP)])
}

const PEERS: [&str; 4] = ["generate", "peers", "--topology", "pods.yaml"];

fn with<'a>(first: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [first, more].concat()
}

#[test]
fn a_section_comes_out() {
    let place = pods();
    let made = place.run(&PEERS);
    assert_eq!(status(&made), 0, "{}", err(&made));
    assert!(out(&made).contains("peers haproxy_peers\n    bind :10000\n"), "{}", out(&made));
    assert!(err(&made).contains("note: the pods have no Services"), "{}", err(&made));
    let piped = place.command(&["generate", "peers", "--topology", "-"]).write_stdin(STATEFULSET).output().unwrap();
    assert_eq!(out(&piped), out(&made));
    let styled = place.run(&with(&PEERS, &["--style", "headless", "--port", "1024", "--section", "mesh"]));
    assert!(out(&styled).contains("peers mesh\n    peer haproxy-0 haproxy-0.haproxy.lb.svc:1024\n"), "{}", out(&styled));
}

#[test]
fn a_file_is_written_once_and_then_compared() {
    let place = pods();
    let file = place.path().join("peers.cfg");
    let with_output = |more: &[&'static str]| place.run(&with(&with(&PEERS, &["--output", "peers.cfg"]), more));
    let missing = with_output(&["--check"]);
    assert!(status(&missing) == 1 && err(&missing).contains("`peers.cfg` is missing"), "{}", err(&missing));
    assert!(!file.exists());
    assert_eq!(status(&with_output(&[])), 0);
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(text, out(&place.run(&PEERS)));
    let before = fs::metadata(&file).unwrap().modified().unwrap();
    let again = with_output(&[]);
    assert!(status(&again) == 0 && !err(&again).contains("wrote"), "{}", err(&again));
    assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), before, "nothing is written where nothing changes");
    assert_eq!(status(&with_output(&["--check"])), 0);
    assert_eq!(status(&with_output(&["--diff"])), 0);
    fs::write(&file, text.replace("haproxy-1", "haproxy-9")).unwrap();
    let differs = with_output(&["--check"]);
    assert!(status(&differs) == 1 && err(&differs).contains("`peers.cfg` differs"), "{}", err(&differs));
    assert_eq!(status(&with_output(&[])), 0);
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2, "nothing is left beside it");
}

#[test]
fn a_patch_is_one_that_git_applies() {
    let place = pods();
    for content in [None, Some("# Written by haproxy-lint generate peers\npeers old\n")] {
        content.into_iter().for_each(|text| fs::write(place.path().join("peers.cfg"), text).unwrap());
        let diff = place.run(&with(&PEERS, &["--output", "peers.cfg", "--diff"]));
        assert_eq!(status(&diff), 1, "{}", err(&diff));
        fs::write(place.path().join("patch"), out(&diff)).unwrap();
        let applied = Command::new("git").args(["apply", "patch"]).current_dir(place.path()).output().unwrap();
        assert!(applied.status.success(), "{}\n{}", err(&applied), out(&diff));
        assert_eq!(status(&place.run(&with(&PEERS, &["--output", "peers.cfg", "--check"]))), 0);
    }
}

#[test]
fn files_of_others_are_left_alone() {
    let place = pods();
    let file = place.path().join("haproxy.cfg");
    fs::write(&file, "global\n").unwrap();
    let refused = place.run(&with(&PEERS, &["--output", "haproxy.cfg"]));
    assert!(status(&refused) == 2 && err(&refused).contains("--force"), "{}", err(&refused));
    assert_eq!(fs::read_to_string(&file).unwrap(), "global\n");
    assert_eq!(status(&place.run(&with(&PEERS, &["--output", "haproxy.cfg", "--force"]))), 0);
    assert!(fs::read_to_string(&file).unwrap().contains("peers haproxy_peers"));
}

#[test]
fn each_host_that_needs_it_gets_a_file_of_its_own() {
    let place = pair();
    let sysctl = ["generate", "sysctl", "haproxy.cfg", "--topology", "lb1.json", "--topology", "lb2.json", "--topology", "keepalived.conf"];
    let to_folder = |more: &[&'static str]| place.run(&with(&with(&sysctl, &["--output", "sysctl.d"]), more));
    let written = to_folder(&[]);
    assert_eq!(status(&written), 0, "{}", err(&written));
    let names: Vec<_> = fs::read_dir(place.path().join("sysctl.d")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["lb1.conf"]);
    fs::copy(place.path().join("sysctl.d/lb1.conf"), place.path().join("sysctl.d/lb9.conf")).unwrap();
    let stale = to_folder(&["--check"]);
    assert!(status(&stale) == 1 && err(&stale).contains("`sysctl.d/lb9.conf` is not needed any more"), "{}", err(&stale));
}

/// What `generate config` writes for a pair of hosts lints clean with the same topology; skipped nowhere.
#[test]
fn what_is_written_lints_clean() {
    let place = pair();
    let topology = ["--topology", "lb1.json", "--topology", "lb2.json", "--topology", "keepalived.conf"];
    let written = place.run(&with(&["generate", "config", "--output", "new.cfg"], &topology));
    assert_eq!(status(&written), 0, "{}", err(&written));
    let checked = place.run(&with(&["check", "new.cfg", "--no-config", "--fail-on", "info", "--format", "short"], &topology));
    assert_eq!(status(&checked), 0, "{}{}", out(&checked), err(&checked));
}

/// `kubectl kustomize` lays the component over the manifests, and the result lints clean.
#[test]
fn a_component_is_one_that_kustomize_builds() {
    let place = pods();
    let written = place.run(&["generate", "manifests", "--topology", "pods.yaml", "--as", "kustomize", "--output", "peers"]);
    assert_eq!(status(&written), 0, "{}", err(&written));
    fs::write(place.path().join("kustomization.yaml"), "resources: [pods.yaml]\ncomponents: [peers]\n").unwrap();
    let Ok(built) = Command::new("kubectl").args(["kustomize", "."]).current_dir(place.path()).output() else {
        println!("skipped: there is no kubectl on this machine");
        return;
    };
    assert!(built.status.success(), "{}", err(&built));
    let checked = place.command(&["check", "--topology", "-", "--no-config", "--fail-on", "info", "--format", "short"]);
    let checked = { checked }.write_stdin(built.stdout).output().unwrap();
    assert_eq!(status(&checked), 0, "{}{}", out(&checked), err(&checked));
}

#[test]
fn what_cannot_be_done_says_what_to_do() {
    let place = pair();
    for (arguments, help) in [
        (&["generate", "peers", "--topology", "lb1.json", "--style", "services"][..], "--style hosts"),
        (&["generate", "peers", "--topology", "lb1.json", "--style", "mesh"][..], "services, headless, hosts"),
        (&["generate", "peers", "--topology", "lb1.json", "--check"][..], "--output"),
        (&["generate", "peers", "--topology", "nothing.yaml"][..], "nothing.yaml"),
        (&["generate", "peers", "--topology", "lb1.json", "--output", "haproxy.cfg/peers.cfg"][..], "haproxy.cfg/peers.cfg"),
    ] {
        let found = place.run(arguments);
        assert!(status(&found) == 2 && err(&found).contains(help), "{arguments:?}: {}", err(&found));
    }
}

/// The guide is made of what is printed: `WRITE_GUIDE=1` writes it anew.
#[test]
fn the_guide_shows_what_is_printed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = root.join("docs/generate.md");
    let guide = fs::read_to_string(&path).unwrap();
    let mut made = String::new();
    for (at, part) in guide.split("```console\n").enumerate() {
        if at == 0 {
            made += part;
            continue;
        }
        let (block, rest) = part.split_once("```").unwrap();
        let line = block.lines().next().unwrap();
        let arguments: Vec<&str> = line.strip_prefix("$ cargo haproxy-lint ").unwrap().split(' ').collect();
        let mut command = assert_cmd::Command::cargo_bin("cargo-haproxy-lint").unwrap();
        let output = command.current_dir(root.join("tests/generate")).args(arguments).output().unwrap();
        made += &format!("```console\n{line}\n{}{}```{rest}", out(&output), err(&output));
    }
    if std::env::var_os("WRITE_GUIDE").is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert!(made == guide || std::env::var_os("WRITE_GUIDE").is_some(), "docs/generate.md is old: run this with WRITE_GUIDE=1");
}

const TABLE: &str = "backend st\n  stick-table type ip size 10k expire 5m peers mesh\n";

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect()
}

/// A Swarm service of three.
fn swarm(peers: &str) -> String {
    let service = "image: haproxy:2.8, hostname: \"lb-{{.Task.Slot}}\", deploy: {replicas: 3}";
    let configs = "configs: [{source: cfg, target: /usr/local/etc/haproxy/haproxy.cfg}]";
    let content = indented(&format!("{peers}{TABLE}"), 6);
    format!("services:\n  lb: {{{service}, {configs}}}\nconfigs:\n  cfg:\n    content: |\n{content}")
}

/// A StatefulSet of two behind a headless Service.
fn set(peers: &str) -> String {
    let content = indented(&format!("{peers}{TABLE}"), 4);
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: cfg, namespace: edge}}\ndata:\n  haproxy.cfg: |\n{content}---\napiVersion: v1\nkind: \
         Service\nmetadata: {{name: mesh, namespace: edge}}\nspec: {{clusterIP: None, publishNotReadyAddresses: true, selector: {{app: door}}, ports: \
         [{{port: 7000}}]}}\n---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: door, namespace: edge}}\nspec:\n  replicas: 2\n  \
         serviceName: mesh\n  podManagementPolicy: Parallel\n  minReadySeconds: 15\n  selector: {{matchLabels: {{app: door}}}}\n  template:\n    \
         metadata: {{labels: {{app: door}}}}\n    spec:\n      containers:\n      - name: proxy\n        image: haproxy:2.8\n        volumeMounts: \
         [{{name: c, mountPath: /usr/local/etc/haproxy}}]\n      volumes: [{{name: c, configMap: {{name: cfg}}}}]\n"
    )
}

/// Two hosts whose names are full.
fn machines(peers: &str) -> String {
    let host = |at: usize| format!("- {{name: lb{at}.example.net, addresses: [192.0.2.{at}]}}\n");
    format!("topology: 1\nhosts:\n{}{}configuration: |\n{}", host(1), host(2), indented(&format!("{peers}{TABLE}"), 2))
}

/// A topology around a section.
type Make = fn(&str) -> String;

fn pair_of(first: &str, second: &str) -> String {
    format!("peers mesh\n    peer {first}\n    peer {second}\n")
}

/// What is right stays, letter for letter; what is wrong is told without a file to compare with; and what is written in its
/// place lints clean and is what would be written again.
#[test]
fn what_is_right_stays_as_it_is() {
    let pod = |at: usize, domain: &str| format!("door-{at} door-{at}.mesh{domain}:7000");
    let pods = |domain: &str| pair_of(&pod(0, domain), &pod(1, domain));
    let three = "peers mesh\n    peer lb-1 lb-1:1024\n    peer lb-2 lb-2:1024\n    peer lb-3 lb-3:1024\n";
    let named = |at: usize| format!("lb{at}.example.net lb{at}.example.net:1024");
    let bind = "peers mesh\n    bind *:7000\n    .if streq(\"${HAPROXY_LOCALPEER}\",door-0)\n    server door-0\n    .else\n    server door-0 \
                door-0.mesh:7000\n    .endif\n    .if streq(\"${HAPROXY_LOCALPEER}\",door-1)\n    server door-1\n    .else\n    server door-1 \
                door-1.mesh:7000\n    .endif\n";
    let right: [(Make, String); 7] = [
        (swarm, three.to_owned()),
        (set, pods("")),
        (set, pods(".edge")),
        (set, pods(".edge.svc.cluster.local")),
        (set, pods(".edge.svc.corp.example")),
        (set, bind.to_owned()),
        (machines, pair_of(&named(1), &named(2))),
    ];
    for (make, peers) in right {
        let place = Place::with(&[("t.yaml", &make(&peers))]);
        let run = |more: &[&str]| place.run(&with(&["generate", "peers", "--topology", "t.yaml"], more));
        let made = out(&run(&[]));
        assert_eq!(made.split_once('\n').unwrap_or_default().1, peers);
        let compared = run(&["--check"]);
        assert_eq!(status(&compared), 0, "{peers}{}", err(&compared));
        // One address is wrong.
        let port = if peers.contains(":1024") { ":1024\n" } else { ":7000\n" };
        let last = peers.rfind(port).unwrap();
        let wrong = format!("{}:9{}", &peers[..last], &peers[last + port.len() - 1..]);
        fs::write(place.path().join("t.yaml"), make(&wrong)).unwrap();
        let compared = run(&["--check"]);
        assert!(status(&compared) == 1 && err(&compared).contains("lacks"), "{wrong}{}", err(&compared));
        let mended = out(&run(&[])).split_once('\n').unwrap_or_default().1.to_owned();
        fs::write(place.path().join("t.yaml"), make(&mended)).unwrap();
        let checked = place.run(&["check", "--topology", "t.yaml", "--no-config", "--format", "short", "--fail-on", "warning"]);
        assert_eq!(status(&checked), 0, "{mended}{}", out(&checked));
        assert_eq!(status(&run(&["--check"])), 0, "{mended}");
    }
}

#[test]
fn what_was_never_written_is_compared_with_a_file_alone() {
    let place = pair();
    let compared = place.run(&["generate", "config", "--topology", "lb1.json", "--topology", "lb2.json", "--check"]);
    assert!(status(&compared) == 2 && err(&compared).contains("--output"), "{}", err(&compared));
}

/// Variables of an address are those of the pods, and options of a `bind` line are no difference.
#[test]
fn what_means_the_same_is_no_difference() {
    let addresses = |port: &str| {
        let pod = |at: usize| format!("door-{at} door-{at}.mesh.${{SPACE}}.svc.cluster.local:{port}");
        pair_of(&pod(0), &pod(1))
    };
    let listens = |first: &str, bind: &str| {
        let other = "server door-0 door-0.mesh:7000\n    .endif";
        let both = "    .if streq(\"${HAPROXY_LOCALPEER}\",door-0)\n    server door-0\n    .else\n    OTHER\n";
        let line = |at: &str| both.replace("OTHER", other).replace("door-0", at);
        format!("peers mesh\n{first}    bind {bind}\n{}{}", line("door-0"), line("door-1"))
    };
    let tls = "    default-bind ssl crt /c.pem ca-file /ca.pem verify required\n    default-server ssl crt /c.pem ca-file /ca.pem verify required\n";
    let env = "- name: proxy\n        env: [{name: SPACE, value: edge}, {name: PORT, value: \"7000\"}]\n";
    for (peers, wanted) in [
        (addresses("${PORT}"), 0),
        (addresses("7000"), 0),
        (addresses("${NO_PORT}"), 1),
        (listens("", "[::]:7000 v4v6"), 0),
        (listens(tls, ":7000"), 0),
    ] {
        let place = Place::with(&[("t.yaml", &set(&peers).replace("- name: proxy\n", env))]);
        let compared = place.run(&["generate", "peers", "--topology", "t.yaml", "--check"]);
        assert_eq!(status(&compared), wanted, "{peers}{}", err(&compared));
    }
}

/// What was written into the folder of the manifests is not taken for one of them.
#[test]
fn what_was_written_is_no_part_of_what_it_was_made_from() {
    let deployment = include_str!("../../tests/generate/deployment.yaml");
    for output in ["written.yaml", "out/written.yaml", "out/"] {
        let place = Place::with(&[("pods.yaml", deployment)]);
        let run = |more: &[&str]| place.run(&with(&["generate", "manifests", "--topology", ".", "--output", output], more));
        let first = run(&[]);
        assert!(status(&first) == 0 && err(&first).contains("wrote"), "{}", err(&first));
        for more in [&["--check"][..], &["--diff"], &[]] {
            let again = run(more);
            assert!(status(&again) == 0 && !err(&again).contains("wrote"), "{output} {more:?}: {}", err(&again));
        }
        // It is all there is once the other one is gone.
        fs::remove_file(place.path().join("pods.yaml")).unwrap();
        let alone = run(&["--check"]);
        assert!(!err(&alone).contains("no HAProxy"), "{}", err(&alone));
    }
}

#[test]
fn a_table_may_be_in_another_file_of_the_configuration() {
    let peers = "peers mesh\n    peer door-0 door-0.mesh:7000\n    peer door-1 door-1.mesh:7000\n";
    let text = set(peers);
    let apart = text.replace("    backend st\n", "  tables.cfg: |\n    backend st\n");
    let apart = apart.replace("- name: proxy\n", "- name: proxy\n        args: [-f, /usr/local/etc/haproxy]\n");
    for text in [text, apart] {
        let place = Place::with(&[("t.yaml", &text)]);
        let made = place.run(&["generate", "manifests", "--topology", "t.yaml"]);
        assert!(status(&made) == 0 && !err(&made).contains("nothing is replicated"), "{}", err(&made));
    }
}
