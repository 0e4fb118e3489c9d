//! Counts the instructions that the built program takes for fixed inputs, under valgrind's callgrind: numbers that do not depend
//! on what else the machine does. More than a few per cent above those of `benches/instructions.tsv` is a step back.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// How much more than the file says is a failure, in per cent.
const LIMIT: u64 = 5;

/// What was measured, and may only become less.
const KNOWN: &str = "benches/instructions.tsv";

const HEAD: &str = "global\n    maxconn 1000\ndefaults\n    mode http\n    timeout connect 5s\n    timeout client 30s\n    timeout server 30s\nfrontend fe\n    bind 127.0.0.1:8080\n    default_backend be_0\n";

/// How many lines the large inputs have.
const LINES: usize = 10_000;

/// An input: its name, and what is in it.
type Input = (&'static str, fn() -> String);

const INPUTS: [Input; 6] =
    [("small", small), ("backend", backend), ("servers", servers), ("acl", acl), ("faults", faults), ("conditions", conditions)];

fn small() -> String {
    format!("{HEAD}backend be_0\n    balance roundrobin\n    server s0 192.0.2.1:80 check\n    server s1 192.0.2.2:80 check\n")
}

fn backend() -> String {
    let backends = LINES / 10;
    let mut text = HEAD.to_owned();
    (0..backends).for_each(|i| {
        let _ = writeln!(text, "    use_backend be_{i} if {{ hdr(host) -i host{i}.example.com }}");
    });
    (0..backends).for_each(|i| {
        let _ = writeln!(
            text,
            "backend be_{i}\n    balance roundrobin\n    option httpchk GET /health\n    acl is_static path_beg /static/{i}\n    http-request deny if is_static !{{ src 10.0.0.0/8 }}\n    http-request set-header X-Backend be_{i}\n    timeout server 20s\n    server s0 10.0.{0}.{1}:80 check inter 2s\n    server s1 10.1.{0}.{1}:80 check inter 2s",
            i >> 8,
            i & 255
        );
    });
    text
}

fn servers() -> String {
    let server = |i: usize| format!("    server s{i} 10.0.{}.{}:80 check inter 2s weight 10 # server {i}\n", i >> 8 & 255, i & 255);
    format!("{HEAD}backend be_0\n    balance roundrobin\n{}", (0..LINES).map(server).collect::<String>())
}

fn acl() -> String {
    let third = || 0..LINES / 3;
    let declared = third().map(|i| format!("    acl is_host_{i} hdr(host) -i host{i}.example.com www.host{i}.example.com\n"));
    let routed = third().map(|i| format!("    http-request set-header X-Route-{} r{i} if is_host_{i}\n", i % 50));
    let used = third().map(|i| format!("    use_backend be_0 if is_host_{i}\n"));
    let lines: String = declared.chain(routed).chain(used).collect();
    format!("{HEAD}{lines}backend be_0\n    server s1 10.0.0.1:80\n")
}

/// Every other line is wrong.
fn faults() -> String {
    let line = |i| format!("    server s{i} 10.0.0.1:80 chekc\n    timeout sever {i}s\n");
    format!("{HEAD}backend be_0\n{}", (0..LINES / 4).map(line).collect::<String>())
}

/// Every third line is a condition that nothing answers: what follows from one is asked for each of the others. There is a world for
/// each, so a hundred take as long as a large file.
fn conditions() -> String {
    let server = |i| format!("    .if defined(S{i})\n    server s{i} 10.0.0.1:80\n    .endif\n");
    format!("{HEAD}backend be_0\n{}", (0..LINES / 100).map(server).collect::<String>())
}

/// Counts, and compares with what is known or, with `write`, writes it.
pub(crate) fn run(program: &str, write: bool) -> ExitCode {
    match count(Path::new(program), write) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn count(program: &Path, write: bool) -> Result<bool, String> {
    let known = if write { String::new() } else { fs::read_to_string(KNOWN).map_err(|e| format!("{KNOWN}: {e}"))? };
    let folder = PathBuf::from("target/count");
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let (mut table, mut good) = (String::new(), true);
    for (name, input) in INPUTS {
        let file = folder.join(format!("{name}.cfg"));
        fs::write(&file, input()).map_err(|e| format!("{}: {e}", file.display()))?;
        let counted = instructions(program, &file)?;
        let _ = writeln!(table, "{name}\t{counted}");
        let before = known.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok());
        let far = before.is_some_and(|before| counted > before + before * LIMIT / 100);
        good &= !far && (write || before.is_some());
        let told =
            before.map_or_else(String::new, |before| format!("  ({:+.1} % of {before})", 100.0 * (counted as f64 / before as f64 - 1.0)));
        println!("{name:10} {counted:>12} instructions{told}{}", if far { "  too many" } else { "" });
    }
    if write {
        fs::write(KNOWN, table).map_err(|e| format!("{KNOWN}: {e}"))?;
    }
    Ok(good)
}

/// How many instructions a check of the file takes.
fn instructions(program: &Path, file: &Path) -> Result<u64, String> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program).args(["check", "--no-config", "--quiet"]).arg(file);
    let output = valgrind.output().map_err(|e| format!("valgrind cannot be run ({e}): `apt-get install valgrind`"))?;
    let told = String::from_utf8_lossy(&output.stderr);
    let counted = told.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    counted.ok_or_else(|| format!("valgrind counted nothing for {}: {told}", file.display()))
}
