//! When something goes wrong: which stream says so, in which words, and what is still done.

mod place;

use std::{
    fs,
    io::Read,
    process::{Command, Stdio},
};

use place::{Place, err, out, status};
use serde_json::Value;

const GOOD: &str = "defaults\n    timeout connect 5s\n    timeout client 9s\n    timeout server 9s\nfrontend web\n    bind :80\n    default_backend app\nbackend app\n    server a 10.0.0.1:80\n";
const BAD: &str = "frontend web\n    bind :80\n    default_backend nope\n    timeout client 9s\n";

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

/// Freezes what a person sees on standard error.
fn frozen(name: &str, place: &Place, arguments: &[&str]) {
    let output = place.command(arguments).envs([("COLUMNS", "80"), ("LC_ALL", "C"), ("NO_COLOR", "1")]).output().unwrap();
    assert_eq!((status(&output), out(&output).as_str()), (2, ""));
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, err(&output));
    });
}

#[test]
fn errors_say_what_to_do() {
    let place = Place::with(&[("bad.cfg", BAD)]);
    frozen("error__no_such_file", &place, &["nope.cfg"]);
    frozen("error__unknown_rule", &place, &["--ignore", "refrence/unknown-backend", "bad.cfg"]);
    frozen("error__version", &place, &["--target", "1.8", "bad.cfg"]);
    frozen("error__two_formats", &place, &["--format", "json", "--format", "short", "bad.cfg"]);
    frozen("error__format_without_file", &place, &["--format", "json=", "bad.cfg"]);
    frozen("error__explain", &place, &["explain", "peers/local-name-mising"]);
    frozen("error__parse_directory", &place, &["parse", "."]);
}

#[test]
fn settings_name_the_place_of_a_bad_value() {
    for (name, text) in [
        ("key", "[[config]]\nfiles = [\"a.cfg\"]\nlocalname = \"a\"\n"),
        ("value", "ignore = [\n  \"syntax\",\n  \"refrence\",\n]\n"),
        ("rule", "[severity]\nrefrence = \"info\"\n"),
        ("severity", "[severity]\n\"peers\" = \"bad\"\n"),
        ("type", "env-closed = \"yes\"\n"),
        ("no_files", "[[config]]\ntarget = \"2.8\"\n"),
        ("version", "target = \"1.8\"\n"),
        ("toml", "target = \n"),
    ] {
        let place = Place::with(&[("bad.cfg", BAD), ("haproxy-lint.toml", text)]);
        assert_eq!(status(&place.run(&["bad.cfg", "--no-config"])), 1);
        frozen(&format!("error__settings_{name}"), &place, &["bad.cfg"]);
    }
}

#[test]
fn json_that_was_asked_for_is_always_json() {
    let place = Place::with(&[("bad.cfg", BAD), ("haproxy-lint.toml", "tarjet = 1\n")]);
    for arguments in [
        vec!["bad.cfg"],
        vec!["--no-config", "nope.cfg"],
        vec!["--no-config", "--ignore", "nope", "bad.cfg"],
        vec!["--no-config", "--env-file", "nope", "bad.cfg"],
    ] {
        let output = place.run(&[&arguments[..], &["--format", "json"]].concat());
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert_eq!(json(&output.stdout)["summary"]["files"], 0, "{arguments:?}");
    }
    let output = place.run(&["--no-config", "bad.cfg", "--format", "json=no/such/folder", "--format", "json"]);
    assert_eq!((status(&output), &json(&output.stdout)["summary"]["errors"]), (2, &1.into()));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = Place::with(&[("bad.cfg", BAD)]);
    let program = assert_cmd::cargo::cargo_bin("haproxy-lint");
    for (arguments, expected) in
        [(["bad.cfg", "--format", "json"], 1), (["rules", "--format", "json"], 0), (["parse", "bad.cfg", "--emit=tree"], 0)]
    {
        let mut command = Command::new(&program);
        let mut child = command.args(arguments).current_dir(place.path()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut words = String::new();
        child.stderr.take().unwrap().read_to_string(&mut words).unwrap();
        assert_eq!((child.wait().unwrap().code(), words.as_str()), (Some(expected), ""), "{arguments:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn streams_that_take_nothing_do_not_bring_it_down() {
    let place = Place::with(&[("bad.cfg", BAD)]);
    let full = || Stdio::from(fs::File::options().write(true).open("/dev/full").unwrap());
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("haproxy-lint"));
    let child = command.arg("nope.cfg").current_dir(place.path()).stderr(full()).output().unwrap();
    assert_eq!(child.status.code(), Some(2));
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("haproxy-lint"));
    let child = command.arg("bad.cfg").current_dir(place.path()).stdout(full()).output().unwrap();
    assert_eq!(child.status.code(), Some(2));
    assert!(err(&child).contains("cannot write `standard output`"), "{}", err(&child));
}

#[test]
fn a_set_that_cannot_be_read_is_told_once_and_its_files_are_not_judged_alone() {
    let settings = "[[config]]\nfiles = [\"conf.d\", \"missing.cfg\"]\n";
    let place = Place::with(&[("haproxy-lint.toml", settings), ("conf.d/a.cfg", BAD), ("conf.d/b.cfg", BAD), ("other.cfg", BAD)]);
    let output = place.run(&["conf.d", "other.cfg", "--format", "short"]);
    assert_eq!(status(&output), 2);
    assert_eq!(err(&output).matches("missing.cfg").count(), 1, "{}", err(&output));
    assert!(out(&output).lines().all(|l| l.starts_with("other.cfg:")), "{}", out(&output));
}

#[test]
fn paths_keep_the_name_they_were_given() {
    let settings = "[[config]]\nfiles = [\"conf.d\"]\n";
    let place = Place::with(&[("haproxy-lint.toml", settings), ("conf.d/a.cfg", BAD), ("conf.d/b.cfg", GOOD), ("deep/x", "")]);
    let absolute = place.path().join("conf.d/a.cfg");
    for given in ["conf.d/a.cfg", "./conf.d/a.cfg", "../conf.d/a.cfg", absolute.to_str().unwrap()] {
        let mut command = place.command(&[given, "--format", "json"]);
        if given.starts_with("..") {
            command.current_dir(place.path().join("deep"));
        }
        let report = json(&command.output().unwrap().stdout);
        assert_eq!(report["findings"][0]["file"], given);
    }
    let twice = place.run(&["conf.d/a.cfg", "conf.d", "./conf.d/a.cfg", "--format", "json"]);
    let once = place.run(&["conf.d", "--format", "json"]);
    assert_eq!(json(&twice.stdout)["findings"], json(&once.stdout)["findings"]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_name_that_is_not_utf8_is_a_name() {
    use std::os::unix::ffi::OsStrExt;
    let place = Place::with(&[("haproxy-lint.toml", "[[config]]\nfiles = [\"conf.d\"]\n"), ("conf.d/b.cfg", GOOD)]);
    let name = std::ffi::OsStr::from_bytes(b"conf.d/\xFF.cfg");
    fs::write(place.path().join(name), BAD).unwrap();
    assert_eq!(status(&place.command(&["--format", "json"]).arg(name).output().unwrap()), 1);
}

#[test]
fn only_cargo_names_the_subcommand() {
    let place = Place::with(&[("haproxy-lint/bad.cfg", BAD)]);
    let mut plain = assert_cmd::Command::cargo_bin("haproxy-lint").unwrap();
    let output = plain.current_dir(place.path()).args(["haproxy-lint", "--format", "short"]).output().unwrap();
    assert!(out(&output).starts_with("haproxy-lint/bad.cfg:3:21:"), "{}", out(&output));
    let mut plain = assert_cmd::Command::cargo_bin("haproxy-lint").unwrap();
    assert!(out(&plain.arg("--help").output().unwrap()).contains("Usage: haproxy-lint"));
    assert!(out(&place.run(&["haproxy-lint", "--help"])).contains("Usage: cargo haproxy-lint"));
}

#[test]
fn secrets_of_an_environment_file_are_not_shown() {
    let place = Place::with(&[("bad.cfg", BAD), ("a.env", "A=1\nhunter2\n"), ("b.env", "=hunter2\n")]);
    for (file, line) in [("a.env", "line 2"), ("b.env", "line 1")] {
        let output = place.run(&["bad.cfg", "--env-file", file]);
        assert_eq!(status(&output), 2);
        assert!(err(&output).contains(line) && !err(&output).contains("hunter2"), "{}", err(&output));
    }
}

#[test]
fn colour_is_where_it_is_wanted() {
    let place = Place::with(&[("bad.cfg", BAD)]);
    let colored = |arguments: &[&str], no_color: &str| {
        let output = place.command(arguments).env("NO_COLOR", no_color).output().unwrap();
        (output.stdout.contains(&0x1B), output.stderr.contains(&0x1B))
    };
    assert_eq!(colored(&["bad.cfg", "nope.cfg"], "1"), (false, false));
    assert_eq!(colored(&["bad.cfg", "nope.cfg", "--color", "never"], ""), (false, false));
    assert_eq!(colored(&["bad.cfg", "nope.cfg", "--color", "always"], "1"), (true, true));
    let help = |columns: &str| {
        let output = place.command(&["bad.cfg"]).env("COLUMNS", columns).output().unwrap();
        out(&output).lines().find(|l| l.contains("help:")).map_or(0, |l| l.chars().count())
    };
    assert!(help("50") <= 50, "wrapped");
    assert!(help("0") > 50 && help("0") == help("80") && help("wide") == help("80"), "80 columns where nobody knows");
}

/// A chain that is walked, or dropped, by recursion ends the process.
#[test]
fn defaults_may_inherit_from_each_other_any_number_of_times() {
    let mut text = "defaults d0\n    mode http\n    timeout client 1s\n".to_owned();
    (1..50_000).for_each(|at| text += &format!("defaults d{at} from d{}\n", at - 1));
    text += "frontend web from d49999\n    bind :80\n    default_backend nobody\n";
    let place = Place::with(&[("chain.cfg", &text)]);
    let output = place.run(&["chain.cfg", "--select", "reference/unknown-backend,reliability/missing-timeouts", "--format", "short"]);
    assert_eq!(status(&output), 1);
    assert_eq!(out(&output).lines().count(), 1, "{}", out(&output));
}
