//! Nothing outside the repository is read or written, nothing runs, and nothing goes on without an end.

use std::{
    fs,
    io::Write,
    os::unix::{fs::PermissionsExt, fs::symlink, net::UnixListener},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use crate::place::{Place, err, out, status};

const GOOD: &str = "frontend web\n    bind :80\n    timeout client 9s\n";
const SECRET: &str = "frontend hunter2\n    bind :80\n    foo_hunter2\n";

/// A repository in `repo`, and a secret beside it.
fn repository(files: &[(&str, &str)]) -> Place {
    let place = Place::with(&[("secret.cfg", SECRET), ("repo/.git/config", SECRET), ("repo/haproxy.cfg", GOOD)]);
    for (name, text) in files {
        let path = place.path().join("repo").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    place
}

/// What a run in the repository said, and its exit status; it never takes long.
fn run(place: &Place, arguments: &[&str]) -> (i32, String) {
    let mut command = place.command(arguments);
    let output = command.current_dir(place.path().join("repo")).timeout(Duration::from_secs(20)).output().unwrap();
    (status(&output), out(&output) + &err(&output))
}

fn fifo(path: &std::path::Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn links_that_leave_the_repository_are_not_followed() {
    let place = repository(&[("inside/a.cfg", GOOD)]);
    let repo = place.path().join("repo");
    symlink("../secret.cfg", repo.join("x.cfg")).unwrap();
    symlink(".git/config", repo.join("git.cfg")).unwrap();
    symlink("/proc/self/environ", repo.join("environ.cfg")).unwrap();
    symlink("inside/a.cfg", repo.join("y.cfg")).unwrap();
    let (status, said) = run(&place, &["check", ".", "--format", "short", "--format", "html=page.html"]);
    assert_eq!(status, 0, "{said}");
    assert!(!said.contains("hunter2") && said.contains("x.cfg` is a link that leaves the repository"), "{said}");
    assert!(!fs::read_to_string(repo.join("page.html")).unwrap().contains("hunter2"));
    // Who names it, or says so, gets it.
    assert!(run(&place, &["check", "x.cfg", "--format", "short"]).1.contains("hunter2"));
    assert!(run(&place, &["check", ".", "--allow-outside", "--format", "short"]).1.contains("hunter2"));
}

#[test]
fn the_links_of_a_config_map_are_followed() {
    let place = repository(&[("mount/..2026/haproxy.cfg", SECRET)]);
    let mount = place.path().join("repo/mount");
    symlink("..2026", mount.join("..data")).unwrap();
    symlink("..data/haproxy.cfg", mount.join("haproxy.cfg")).unwrap();
    for arguments in [["check", "mount"], ["check", "mount/haproxy.cfg"], ["-f", "mount"]] {
        let (status, said) = run(&place, &arguments);
        assert!(status == 1 && said.contains("foo_hunter2"), "{said}");
    }
}

#[test]
fn settings_name_nothing_outside() {
    for settings in [
        "extend = \"../base.toml\"\n",
        "extend = \"/dev/zero\"\n",
        "[[config]]\nfiles = [\"../secret.cfg\"]\n",
        "[[config]]\nfiles = [\"/proc/self/environ\"]\n",
        "[[config]]\nfiles = [\"conf.d\"]\n",
        "topology = [\"../secret.yaml\"]\n",
    ] {
        let place = repository(&[("haproxy-lint.toml", settings), ("conf.d/a.cfg", GOOD)]);
        fs::write(place.path().join("base.toml"), "hunter2\n").unwrap();
        fs::write(place.path().join("secret.yaml"), "hunter2: [\n").unwrap();
        symlink("../../secret.cfg", place.path().join("repo/conf.d/b.cfg")).unwrap();
        let (status, said) = run(&place, &["check", "--format", "short"]);
        assert!(status == 2 && !said.contains("hunter2") && said.contains("--allow-outside"), "{settings}: {said}");
    }
    let place = repository(&[("haproxy-lint.toml", "extend = \"shared/base.toml\"\n"), ("shared/base.toml", "target = \"2.8\"\n")]);
    assert_eq!(run(&place, &["check"]).0, 0);
}

#[test]
fn manifests_name_nothing_outside() {
    let compose = "services:\n  lb:\n    image: haproxy:2.8\n    volumes:\n      - ../secret.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro\n";
    let place = repository(&[("compose.yaml", compose)]);
    let (_, said) = run(&place, &["check", "--topology", "compose.yaml", "--format", "short"]);
    assert!(!said.contains("hunter2") && said.contains("lies outside the repository"), "{said}");
    let (_, said) = run(&place, &["check", "--topology", "compose.yaml", "--allow-outside", "--format", "short"]);
    assert!(said.contains("hunter2"), "{said}");
}

#[test]
fn what_is_too_large_or_never_ends_is_told() {
    let place = repository(&[("haproxy-lint.toml", "extend = \"pipe.toml\"\n")]);
    let repo = place.path().join("repo");
    fs::File::create(repo.join("sparse.cfg")).unwrap().set_len(1 << 30).unwrap();
    fifo(&repo.join("pipe.toml"));
    let (status, said) = run(&place, &["check", "--no-config", "."]);
    assert!(status == 2 && said.contains("larger than 64 MB"), "{said}");
    let (status, said) = run(&place, &["check", "--no-config", "/dev/zero"]);
    assert!(status == 2 && said.contains("larger than 64 MB"), "{said}");
    let (status, said) = run(&place, &["check", "--no-config", "--max-file-size", "10", "haproxy.cfg"]);
    assert!(status == 2 && said.contains("larger than 10 bytes"), "{said}");
    let (status, said) = run(&place, &["check", "haproxy.cfg"]);
    assert!(status == 2 && said.contains("no regular file"), "{said}");
    fs::write(repo.join("haproxy-lint.toml"), vec![b'#'; (1 << 20) + 1]).unwrap();
    let (status, said) = run(&place, &["check", "haproxy.cfg"]);
    assert!(status == 2 && said.contains("larger than 1 MB"), "{said}");
}

#[test]
fn a_pipe_that_is_named_is_read() {
    let place = repository(&[]);
    let pipe = place.path().join("repo/pipe");
    fifo(&pipe);
    let writer = thread::spawn(move || fs::write(pipe, SECRET).unwrap());
    let (status, said) = run(&place, &["check", "pipe"]);
    writer.join().unwrap();
    assert!(status == 1 && said.contains("foo_hunter2"), "{said}");
}

#[test]
fn reports_are_not_written_through_links() {
    let place = repository(&[]);
    let repo = place.path().join("repo");
    symlink("../secret.cfg", repo.join("report")).unwrap();
    fs::create_dir(place.path().join("elsewhere")).unwrap();
    symlink("../elsewhere", repo.join("out")).unwrap();
    for arguments in [["--format", "json=report"], ["--write-baseline", "report"], ["--format", "json=out/report.json"]] {
        let (status, said) = run(&place, &[&["check", "haproxy.cfg"], &arguments[..]].concat());
        assert!(status == 2 && said.contains("is not written"), "{said}");
    }
    assert_eq!(fs::read_to_string(place.path().join("secret.cfg")).unwrap(), SECRET);
    assert!(!place.path().join("elsewhere/report.json").exists());
    let (status, said) = run(&place, &["check", "haproxy.cfg", "--format", "jsonl=/dev/stdout", "--quiet"]);
    assert_eq!((status, said.contains("\"summary\"") || said.contains('{')), (0, true), "{said}");
}

#[test]
fn the_repository_steers_no_haproxy() {
    let settings = "[env]\nLD_PRELOAD = \"./evil.so\"\nMALLOC_CHECK_ = \"3\"\nPATH = \"evil\"\nUNUSED = \"x\"\nDOMAIN = \"example.org\"\n";
    let text = format!("{GOOD}    # LD_PRELOAD MALLOC_CHECK_ PATH\n    http-request deny if {{ hdr(host) \"$DOMAIN\" }}\n");
    let place = repository(&[("haproxy-lint.toml", settings), ("haproxy.cfg", &text)]);
    let program = place.path().join("haproxy");
    let mut file = fs::File::create(&program).unwrap();
    let seen = place.path().join("seen");
    write!(file, "#!/bin/sh\nif [ \"$1\" = -vv ]; then echo 'HAProxy version 2.8.5-1 2023/12/07'; echo 'Feature list : +EPOLL'; exit; fi\n/usr/bin/env > {}\n", seen.display()).unwrap();
    drop(file);
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let (_, said) = run(&place, &["check", "haproxy.cfg", "--haproxy", program.to_str().unwrap()]);
    let seen = fs::read_to_string(seen).expect(&said);
    assert!(seen.contains("DOMAIN=example.org"), "{seen}");
    assert!(!["LD_PRELOAD=", "MALLOC_CHECK_=", "PATH=evil", "UNUSED="].iter().any(|name| seen.contains(name)), "{seen}");
}

#[test]
fn a_time_limit_ends_with_what_was_found() {
    let lines: String = (0..60_000).map(|n| format!("    http-request set-header X-{n} %[req.hdr(a{n}),lower,map(/f{n})]\n")).collect();
    let large = format!("frontend web\n    bind :80\n{lines}");
    let place = repository(&[("large.cfg", &large)]);
    let begun = Instant::now();
    let (status, said) = run(&place, &["check", "large.cfg", "--time-limit", "50ms", "--format", "short"]);
    assert!(status == 2 && said.contains("the time is over"), "{said}");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    fifo(&place.path().join("repo/pipe"));
    let (status, said) = run(&place, &["check", "pipe", "--time-limit", "50ms"]);
    assert!(status == 2 && said.contains("the time is over"), "{said}");
    assert_eq!(run(&place, &["check", "haproxy.cfg", "--time-limit", "1m"]).0, 0);
}

#[test]
fn the_doctor_waits_for_nobody() {
    let place = repository(&[]);
    let repo = place.path().join("repo");
    fifo(&repo.join("pipe"));
    let (status, said) = run(&place, &["doctor", "--show-peers", "pipe", "--timeout", "500ms"]);
    assert!(status == 2 && said.contains("does not answer in time"), "{said}");
    let listener = UnixListener::bind(repo.join("socket")).unwrap();
    thread::spawn(move || listener.incoming().for_each(drop));
    let (status, said) = run(&place, &["doctor", "--socket", "./socket"]);
    assert!(status == 2 && !said.contains("runs no") && said.contains("answered nothing"), "{said}");
}

/// The first thread may have little stack: what is nested deep is a finding, and no crash.
#[test]
fn nesting_needs_no_stack_of_the_first_thread() {
    let condition = format!(".if {}defined(A){}\n.endif\n", "(".repeat(100_000), ")".repeat(100_000));
    let yaml = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let place = Place::with(&[("deep.cfg", condition.as_str()), ("deep.yaml", yaml.as_str()), ("good.cfg", GOOD)]);
    let program = place.command(&[]).get_program().to_owned();
    let run = |arguments: &str| {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("ulimit -s 256; exec \"$0\" check --no-config --format short {arguments}")]).arg(&program);
        shell.current_dir(place.path()).output().unwrap()
    };
    assert!(out(&run("deep.cfg")).contains("error[syntax/invalid-condition]: this condition has too many operators or parentheses"));
    assert_eq!(run("good.cfg").status.code(), Some(0));
    assert!(run("--topology deep.yaml good.cfg").status.code().is_some(), "it ended by a signal");
}
