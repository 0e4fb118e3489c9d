//! Rules and their actions, one line each, and what HAProxy 2.6.12 and 2.8.25 said of that line (`tests/actions.tsv`).

use haproxy_lint::{
    check::{Options, check},
    finding::Verdict,
    source::Sources,
};

/// What the lines may refer to.
const BEFORE: &str = "defaults
 mode http
 timeout client 1s
 timeout server 1s
 timeout connect 1s
cache foo
 total-max-size 4
resolvers dns
 nameserver a 127.0.0.1:53
userlist u
 user a insecure-password b
backend st
 stick-table type ip size 1k store gpc0,gpt0
 server s 127.0.0.1:80
backend b
 server s 127.0.0.1:80
";

fn section(kind: &str) -> &'static str {
    match kind {
        "backend" => "backend t\n server s 127.0.0.1:80\n",
        "listen" => "listen t\n bind 127.0.0.1:8999\n",
        "defaults" => "defaults t\n mode http\n timeout client 1s\n timeout server 1s\n timeout connect 1s\n",
        _ => "frontend t\n bind 127.0.0.1:8999\n",
    }
}

/// The worst that HAProxy `version` says of the line, by our account.
fn verdict(kind: &str, line: &str, version: &str) -> &'static str {
    let before = format!("{BEFORE}{}", section(kind));
    let number = before.lines().count();
    let after = if kind == "frontend" { " default_backend b\n" } else { "" };
    let sources = Sources::single("haproxy.cfg", format!("{before} {line}\n{after}"));
    let options = Options { target: Some(version.parse().unwrap()), ..Options::default() };
    let outcome = check(&sources, &options);
    let said: Vec<Verdict> = outcome
        .findings
        .iter()
        .filter(|f| f.location.is_some_and(|l| sources.file(l.file).line_of(l.span.start) == number))
        .filter_map(|f| f.haproxy)
        .collect();
    match () {
        () if said.contains(&Verdict::Reject) => "reject",
        () if said.contains(&Verdict::Warning) => "warning",
        () => "ok",
    }
}

#[test]
fn actions_are_judged_as_haproxy_judges_them() {
    let mut wrong = Vec::new();
    for row in include_str!("actions.tsv").lines().filter(|l| !l.starts_with('#')) {
        let fields: Vec<&str> = row.split('\t').collect();
        let [old, new, kind, line] = fields[..] else { panic!("{row}") };
        for (version, said) in [("2.6.12", old), ("2.8.25", new)] {
            let ours = verdict(kind, line, version);
            if ours != said {
                wrong.push(format!("{version} {kind}: {line}: HAProxy says {said}, and we {ours}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
