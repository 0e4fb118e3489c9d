//! Real HAProxy is the judge: what the rules' examples claim is what `haproxy -c` 2.6 and 2.8 say.
//!
//! `haproxy` of the search path and the one that `HAPROXY_2_8` names are asked; one that is missing is skipped, under
//! `CI` both must be there.

use std::{
    ffi::OsString,
    fs,
    process::{Command, Output},
};

use super::{
    cores::on_all_cores,
    examples::{Example, examples},
};
use haproxy_lint::{
    check::{Options, check},
    finding::Verdict,
    rules::RULES,
    source::Sources,
    syntax::Lookup,
    version::Version,
};

/// A HAProxy on this machine.
struct Judge {
    program: OsString,
    version: Version,
}

fn judges() -> Vec<Judge> {
    let candidates = [Some("haproxy".into()), std::env::var_os("HAPROXY_2_8")];
    let judges: Vec<Judge> = candidates.into_iter().flatten().filter_map(judge).collect();
    assert!(judges.len() == 2 || std::env::var_os("CI").is_none(), "CI needs HAProxy 2.6 and 2.8");
    if judges.is_empty() {
        println!("skipped: there is no haproxy on this machine");
    }
    judges
}

fn judge(program: OsString) -> Option<Judge> {
    let output = Command::new(&program).arg("-v").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.split_whitespace().nth(2)?.parse().ok()?;
    Some(Judge { program, version })
}

impl Judge {
    /// What it says of a configuration, in an environment that holds nothing but what the example names.
    fn ask(&self, example: &Example, names: &[String]) -> Output {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("haproxy.cfg");
        fs::write(&path, &example.text).unwrap();
        let mut command = Command::new(&self.program);
        command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path))).args(["-c", "-f"]).arg(&path);
        command.args(["-L", example.options.local_name.as_deref().unwrap_or("nobody")]);
        for name in names {
            if let Lookup::Set(value) = example.options.environment.get(name) {
                command.env(name, value);
            }
        }
        command.output().unwrap()
    }
}

/// The words of a text that may be the names of variables.
fn names(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// What a machine may lack: names that only its resolver knows, files.
fn depends_on_machine(output: &str) -> bool {
    let signs =
        ["could not resolve address", "invalid address: '", "unable to stat", "cannot open the file", "Cannot open", "no SSL", "crt"];
    signs.iter().any(|sign| output.contains(sign))
}

#[test]
fn the_examples_of_the_rules_are_judged_as_they_claim() {
    let mut wrong = Vec::new();
    for judge in judges() {
        let asked = on_all_cores(RULES, |rule| {
            let (mut asked, mut wrong) = (0, Vec::new());
            for example in examples(rule) {
                let other = example.options.target.is_some_and(|t| (t.major, t.minor) != (judge.version.major, judge.version.minor));
                if other || example.topology || example.runtime || example.options.fragment_of.is_some() {
                    continue;
                }
                let environment = example.options.environment.clone().closed();
                let options = Options { target: Some(judge.version), environment, ..example.options.clone() };
                let report = check(&Sources::single("haproxy.cfg", example.text.clone()), &options);
                let claimed = report.findings.iter().any(|f| f.haproxy == Some(Verdict::Reject));
                let output = judge.ask(&example, &names(&example.text));
                let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
                let refused = !matches!(output.status.code(), Some(0 | 2));
                asked += 1;
                // An error of our own that claims nothing leaves it open.
                let open = example.bad && !claimed;
                if claimed != refused && !open && !depends_on_machine(&said) {
                    let kind = if example.bad { "bad" } else { "good" };
                    wrong.push(format!("{} {kind}, HAProxy {}: claimed {claimed}\n{said}", rule.name, judge.version));
                }
            }
            (asked, wrong)
        });
        println!("{} examples asked of HAProxy {}", asked.iter().map(|(asked, _)| asked).sum::<usize>(), judge.version);
        wrong.extend(asked.into_iter().flat_map(|(_, wrong)| wrong));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
