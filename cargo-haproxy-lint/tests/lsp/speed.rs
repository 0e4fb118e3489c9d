//! How long an editor waits: `cargo test --release -p cargo-haproxy-lint --test lsp speed -- --ignored --nocapture`.

use std::{
    fmt::Write as _,
    fs,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{client::Client, place::Place};

/// A configuration of about so many lines.
fn config(lines: usize) -> String {
    let mut text = "defaults\n    mode http\n    timeout client 30s\n    timeout server 30s\n    timeout connect 5s\nfrontend fe\n    bind 127.0.0.1:8080\n    http-request set-header X-Name x\n".to_owned();
    let backends = lines / 10;
    for i in 0..backends {
        let _ = writeln!(text, "    use_backend be_{i} if {{ hdr(host) -i host{i}.example.com }}");
    }
    for i in 0..backends {
        let _ = writeln!(
            text,
            "backend be_{i}\n    # backend number {i}\n    balance roundrobin\n    acl is_static path_beg /static/{i}\n    http-request deny if is_static !{{ src 10.0.0.0/8 }}\n    http-request set-header X-Backend be_{i}\n    timeout server 20s\n    server s0 10.0.{0}.{1}:80 check inter 2s\n    server s1 10.1.{0}.{1}:80 check",
            i >> 8 & 255,
            i & 255
        );
    }
    text
}

/// The time that 99 of 100 take.
fn p99(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() * 99 / 100]
}

/// How much memory the process has, in KiB.
fn memory(client: &Client) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", client.process())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// How long the process has worked, in hundredths of a second: on a machine that does other things, too, this says more.
fn worked(client: &Client) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", client.process())).unwrap();
    let numbers: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    numbers[11].parse::<u64>().unwrap() + numbers[12].parse::<u64>().unwrap()
}

/// Types one letter, and gives the time until something is said of that.
fn keystroke(client: &mut Client, version: i32) -> Duration {
    let letter = if version % 2 == 0 { "a" } else { "" };
    let end = if version % 2 == 0 { 35 } else { 36 };
    let range = json!({"start": {"line": 7, "character": 35}, "end": {"line": 7, "character": end}});
    let document = json!({"uri": client.uri("haproxy.cfg"), "version": version});
    let begun = Instant::now();
    client.tell("textDocument/didChange", json!({"textDocument": document, "contentChanges": [{"range": range, "text": letter}]}));
    client.found("haproxy.cfg", version);
    begun.elapsed()
}

#[test]
#[ignore = "a measurement, which needs a build for speed"]
fn keystrokes_completion_and_hover() {
    for (lines, times, limit) in [(1_000, 300_i32, 10), (10_000, 200, 30), (100_000, 50, 400)] {
        let place = Place::with(&[("haproxy-lint.toml", "target = \"2.8\"\n")]);
        let text = config(lines);
        let mut client = Client::start(&place);
        client.open("haproxy.cfg", &text);
        client.found("haproxy.cfg", 1);
        let mut version = 1;
        let mut typed = Vec::new();
        let before = worked(&client);
        for _ in 0..times {
            version += 1;
            typed.push(keystroke(&mut client, version));
        }
        let cpu = (worked(&client) - before) as f64 * 10.0 / f64::from(times);
        let (mut completed, mut hovered) = (Vec::new(), Vec::new());
        for _ in 0..times / 2 {
            version += 1;
            // The first question behind a change reads the text.
            let range = json!({"start": {"line": 7, "character": 35}, "end": {"line": 7, "character": 35 + version % 2}});
            let document = json!({"uri": client.uri("haproxy.cfg"), "version": version});
            let letter = if version % 2 == 0 { "a" } else { "" };
            client.tell("textDocument/didChange", json!({"textDocument": document, "contentChanges": [{"range": range, "text": letter}]}));
            let begun = Instant::now();
            client.ask("textDocument/completion", client.at("haproxy.cfg", 7, 20)).unwrap();
            completed.push(begun.elapsed());
            let begun = Instant::now();
            client.ask("textDocument/hover", client.at("haproxy.cfg", 7, 20)).unwrap();
            hovered.push(begun.elapsed());
        }
        client.found("haproxy.cfg", version);
        let (size, kib) = (text.len() >> 10, memory(&client));
        println!(
            "{} lines, {size} KiB: keystroke {:?} ({cpu:.1} ms of work each, limit {limit} ms), completion {:?}, hover {:?}, memory {kib} KiB ({} allowed)",
            text.lines().count(),
            p99(typed),
            p99(completed),
            p99(hovered),
            size * 10 + (20 << 10)
        );
    }
}

#[test]
#[ignore = "a measurement, which needs a build for speed"]
fn memory_does_not_grow() {
    let place = Place::with(&[]);
    let mut client = Client::start(&place);
    client.open("haproxy.cfg", &config(1_000));
    let mut version = 1;
    let mut kept = Vec::new();
    for until in [1_000, 10_000] {
        while version < until {
            version += 1;
            keystroke(&mut client, version);
            client.heard.clear();
        }
        kept.push(memory(&client));
    }
    println!("behind 1,000 edits {} KiB, behind 10,000 {} KiB", kept[0], kept[1]);
    assert!(kept[1] < kept[0] + kept[0] / 4, "{kept:?}");
}
