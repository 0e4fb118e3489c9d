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

/// A program that leaves a file behind where it was run.
fn trap(path: &std::path::Path) {
    fs::write(path, "#!/bin/sh\n/bin/touch \"$(/usr/bin/dirname \"$0\")/ran\"\necho 'HAProxy version 2.8.5-1 2023/12/07'; echo 'Feature list : +EPOLL'\n").unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn no_program_of_the_repository_is_taken_for_haproxy() {
    let place = repository(&[]);
    let repo = place.path().join("repo");
    // A bare name is the program of the machine, whatever lies here.
    trap(&repo.join("haproxy"));
    let machine = place.path().join("machine");
    fs::create_dir(&machine).unwrap();
    trap(&machine.join("haproxy"));
    let mut command = place.command(&["check", "haproxy.cfg", "--haproxy", "haproxy"]);
    let output = command.current_dir(&repo).env("PATH", &machine).output().unwrap();
    assert!(machine.join("ran").exists() && !repo.join("ran").exists(), "{}", err(&output));
    // Nor where the machine has none.
    for path in ["", "."] {
        let mut command = place.command(&["check", "haproxy.cfg", "--haproxy", "haproxy"]);
        let output = command.current_dir(&repo).env("PATH", path).output().unwrap();
        assert!(err(&output).contains("write `--haproxy ./haproxy`") && !repo.join("ran").exists(), "{}", err(&output));
    }
    // What was a text with the words of `haproxy -vv` is a program now.
    let (status, said) = run(&place, &["check", "haproxy.cfg", "--target-from", "haproxy"]);
    assert!(status == 2 && said.contains("a program of the repository"), "{said}");
    assert!(!repo.join("ran").exists());
    fs::write(repo.join("version"), "HAProxy version 2.8.5-1 2023/12/07\nFeature list : +EPOLL\n").unwrap();
    assert_eq!(run(&place, &["check", "haproxy.cfg", "--target-from", "version"]).0, 0);
    trap(&machine.join("haproxy"));
    assert_eq!(run(&place, &["check", "haproxy.cfg", "--target-from", "../machine/haproxy"]).0, 0);
}

#[test]
fn a_variable_that_haproxy_does_not_get_is_told() {
    if !std::path::Path::new("/usr/sbin/haproxy").exists() {
        println!("skipped: there is no haproxy");
        return;
    }
    let text = format!(
        "{GOOD}    default_backend \"${{LD_BIND_NOW}}\"\n    log-tag \"$TAG\"\nbackend x\n    server s 127.0.0.1:80\n    timeout server 9s\n    timeout connect 9s\n"
    );
    for (name, told) in [("LD_BIND_NOW", true), ("TAG", false), ("HAPROXY_MWORKER_REEXEC", false)] {
        let place = repository(&[("haproxy-lint.toml", &format!("[env]\n{name} = \"x\"\n")), ("haproxy.cfg", &text)]);
        let (_, said) = run(&place, &["check", "haproxy.cfg", "--haproxy", "/usr/sbin/haproxy"]);
        assert_eq!(said.contains("without the variable `"), told, "{said}");
    }
}

#[test]
fn files_that_say_what_git_ignores_never_end_a_run() {
    for name in [".gitignore", ".ignore"] {
        for folder in ["", "sub"] {
            for plant in [
                |path: &std::path::Path| symlink("/dev/zero", path).unwrap(),
                |path: &std::path::Path| fifo(path),
                |path: &std::path::Path| fs::File::create(path).unwrap().set_len(1 << 30).unwrap(),
                |path: &std::path::Path| {
                    symlink(path.ancestors().find(|p| p.join("secret.cfg").exists()).unwrap().join("secret.cfg"), path).unwrap()
                },
            ] {
                let place = repository(&[("sub/b.cfg", GOOD)]);
                plant(&place.path().join("repo").join(folder).join(name));
                let (status, said) = run(&place, &["check", "."]);
                assert!(said.contains(&format!("/{name}`: it is")), "{said}");
                assert_eq!(status, if folder.is_empty() { 2 } else { 0 }, "{said}");
                assert_eq!(run(&place, &["check", "--no-ignore", "."]).0, 0);
                run(&place, &["init"]);
            }
        }
    }
    let place = repository(&[("sub/bad.cfg", SECRET), ("ignored", "sub\n")]);
    symlink("ignored", place.path().join("repo/.gitignore")).unwrap();
    assert_eq!(run(&place, &["check", "."]).0, 0, "a link within the repository is followed");
}

#[test]
fn what_generate_would_write_shows_nothing_from_behind_a_link() {
    let compose = "services:\n  a: {image: 'haproxy:2.8', hostname: a}\n  b: {image: 'haproxy:2.8', hostname: b}\n";
    let place = repository(&[("compose.yaml", compose)]);
    symlink("../secret.cfg", place.path().join("repo/peers.cfg")).unwrap();
    for how in ["--diff", "--check", "--force"] {
        let (status, said) = run(&place, &["generate", "peers", "--topology", "compose.yaml", "-o", "peers.cfg", how]);
        assert!(status == 2 && said.contains("it is a link") && !said.contains("hunter2"), "{how}: {said}");
    }
    fs::remove_file(place.path().join("repo/peers.cfg")).unwrap();
    fifo(&place.path().join("repo/peers.cfg"));
    assert_eq!(run(&place, &["generate", "peers", "--topology", "compose.yaml", "-o", "peers.cfg", "--diff"]).0, 2);
}

#[test]
fn every_command_takes_larger_files_where_that_is_said() {
    let compose = "services:\n  a: {image: 'haproxy:2.8', hostname: a}\n";
    let place = repository(&[("compose.yaml", compose), ("dump", "")]);
    for arguments in [
        &["parse", "haproxy.cfg"][..],
        &["topology", "--topology", "compose.yaml"],
        &["generate", "sysctl", "--topology", "compose.yaml"],
        &["doctor", "--show-peers", "dump", "--topology", "compose.yaml"],
    ] {
        let (status, said) = run(&place, &[arguments, &["--max-file-size", "10"]].concat());
        assert!(status == 2 && said.contains("larger than 10 bytes"), "{arguments:?}: {said}");
        let (_, said) = run(&place, &[arguments, &["--max-file-size", "1GB"]].concat());
        assert!(!said.contains("larger than"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_configuration_of_a_node_is_read_whole_or_not_at_all() {
    type Plant = fn(&std::path::Path);
    let plants: [(&str, Plant); 3] = [
        ("no regular file", |path| fifo(path)),
        ("larger than 64 MB", |path| fs::File::create(path).unwrap().set_len(1 << 30).unwrap()),
        ("lies outside the repository", |path| {
            fs::create_dir(path).unwrap();
            fs::write(path.join("a.cfg"), GOOD).unwrap();
            symlink("../../secret.cfg", path.join("b.cfg")).unwrap();
        }),
    ];
    for (why, plant) in plants {
        let hosts = "topology: 1\nhosts:\n- {name: a, addresses: [10.0.0.1], config: planted}\n- {name: b, addresses: [10.0.0.2], config: haproxy.cfg}\n";
        let place = repository(&[("hosts.yaml", hosts)]);
        plant(&place.path().join("repo/planted"));
        let (_, said) = run(&place, &["check", "--topology", "hosts.yaml"]);
        assert!(said.contains(why) && !said.contains("hunter2"), "{said}");
        // The doctor reads what it is told to, and no more of it.
        if why != "no regular file" {
            let (status, said) = run(&place, &["doctor", "--show-peers", "hosts.yaml", "-f", "planted"]);
            assert!(status == 2 && said.contains(why) && !said.contains("hunter2"), "{said}");
        }
    }
}

#[test]
fn standard_input_is_the_users_alone() {
    // The user's own is read, and shown.
    let place = repository(&[]);
    let mut command = place.command(&["check", "-", "--format", "short"]);
    assert!(out(&command.write_stdin("frontend hunter2\n    foo_hunter2\n").output().unwrap()).contains("foo_hunter2"));
    let hosts =
        "topology: 1\nhosts:\n- {name: a, addresses: [10.0.0.1], config: '-'}\n- {name: b, addresses: [10.0.0.2], config: haproxy.cfg}\n";
    for (settings, arguments) in [
        ("[[config]]\nfiles = [\"-\"]\n", &["check"][..]),
        ("[[config]]\nfiles = [\"haproxy.cfg\", \"./-\"]\n", &["check"]),
        ("topology = [\"-\"]\n", &["check"]),
        ("", &["check", "--topology", "hosts.yaml"]),
    ] {
        // Both where there is a file of that name and where there is none.
        for file in [&[][..], &[("-", "global\n")]] {
            let place = repository(&[&[("haproxy-lint.toml", settings), ("hosts.yaml", hosts)], file].concat());
            let mut command = place.command(arguments);
            let repo = place.path().join("repo");
            let output = command.current_dir(repo).write_stdin("frontend hunter2\n    foo_hunter2\n").output().unwrap();
            assert!(!(out(&output) + &err(&output)).contains("hunter2"), "{settings}: {}", out(&output));
        }
    }
}

#[test]
fn settings_that_may_not_be_read_are_told_by_all_who_look_for_them() {
    let place = repository(&[("haproxy-lint.toml", "extend = \"../secret.cfg\"\n")]);
    let (status, said) = run(&place, &["rules"]);
    assert!(status == 0 && said.contains("rules of the project are not shown"), "{said}");
    let (status, said) = run(&place, &["explain", "project/x"]);
    assert!(status == 2 && said.contains("lies outside the repository"), "{said}");
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

/// Each thread reserves more addresses than a check of a large line takes memory: where they are limited, fewer threads are started.
#[test]
#[cfg(target_os = "linux")]
fn threads_take_no_more_addresses_than_there_are() {
    let place = Place::with(&[("long.cfg", &format!("frontend f\n    acl a src{}\n", " 192.0.2.1".repeat(500_000)))]);
    let program = place.command(&[]).get_program().to_owned();
    for _ in 0..8 {
        let mut shell = Command::new("sh");
        shell.args(["-c", "ulimit -v 300000; exec \"$0\" check --no-config --format short --threads 5 long.cfg"]).arg(&program);
        let output = shell.current_dir(place.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Forty lines may ask for more memory than there is: a variable that holds another one twice, or a long one in many lines.
#[test]
#[cfg(target_os = "linux")]
fn variables_that_hold_variables_fill_no_memory() {
    let doubled = format!("global\n    setenv A x\n{}backend b\n    server s \"$A\":80\n", "    setenv A \"$A$A\"\n".repeat(60));
    let repeated = format!("global\n    setenv A {}\nbackend b\n{}", "x".repeat(500_000), "    server s \"$A\":80\n".repeat(5_000));
    let doubled_by_kubernetes = (1..60).map(|n| format!("        - {{name: A{n}, value: $(A{0})$(A{0})}}\n", n - 1)).collect::<String>();
    let pod = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: lb}}\nspec:\n  containers:\n    - name: haproxy\n      image: haproxy:2.8\n      args: [-L, $(A59)]\n      env:\n        - {{name: A0, value: x}}\n{doubled_by_kubernetes}"
    );
    let place = Place::with(&[("doubled.cfg", &doubled), ("repeated.cfg", &repeated), ("pod.yaml", &pod)]);
    let program = place.command(&[]).get_program().to_owned();
    for arguments in ["doubled.cfg", "repeated.cfg", "--topology pod.yaml"] {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("ulimit -v 800000; exec \"$0\" check --no-config --format short {arguments}")]).arg(&program);
        let output = shell.current_dir(place.path()).output().unwrap();
        let status = output.status.code();
        assert!(matches!(status, Some(0 | 1)), "{arguments}: {status:?} {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Findings of thousands of lines quote one name that is as long as a file, or are true of as many pods as a manifest likes.
#[test]
#[cfg(target_os = "linux")]
fn what_each_finding_repeats_is_little() {
    let long = "n".repeat(200_000);
    let lines = (1..=4_000).map(|n| format!("    timeout client {n}s\n")).collect::<String>() + "    mode none\n";
    let backend = format!("backend {long}\n{lines}");
    let mapped = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: lb}}\ndata:\n  haproxy.cfg: |\n    backend app\n{}",
        lines.replace("    ", "        ")
    );
    let set = |name: &str, replicas: u32| {
        format!(
            "{mapped}---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: {name}\nspec:\n  replicas: {replicas}\n  template:\n    spec:\n      containers:\n        - name: haproxy\n          image: haproxy:2.8\n          volumeMounts: [{{name: c, mountPath: /usr/local/etc/haproxy}}]\n      volumes: [{{name: c, configMap: {{name: lb}}}}]\n"
        )
    };
    let place = Place::with(&[("long.cfg", &backend), ("long.yaml", &set(&long, 2)), ("many.yaml", &set("lb", u32::MAX))]);
    let program = place.command(&[]).get_program().to_owned();
    for (arguments, repeated) in [("long.cfg", "nnn…"), ("--topology long.yaml", "nnn…"), ("--topology many.yaml", "and 994 more")] {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("ulimit -v 800000; exec \"$0\" check --no-config --format json {arguments}")]).arg(&program);
        let output = shell.current_dir(place.path()).output().unwrap();
        let told = out(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(told.matches(repeated).count() > 3_000 && told.len() < 40_000_000, "{arguments}: {} bytes", told.len());
    }
}

/// A line of thirty bytes names a hundred thousand servers.
#[test]
#[cfg(target_os = "linux")]
fn ranges_of_names_fill_no_memory() {
    let templates = (0..10_000).map(|n| format!("    server-template s{n}- 1-100000 h.example:80\n")).collect::<String>();
    let place = Place::with(&[("templates.cfg", &format!("backend b\n{templates}    server s7-1 192.0.2.1:80\n"))]);
    let program = place.command(&[]).get_program().to_owned();
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -v 400000; exec \"$0\" check --no-config --threads 1 --format short templates.cfg"]).arg(&program);
    let output = shell.current_dir(place.path()).output().unwrap();
    let (told, failed) = (out(&output), String::from_utf8_lossy(&output.stderr).into_owned());
    assert!(output.status.code() == Some(0) && told.contains("has two servers named `s7-1`"), "{told}{failed}");
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
