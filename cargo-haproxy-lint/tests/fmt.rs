//! `fmt`: what it writes, what it only shows, and what it leaves alone.

mod place;

use std::fs;

use place::{Place, err, out, status};

const UGLY: &str = "global\n  maxconn   10\ndefaults\n\tmode http\n  timeout client 1s";
const NEAT: &str = "global\n  maxconn 10\n\ndefaults\n  mode http\n  timeout client 1s\n";

fn text(place: &Place, name: &str) -> String {
    fs::read_to_string(place.path().join(name)).unwrap()
}

#[test]
fn files_and_folders_are_written_where_they_are() {
    let place =
        Place::with(&[("haproxy.cfg", UGLY), ("conf.d/a.cfg", UGLY), ("conf.d/neat.cfg", NEAT), ("b.txt", UGLY), (".git/config", "")]);
    let done = place.run(&["fmt"]);
    assert_eq!((status(&done), out(&done), err(&done)), (0, String::new(), "note: laid out 2 files\n".to_owned()));
    assert_eq!((text(&place, "haproxy.cfg"), text(&place, "conf.d/a.cfg"), text(&place, "b.txt")), (NEAT.into(), NEAT.into(), UGLY.into()));
    let again = place.run(&["fmt", "haproxy.cfg", "conf.d", "b.txt"]);
    assert_eq!((status(&again), err(&again)), (0, "note: laid out `b.txt`\n".to_owned()));
    assert_eq!(text(&place, "b.txt"), NEAT);
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 4, "nothing is left beside them");
}

#[test]
fn files_of_other_programs_are_left_alone_unless_they_are_named() {
    let setup = "[metadata]\nname =   x\n\n\n[flake8]\nbackend = y\n   E1,\n";
    let place = Place::with(&[("setup.cfg", setup), ("body.cfg", "  maxconn   1\n"), ("a/haproxy.cfg", UGLY), (".git/config", "")]);
    let done = place.run(&["fmt"]);
    assert_eq!((status(&done), text(&place, "setup.cfg").as_str(), text(&place, "a/haproxy.cfg").as_str()), (0, setup, NEAT));
    assert!(err(&done).contains("2 files, such as `body.cfg`, do not look like configurations"), "{}", err(&done));
    assert_eq!(status(&place.run(&["fmt", "body.cfg"])), 0);
    assert_eq!(text(&place, "body.cfg"), "  maxconn 1\n");
    assert_eq!(status(&place.run(&["check", "--fix", "--select", "style/unformatted", "."])), 0);
    assert_eq!(text(&place, "setup.cfg"), setup);
    fs::write(place.path().join("haproxy-lint.toml"), "[[config]]\nfiles = [\"b.d\"]\n").unwrap();
    fs::create_dir(place.path().join("b.d")).unwrap();
    fs::write(place.path().join("b.d/x.cfg"), "  maxconn   1\n").unwrap();
    assert_eq!(status(&place.run(&["fmt"])), 0);
    assert_eq!(text(&place, "b.d/x.cfg"), "  maxconn 1\n");
}

#[test]
fn check_lists_and_diff_shows_and_neither_writes() {
    let place = Place::with(&[("haproxy.cfg", UGLY), ("neat.cfg", NEAT), (".git/config", "")]);
    let listed = place.run(&["fmt", "--check", "haproxy.cfg", "neat.cfg"]);
    assert_eq!((status(&listed), out(&listed)), (1, "haproxy.cfg\n".to_owned()));
    let shown = place.run(&["fmt", "--diff"]);
    assert_eq!(status(&shown), 1);
    assert_eq!(text(&place, "haproxy.cfg"), UGLY);
    fs::write(place.path().join("patch"), &shown.stdout).unwrap();
    assert_cmd::Command::new("git").current_dir(place.path()).args(["apply", "patch"]).assert().success();
    assert_eq!(text(&place, "haproxy.cfg"), NEAT);
    for option in ["--check", "--diff"] {
        let done = place.run(&["fmt", option]);
        assert_eq!((status(&done), out(&done)), (0, String::new()));
    }
}

#[test]
fn standard_input_comes_out_laid_out() {
    let place = Place::with(&[("haproxy-lint.toml", "[[override]]\nfiles = [\"edge/\"]\nformat = { indent = 8 }\n")]);
    let filter = |arguments: &[&str], text: &str| place.command(arguments).write_stdin(text).output().unwrap();
    let done = filter(&["fmt", "-"], UGLY);
    assert_eq!((status(&done), out(&done).as_str(), err(&done).as_str()), (0, NEAT, ""));
    let done = filter(&["fmt", "--stdin-filename", "edge/haproxy.cfg", "-"], UGLY);
    assert_eq!(out(&done), NEAT.replace("  ", "        "));
    let done = filter(&["fmt", "--check", "--stdin-filename", "x.cfg", "-"], UGLY);
    assert_eq!((status(&done), out(&done).as_str()), (1, "x.cfg\n"));
    let done = filter(&["fmt", "-"], "global\n  maxconn   {{ n }}\n");
    assert_eq!((status(&done), out(&done).as_str()), (0, "global\n  maxconn   {{ n }}\n"));
    assert!(err(&done).contains("it is a template"), "{}", err(&done));
}

#[test]
fn options_win_over_settings_and_settings_of_some_files_over_those_of_all() {
    let settings = "exclude = [\"old.cfg\"]\n[format]\nindent = \"tab\"\nspacing = \"keep\"\n[[override]]\nfiles = [\"edge/\"]\nformat = { indent = \"4\" }\n";
    let place =
        Place::with(&[("haproxy-lint.toml", settings), ("a.cfg", UGLY), ("edge/b.cfg", UGLY), ("old.cfg", UGLY), (".git/config", "")]);
    assert_eq!(status(&place.run(&["fmt"])), 0);
    let kept = |step: &str| format!("global\n{step}maxconn   10\n\ndefaults\n{step}mode http\n{step}timeout client 1s\n");
    assert_eq!((text(&place, "a.cfg"), text(&place, "edge/b.cfg"), text(&place, "old.cfg")), (kept("\t"), kept("    "), UGLY.into()));
    assert_eq!(status(&place.run(&["fmt", "--indent", "2", "--spacing", "single"])), 0);
    assert_eq!((text(&place, "a.cfg"), text(&place, "edge/b.cfg")), (NEAT.into(), NEAT.into()));
    assert_eq!(status(&place.run(&["fmt", "--check", "--force-exclude", "old.cfg"])), 0);
    assert_eq!(status(&place.run(&["fmt", "--check", "old.cfg"])), 1);
    let shown = out(&place.run(&["check", "--show-settings"]));
    assert!(shown.contains("[format]\n\"indent\" = \"tab\"\n\"spacing\" = \"keep\"\n"), "{shown}");
    assert!(shown.contains("format = { indent = \"4\" }"), "{shown}");
    let wrong = Place::with(&[("haproxy-lint.toml", "[format]\nindent = 3\n"), ("a.cfg", UGLY)]);
    let done = wrong.run(&["fmt"]);
    assert!(status(&done) == 2 && err(&done).contains("`3` is no indentation"), "{}", err(&done));
}

#[test]
fn a_range_is_of_one_file() {
    let place = Place::with(&[("a.cfg", UGLY), ("b.cfg", UGLY)]);
    assert_eq!(status(&place.run(&["fmt", "--range", "2:2", "a.cfg"])), 0);
    assert_eq!(text(&place, "a.cfg"), UGLY.replace("maxconn   10", "maxconn 10"));
    assert_eq!(status(&place.run(&["fmt", "--range", "2:2", "a.cfg", "b.cfg"])), 2);
    for wrong in ["0:1", "2:1", "x", "1:", "1:2:3"] {
        assert_eq!(status(&place.run(&["fmt", "--range", wrong, "a.cfg"])), 2, "{wrong}");
    }
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_written() {
    let place = Place::with(&[("a.cfg", UGLY), ("t.cfg", "global\n  maxconn   {{ n }}\n")]);
    let done = place.run(&["fmt", "nothing.cfg", "a.cfg", "t.cfg"]);
    assert_eq!((status(&done), text(&place, "a.cfg").as_str()), (2, NEAT));
    assert!(err(&done).contains("nothing.cfg") && err(&done).contains("`t.cfg` is left as it is: it is a template"), "{}", err(&done));
}

const MANIFEST: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: lb}\ndata:\n  haproxy.cfg: |\n    global\n      maxconn   10\n    defaults\n     mode http  \n      timeout client 1s\n  b.cfg: \"global\\n  maxconn   1\\n\"\n";
const NEAT_MANIFEST: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: lb}\ndata:\n  haproxy.cfg: |\n    global\n      maxconn 10\n\n    defaults\n      mode http\n      timeout client 1s\n  b.cfg: \"global\\n  maxconn   1\\n\"\n";

#[test]
fn manifests_that_are_named_are_laid_out_inside() {
    let place = Place::with(&[("cm.yaml", MANIFEST), ("a.cfg", NEAT), ("none.yaml", "a: 1\n"), ("chart.yaml", "a: {{ .Values.b }}\n")]);
    let done = place.run(&["fmt", ".", "cm.yaml", "none.yaml"]);
    assert_eq!((status(&done), text(&place, "cm.yaml").as_str()), (0, NEAT_MANIFEST));
    let said = err(&done);
    assert!(
        said.contains("`ConfigMap/lb:b.cfg` in `cm.yaml` is left as it is: only the lines of a block behind `|` are laid out"),
        "{said}"
    );
    assert!(said.contains("there is no configuration of HAProxy in `none.yaml`"), "{said}");
    assert_eq!(status(&place.run(&["fmt", "chart.yaml"])), 2);
}

#[test]
fn the_rule_speaks_where_it_is_selected_and_its_fix_writes_the_same() {
    let select = ["check", "--select", "style/unformatted"];
    let place = Place::with(&[("a.cfg", UGLY), ("cm.yaml", MANIFEST), ("t.cfg", "global\n  maxconn   {{ n }}\n")]);
    let found = place.run(&[&select[..], &["--format", "short", "a.cfg", "t.cfg"]].concat());
    let wanted = "a.cfg:2:1: warning[style/unformatted]: `a.cfg` is not laid out as `fmt` writes it; help: run `cargo haproxy-lint fmt`\n";
    assert_eq!(out(&found), wanted);
    assert!(!out(&place.run(&["check", "--format", "short", "a.cfg"])).contains("style/unformatted"));
    assert_eq!(status(&place.run(&[&select[..], &["--fix", "a.cfg"]].concat())), 0);
    assert_eq!(text(&place, "a.cfg"), NEAT);
    assert_eq!(status(&place.run(&[&select[..], &["--fix", "--topology", "cm.yaml"]].concat())), 0);
    assert_eq!(text(&place, "cm.yaml"), NEAT_MANIFEST.replace("maxconn   1\\n", "maxconn 1\\n"));
    // Settings count for the rule as well.
    fs::write(place.path().join("haproxy-lint.toml"), "select = [\"style/unformatted\"]\nfail-on = \"warning\"\n[format]\nindent = 4\n")
        .unwrap();
    assert_eq!(status(&place.run(&["check", "a.cfg"])), 1);
    assert_eq!(status(&place.run(&["fmt", "a.cfg"])), 0);
    assert_eq!(status(&place.run(&["check", "a.cfg"])), 0);
}
