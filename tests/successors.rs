//! What took the place of keywords that HAProxy has no more, or will not have: each row of the list has a remedy here, or a
//! reason why there is none. Where `haproxy` is installed it is asked whether it takes the result.

use std::{ffi::OsString, fs, process::Command};

use haproxy_lint::{
    check::{Options, check},
    finding::{Applicability, Verdict},
    fix::fix,
    source::Sources,
    version::Version,
};

/// Where a line stands.
#[derive(Clone, Copy)]
enum Place {
    Global,
    Frontend,
    Backend,
    /// A backend without any other server.
    Empty,
}
use Place::{Backend, Empty, Frontend, Global};

/// A place, a line, the HAProxy that is to read it, and what it becomes: `""` where it goes, `None` where it is only told.
type Row = (Place, &'static str, (u8, u8), Option<&'static str>);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    (Frontend, r"reqrep ^([^\ :]*)\ /foo/(.*) \1\ /\2", (2, 8), Some(r"http-request replace-uri ^/foo/(.*) '/\1'")),
    (Frontend, r"reqrep ^X-A:\ (.*)b X-A:\ \1", (2, 8), Some(r"http-request replace-header X-A ^(.*)b '\1'")),
    // It changes the path and the version at once: no one rule does.
    (Frontend, r"reqrep ^([^\ ]*)\ /a\ HTTP/1.0 \1\ /b\ HTTP/1.1", (2, 8), None),
    (Frontend, r"reqirep ^Host:\ old Host:\ new", (2, 8), Some("http-request replace-header Host ^old new")),
    (Frontend, r"reqdel ^X-Foo:.*", (2, 8), Some("http-request del-header X-Foo")),
    (Frontend, r"reqidel ^X-Foo", (2, 8), Some("http-request del-header X-Foo -m beg")),
    (Frontend, r"reqdel (evil|bad):", (2, 8), None),
    (Frontend, r"reqdeny ^X-Bad:\ .*evil", (2, 8), Some("http-request deny if { req.fhdr(X-Bad) -m reg .*evil }")),
    (Frontend, r"reqideny ^X-Bad: if { src 192.0.2.1 }", (2, 8), Some("http-request deny if { req.fhdr(X-Bad) -m found } { src 192.0.2.1 }")),
    (Frontend, r"reqpass ^X:", (2, 8), Some("")),
    (Frontend, r"reqallow ^X-A:\ b", (2, 8), Some("http-request allow if { req.fhdr(X-A) -m reg ^b }")),
    (Frontend, r"reqitarpit ^X-A:\ b", (2, 8), Some("http-request tarpit if { req.fhdr(X-A) -m reg -i ^b }")),
    (Frontend, r"reqadd X-Proto:\ https if { ssl_fc }", (2, 8), Some("http-request add-header X-Proto https if { ssl_fc }")),
    (Frontend, r"rspadd X-A:\ 100%\ b", (2, 8), Some("http-response add-header X-A '100%% b'")),
    (Frontend, r"rsprep ^Location:\ http://(.*) Location:\ https://\1", (2, 8), Some(r"http-response replace-header Location ^http://(.*) 'https://\1'")),
    (Frontend, r"rspirep ^Server:.* Server:\ x", (2, 8), Some("http-response replace-header Server .* x")),
    (Frontend, r"rspdel ^Server:.*", (2, 8), Some("http-response del-header Server")),
    (Frontend, r"rspideny ^X-A:\ b", (2, 8), Some("http-response deny if { res.fhdr(X-A) -m reg -i ^b }")),
    // Expressions over whole answers: what they were to find is not in one header.
    (Frontend, r"srvexp ^X a", (2, 8), None),
    (Frontend, "block if { path /x }", (2, 8), Some("http-request deny if { path /x }")),
    (Backend, "redispatch", (2, 8), Some("option redispatch")),
    (Frontend, "clitimeout 5s", (2, 8), Some("timeout client 5s")),
    (Backend, "srvtimeout 5s", (2, 8), Some("timeout server 5s")),
    (Backend, "contimeout 5s", (2, 8), Some("timeout connect 5s")),
    // What it stored is stored by `stick-table` and two `stick` lines, whose sizes nobody has said.
    (Backend, "appsession JSESSIONID len 52 timeout 3h", (2, 8), None),
    (Frontend, "monitor-net 192.0.2.0/24", (2, 8), Some("http-request return status 200 if { src 192.0.2.0/24 }")),
    // A proxy that answers 200 to all is another proxy: its binds and its clients decide what it becomes.
    (Frontend, "mode health", (2, 8), None),
    (Frontend, "option forceclose", (2, 8), Some("")),
    (Frontend, "option http-tunnel", (2, 8), Some("")),
    (Frontend, "option http_proxy", (2, 8), Some("")),
    (Frontend, "option http-use-htx", (2, 8), Some("")),
    // In `global` it is for all proxies.
    (Frontend, "grace 5s", (2, 8), None),
    (Frontend, "bind-process 1", (2, 8), Some("")),
    (Frontend, "bind 127.0.0.1:81 process 1/1-2", (2, 8), Some("bind 127.0.0.1:81 thread 1-2")),
    (Frontend, "bind 127.0.0.1:81 process 1 name x", (2, 8), Some("bind 127.0.0.1:81 name x")),
    (Global, "stats bind-process 1", (2, 8), Some("")),
    (Global, "nbproc 2", (2, 8), Some("")),
    (Global, "tune.chksize 1024", (2, 8), Some("")),
    (Global, "tune.ssl.capture-cipherlist-size 800", (2, 8), Some("tune.ssl.capture-buffer-size 800")),
    (Global, "tune.ssl.ocsp-update.mindelay 5", (3, 2), Some("ocsp-update.mindelay 5")),
    (Global, "tune.ssl.ocsp-update.maxdelay 5000", (3, 2), Some("ocsp-update.maxdelay 5000")),
    (Frontend, "option accept-invalid-http-request", (3, 2), Some("option accept-unsafe-violations-in-http-request")),
    (Backend, "option accept-invalid-http-response", (3, 2), Some("option accept-unsafe-violations-in-http-response")),
    (Global, "tune.quic.frontend.conn-tx-buffers.limit 10", (3, 3), Some("")),
    // How HAProxy is started is not said in its configuration.
    (Global, "master-worker", (3, 3), None),
    (Empty, "dispatch 192.0.2.9:80", (3, 3), Some("server dispatch 192.0.2.9:80")),
    (Empty, "dispatch 192.0.2.9:80", (3, 5), Some("server dispatch 192.0.2.9:80")),
    (Empty, "transparent", (3, 3), Some("server transparent 0.0.0.0")),
    (Empty, "option transparent", (3, 5), Some("server transparent 0.0.0.0")),
    (Global, "tune.quic.socket-owner connection", (3, 3), Some("tune.quic.fe.sock-per-conn default-on")),
    (Global, "tune.quic.socket-owner listener", (3, 4), Some("tune.quic.fe.sock-per-conn force-off")),
    (Global, "tune.quic.frontend.max-idle-timeout 10s", (3, 3), Some("tune.quic.fe.max-idle-timeout 10s")),
    (Global, "tune.quic.cc.cubic.min-losses 3", (3, 3), Some("tune.quic.fe.cc.cubic-min-losses 3")),
    (Global, "tune.quic.frontend.default-max-window-size 1m", (3, 3), Some("tune.quic.fe.cc.max-win-size 1m")),
    (Global, "tune.quic.frontend.glitches-threshold 10", (3, 3), Some("tune.quic.fe.sec.glitches-threshold 10")),
    (Global, "tune.quic.frontend.max-data-size 10k", (3, 3), Some("tune.quic.fe.stream.rxbuf 10k")),
    (Global, "tune.quic.frontend.max-streams-bidi 10", (3, 3), Some("tune.quic.fe.stream.max-concurrent 10")),
    (Global, "tune.quic.frontend.max-tx-mem 1m", (3, 3), Some("tune.quic.mem.tx-max 1m")),
    (Global, "tune.quic.frontend.stream-data-ratio 50", (3, 3), Some("tune.quic.fe.stream.data-ratio 50")),
    (Global, "tune.quic.max-frame-loss 5", (3, 3), Some("tune.quic.fe.cc.max-frame-loss 5")),
    (Global, "tune.quic.reorder-ratio 50", (3, 3), Some("tune.quic.fe.cc.reorder-ratio 50")),
    (Global, "tune.quic.retry-threshold 10", (3, 5), Some("tune.quic.fe.sec.retry-threshold 10")),
    (Global, "tune.quic.disable-tx-pacing", (3, 3), Some("tune.quic.fe.tx.pacing off")),
    (Global, "tune.quic.disable-udp-gso", (3, 3), Some("tune.quic.fe.tx.udp-gso off")),
    (Global, "tune.quic.cc-hystart on", (3, 3), Some("tune.quic.fe.cc.hystart on")),
    (Frontend, "http-request set-mark 1", (3, 2), Some("http-request set-fc-mark 1")),
    (Frontend, "http-response set-tos 1", (3, 2), Some("http-response set-fc-tos 1")),
    // Older names of fetches and of one filter: no version refuses them or warns of them.
    (Frontend, "tcp-request content accept if { req_len gt 0 }", (3, 4), None),
    (Frontend, "filter compression", (3, 4), None),
];

fn text(place: Place, line: &str) -> String {
    let at = |here: bool| if here { format!("    {line}\n") } else { String::new() };
    format!(
        "global\n{}frontend web\n    mode http\n    bind 127.0.0.1:18080\n    timeout client 1s\n    default_backend app\n{}\
         backend app\n    mode http\n    timeout connect 1s\n    timeout server 1s\n{}{}",
        at(matches!(place, Global)),
        at(matches!(place, Frontend)),
        at(matches!(place, Backend | Empty)),
        if matches!(place, Empty) { "" } else { "    server one 192.0.2.1:80\n" }
    )
    .replace("global\nfrontend", "global\n    maxconn 100\nfrontend")
    // A timeout that the line sets again is warned of by HAProxy.
    .replace(&old_timeout(line), "")
}

/// The timeout of `text` that an old keyword sets, as a line.
fn old_timeout(line: &str) -> String {
    match line.split(' ').next() {
        Some("clitimeout") => "    timeout client 1s\n".to_owned(),
        Some("srvtimeout") => "    timeout server 1s\n".to_owned(),
        Some("contimeout") => "    timeout connect 1s\n".to_owned(),
        _ => "no such line".to_owned(),
    }
}

#[test]
fn every_row_has_a_remedy_or_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for (place, line, (major, minor), wanted) in ROWS {
        let target = Version::new(*major, *minor, if (*major, *minor) == (2, 8) { 25 } else { 0 });
        let options = Options { target: Some(target), ..Options::default() };
        let before = text(*place, line);
        let sources = Sources::single("haproxy.cfg", before.as_str());
        let report = check(&sources, &options);
        let fixed = fix(sources, report, Applicability::Unsafe, |sources| check(sources, &options));
        let after = String::from_utf8_lossy(fixed.sources.files()[0].bytes()).into_owned();
        let has = |wanted: &str| after.lines().any(|l| l.trim() == wanted);
        let right = match wanted {
            None => has(line),
            Some(new) => !has(line) && (new.is_empty() || has(new)),
        };
        if !right {
            wrong.push(format!("{line}: wanted {wanted:?}, got\n{after}\n{:?}", fixed.dropped));
        }
        let refused = fixed.report.findings.iter().find(|f| f.haproxy == Some(Verdict::Reject));
        if let (Some(refused), Some(_)) = (refused, wanted) {
            wrong.push(format!("{line}: {}", refused.message));
        }
        if wanted.is_some() && minor == &8 {
            let path = folder.path().join("haproxy.cfg");
            fs::write(&path, &after).unwrap();
            wrong.extend(installed().iter().filter_map(|program| refuses(program, &path)).map(|why| format!("{line}: {why}\n{after}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The HAProxy that `HAPROXY_2_8` names: in 2.8 everything in the first half of the list is gone, and its successors are there.
fn installed() -> Vec<OsString> {
    let found: Vec<OsString> = std::env::var_os("HAPROXY_2_8").into_iter().filter(|p| Command::new(p).arg("-v").output().is_ok()).collect();
    if found.is_empty() {
        println!("skipped: `HAPROXY_2_8` names no haproxy");
    }
    found
}

fn refuses(program: &OsString, path: &std::path::Path) -> Option<String> {
    let out = Command::new(program).arg("-c").arg("-f").arg(path).output().ok()?;
    (!matches!(out.status.code(), Some(0 | 2))).then(|| String::from_utf8_lossy(&out.stderr).into_owned())
}

/// A line that is too long, and how many lines take its place.
#[test]
fn long_lines_are_split_where_that_means_the_same() {
    let addresses = |count: usize| (0..count).map(|n| format!("10.0.{}.{}", n / 250, n % 250)).collect::<Vec<_>>().join(" ");
    let paths: String = (0..20).map(|n| format!(" || {{ path /{n} }}")).collect();
    let rows = [
        (format!("acl many src -n {} # why", addresses(150)), 5),
        (format!("acl many\tsrc\t{}", addresses(70)), 2),
        (format!("http-request deny if {{ path /a }} {{ src 192.0.2.1 }}{paths}"), 4),
        (format!("tcp-request content reject if {{ path /a }}{paths}"), 3),
        // Each of these would be done twice, or compares with all of its values.
        (format!("http-request add-header A b if {{ path /a }}{paths}"), 1),
        (format!("acl many path_len eq {}", addresses(70)), 1),
        (format!("http-request deny if {{ src {} }}", addresses(70)), 1),
    ];
    let folder = tempfile::tempdir().unwrap();
    let options = Options { target: Some(Version::new(2, 8, 25)), ..Options::default() };
    for (line, lines) in rows {
        let deny = if line.starts_with("acl") { "    http-request deny if many\n" } else { "" };
        let before = text(Frontend, &line).replace("backend app\n    mode", &format!("{deny}backend app\n    mode"));
        let sources = Sources::single("haproxy.cfg", before.as_str());
        let report = check(&sources, &options);
        let fixed = fix(sources, report, Applicability::Safe, |sources| check(sources, &options));
        assert_eq!(fixed.dropped, [], "{line}");
        let after = String::from_utf8_lossy(fixed.sources.files()[0].bytes()).into_owned();
        assert_eq!(after.lines().count(), before.lines().count() + lines - 1, "{after}");
        if lines > 1 {
            let path = folder.path().join("haproxy.cfg");
            fs::write(&path, &after).unwrap();
            installed().iter().for_each(|program| assert_eq!(refuses(program, &path), None, "{after}"));
        }
    }
}
