//! The README shows what the program really prints.

use std::path::Path;

use assert_cmd::Command;

#[test]
fn the_first_screen_is_real() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let shown = readme.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let run = |file: &str| {
        let mut command = Command::cargo_bin("cargo-haproxy-lint").unwrap();
        command.current_dir(&root).env("COLUMNS", "80").args([file, "--local-name", "haproxy-1"]).output().unwrap()
    };
    assert_eq!(String::from_utf8(run("examples/haproxy.cfg").stdout).unwrap(), shown);
    assert!(run("examples/haproxy-fixed.cfg").status.success());
}

/// What the README shows below a command, and what the command prints.
fn shown_and_printed(arguments: &[&str]) -> (String, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let line = format!("$ cargo run -q -p cargo-haproxy-lint -- {}\n", arguments.join(" "));
    let shown = readme.split(&line).nth(1).unwrap().split("```").next().unwrap().to_owned();
    let mut command = Command::cargo_bin("cargo-haproxy-lint").unwrap();
    let out = command.current_dir(&root).env("COLUMNS", "80").args(arguments).output().unwrap();
    (shown, String::from_utf8(out.stdout).unwrap())
}

#[test]
fn the_manifests_are_found_wanting_as_shown() {
    for file in ["examples/kubernetes.yaml", "examples/compose/compose.yaml"] {
        let (shown, printed) = shown_and_printed(&["--topology", file, "--format", "short"]);
        assert_eq!(printed, shown);
    }
    let mut command = Command::cargo_bin("cargo-haproxy-lint").unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mended = command.current_dir(root).args(["--topology", "examples/kubernetes-fixed.yaml", "--fail-on", "info"]).output().unwrap();
    assert!(mended.status.success());
}

#[test]
fn the_doctor_begins_as_shown() {
    let dumps = ["examples/show-peers/haproxy-0.txt", "examples/show-peers/haproxy-1.txt"];
    let (shown, printed) = shown_and_printed(&["doctor", "--show-peers", dumps[0], "--show-peers", dumps[1]]);
    assert!(shown.lines().count() > 5 && printed.starts_with(&format!("{shown}\n")), "{printed}");
}
