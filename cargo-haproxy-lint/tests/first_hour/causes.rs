//! One cause is one finding, what is alike is folded, and fixes are seen: as people see it at several widths, and as programs do.

use std::fs;

use crate::place::{Place, err, out, status};

/// Nothing is set in `defaults`, and everything needs it.
fn one_cause() -> String {
    let proxy = |n: usize| {
        format!("frontend in{n}\n    bind :{}\n    default_backend app{n}\nbackend app{n}\n    server a 192.0.2.{n}:80\n", 8000 + n)
    };
    "global\n    log stdout format raw local0\ndefaults\n    mode tcp\n    option tcplog\n".to_owned()
        + &(1..=9).map(proxy).collect::<String>()
}

fn place() -> Place {
    let unused: String = (0..14).map(|n| format!("backend spare{n}\n    server a 192.0.2.1:80\n")).collect();
    let timeouts = "    timeout connect 5s\n    timeout client 5s\n    timeout server 5s\n";
    let main = "frontend in\n    bind :80\n    default_backend spare0\n";
    let alike = format!("global\n    maxconn 10\n    maxconn 20\ndefaults\n    mode http\n{timeouts}{main}{unused}");
    Place::with(&[("cause.cfg", one_cause().as_str()), ("alike.cfg", alike.as_str())])
}

#[test]
fn what_a_person_sees_at_every_width() {
    let place = place();
    insta::with_settings!({ snapshot_path => "../../../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        for width in ["60", "80", "160"] {
            for color in ["never", "always"] {
                let run = |file: &str| {
                    let mut command = place.command(&["--no-config", "--target", "2.8", "--color", color, file]);
                    out(&command.env("COLUMNS", width).output().unwrap())
                };
                insta::assert_snapshot!(format!("first_hour__{width}_{color}"), ["cause.cfg", "alike.cfg"].map(run).join("-- \n"));
            }
        }
    });
    let wide = |text: &str| text.lines().map(|line| line.chars().count()).max();
    for width in [40, 60, 80, 160, 200] {
        let text = out(&place.command(&["cause.cfg", "alike.cfg"]).env("COLUMNS", width.to_string()).output().unwrap());
        assert!(wide(&text) <= Some(width), "{width}: {text}");
    }
}

#[test]
fn programs_get_every_finding() {
    let place = place();
    let json: serde_json::Value =
        serde_json::from_slice(&place.run(&["--no-config", "--target", "2.8", "--format", "json", "cause.cfg"]).stdout).unwrap();
    let findings = json["findings"].as_array().unwrap();
    // HAProxy says each of them, too.
    let of = |rule: &str| findings.iter().filter(|f| f["rule"] == rule && f["haproxy"] == "warning").count();
    assert_eq!((of("reliability/missing-timeouts"), of("reliability/log-format-without-log")), (18, 9));
    assert_eq!(
        out(&place.run(&["--no-config", "--format", "short", "alike.cfg"])).lines().filter(|l| l.contains("unused-backend")).count(),
        13
    );
    let all = out(&place.run(&["--no-config", "--max-per-rule", "0", "alike.cfg"]));
    assert_eq!(all.matches("[dead/unused-backend]").count(), 13);
}

#[test]
fn the_fix_of_a_cause_is_written_where_the_cause_is() {
    let place = place();
    let output = place.run(&["--no-config", "--fix", "--unsafe-fixes", "cause.cfg"]);
    assert_eq!(status(&output), 0, "{}", out(&output));
    let head: Vec<String> =
        fs::read_to_string(place.path().join("cause.cfg")).unwrap().lines().skip(2).take(7).map(str::to_owned).collect();
    let written =
        ["defaults", "    log global", "    timeout connect 30s", "    timeout client 30s", "    timeout server 30s", "    mode tcp"];
    assert!(written.iter().all(|line| head.iter().any(|known| known == line)), "{head:?}");
    assert_eq!(fs::read_to_string(place.path().join("cause.cfg")).unwrap().lines().count(), one_cause().lines().count() + 4);
}

#[test]
fn what_is_left_is_told_with_the_reason() {
    let place = place();
    let output = place.run(&["--no-config", "--diff", "alike.cfg"]);
    assert_eq!(err(&output), "note: the patch mends 1 finding; 13 are left without a fix\n");
    let output = place.run(&["--no-config", "--diff", "cause.cfg"]);
    assert_eq!(
        (out(&output).as_str(), err(&output).as_str()),
        ("", "note: nothing was mended; 2 can be with `--unsafe-fixes`: look at what it writes\n")
    );
    let wrote = place.run(&["--no-config", "--write-baseline", "known.json", "alike.cfg"]);
    assert_eq!(out(&wrote), "");
    let count: usize = err(&wrote).split_whitespace().nth(2).unwrap().parse().unwrap();
    assert!(count > 13, "{}", err(&wrote));
    let known = place.run(&["--no-config", "--baseline", "known.json", "alike.cfg"]);
    assert_eq!(err(&known), format!("note: `known.json` hides {count} findings\n"));
}

#[test]
fn what_only_versions_warn_of_that_nobody_named_is_for_information() {
    let place = Place::with(&[("a.cfg", "global\n    master-worker\n    lua-load x.lua\n")]);
    let severities = |arguments: &[&str]| -> Vec<String> {
        let shown = out(&place.run(&[&["--no-config", "--format", "short", "a.cfg"], arguments].concat()));
        shown.lines().filter_map(|line| Some(line.split_once(": ")?.1.split('[').next()?.to_owned())).collect()
    };
    assert_eq!(severities(&[]), ["note", "note"]);
    assert_eq!(severities(&["--target", "3.4"]), ["warning", "warning"]);
    assert_eq!(severities(&["--target", "latest"]), ["warning", "warning"]);
}

#[test]
fn three_of_a_rule_are_whole_and_the_others_keep_their_help() {
    let servers: String = [73, 47, 48, 90, 10].iter().map(|n| format!("    server s{n} 192.0.2.{n}:80 check inter {n}\n\n")).collect();
    let text = format!("defaults\n    timeout connect 5s\n    timeout server 5s\n\nbackend app\n{servers}");
    let place = Place::with(&[("times.cfg", text.as_str())]);
    let shown = out(&place.run(&["--no-config", "--target", "3.2", "--select", "keyword/suspicious-time", "times.cfg"]));
    assert_eq!((shown.matches("help: write").count(), shown.matches("  also: ").count()), (5, 2), "{shown}");
    assert_eq!(shown.matches("no unit").count(), 3, "{shown}");
    // What is above and below is blank, and shows nobody where he is.
    assert!(!shown.lines().any(|line| line.trim_end().ends_with('│')), "{shown}");
    let all = out(&place.run(&["--no-config", "--target", "3.2", "--max-per-rule", "0", "times.cfg"]));
    assert_eq!(all.matches("no unit").count(), 5, "{all}");
}

#[test]
fn labels_and_wide_letters_keep_to_the_width() {
    let text = "frontend web\n    bind :80\n    timeout client 5s\n    # 正常情况下，只有在正常提供服务的机器宕机之后，备用机器才会提供服务，然后再恢复正常\n    \
                http-request set-header X-Note \"正常情况下备用机器不提供服务\" if missing_acl\n    default_backend apps # 这里应该是应用的后端，不是别的后端，这里应该是应用的后端\n";
    let place = Place::with(&[("wide.cfg", text)]);
    for width in [40, 60, 80, 120] {
        let shown = out(&place.command(&["--no-config", "wide.cfg"]).env("COLUMNS", width.to_string()).output().unwrap());
        let wide: Vec<&str> = shown.lines().filter(|line| haproxy_lint::report::Style::columns(line) > width).collect();
        assert!(wide.is_empty() && shown.contains("exist"), "{width}: {wide:#?}");
    }
}

#[test]
fn a_service_that_gives_no_names_is_told_once() {
    let pods = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cfg}\ndata:\n  haproxy.cfg: |\n    peers p\n      peer lb-0 lb-0.lb:1024\n      peer lb-1 lb-1.lb:1024\n    backend t\n      stick-table type ip size 1k expire 1m peers p\n---\napiVersion: v1\nkind: Service\nmetadata: {name: lb}\nspec: {selector: {app: lb}, ports: [{port: 80}]}\n---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: lb}\nspec:\n  replicas: 2\n  serviceName: lb\n  selector: {matchLabels: {app: lb}}\n  template:\n    metadata: {labels: {app: lb}}\n    spec:\n      containers: [{name: haproxy, image: 'haproxy:2.8', volumeMounts: [{name: c, mountPath: /usr/local/etc/haproxy}]}]\n      volumes: [{name: c, configMap: {name: cfg}}]\n";
    let place = Place::with(&[("pods.yaml", pods)]);
    let people = out(&place.run(&["--color", "never", "pods.yaml"]));
    assert_eq!(people.matches("[topology/pod-dns-shape]").count(), 1, "{people}");
    assert!(people.contains("this is so 2 times: `lb-0.lb:1024` (line 7), `lb-1.lb:1024`"), "{people}");
    let programs = out(&place.run(&["--format", "short", "pods.yaml"]));
    assert_eq!(programs.matches("[topology/pod-dns-shape]").count(), 2, "{programs}");
}
