//! `cargo xtask fuzz`: every fuzz target for some minutes, with address sanitizer.
//!
//! Needs a nightly toolchain and nothing else: the flags are those of cargo-fuzz, which runs the same targets. Seeds are
//! collected from the shared folder (`HAPROXY_LINT_SHARED`, else `../shared`) and from the examples of the project.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Zsanitizer=address \
    -Cdebug-assertions -Ccodegen-units=16";

const TRIPLE: &str = "x86_64-unknown-linux-gnu";

/// Larger files are no seeds: many small ones find more.
const MOST_BYTES: u64 = 16 << 10;

/// What a target is seeded with.
#[derive(Clone, Copy)]
enum Seeds {
    /// Configurations as they are.
    Configurations,
    /// Configurations behind the line with their name.
    Named,
    /// Files of topologies behind the number of their form.
    Topologies,
    /// Settings and configurations.
    Settings,
    /// What nodes answered.
    Dumps,
}

const TARGETS: [(&str, Seeds); 8] = [
    ("words", Seeds::Configurations),
    ("tree", Seeds::Configurations),
    ("check", Seeds::Configurations),
    ("fix", Seeds::Configurations),
    ("report", Seeds::Named),
    ("topology", Seeds::Topologies),
    ("settings", Seeds::Settings),
    ("show_peers", Seeds::Dumps),
];

/// Runs the targets: all, or those that are named.
pub(crate) fn run(words: &[&str]) -> ExitCode {
    let Some((minutes, names)) = arguments(words) else {
        eprintln!("error: expected `cargo xtask fuzz [--minutes N] [TARGET…]`; targets: {}", TARGETS.map(|(name, _)| name).join(", "));
        return ExitCode::from(2);
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    if !build(&root) {
        eprintln!("error: the fuzz targets were not built; they need `rustup toolchain install nightly`");
        return ExitCode::from(2);
    }
    let mut failed = Vec::new();
    for (name, seeds) in TARGETS.into_iter().filter(|(name, _)| names.is_empty() || names.contains(name)) {
        let corpus = root.join("fuzz/corpus").join(name);
        match seed(&root, &corpus, seeds) {
            Ok(count) => println!("{name}: {count} seeds, {minutes} minutes"),
            Err(error) => {
                eprintln!("error: {}: {error}", corpus.display());
                return ExitCode::from(2);
            }
        }
        if !fuzz(&root, name, &corpus, minutes) {
            failed.push(name);
        }
    }
    if failed.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("found something: {}; the inputs are in fuzz/artifacts/TARGET, make a test of each", failed.join(", "));
    ExitCode::FAILURE
}

fn arguments<'w>(words: &[&'w str]) -> Option<(f64, Vec<&'w str>)> {
    let (mut minutes, mut names, mut words) = (2.0, Vec::new(), words.iter());
    while let Some(word) = words.next() {
        match *word {
            "--minutes" => minutes = words.next()?.parse().ok().filter(|m| *m > 0.0)?,
            name if TARGETS.iter().any(|(known, _)| *known == name) => names.push(name),
            _ => return None,
        }
    }
    Some((minutes, names))
}

fn build(root: &Path) -> bool {
    let mut cargo = Command::new("cargo");
    cargo.args(["+nightly", "build", "--release", "--locked", "--target", TRIPLE]).current_dir(root.join("fuzz"));
    // Cargo tells what it runs which toolchain it is; the nightly one finds its own.
    for name in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN", "CARGO_TARGET_DIR"] {
        cargo.env_remove(name);
    }
    cargo.env("RUSTFLAGS", FLAGS).status().is_ok_and(|status| status.success())
}

fn fuzz(root: &Path, name: &str, corpus: &Path, minutes: f64) -> bool {
    let artifacts = root.join("fuzz/artifacts").join(name);
    let made = fs::create_dir_all(&artifacts);
    let mut program = Command::new(root.join("fuzz/target").join(TRIPLE).join("release").join(name));
    program.arg(corpus).arg(format!("-artifact_prefix={}/", artifacts.display()));
    program.arg(format!("-max_total_time={}", (minutes * 60.0).ceil()));
    program.args(["-timeout=30", "-rss_limit_mb=3072", "-max_len=16384", "-print_final_stats=1", "-verbosity=0"]);
    made.is_ok() && program.status().is_ok_and(|status| status.success())
}

/// Fills the corpus of a target, and says with how many files.
fn seed(root: &Path, corpus: &Path, seeds: Seeds) -> std::io::Result<usize> {
    fs::create_dir_all(corpus)?;
    let shared = std::env::var_os("HAPROXY_LINT_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let folders: &[&str] = match seeds {
        Seeds::Configurations | Seeds::Named => &["corpus/open", "corpus/mutants", "corpus/templates", "inputs"],
        Seeds::Topologies => &["manifests", "scenarios", "inputs"],
        Seeds::Settings => &["inputs"],
        Seeds::Dumps => &["show-peers"],
    };
    let mut files = Vec::new();
    folders.iter().for_each(|folder| collect(&shared.join(folder), &mut files));
    ["examples", "tests"].iter().for_each(|folder| collect(&root.join(folder), &mut files));
    let mut count = 0;
    for file in files {
        let ending = file.extension().unwrap_or_default().to_string_lossy().into_owned();
        let Some(head) = head(seeds, &ending) else { continue };
        let text = fs::read(&file)?;
        fs::write(corpus.join(format!("seed-{count}")), [head.as_slice(), &text].concat())?;
        count += 1;
    }
    Ok(count)
}

/// What stands before a file of that ending in a seed; `None` where it is none.
fn head(seeds: Seeds, ending: &str) -> Option<Vec<u8>> {
    match seeds {
        Seeds::Configurations => (ending == "cfg").then(Vec::new),
        Seeds::Named => (ending == "cfg").then(|| b"haproxy.cfg\n".to_vec()),
        Seeds::Settings => ["toml", "cfg", "json"].contains(&ending).then(Vec::new),
        Seeds::Dumps => ["txt", "out", ""].contains(&ending).then(Vec::new),
        // The numbers are those of `NAMES` in the target.
        Seeds::Topologies => {
            let forms = ["yaml", "json", "toml", "ini", "conf", "yml", "", "service", "cfg"];
            forms.iter().position(|form| *form == ending).map(|at| vec![at as u8])
        }
    }
}

/// The files of a folder that are small enough, in their order.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let Ok(kind) = fs::symlink_metadata(&path) else { continue };
        if kind.is_dir() {
            collect(&path, files);
        } else if kind.is_file() && kind.len() <= MOST_BYTES {
            files.push(path);
        }
    }
}
