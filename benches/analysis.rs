//! How fast an editor has its answers: a text is cut and read, and a question is asked.
//!
//! `cargo bench --bench analysis`.

use std::fmt::Write as _;

use divan::Bencher;
use haproxy_lint::{
    analysis::{Cursor, Snapshot, at, complete, define, signature},
    source::{FileId, Sources},
    syntax::ReadOptions,
    version::VersionSet,
};

fn main() {
    divan::main();
}

const SIZES: [usize; 2] = [1_000, 10_000];

/// A configuration of about `lines` lines, with a line in its middle that somebody is writing.
fn config(lines: usize) -> (String, Cursor) {
    let mut text = "defaults\n    mode http\n    timeout client 30s\nfrontend fe\n    bind 127.0.0.1:8080\n".to_owned();
    let backends = lines / 10;
    for i in 0..backends {
        let _ = writeln!(text, "    use_backend be_{i} if {{ hdr(host) -i host{i}.example.com }}");
    }
    text += "    http-request set-header X-Name %[src,lo";
    let offset = text.len() as u32;
    text += "wer] if { nbsrv(be_0) gt 1 }\n";
    for i in 0..backends {
        let _ = writeln!(
            text,
            "backend be_{i}\n    # backend number {i}\n    balance roundrobin\n    acl is_static path_beg /static/{i}\n    http-request deny if is_static !{{ src 10.0.0.0/8 }}\n    http-request set-header X-Backend be_{i}\n    timeout server 20s\n    server s0 10.0.{}.{}:80 check inter 2s\n    server s1 10.1.{}.{}:80 check",
            i >> 8 & 255,
            i & 255,
            i >> 8 & 255,
            i & 255
        );
    }
    (text, Cursor { file: FileId(0), offset })
}

fn snapshot(text: &str) -> Snapshot {
    let options = ReadOptions { versions: VersionSet::branch(2, 8), ..ReadOptions::default() };
    Snapshot::new(Sources::single("haproxy.cfg", text), options)
}

#[divan::bench(args = SIZES)]
fn text_model_and_shapes(bencher: Bencher<'_, '_>, lines: usize) {
    let (text, _) = config(lines);
    bencher.bench_local(|| snapshot(&text).with(|view| view.config().proxies.len()));
}

#[divan::bench(args = SIZES)]
fn completion_on_top(bencher: Bencher<'_, '_>, lines: usize) {
    let (text, cursor) = config(lines);
    snapshot(&text).with(|view| bencher.bench_local(|| complete(view, cursor).len()));
}

#[divan::bench(args = SIZES)]
fn what_stands_here_on_top(bencher: Bencher<'_, '_>, lines: usize) {
    let (text, cursor) = config(lines);
    snapshot(&text).with(|view| bencher.bench_local(|| at(view, cursor).word.is_some()));
}

#[divan::bench(args = SIZES)]
fn definition_on_top(bencher: Bencher<'_, '_>, lines: usize) {
    let (text, _) = config(lines);
    let cursor = Cursor { file: FileId(0), offset: text.find("be_0 if").unwrap_or(0) as u32 };
    snapshot(&text).with(|view| bencher.bench_local(|| define(view, cursor).map(|symbol| symbol.occurrences.len())));
}

#[divan::bench(args = SIZES)]
fn signature_on_top(bencher: Bencher<'_, '_>, lines: usize) {
    let (text, cursor) = config(lines);
    snapshot(&text).with(|view| bencher.bench_local(|| signature(view, cursor).is_some()));
}
