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

#[test]
fn the_manifests_are_found_wanting_as_shown() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let block = readme.split("-- --topology examples/kubernetes.yaml --format short\n").nth(1).unwrap();
    let mut command = Command::cargo_bin("cargo-haproxy-lint").unwrap();
    let out = command.current_dir(&root).args(["--topology", "examples/kubernetes.yaml", "--format", "short"]).output().unwrap();
    assert_eq!(String::from_utf8(out.stdout).unwrap(), block.split("```").next().unwrap());
}
