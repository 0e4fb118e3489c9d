//! The guides in `docs/` show what works.

mod editors;
#[path = "../place/mod.rs"]
mod place;

use std::{
    fs,
    path::{Path, PathBuf},
};

use haproxy_lint::settings::Settings;
use place::Place;

const BAD: &str = "frontend web\n    bind :80\n    timeout client 9s\n    acl x src 10.0.0.1\n    default_backend nope\n";

fn docs(name: &str) -> String {
    fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name)).unwrap()
}

/// The blocks of a language in a guide.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).filter_map(|block| Some(block.split("\n```").next()?.to_owned() + "\n")).collect()
}

#[test]
fn settings_that_are_shown_are_settings() {
    let shown = blocks(&docs("settings.md"), "toml");
    assert!(shown.len() >= 2);
    for block in shown {
        assert!(Settings::parse(&block).is_ok(), "{block}");
    }
}

/// The first command of a guide with the text below it, in a folder with the file that it is about.
fn shown_and_run(guide: &str, file: (&str, &str)) {
    let text = docs(guide);
    let place = Place::with(&[file]);
    let command = blocks(&text, "sh").remove(0);
    let arguments: Vec<&str> = command.split_whitespace().skip(1).collect();
    let output = place.run(&arguments);
    assert_eq!(place::out(&output), blocks(&text, "text")[0], "{guide}: {}", place::err(&output));
}

#[test]
fn the_layout_that_is_shown_is_the_one_that_is_written() {
    let text = docs("format.md");
    let place = Place::with(&[("haproxy.cfg", &blocks(&text, "haproxy")[0])]);
    let listed = place.run(&["fmt", "--check", "haproxy.cfg"]);
    assert_eq!((place::status(&listed), place::out(&listed).as_str()), (0, ""));
    assert!(Settings::parse(&blocks(&text, "toml")[0]).is_ok());
}

#[test]
fn what_is_shown_of_upgrades_and_kubernetes_is_what_comes_out() {
    shown_and_run("upgrade.md", ("haproxy.cfg", &blocks(&docs("upgrade.md"), "haproxy")[0]));
    shown_and_run("kubernetes.md", ("kubernetes.yaml", include_str!("../../../examples/kubernetes.yaml")));
    assert!(Settings::parse(&blocks(&docs("kubernetes.md"), "toml")[0]).is_ok());
}

#[test]
fn jobs_that_are_shown_are_the_files_beside_the_guide() {
    let shown = blocks(&docs("ci.md"), "yaml");
    for file in ["ci/github-workflow.yml", "ci/gitlab-ci.yml"] {
        assert!(shown.contains(&docs(file)), "{file}");
    }
}

#[test]
fn commands_that_are_shown_run() {
    let place = Place::with(&[("haproxy.cfg", BAD)]);
    let commands: Vec<String> = ["ci.md", "settings.md"].iter().flat_map(|guide| blocks(&docs(guide), "sh")).collect();
    let commands: Vec<&str> = commands.iter().flat_map(|c| c.lines()).filter(|c| c.starts_with("haproxy-lint")).collect();
    assert!(commands.len() >= 5);
    // Files of the machine are not on every machine.
    let at_hand = |command: &&&str| command.split_whitespace().filter(|word| word.starts_with('/')).all(|path| Path::new(path).exists());
    for command in commands.iter().filter(at_hand) {
        let arguments: Vec<&str> = command.split_whitespace().skip(1).collect();
        let output = place.run(&arguments);
        assert!(place::status(&output) <= 1, "{command}: {}{}", place::out(&output), place::err(&output));
    }
}
