//! Files that belong together are read together.

use std::os::unix::fs::symlink;

use crate::place::{Place, err, out, status};

const MAIN: &str = "global\n    daemon\ndefaults\n    mode http\n    timeout connect 5s\n    timeout client 30s\n    timeout server 30s\n";
const WEB: &str = "frontend web\n    bind :80\n    default_backend app\n";
const APP: &str = "backend app\n    http-request set-header X-A b\n    server a 192.0.2.1:80\n";

const TOGETHER: &str = "note: haproxy.cfg and conf.d/: read as one configuration; `-f` or haproxy-lint.toml say otherwise\n";

fn parts() -> Place {
    Place::with(&[("haproxy.cfg", MAIN), ("conf.d/10-web.cfg", WEB), ("conf.d/20-app.cfg", APP)])
}

#[test]
fn a_file_with_its_folder_is_one_configuration_without_any_option() {
    let place = parts();
    for arguments in [&[][..], &["haproxy.cfg"], &["conf.d"], &["haproxy.cfg", "conf.d"], &["conf.d/10-web.cfg"]] {
        let output = place.run(arguments);
        assert_eq!((status(&output), err(&output).as_str()), (0, TOGETHER), "{arguments:?}");
        assert_eq!(out(&output), "no findings in 3 files\n", "{arguments:?}");
    }
    assert_eq!(err(&place.run(&["--quiet"])), "");
    // One file alone is what `-f` names.
    let alone = place.run(&["-f", "conf.d/10-web.cfg", "--format", "short"]);
    assert_eq!((status(&alone), err(&alone).as_str()), (1, ""));
    assert!(out(&alone).contains("no backend is named `app`"), "{}", out(&alone));
}

#[test]
fn what_is_read_as_what_is_told_on_demand() {
    let told = err(&parts().run(&["--verbose"]));
    let read = "note: reading `haproxy.cfg`\nnote: reading `conf.d/10-web.cfg`\nnote: reading `conf.d/20-app.cfg`\n";
    assert_eq!(told, format!("note: no settings file: there is no haproxy-lint.toml here or above\n{TOGETHER}{read}"));
    let place = Place::with(&[("my.toml", "target = \"2.8\"\n[[config]]\nfiles = [\"a.cfg\"]\n"), ("a.cfg", MAIN), ("b.cfg", MAIN)]);
    let told = err(&place.run(&["--verbose", "--config", "my.toml"]));
    assert_eq!(told, "note: settings of `my.toml`\nnote: one configuration, as the settings say:\nnote: reading `a.cfg`\n");
    assert_eq!(err(&place.run(&["-v", "-f", "b.cfg"])).lines().nth(1), Some("note: one configuration, as `-f` names it:"));
    let output = place.run(&["--config", "none.toml"]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("cannot read the settings file `none.toml`"), "{}", err(&output));
}

#[test]
fn where_it_is_not_certain_the_command_is_told() {
    let place = Place::with(&[("00-global.cfg", MAIN), ("10-web.cfg", WEB), ("20-app.cfg", APP)]);
    let told = err(&place.run(&[]));
    let command = "haproxy-lint -f 00-global.cfg -f 10-web.cfg -f 20-app.cfg";
    assert!(told.contains(&format!("(`10-web.cfg` names backends that `20-app.cfg` declares): `cargo {command}`")), "{told}");
    let arguments: Vec<&str> = command.split(' ').skip(1).collect();
    assert_eq!(out(&place.run(&arguments)), "no findings in 3 files\n");
}

#[test]
fn init_writes_what_is_read_without_it() {
    let place = parts();
    place.run(&["init"]);
    let output = place.run(&[]);
    assert_eq!((out(&output).as_str(), err(&output).as_str()), ("no findings in 3 files\n", ""));
    let place = Place::with(&[("lb.cfg", MAIN), ("conf.d/a.cfg", WEB)]);
    place.run(&["init"]);
    let written = std::fs::read_to_string(place.path().join("haproxy-lint.toml")).unwrap();
    let doubtful = "# Are these one? `lb.cfg` may go without them.\n# [[config]]\n# files = [\"lb.cfg\", \"conf.d\"]\n";
    assert!(written.ends_with(doubtful), "{written}");
}

#[test]
fn a_part_that_leads_out_of_the_repository_is_not_read_unasked() {
    let (place, other) = (parts(), Place::with(&[("secret.cfg", "backend secret\n")]));
    symlink(other.path().join("secret.cfg"), place.path().join("conf.d/30.cfg")).unwrap();
    let output = place.run(&["-v", "haproxy.cfg"]);
    assert!(!err(&output).contains("conf.d"), "{}", err(&output));
    assert!(err(&place.run(&["-v", "haproxy.cfg", "--allow-outside"])).contains("reading `conf.d/30.cfg`"));
}

const COMPOSE: &str = "services:
  lb1: {image: 'haproxy:2.8', hostname: lb1, configs: [{source: one, target: /usr/local/etc/haproxy/haproxy.cfg}]}
configs:
  one: {content: \"backend app\\n    server a 192.0.2.1:80 chekc\\n\"}
";

#[test]
fn manifests_are_a_topology_wherever_they_are_named() {
    let place = Place::with(&[("deploy/compose.yaml", COMPOSE), ("other.cfg", MAIN), ("plain/values.yaml", "a: 1\n")]);
    let told = |arguments: &[&str]| {
        let output = place.run(arguments);
        (status(&output), out(&output), err(&output))
    };
    let named = told(&["--topology", "deploy/compose.yaml", "--format", "short"]);
    assert!(named.0 == 1 && named.1.contains("deploy/compose.yaml:4:") && named.1.contains("did you mean `check`"), "{named:?}");
    assert_eq!(told(&["deploy/compose.yaml", "--format", "short"]), named);
    let folder = told(&["deploy", "--format", "short"]);
    let note = "note: there is no `*.cfg` file in `deploy`, so its manifests are checked, as `--topology` does\n";
    assert_eq!(folder, (1, named.1.clone(), note.to_owned()));
    let both = told(&["other.cfg", "deploy/compose.yaml", "--format", "short"]);
    assert!(both.0 == 1 && both.1 == named.1 && both.2.contains("`other.cfg` was checked alone"), "{both:?}");
    let nodes = told(&["topology", "--topology", "deploy"]);
    assert!(nodes.0 == 0 && nodes.1.contains("lb1"), "{nodes:?}");
    assert_eq!((told(&["topology", "deploy"]), told(&["topology", "deploy/compose.yaml"])), (nodes.clone(), nodes));
    let none = told(&["plain"]);
    assert!(none.0 == 2 && none.2.contains("there is no `*.cfg` file in `plain`"), "{none:?}");
    let alone = told(&["deploy/compose.yaml", "--env-checks"]);
    assert!(alone.0 == 2 && alone.2.contains("leave out"), "{alone:?}");
    let nowhere = told(&["topology", "other.cfg"]);
    assert!(nowhere.0 == 2 && nowhere.2.contains("nothing says where these configurations run"), "{nowhere:?}");
}

#[test]
fn a_compose_file_beside_a_configuration_that_it_starts_is_named() {
    let compose =
        "services:\n  lb:\n    image: haproxy:2.8\n    hostname: lb1\n    volumes: [./haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro]\n";
    let peers = "peers p\n    peer lb1 lb1:1024\n    peer lb2 lb2:1024\nbackend t\n    stick-table type ip size 1k expire 1m peers p\n";
    let place = Place::with(&[("compose.yaml", compose), ("haproxy.cfg", peers), ("other.cfg", peers)]);
    let told = "note: `compose.yaml` starts HAProxy with `haproxy.cfg`: `cargo haproxy-lint compose.yaml` checks it as its services read it, by their names\n";
    assert_eq!(err(&place.run(&["haproxy.cfg"])), told);
    assert_eq!(err(&place.run(&["other.cfg"])), "");
    assert!(!err(&place.run(&["compose.yaml"])).contains("starts HAProxy with"));
}
