//! Small configurations that `haproxy -c` itself is asked about, where it is installed: the lines that it refuses or
//! prints alerts for are the lines that the rules name.

use std::{collections::BTreeSet, ffi::OsString, path::Path, process::Command};

use haproxy_lint::{
    check::{Options, check},
    finding::Verdict,
    source::Sources,
    syntax::Environment,
    version::Version,
};

/// A frontend that any HAProxy takes.
const FRONTEND: &str = "frontend f\n mode http\n bind 127.0.0.1:18080\n timeout client 1s\n";

/// Texts that the frontend is put behind; `␀`, `␍` and `␢` stand for NUL, carriage return and byte order mark.
const BEFORE: &[&str] = &[
    "global\n \"\" foo\n",
    "\"\" foo\n",
    "no foo\n",
    "global\n no\n default\n no no option\n",
    "global\n default busy-polling\n default strict-limits\n",
    "␢# hello\n",
    "␢#hello\n",
    "␢\n",
    "␢.if 1\n.endif\n",
    "global␍ maxconn 10\n",
    "global\n␍␍␍\n maxconn ␍ 10\n",
    "global\n maxconn \"1␍0\"\n",
    "global\n # a␀b\n maxconn 10\n",
    "[ a ]\n",
    "[a] # x\n",
    "[a]#x\n",
    "[a]  \n",
    "[]\n",
    "[a b]\n",
    "[\n",
    "[a]b\n",
    "[a\n",
    "[]x\n",
    "[\"a\"]\n",
    "[a/b]\n",
    ".notice\n.notice a b c\n.notice a \"\"\n.diag x\n.foo\n.bar\n",
    ".if \"\"\n.endif\n",
    ".if 1\n.elif foo(\n.endif\n",
    ".if 0\n.if foo(\n.elif foo(\n.else x\n.endif x\n.endif\n",
    ".else x\n",
    ".endif x\n",
    ".elif 1\n",
    ".if 1\n",
    ".if 1\n.if 1\n",
    ".if 0\n \"abc\n.endif\n",
    ".if 0\n.alert x\n.foo\n.endif\n",
    ".if 1\n.else\n.else\n.endif\n",
    ".if 0\n.if 1\n.else\n.else\n.endif\n.endif\n",
    ".alert stop\n",
    ".warning hi\n",
    "defaults d\nbackend b from d x\n mode http\n",
    "frontend a from\n mode http\n",
    "listen l :80\n mode http\n http-request foo\n no option httpclose\n bind :90\n",
    "frontend l *:80 transparent\n mode http\n",
    "backend b x\n http-request foo\n server a 1.2.3.4:80\n",
    "defaults d1 from\n mode http\n",
    "defaults from\n mode http\n",
    "defaults a/b\nbackend b from a/b\ndefaults\n",
    "frontend \"a b\"\n mode http\n bind :90\n",
    "Backend b\n mode http\n",
    "global\n description \"\\x4\" \\x\n",
    "global\n description \"a$\" \"$\"\n",
    "global\n description \"${A\" \"b}\"\n",
    "global\n description \"${A\" x} \"b\"\n",
    "global\n description \"${.FOO}\" x\n description \"$.LINE\"\n",
    "global x\n",
    "traces x\n",
    "global\n cpu-map auto:1/1-4 0-3\n cpu-map auto:1/1-4 0-2\n cpu-map auto:1/1-4 0 1 2 3\n cpu-map auto:1-2/1 3 1\n",
    "global\n cpu-map auto:1 0-3\n cpu-map auto:odd/2- 0-62\n cpu-map auto:all/4-1 0,2-4\n cpu-map auto:3/1-4 0-1,3,5\n",
    "frontend l\n mode http\n bind :90 mss 65535\n bind :91 mss 65536\n bind :92 mss -65536\n bind :93 mss -1\n",
];

/// Texts of which HAProxy finds out after reading, without naming a line.
const WHOLE: &[&str] = &[
    "backend b\n server a 1.2.3.4:80 check check-proto h2\n",
    "backend b\n server a 1.2.3.4:80 check-proto h2\n",
    "backend b\n option httpchk\n server a 1.2.3.4:80 check check-proto h2\n",
    "backend b\n option httpchk\n server a 1.2.3.4:80 check check-proto none\n",
    "backend b\n option httpchk\n option tcp-check\n server a 1.2.3.4:80 check check-proto fcgi\n",
    "backend b\n default-server check-proto h2\n server a 1.2.3.4:80 check\n",
    "mailers m\n mailer a 1.2.3.4:25\nbackend b\n email-alert mailers x\n email-alert from a@b\n email-alert to a@b\n",
    "mailers m\n mailer a 1.2.3.4:25\nbackend b\n email-alert mailers x\n email-alert mailers m\n email-alert from a@b\n email-alert to a@b\n",
    "defaults\n email-alert from a@b\n email-alert to a@b\nbackend b\n email-alert mailers x\n",
];

/// Headers that are tried without a name, with an empty one, with one that cannot be, and with a word too many.
const SECTIONS: &[&str] =
    &["frontend", "backend", "listen", "peers", "resolvers", "mailers", "userlist", "http-errors", "ring", "log-forward"];

fn texts() -> Vec<String> {
    let mut texts: Vec<String> = BEFORE.iter().map(|before| format!("{before}{FRONTEND}")).collect();
    for section in SECTIONS {
        texts.extend(["", "\"\"", "a/b", "aéb", "a b"].map(|name| format!("{section} {name}\n{FRONTEND}")));
    }
    texts.extend(["global\n   ", "global\n maxconn 10␀\n", "global\n maxconn 10␀"].map(str::to_owned));
    let words: Vec<String> = (0..63).map(|n| n.to_string()).collect();
    texts.extend(["", " ", "# c", " # c", "␍", " ␍"].map(|end| format!("global\n description {}{end}\n{FRONTEND}", words.join(" "))));
    texts.into_iter().map(|text| text.replace('␀', "\0").replace('␍', "\r").replace('␢', "\u{FEFF}")).collect()
}

/// `haproxy` of the search path and the one that `HAPROXY_2_8` names, where these configurations were held against them.
fn installed() -> Vec<(OsString, Version)> {
    let candidates = [Some("haproxy".into()), std::env::var_os("HAPROXY_2_8")];
    let versions = candidates.into_iter().flatten().filter_map(|program| version(&program).map(|version| (program, version)));
    versions.filter(|(_, v)| [Version::new(2, 6, 12), Version::new(2, 8, 25)].contains(v)).collect()
}

fn version(program: &OsString) -> Option<Version> {
    let output = Command::new(program).arg("-v").output().ok()?;
    String::from_utf8_lossy(&output.stdout).split_whitespace().nth(2)?.parse().ok()
}

/// Whether HAProxy refuses the file, and the lines it prints alerts for.
fn ask(program: &OsString, path: &Path) -> (bool, BTreeSet<usize>) {
    let search = std::env::var_os("PATH").map(|path| ("PATH", path));
    let output = Command::new(program).arg("-c").arg("-f").arg(path).env_clear().envs(search).output().expect("haproxy runs");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines = text.lines().filter(|l| l.starts_with("[ALERT]"));
    let lines = lines.filter_map(|l| l.split_once("live.cfg:")?.1.split(']').next()?.parse().ok()).collect();
    (!matches!(output.status.code(), Some(0 | 2)), lines)
}

/// The same of ours.
fn check_it(text: &str, version: Version) -> (bool, BTreeSet<usize>) {
    let options = Options { target: Some(version), environment: Environment::default().closed(), ..Options::default() };
    let sources = Sources::single("live.cfg", text);
    let found = check(&sources, &options).findings;
    let loud = found.iter().filter(|f| matches!(f.haproxy, Some(Verdict::Reject | Verdict::Alert)));
    let lines = loud.filter_map(|f| f.location).map(|l| sources.file(l.file).line_of(l.span.start) + 1).collect();
    (found.iter().any(|f| f.haproxy == Some(Verdict::Reject)), lines)
}

#[test]
fn haproxy_says_the_same_of_the_same_lines() {
    let folder = tempfile::tempdir().expect("a folder for the files");
    let path = folder.path().join("live.cfg");
    let installed = installed();
    if installed.is_empty() {
        println!("skipped: no haproxy 2.6.12 or 2.8.25 is installed");
    }
    let mut wrong = Vec::new();
    for (program, version) in installed {
        let whole = WHOLE.iter().map(|text| (format!("{text}{FRONTEND}"), false));
        for (text, lines) in texts().into_iter().map(|text| (text, true)).chain(whole) {
            std::fs::write(&path, &text).expect("the file can be written");
            let (theirs, ours) = (ask(&program, &path), check_it(&text, version));
            if theirs.0 != ours.0 || lines && theirs.1 != ours.1 {
                let text = text.strip_suffix(FRONTEND).unwrap_or(&text);
                wrong.push(format!("HAProxy {version} {theirs:?}, we {ours:?}: {text:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
