//! What is asked of the machine, and only where it is asked for: a real HAProxy, files, users.
#![cfg(unix)]

mod place;

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use place::{Place, err, out, status};

/// A program that says of itself that it is a HAProxy, and prints what `says` does.
fn stand_in(place: &Place, says: &str) {
    let script = format!(
        "#!/bin/sh\nif [ \"$1\" = -vv ]; then echo 'HAProxy version 2.8.25-1 2024/01/01 - https://haproxy.org/'; echo 'Feature list : +OPENSSL'; exit 0; fi\n{says}\n"
    );
    let path = place.path().join("fake");
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

const BAD: &str = "frontend web\n    bind :80\n    foo\n    timeout client 9s\n";

#[test]
fn what_haproxy_says_goes_out_in_every_format() {
    let place = Place::with(&[("a b.cfg", BAD)]);
    let alert = "[ALERT]    (7) : config : parsing [a b.cfg:2] : cannot find a thing called 'x'.";
    stand_in(
        &place,
        &format!(
            "cat >&2 <<'END'\n[NOTICE]   (7) : haproxy version is 2.8.25\n{alert}\n[ALERT]    (7) : config : Fatal errors found in configuration.\nEND\nexit 1"
        ),
    );
    for (format, _) in haproxy_lint::report::Format::ALL {
        let output = place.run(&["--haproxy", "fake", "--format", format, "a b.cfg"]);
        let text = out(&output);
        assert!(text.contains("haproxy/says") && text.contains("find a thing"), "{format}: {text}\n{}", err(&output));
        assert_eq!(status(&output), 1);
    }
    let json: serde_json::Value = serde_json::from_slice(&place.run(&["--haproxy", "fake", "--format", "json", "a b.cfg"]).stdout).unwrap();
    assert_eq!(json["target"], "2.8.25");
    let findings = json["findings"].as_array().unwrap();
    let says = findings.iter().find(|f| f["rule"] == "haproxy/says").unwrap();
    assert_eq!((&says["haproxy"], &says["severity"], &says["range"]["start"]["line"]), (&"reject".into(), &"error".into(), &2.into()));
    let own = findings.iter().find(|f| f["rule"] == "keyword/unknown-keyword").unwrap();
    assert!(own["haproxy"].is_null() && own["help"].as_str().unwrap().contains("HAProxy 2.8.25 did not say so"), "{own}");
    // A comment silences it, and says nothing where HAProxy is not asked.
    fs::write(place.path().join("a b.cfg"), BAD.replace(":80", ":80 # haproxy-lint: ignore[haproxy/says]")).unwrap();
    let silent = out(&place.run(&["--haproxy", "fake", "--format", "short", "a b.cfg"]));
    assert!(!silent.contains("haproxy/says"), "{silent}");
    assert!(!out(&place.run(&["--format", "short", "a b.cfg"])).contains("unused-ignore"));
}

#[test]
fn haproxy_gets_the_names_and_the_environment_that_are_said() {
    let place = Place::with(&[("haproxy.cfg", "global\n    description \"$X\"\n")]);
    stand_in(&place, "echo \"[WARNING] 12/345678 (7) : got $* X=$X HOME=$HOME\" >&2; cat \"$5\" >&2");
    let output = place.run(&["--haproxy", "./fake", "--local-name", "lb-1", "--env", "X=1", "--format", "short", "haproxy.cfg"]);
    assert!(out(&output).contains("got -c -L lb-1 -f haproxy.cfg X=1 HOME="), "{}{}", out(&output), err(&output));
    assert!(!out(&output).contains("HOME=/"), "{}", out(&output));
    let mut command = place.command(&["--haproxy", "./fake", "--local-name", "l", "--stdin-filename", "in.cfg", "--format", "short", "-"]);
    let output = command.write_stdin("global\n").output().unwrap();
    assert!(out(&output).contains("-f in.cfg"), "{}", out(&output));
}

#[test]
fn what_is_no_haproxy_is_an_error() {
    let place = Place::with(&[("haproxy.cfg", "global\n    daemon\n")]);
    stand_in(&place, "exec sleep 60");
    for (program, words) in [
        ("nope/haproxy", "there is no program `nope/haproxy`"),
        ("haproxy.cfg", "cannot be run"),
        ("/bin/cat", "is no HAProxy that can be asked"),
        ("fake", "did not answer within 1 second help"),
    ] {
        let output = place.run(&["--haproxy", program, "--haproxy-timeout", "1", "haproxy.cfg"]);
        let said = err(&output).split_whitespace().filter(|w| *w != "|").collect::<Vec<_>>().join(" ");
        assert!(status(&output) == 2 && said.contains(words), "{program}: {said}");
    }
    stand_in(&place, "echo broken >&2; exit 3");
    let output = place.run(&["--haproxy", "fake", "haproxy.cfg"]);
    assert!(status(&output) == 2 && err(&output).contains("broken"), "{}", err(&output));
}

#[test]
fn a_real_haproxy_and_the_linter_agree() {
    let programs = ["/usr/sbin/haproxy", &std::env::var("HAPROXY_2_8").unwrap_or_default()].map(str::to_owned);
    let place = Place::with(&[("haproxy.cfg", BAD)]);
    for program in programs.iter().filter(|path| Path::new(path).is_file()) {
        let output = out(&place.run(&["--haproxy", program, "--format", "json", "haproxy.cfg"]));
        assert!(output.contains("says so too: unknown keyword 'foo' in 'frontend' section"), "{output}");
        assert!(!output.contains("haproxy/says"), "{output}");
    }
}

#[test]
fn files_and_users_are_looked_for_only_where_it_is_asked_for() {
    let text = "global\n    user nobody-of-this-name\n    user root\n    stats socket unix@run/h.sock\n    stats socket unix@there/h.sock\n\
                defaults\n    errorfile 503 there/503.http\n    errorfile 500 gone.http\n    errorfile 502 /dev/null\n";
    let place = Place::with(&[("haproxy.cfg", text), ("there/503.http", "")]);
    let found = |arguments: &[&str]| -> Vec<String> {
        let selected = "reference/missing-file,reference/missing-directory,reference/unknown-system-user,style/unused-ignore";
        let output = place.run(&[arguments, &["--select", selected, "--format", "short", "haproxy.cfg"]].concat());
        out(&output).lines().filter_map(|l| Some(l.split_once("; help")?.0.to_owned())).collect()
    };
    assert!(found(&[]).is_empty());
    let expected = [
        "haproxy.cfg:2:10: error[reference/unknown-system-user]: there is no user `nobody-of-this-name` on this machine",
        "haproxy.cfg:4:18: error[reference/missing-directory]: there is no directory `run`, which `stats socket` needs",
        "haproxy.cfg:8:19: error[reference/missing-file]: there is no file `gone.http`, which `errorfile` names",
    ];
    let all = found(&["--env-checks"]);
    assert_eq!(all.len(), expected.len(), "{all:#?}");
    for (line, start) in all.iter().zip(expected) {
        assert!(line.starts_with(start), "{line}");
    }
    fs::write(place.path().join("haproxy.cfg"), text.replace("gone.http", "gone.http # haproxy-lint: ignore[reference/missing-file]"))
        .unwrap();
    assert!(found(&[]).is_empty());
    assert_eq!(found(&["--env-checks"]).len(), 2);
}

#[test]
fn the_target_may_be_the_haproxy_of_this_machine() {
    let place = Place::with(&[("haproxy.cfg", "defaults\n    mode http\n"), ("set.toml", "target = \"3.0\"\n")]);
    let empty = Place::with(&[]);
    let target = |arguments: &[&str], path: &Path| {
        let mut command = place.command(&[&["--target", "auto", "--format", "json", "haproxy.cfg"], arguments].concat());
        let output = command.env("PATH", path).output().unwrap();
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (json["target"].as_str().unwrap_or_default().to_owned(), err(&output))
    };
    let (none, note) = target(&["--no-config"], empty.path());
    assert!(none.is_empty() && note.contains("no `haproxy` is in the `PATH`, so every supported version is asked"), "{none} {note}");
    // The settings say more than the machine.
    assert!(target(&["--config", "set.toml"], empty.path()).0.starts_with("3.0."));
    // A topology says more than the machine, and what it leaves open is asked of every version.
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/mesh.yaml");
    let nodes = place.run(&["--no-config", "--target", "auto", "--format", "json", "--topology", manifest]);
    assert!(out(&nodes).contains("\"target\": \"2.8."), "{}", out(&nodes));
    if Path::new("/usr/sbin/haproxy").is_file() {
        assert!(!target(&["--no-config"], Path::new("/usr/sbin")).0.is_empty());
    }
}
