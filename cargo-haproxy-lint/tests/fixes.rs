//! `--fix` and `--diff`: what is written, and what is never touched.

use std::{fs, path::Path};

use assert_cmd::Command;

const WRONG: &str = "global\n    maxconn 10\n    maxconn 20";
const RIGHT: &str = "global\n    maxconn 10\n";

fn lint(folder: &Path, arguments: &[&str]) -> std::process::Output {
    let mut command = Command::cargo_bin("cargo-haproxy-lint").unwrap();
    command.current_dir(folder).args(["check", "--no-config"]).args(arguments).output().unwrap()
}

fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("haproxy.cfg"), text).unwrap();
    folder
}

#[test]
fn a_file_is_mended_where_it_is() {
    let folder = folder(WRONG);
    let out = lint(folder.path(), &["--fix", "haproxy.cfg"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(fs::read_to_string(folder.path().join("haproxy.cfg")).unwrap(), RIGHT);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    assert!(String::from_utf8_lossy(&out.stderr).contains(" in `haproxy.cfg`"));
}

#[test]
fn a_patch_is_one_that_git_applies() {
    let folder = folder(WRONG);
    let out = lint(folder.path(), &["--diff", "haproxy.cfg"]);
    assert_eq!(out.status.code(), Some(1));
    assert_eq!(fs::read_to_string(folder.path().join("haproxy.cfg")).unwrap(), WRONG);
    fs::write(folder.path().join("patch"), &out.stdout).unwrap();
    Command::new("git").current_dir(folder.path()).args(["apply", "patch"]).assert().success();
    assert_eq!(fs::read_to_string(folder.path().join("haproxy.cfg")).unwrap(), RIGHT);
    assert_eq!(lint(folder.path(), &["--diff", "haproxy.cfg"]).status.code(), Some(0));
}

/// A patch leaves the files as they are: 0 says as without it that nothing is found at or above `--fail-on`.
#[test]
fn what_a_patch_leaves_counts() {
    let folder = folder("frontend web\n    mode http\n    bind :80\n    timeout client 5s\n    default_backend nope\n");
    let status = |arguments: &[&str]| lint(folder.path(), &[arguments, &["--diff", "haproxy.cfg"]].concat()).status.code();
    assert_eq!(status(&[]), Some(1));
    assert_eq!(status(&["--exit-zero"]), Some(0));
    assert_eq!(status(&["--severity", "reference=warning"]), Some(0));
    assert_eq!(status(&["--severity", "reference=warning", "--fail-on", "warning"]), Some(1));
}

/// A line that is written into a file of DOS ends as the others, and the patch says so.
#[test]
fn a_patch_of_a_file_of_dos_applies() {
    let text = "frontend web\r\n    mode http\r\n    bind :80\r\n";
    let folder = folder(text);
    let out = lint(folder.path(), &["--diff", "--unsafe-fixes", "haproxy.cfg"]);
    assert!(String::from_utf8_lossy(&out.stdout).contains("+    timeout client 30s\r\n"), "{out:?}");
    fs::write(folder.path().join("patch"), &out.stdout).unwrap();
    Command::new("git").current_dir(folder.path()).args(["apply", "patch"]).assert().success();
    let wanted = text.replace("    mode", "    timeout client 30s\r\n    mode");
    assert_eq!(fs::read_to_string(folder.path().join("haproxy.cfg")).unwrap(), wanted);
}

#[test]
fn standard_input_comes_out_mended() {
    let mut command = Command::cargo_bin("cargo-haproxy-lint").unwrap();
    let out = command.args(["check", "--no-config", "--fix", "-"]).write_stdin(WRONG).output().unwrap();
    assert_eq!(String::from_utf8(out.stdout).unwrap(), RIGHT);
}

#[cfg(unix)]
#[test]
fn modes_stay_links_stay_and_what_is_read_only_is_left_alone() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder(WRONG);
    let (file, link) = (folder.path().join("haproxy.cfg"), folder.path().join("link.cfg"));
    symlink("haproxy.cfg", &link).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let out = lint(folder.path(), &["--fix", "link.cfg"]);
    assert!(String::from_utf8_lossy(&out.stderr).contains("is a link"));
    assert!(link.is_symlink() && fs::read_to_string(&file).unwrap() == RIGHT);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);

    fs::write(&file, WRONG).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).unwrap();
    let out = lint(folder.path(), &["--fix", "haproxy.cfg"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("read-only"));
    assert_eq!(fs::read_to_string(&file).unwrap(), WRONG);
}

/// Killed at any moment, the program leaves the old text or the new one.
#[test]
fn a_killed_run_leaves_no_mixture() {
    let long: String = (0..4000).map(|n| format!("backend b{n}\n    server s 192.0.2.1:80\n")).collect();
    let wrong = format!("{WRONG}\n{long}");
    let folder = folder(&wrong);
    let file = folder.path().join("haproxy.cfg");
    let right = wrong.replace("    maxconn 20\n", "");
    for pause in 0..12 {
        fs::write(&file, &wrong).unwrap();
        let mut run = std::process::Command::new(assert_cmd::cargo::cargo_bin("cargo-haproxy-lint"))
            .current_dir(folder.path())
            .args(["check", "--no-config", "--fix", "--format", "short", "haproxy.cfg"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(pause * 60));
        let _ = run.kill();
        run.wait().unwrap();
        let now = fs::read_to_string(&file).unwrap();
        assert!(now == wrong || now == right, "{} bytes", now.len());
    }
}

/// A compose file and the files that its services mount: all of them are mended as one.
#[test]
fn a_cluster_in_several_files_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let mount = |name: &str| format!("./{name}.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro");
    write(
        "compose.yaml",
        &format!(
            "# two of them\nservices:\n  lb1: &lb\n    image: haproxy:2.8 # pinned\n    volumes: [\"{}\"]\n  lb2:\n    <<: *lb\n    volumes:\n      - {}\n",
            mount("lb1"),
            mount("lb2")
        ),
    );
    let peers = "peers cluster\n    peer lb1 lb1:1024\n    peer lb2 lb2:1024 # the other\n\nbackend s\n    stick-table type ip size 100k expire 30m store gpc0 peers cluster\n";
    write("lb1.cfg", peers);
    write("lb2.cfg", &peers.replace("    peer lb1 lb1:1024\n", "").replace("30m", "10m"));
    let out = lint(folder.path(), &["--fix", "--unsafe-fixes", "--topology", "compose.yaml", "lb1.cfg", "lb2.cfg", "--fail-on", "warning"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
    let compose = read("compose.yaml");
    assert!(compose.contains("# pinned\n    hostname: lb1\n") && compose.ends_with("haproxy.cfg:ro\n    hostname: lb2\n"), "{compose}");
    assert_eq!(read("lb1.cfg"), peers);
    assert_eq!(
        read("lb2.cfg"),
        peers.replace("    peer lb1 lb1:1024\n", "").replace("# the other\n", "# the other\n    peer lb1 lb1:1024\n")
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "nothing is left beside them");
}

/// Files that nobody named, but a topology file or a volume of a compose file: they are mended as those that are named.
#[test]
fn what_nodes_read_is_mended_where_it_lies() {
    let hosts = "topology: 1\nhosts:\n- {name: lb1, addresses: [10.0.0.11], config: lb.cfg}\n- {name: lb2, addresses: [10.0.0.12], config: lb.cfg}\n";
    let service = |name: &str| {
        format!(
            "  {name}:\n    image: haproxy:2.8\n    hostname: {name}\n    volumes: [\"./lb.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro\"]\n"
        )
    };
    let compose = format!("services:\n{}{}", service("lb1"), service("lb2"));
    for (name, topology, host) in [("hosts.yaml", hosts, "10.0.0.1"), ("compose.yaml", compose.as_str(), "lb")] {
        let folder = tempfile::tempdir().unwrap();
        let config = format!(
            "{WRONG}\npeers cluster\n    peer lb1.example {host}1:1024\n    peer lb2 {host}2:1024\n\nbackend s\n    stick-table type ip size 100k expire 30m store gpc0 peers cluster\n"
        );
        fs::write(folder.path().join(name), topology).unwrap();
        fs::write(folder.path().join("lb.cfg"), &config).unwrap();
        let shown = lint(folder.path(), &["--diff", "--unsafe-fixes", "--topology", name]);
        assert!(!String::from_utf8_lossy(&shown.stderr).contains("please report"), "{}", String::from_utf8_lossy(&shown.stderr));
        let out = lint(folder.path(), &["--fix", "--unsafe-fixes", "--topology", name]);
        assert!(out.status.success(), "{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        let mended = fs::read_to_string(folder.path().join("lb.cfg")).unwrap();
        assert!(mended.starts_with(RIGHT) && mended.contains(&format!("peer lb1 {host}1:1024")), "{mended}");
    }
}
