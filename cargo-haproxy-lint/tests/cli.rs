//! The built program as people and CI run it: exit status, streams, options, settings.

mod place;

use std::{fs, path::Path, process::Output};

use assert_cmd::Command;
use place::{Place, err, out, status};

const GOOD: &str = "defaults\n    timeout connect 5s\n    timeout client 9s\n    timeout server 9s\nfrontend web\n    bind :80\n    default_backend app\nbackend app\n    server a 10.0.0.1:80\n";
const BAD: &str = "frontend web\n    bind :80\n    default_backend nope\n    timeout client 9s\n";

/// The lines of `--format short`, without their help.
fn short(output: &Output) -> Vec<String> {
    out(output).lines().map(|l| l.split("; help").next().unwrap_or(l).to_owned()).collect()
}

#[test]
fn the_exit_status_tells_what_was_found() {
    let place = Place::with(&[("good.cfg", GOOD), ("bad.cfg", BAD)]);
    assert_eq!(status(&place.run(&["good.cfg"])), 0);
    assert_eq!(status(&place.run(&["bad.cfg"])), 1);
    assert_eq!(status(&place.run(&["bad.cfg", "--exit-zero"])), 0);
    assert_eq!(status(&place.run(&["bad.cfg", "--ignore", "reference"])), 0);
    assert_eq!(status(&place.run(&["bad.cfg", "--severity", "reference/unknown-backend=warning"])), 0);
    assert_eq!(status(&place.run(&["bad.cfg", "--severity", "reference=warning", "--fail-on", "warning"])), 1);
    assert_eq!(status(&place.run(&["bad.cfg", "--select", "peers,table"])), 0);
    assert_eq!(status(&place.run(&["nope.cfg"])), 2);
}

#[test]
fn cargo_and_both_names_start_the_same_program() {
    let place = Place::with(&[("bad.cfg", BAD)]);
    let direct = place.run(&["check", "bad.cfg", "--format", "short"]);
    let by_cargo = place.run(&["haproxy-lint", "bad.cfg", "--format", "short"]);
    let mut plain = Command::cargo_bin("haproxy-lint").unwrap();
    let plain = plain.current_dir(place.path()).args(["bad.cfg", "--format", "short"]).output().unwrap();
    assert_eq!(short(&direct), ["bad.cfg:3:21: error[reference/unknown-backend]: no backend is named `nope`"]);
    assert_eq!((out(&direct), out(&direct)), (out(&by_cargo), out(&plain)));
}

#[cfg(unix)]
#[test]
fn one_file_does_for_both_names() {
    let place = Place::with(&[("bad.cfg", BAD), ("bin/none", "")]);
    for (program, name) in [("cargo-haproxy-lint", "haproxy-lint"), ("haproxy-lint", "cargo-haproxy-lint")] {
        let link = place.path().join("bin").join(name);
        std::os::unix::fs::symlink(assert_cmd::cargo::cargo_bin(program), &link).unwrap();
        let run = |arguments: &[&str]| Command::new(&link).current_dir(place.path()).args(arguments).output().unwrap();
        let by_cargo = name == "cargo-haproxy-lint";
        let called = if by_cargo { "`cargo haproxy-lint rules`" } else { "`haproxy-lint rules`" };
        assert!(err(&run(&["explain", "qqqqqqqqq"])).contains(called), "{name}");
        // Only cargo says the name of its subcommand first.
        assert_eq!(status(&run(&["haproxy-lint", "bad.cfg"])), if by_cargo { 1 } else { 2 }, "{name}");
    }
}

#[test]
fn one_file_that_cannot_be_read_does_not_stop_the_others() {
    let place = Place::with(&[("bad.cfg", BAD)]);
    let output = place.run(&["nope.cfg", "bad.cfg", "--format", "json"]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("cannot read `nope.cfg`: there is no such file or directory"), "{}", err(&output));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["findings"].as_array().unwrap().len(), 1);
    let nothing = place.run(&["nope.cfg", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&nothing.stdout).unwrap();
    assert_eq!(json["summary"]["files"], 0);
}

#[test]
fn mistakes_in_options_come_with_help() {
    let place = Place::with(&[("bad.cfg", BAD)]);
    for (arguments, words) in [
        (vec!["--target", "1.8"], vec!["`1.8` is not a HAProxy version", "X.Y.Z or `latest`, from 2.4 to 3.4, or 3.5 as a preview"]),
        (vec!["--select", "refrence"], vec!["no rule or group `refrence`", "did you mean `reference`?"]),
        (vec!["--as", "fronted"], vec!["did you mean `frontend`?"]),
        (vec!["--format", "xml"], vec!["the formats are checkstyle, classic, fancy, github"]),
        (vec!["--severity", "peers=bad"], vec!["error, warning and info"]),
        (vec!["--env", "X"], vec!["NAME=VALUE"]),
        (vec!["--env-file", "nope.env"], vec!["cannot read `nope.env`"]),
        (vec!["--nope"], vec!["unexpected argument '--nope'"]),
        (vec!["empty"], vec!["cannot read `empty`"]),
    ] {
        let output = place.run(&[&arguments[..], &["bad.cfg"]].concat());
        assert_eq!(status(&output), 2, "{arguments:?}");
        for word in words {
            let joined = err(&output).split_whitespace().filter(|w| !matches!(*w, "│" | "|")).collect::<Vec<_>>().join(" ");
            assert!(joined.contains(word), "{arguments:?}: {}", err(&output));
        }
    }
    let output = place.run(&["explain", "peers/local-name-mising"]);
    assert!(err(&output).contains("did you mean `peers/local-name-missing`?"), "{}", err(&output));
}

#[test]
fn files_given_with_f_are_one_configuration_in_haproxys_order() {
    let place = Place::with(&[
        ("parts/10.cfg", "frontend web\n    bind :80\n    default_backend app\n    timeout client 9s\n"),
        ("parts/20.cfg", "backend app\n    server a 10.0.0.1:80\n"),
        ("parts/.hidden.cfg", "nonsense\n"),
        ("parts/old.cfg.bak", "nonsense\n"),
    ]);
    assert_eq!(status(&place.run(&["-f", "parts"])), 0);
    let alone = place.run(&["parts/10.cfg", "--format", "short"]);
    assert_eq!(status(&alone), 1);
    let walked = place.run(&["parts", "--format", "short"]);
    assert!(out(&walked).starts_with("parts/10.cfg:3:21:"), "{}", out(&walked));
}

#[test]
fn standard_input_has_a_name() {
    let place = Place::with(&[]);
    let output = place.command(&["-", "--stdin-filename", "edited.cfg", "--format", "short"]).write_stdin(BAD).output().unwrap();
    assert_eq!(short(&output), ["edited.cfg:3:21: error[reference/unknown-backend]: no backend is named `nope`"]);
    let output = place.command(&["--format", "short", "-"]).write_stdin(BAD).output().unwrap();
    assert!(out(&output).starts_with("<stdin>:3:21:"));
}

#[test]
fn the_environment_decides_conditions() {
    let text = ".if streq(\"$STAGE\",production)\nfrontend web\n    bind :80\n    default_backend nope\n.endif\n";
    let place = Place::with(&[("a.cfg", text), ("prod.env", "# where we are\nexport STAGE=\"production\"\n")]);
    assert_eq!(status(&place.run(&["a.cfg"])), 0, "a warning where nobody knows");
    assert_eq!(status(&place.run(&["a.cfg", "--env", "STAGE=production"])), 1);
    assert_eq!(status(&place.run(&["a.cfg", "--env-file", "prod.env"])), 1);
    assert_eq!(status(&place.run(&["a.cfg", "--env", "STAGE=test", "--fail-on", "info"])), 0);
    let unknown = place.run(&["a.cfg", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&unknown.stdout).unwrap();
    assert_eq!(json["findings"][0]["severity"], "warning");
    assert!(json["findings"][0]["help"].as_str().unwrap().contains("`streq(${STAGE},production)` is true"));
}

#[test]
fn the_local_name_is_a_gate() {
    let peers = "peers pair\n    peer a 10.0.0.1:1024\n    peer b 10.0.0.2:1024\nbackend t\n    stick-table type ip size 1k expire 1m peers pair\n    server s 10.0.0.9:80\n";
    let place = Place::with(&[("a.cfg", peers)]);
    assert_eq!(status(&place.run(&["a.cfg", "--local-name", "a"])), 0);
    assert_eq!(status(&place.run(&["a.cfg", "--local-name", "c"])), 1);
    assert_eq!(status(&place.run(&["a.cfg"])), 0);
    assert_eq!(status(&place.run(&["a.cfg", "--require-local-peer"])), 1);
    let host = place.run(&["a.cfg", "--host", "--format", "short"]);
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    assert!(out(&host).contains(&format!("is named `{}`", name.trim())), "{}", out(&host));
}

#[test]
fn settings_are_found_upwards_and_sets_belong_together() {
    let settings = "target = \"2.8\"\nignore = [\"style\"]\n[[config]]\nfiles = [\"global.cfg\", \"conf.d\"]\n";
    let settings = settings.replace("ignore = [\"style\"]\n", "");
    let place = Place::with(&[
        ("haproxy-lint.toml", settings.as_str()),
        ("global.cfg", "global\n    maxconn 100\n"),
        ("conf.d/10.cfg", "frontend web\n    bind :80\n    default_backend app\n    timeout client 9s\n"),
        (
            "conf.d/20.cfg",
            "backend app\n    timeout connect 9s\n    timeout server 9s\n    server a 10.0.0.1:80\n    use-server b if TRUE\n",
        ),
    ]);
    let all = place.run(&["--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&all.stdout).unwrap();
    assert_eq!((&json["target"], &json["summary"]["files"]), (&"2.8.26".into(), &3.into()));
    assert_eq!(json["findings"][0]["file"], "conf.d/20.cfg");
    let mut below = place.command(&["10.cfg", "--format", "json"]);
    let one = below.current_dir(place.path().join("conf.d")).output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&one.stdout).unwrap();
    let found: Vec<_> = json["findings"].as_array().unwrap().iter().map(|f| (f["rule"].as_str(), f["severity"].as_str())).collect();
    let wrong = (Some("reference/unknown-server"), Some("error"));
    assert_eq!(found, [wrong], "the set knows the backend, and of its other files what fails it is shown");
    assert_eq!(status(&place.run(&["conf.d/10.cfg", "--no-config"])), 1);
}

#[test]
fn a_bad_settings_file_is_shown_at_the_bad_place() {
    let place = Place::with(&[("haproxy-lint.toml", "tarjet = \"2.8\"\n"), ("a.cfg", GOOD)]);
    let output = place.run(&["a.cfg"]);
    assert_eq!(status(&output), 2);
    let joined = err(&output).split_whitespace().filter(|w| !matches!(*w, "│" | "|")).collect::<Vec<_>>().join(" ");
    for word in ["unknown field `tarjet`", "did you mean `target`?", "haproxy-lint.toml:1:1"] {
        assert!(joined.contains(word), "{joined}");
    }
}

#[test]
fn formats_go_to_files_and_colour_only_to_terminals() {
    let place = Place::with(&[("bad.cfg", BAD)]);
    let output = place.run(&["bad.cfg", "--format", "short", "--format", "json=report.json"]);
    assert!(out(&output).starts_with("bad.cfg:3:21"));
    let json: serde_json::Value = serde_json::from_slice(&fs::read(place.path().join("report.json")).unwrap()).unwrap();
    assert_eq!(json["version"], 1);
    assert!(!out(&place.run(&["bad.cfg"])).contains('\u{1B}'));
    assert!(out(&place.run(&["bad.cfg", "--color", "always"])).contains('\u{1B}'));
    let unwritable = place.run(&["bad.cfg", "--format", "json=no/such/folder.json"]);
    assert_eq!(status(&unwritable), 2);
    assert!(err(&unwritable).contains("cannot write"));
}

#[test]
fn parse_shows_each_stage() {
    let place = Place::with(&[("a.cfg", "global\n\tmaxconn \"$MAX\" # many\r\n"), ("odd.cfg", "x\u{0}y\r\n\"z")]);
    for file in ["a.cfg", "odd.cfg"] {
        let text = place.run(&["parse", file, "--emit", "text"]);
        assert_eq!(text.stdout, fs::read(place.path().join(file)).unwrap());
        let tree = place.run(&["parse", file, "--emit", "tree", "--format", "json"]);
        let tokens: Vec<serde_json::Value> = serde_json::from_slice(&tree.stdout).unwrap();
        let mut at = 0;
        for token in tokens {
            assert_eq!(token["start"], at);
            at = token["end"].as_u64().unwrap();
        }
        assert_eq!(at, text.stdout.len() as u64);
    }
    let words = place.run(&["parse", "a.cfg", "--emit", "words", "--format", "json", "--env", "MAX=10"]);
    let json: serde_json::Value = serde_json::from_slice(&words.stdout).unwrap();
    assert_eq!(json[0]["content"][1]["words"][1]["value"], "10");
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("parse__words", out(&place.run(&["parse", "a.cfg", "--emit", "words"])));
        insta::assert_snapshot!("parse__tree", out(&place.run(&["parse", "a.cfg", "--emit", "tree"])));
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/haproxy.cfg");
        insta::assert_snapshot!("parse__model", out(&place.run(&["parse", example.to_str().unwrap(), "--emit", "model"])));
    });
}

#[test]
fn rules_are_listed_and_explained() {
    let place = Place::with(&[]);
    let list = out(&place.run(&["rules"]));
    assert!(list.lines().count() > 60 && list.contains("peers/local-name-missing"), "{list}");
    let json: Vec<serde_json::Value> = serde_json::from_slice(&place.run(&["rules", "--format", "json"]).stdout).unwrap();
    let rows: Vec<&str> = list.lines().filter(|line| line.starts_with("  ")).collect();
    assert_eq!(json.len(), rows.len());
    let row = |name: &str| rows.iter().find(|row| row.trim_start().starts_with(name)).unwrap().split_whitespace().collect::<Vec<_>>();
    assert_eq!(row("reference/unknown-backend ")[1..3], ["error", "fix"]);
    assert_eq!(row("style/unformatted ")[1..4], ["warning", "fix", "off"]);
    assert!(list.contains("\npeers: "), "{list}");
    let page = out(&place.run(&["explain", "peers/local-name-missing"]));
    assert!(page.starts_with("# peers/local-name-missing (error)\n\nNo peer of a `peers` section"), "{page}");
    assert_eq!(page, out(&place.run(&["explain", "local-name-missing"])));
    let of_target = place.run(&["explain", "http-request", "deny", "--target", "2.4"]);
    assert!(of_target.status.success() && out(&of_target).contains("http-request deny"), "{}", err(&of_target));
    assert_ne!(out(&of_target), out(&place.run(&["explain", "http-request deny"])));
}

#[test]
fn what_is_said_does_not_depend_on_how_many_threads_say_it() {
    let lines: String = (0..4_000).map(|i| format!("    server s{i} 10.0.0.1:80 chekc\n    timeout sever {i}s\n")).collect();
    let sections: String = (0..400).map(|i| format!("backend b{i}\n    mode http\n    balance none\n    use_backend b{i}\n")).collect();
    let place = Place::with(&[("large.cfg", &format!("backend app\n{lines}{sections}")), ("small.cfg", "backend app\n balance none\n")]);
    let said = |threads: &str| {
        let output = place.run(&["check", "--threads", threads, "--format", "json", "large.cfg", "small.cfg"]);
        assert_eq!(status(&output), 1, "{}", err(&output));
        out(&output)
    };
    let one = said("1");
    assert!(one.contains("unknown-option") && one == said("2") && one == said("7"));
    let none = place.run(&["check", "--threads", "0", "small.cfg"]);
    assert_eq!((status(&none), err(&none).contains("--threads")), (2, true), "{}", err(&none));
}
