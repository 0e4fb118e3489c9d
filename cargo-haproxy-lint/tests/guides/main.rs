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

/// The repository, where the examples are.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The command and the output of each block that begins with `$ PROGRAM `.
fn sessions(text: &str, program: &str) -> Vec<(Vec<String>, String)> {
    let begin = format!("$ {program} ");
    let session = |block: &String| {
        let (command, output) = block.strip_prefix(&begin)?.split_once('\n')?;
        Some((command.split(' ').map(str::to_owned).collect(), output.to_owned()))
    };
    blocks(text, "text").iter().filter_map(session).collect()
}

#[test]
fn sessions_that_are_shown_are_real() {
    let mut count = 0;
    for guide in ["from-haproxy-c.md", "topology.md"] {
        for (arguments, shown) in sessions(&docs(guide), "haproxy-lint") {
            let mut command = assert_cmd::Command::cargo_bin("cargo-haproxy-lint").unwrap();
            let output = command.current_dir(root()).env("COLUMNS", "80").args(&arguments).output().unwrap();
            assert_eq!(place::out(&output), shown, "{guide}: {arguments:?}");
            count += 1;
        }
    }
    assert_eq!(count, 3);
}

/// What HAProxy says, without the numbers of processes and what it says of itself.
fn said(program: &str, arguments: &[String]) -> String {
    let output = std::process::Command::new(program).args(arguments).current_dir(root()).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
    let line = |line: &str| match line.split_once('(').filter(|_| line.starts_with('[')) {
        Some((level, rest)) => format!("{} {}\n", level.trim(), rest.split_once(") : ").unwrap().1),
        None => format!("{line}\n"),
    };
    text.lines().filter(|line| !line.starts_with("[NOTICE]") && !line.is_empty()).map(line).collect()
}

#[test]
fn haproxy_says_what_the_guide_says_it_does() {
    let Ok(program) = std::env::var("HAPROXY_2_8") else {
        println!("skipped: HAPROXY_2_8 names no haproxy");
        return;
    };
    let text = docs("from-haproxy-c.md");
    let shown = sessions(&text, "haproxy");
    assert_eq!(shown.len(), 2);
    shown.iter().for_each(|(arguments, shown)| assert_eq!(&said(&program, arguments), shown));
    // The quote is closed.
    let mended = fs::read_to_string(root().join("examples/mistakes.cfg")).unwrap().replace("\"/private }", "\"/private\" }");
    let place = Place::with(&[("mistakes.cfg", &mended)]);
    let arguments = ["-c", "-f", place.path().join("mistakes.cfg").to_str().unwrap()].map(str::to_owned);
    assert!(blocks(&text, "text").contains(&said(&program, &arguments)), "{}", said(&program, &arguments));
}

#[test]
fn the_picture_of_a_mesh_is_that_of_the_example() {
    let mut command = assert_cmd::Command::cargo_bin("cargo-haproxy-lint").unwrap();
    let drawn = command.current_dir(root()).args(["topology", "--topology", "examples/mesh.yaml", "--format", "svg"]).output().unwrap();
    assert_eq!(place::out(&drawn), docs("mesh.svg"), "write docs/mesh.svg anew");
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
    let place = Place::with(&[("haproxy.cfg", BAD), ("examples/mesh.yaml", include_str!("../../../examples/mesh.yaml"))]);
    let guides = ["ci.md", "settings.md", "from-haproxy-c.md", "README.md", "peers.md", "zh.md"];
    let commands: Vec<String> = guides.iter().flat_map(|guide| blocks(&docs(guide), "sh")).collect();
    let commands: Vec<&str> = commands.iter().flat_map(|c| c.lines()).filter(|c| c.starts_with("haproxy-lint")).collect();
    assert!(commands.len() >= 5);
    // Files of the machine are not on every machine, and the doctor asks what runs there.
    let at_hand = |command: &&&str| {
        !command.contains(" doctor ")
            && command.split_whitespace().filter(|word| word.starts_with('/')).all(|path| Path::new(path).exists())
    };
    for command in commands.iter().filter(at_hand) {
        let arguments: Vec<&str> = command.split_whitespace().skip(1).collect();
        let output = place.run(&arguments);
        assert!(place::status(&output) <= 1, "{command}: {}{}", place::out(&output), place::err(&output));
    }
}
