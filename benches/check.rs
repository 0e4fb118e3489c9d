//! How fast files become trees, readings and findings, beside `haproxy -c` on the same files in the same run.
//!
//! `cargo build --release --workspace && cargo bench`. Inputs have the shapes that large configurations have: many
//! backends, many servers, many ACLs. `haproxy` and the built program are measured as whole processes where they exist.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use divan::{Bencher, counter::BytesCount};
use haproxy_lint::{
    FileId, FormatStyle, Indent,
    check::{Options, check},
    format,
    source::{SourceFile, Sources},
    syntax::{ReadOptions, Tree, read},
};

fn main() {
    divan::main();
}

const HEAD: &str = "global\n    maxconn 1000\ndefaults\n    mode http\n    timeout connect 5s\n    timeout client 30s\n    timeout server 30s\nfrontend fe\n    bind 127.0.0.1:8080\n    default_backend be_0\n";

/// A configuration of about `lines` lines.
fn config(shape: &str, lines: usize) -> String {
    let mut text = HEAD.to_owned();
    match shape {
        "backend" => {
            let backends = lines / 11;
            for i in 0..backends {
                let _ = writeln!(text, "    use_backend be_{i} if {{ hdr(host) -i host{i}.example.com }}");
            }
            for i in 0..backends {
                let _ = writeln!(
                    text,
                    "backend be_{i}\n    # backend number {i}\n    balance roundrobin\n    option httpchk GET /health\n    acl is_static path_beg /static/{i}\n    http-request deny if is_static !{{ src 10.0.0.0/8 }}\n    http-request set-header X-Backend be_{i}\n    timeout server 20s"
                );
                for s in 0..2 {
                    let _ =
                        writeln!(text, "    server s{s} 10.{}.{}.{}:80{s} check inter 2s weight 10", i >> 16 & 255, i >> 8 & 255, i & 255);
                }
            }
        }
        "servers" => {
            text += "backend be_0\n    balance roundrobin\n";
            for i in 0..lines {
                let _ = writeln!(text, "    server s{i} 10.0.{}.{}:80 check inter 2s weight 10 # server {i}", i >> 8 & 255, i & 255);
            }
        }
        _ => {
            for i in 0..lines / 3 {
                let _ = writeln!(text, "    acl is_host_{i} hdr(host) -i host{i}.example.com www.host{i}.example.com");
            }
            for i in 0..lines / 3 {
                let _ = writeln!(text, "    http-request set-header X-Route-{} r{i} if is_host_{i}", i % 50);
            }
            for i in 0..lines / 3 {
                let _ = writeln!(text, "    use_backend be_0 if is_host_{i}");
            }
            text += "backend be_0\n    server s1 10.0.0.1:80\n";
        }
    }
    text
}

const SHAPES: [&str; 3] = ["backend", "servers", "acl"];

#[divan::bench(args = SHAPES)]
fn files_to_trees(bencher: Bencher<'_, '_>, shape: &str) {
    let file = SourceFile::new("haproxy.cfg", config(shape, 100_000).into_bytes());
    bencher.counter(BytesCount::new(file.bytes().len())).bench(|| Tree::new(&file));
}

#[divan::bench(args = SHAPES)]
fn trees_to_readings(bencher: Bencher<'_, '_>, shape: &str) {
    let sources = Sources::single("haproxy.cfg", config(shape, 100_000));
    let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
    let bytes = sources.files()[0].bytes().len();
    bencher.counter(BytesCount::new(bytes)).bench(|| read(&sources, &trees, &ReadOptions::default()).len());
}

/// Every line is written otherwise, and the result is read again.
#[divan::bench(args = SHAPES)]
fn files_to_layouts(bencher: Bencher<'_, '_>, shape: &str) {
    let file = SourceFile::new("haproxy.cfg", config(shape, 100_000).into_bytes());
    let style = FormatStyle { indent: Indent::Spaces(2), ..FormatStyle::default() };
    bencher.counter(BytesCount::new(file.bytes().len())).bench(|| format(FileId(0), &file, style, None).map(|edits| edits.len()));
}

const SIZES: [(&str, usize); 9] = [
    ("backend", 10_000),
    ("backend", 100_000),
    ("backend", 1_000_000),
    ("servers", 10_000),
    ("servers", 100_000),
    ("servers", 1_000_000),
    ("acl", 10_000),
    ("acl", 100_000),
    ("acl", 1_000_000),
];

#[divan::bench(args = SIZES, sample_count = 5)]
fn whole_check(bencher: Bencher<'_, '_>, (shape, lines): (&str, usize)) {
    let sources = Sources::single("haproxy.cfg", config(shape, lines));
    let options = Options { target: "2.6.12".parse().ok(), ..Options::default() };
    let bytes = sources.files()[0].bytes().len();
    bencher.counter(BytesCount::new(bytes)).bench(|| check(&sources, &options).findings.len());
}

/// The input as a file, written once.
fn on_disk(shape: &str, lines: usize) -> PathBuf {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().expect("a temporary folder"));
    let path = folder.path().join(format!("{shape}-{lines}.cfg"));
    if !path.exists() {
        let text = if lines == 20 { config("servers", 9) } else { config(shape, lines) };
        std::fs::write(&path, text).expect("the input can be written");
    }
    path
}

/// Runs a whole process; the 20-line file shows what starting costs.
fn process(bencher: Bencher<'_, '_>, program: &Path, arguments: &[&str], file: &Path) {
    let run = || Command::new(program).args(arguments).arg(file).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if run().is_err() {
        println!("skipped: there is no {}", program.display());
        return;
    }
    bencher.bench_local(run);
}

const PROCESSES: [(&str, usize); 4] = [("servers", 20), ("backend", 10_000), ("servers", 10_000), ("acl", 10_000)];

#[divan::bench(args = PROCESSES, sample_count = 5)]
fn process_haproxy_lint(bencher: Bencher<'_, '_>, (shape, lines): (&str, usize)) {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/release/haproxy-lint");
    process(bencher, &program, &["check", "--no-config", "--target", "2.6.12"], &on_disk(shape, lines));
}

#[divan::bench(args = PROCESSES, sample_count = 5)]
fn process_haproxy_c(bencher: Bencher<'_, '_>, (shape, lines): (&str, usize)) {
    process(bencher, Path::new("haproxy"), &["-c", "-f"], &on_disk(shape, lines));
}
