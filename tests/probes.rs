//! Single lines with arguments that come from no catalog, as real HAProxy took them. They were recorded many to a file, where one is
//! refused for an earlier one of its keyword, or taken for it: where we differ from the record, HAProxy is asked about the line alone.
//!
//! It needs `haproxy` 2.6 or 2.8 (`HAPROXY_2_8`), and says so where there is none; `HAPROXY_OTHERS` names more, as `PATH` does folders.

mod common;
#[path = "common/cores.rs"]
mod cores;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use haproxy_lint::{
    check::{Options, check},
    finding::Verdict,
    source::Sources,
    syntax::Environment,
};
use serde_json::Value;

/// Words about which the machine decides, and by what.
const MACHINE: [(&str, &str); 9] = [
    ("bind group", "the groups of users"),
    ("bind namespace", "the network namespaces"),
    ("bind ssl crt-list", "a file"),
    ("issuers-chain-path", "a folder"),
    ("lua-load", "a file"),
    ("server source", "what a name resolves to"),
    ("ssl-propquery", "what the providers of OpenSSL call themselves"),
    ("ssl-provider", "the providers of OpenSSL"),
    ("thread-groups", "the processors"),
];

/// A binary, and the version that it says it is.
struct Haproxy {
    program: PathBuf,
    version: String,
}

impl Haproxy {
    fn new(program: PathBuf) -> Option<Self> {
        let said = Command::new(&program).arg("-v").output().ok()?;
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let version = said.split("version ").nth(1)?.split([' ', '~', '+']).next()?;
        // What follows the number says where it was built, but for what is no release.
        let end = version.find('-').filter(|at| !version[*at..].starts_with("-dev")).unwrap_or(version.len());
        let version = version[..end].split('-').take(2).collect::<Vec<_>>().join("-");
        Some(Self { program, version })
    }

    /// Whether it refuses a configuration, in a folder where nothing else is.
    fn refuses(&self, folder: &Path, number: usize, text: &str) -> bool {
        let file = folder.join(format!("{number}.cfg"));
        fs::write(&file, text).expect("the folder can be written");
        let output = Command::new(&self.program).args(["-c", "-f"]).arg(&file).current_dir(folder).output().expect("haproxy runs");
        // 2: nothing is wrong, and nothing listens.
        !matches!(output.status.code(), Some(0 | 2))
    }
}

fn is_refused(text: &str, version: &str) -> bool {
    let environment = Environment::default().closed();
    let options = Options { target: version.parse().ok(), environment, ..Options::default() };
    check(&Sources::single("haproxy.cfg", text.to_owned()), &options).findings.iter().any(|f| f.haproxy == Some(Verdict::Reject))
}

/// The recorded lines of a version: the word each is about, its configuration, and whether it was refused.
fn lines(shared: &Path, haproxy: &Haproxy) -> Vec<(String, String, bool)> {
    let branch = haproxy.version.split('.').take(2).collect::<Vec<_>>().join(".");
    let branch = branch.split('-').next().unwrap_or_default();
    let text = fs::read_to_string(shared.join(format!("probes/probes-{branch}.jsonl"))).unwrap_or_default();
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"));
    let of = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let judged = rows.filter(|row| row["env"] != true && matches!(row["verdict"].as_str(), Some("ok" | "reject")));
    judged.map(|row| (of(&row, "word"), format!("{} {}\n", of(&row, "head"), of(&row, "line")), row["verdict"] == "reject")).collect()
}

#[test]
fn a_line_alone_is_taken_as_haproxy_takes_it() {
    let Some(shared) = common::shared("a_line_alone_is_taken_as_haproxy_takes_it") else { return };
    let others = std::env::var_os("HAPROXY_OTHERS").map(|paths| std::env::split_paths(&paths).collect::<Vec<_>>()).unwrap_or_default();
    let programs = [Some("haproxy".into()), std::env::var_os("HAPROXY_2_8").map(PathBuf::from)].into_iter().flatten().chain(others);
    let asked: Vec<Haproxy> = programs.filter_map(Haproxy::new).collect();
    if asked.is_empty() {
        assert!(std::env::var_os("CI").is_none(), "CI needs haproxy");
        println!("skipped: there is no haproxy");
    }
    let (mut wrong, mut judged) = (Vec::new(), 0);
    for haproxy in &asked {
        let lines = lines(&shared, haproxy);
        if lines.is_empty() {
            println!("skipped {}: nothing is recorded of it", haproxy.version);
        }
        judged += lines.len();
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let numbered: Vec<(usize, &(String, String, bool))> = lines.iter().enumerate().collect();
        let differ = cores::on_all_cores(&numbered, |(number, (word, text, recorded))| {
            let ours = is_refused(text, &haproxy.version);
            (ours != *recorded).then(|| (word.as_str(), text.as_str(), ours, haproxy.refuses(folder.path(), *number, text)))
        });
        let differ: Vec<_> = differ.into_iter().flatten().collect();
        let (left, alone): (Vec<_>, Vec<_>) = differ.into_iter().partition(|(_, _, ours, theirs)| ours != theirs);
        let mut by_machine: BTreeMap<&str, usize> = BTreeMap::new();
        for (word, text, ours, _) in &left {
            // What HAProxy takes is refused by nobody, whatever the machine.
            match MACHINE.iter().find(|(known, _)| known == word && !ours) {
                Some((_, by)) => *by_machine.entry(by).or_default() += 1,
                None => wrong.push(format!("{}: {text:?} is refused: {}, and by us: {ours}", haproxy.version, !ours)),
            }
        }
        println!(
            "{}: {} lines, {} of them otherwise alone; {} by the machine: {by_machine:?}",
            haproxy.version,
            lines.len(),
            alone.len(),
            left.len()
        );
    }
    assert!(judged > 8_000 || std::env::var_os("CI").is_none(), "CI needs the lines of 2.6 and 2.8, and here are {judged}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
