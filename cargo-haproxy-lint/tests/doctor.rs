//! The doctor at the bedside: real HAProxy in network namespaces, asked through sockets and files, probed, and cured.
//!
//! It needs root, `ip` and `haproxy`, and says so where they are missing; `HAPROXY_2_8` names a second HAProxy.

mod place;

use std::{
    ffi::OsString,
    fs,
    io::{Read, Write},
    net::TcpListener,
    os::unix::net::{UnixListener, UnixStream},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use place::{Place, err, out, status};
use serde_json::Value;

/// How long HAProxy may take: a peer that was refused is tried again within five seconds.
const PATIENCE: Duration = Duration::from_secs(40);

fn ip(words: &str) -> bool {
    Command::new("ip").args(words.split(' ')).output().is_ok_and(|o| o.status.success())
}

/// Whether this machine lets us make namespaces. It is tried once: tests that run at the same time would be in each other's way.
static MAY: LazyLock<bool> = LazyLock::new(|| {
    let probe = format!("hd{}t", std::process::id());
    let may = ip(&format!("netns add {probe}"));
    ip(&format!("netns del {probe}"));
    may
});

/// The HAProxy programs of this machine, if it lets us make namespaces.
fn programs(test: &str) -> Vec<OsString> {
    let works = |program: &OsString| Command::new(program).arg("-v").output().is_ok_and(|o| o.status.success());
    let programs: Vec<OsString> = [Some("haproxy".into()), std::env::var_os("HAPROXY_2_8")].into_iter().flatten().filter(works).collect();
    assert!(programs.len() == 2 && *MAY || std::env::var_os("CI").is_none(), "CI needs HAProxy 2.6 and 2.8, root and `ip`");
    if programs.is_empty() || !*MAY {
        println!("skipped {test}: it needs root, `ip` and `haproxy`");
        return Vec::new();
    }
    programs
}

/// Does this with each of them, at the same time: most of it is waiting.
fn with_each_program(test: &str, work: impl Fn(&OsString) + Sync) {
    let (programs, work) = (programs(test), &work);
    thread::scope(|scope| programs.iter().for_each(|program| _ = scope.spawn(move || work(program))));
}

/// Some namespaces on one bridge, `10.78.0.1` and so on, which are gone when this is dropped.
struct World {
    prefix: String,
    program: OsString,
    place: Place,
    running: Vec<Option<Child>>,
}

static WORLDS: AtomicUsize = AtomicUsize::new(0);

impl World {
    fn new(program: &OsString, count: usize) -> Self {
        let prefix = format!("hd{}x{}", std::process::id() % 10_000, WORLDS.fetch_add(1, Ordering::Relaxed));
        let world = Self { prefix, program: program.clone(), place: Place::with(&[]), running: (0..count).map(|_| None).collect() };
        let hub = format!("{}h", world.prefix);
        assert!(
            ip(&format!("netns add {hub}"))
                && ip(&format!("-n {hub} link add br0 type bridge"))
                && ip(&format!("-n {hub} link set br0 up"))
        );
        for at in 0..count {
            let name = world.name(at);
            assert!(ip(&format!("netns add {name}")));
            assert!(ip(&format!("-n {hub} link add v{at} type veth peer name eth0 netns {name}")));
            assert!(ip(&format!("-n {hub} link set v{at} master br0 up")));
            assert!(ip(&format!("-n {name} link set lo up")) && ip(&format!("-n {name} addr add 10.78.0.{}/24 dev eth0", at + 1)));
            assert!(ip(&format!("-n {name} link set eth0 up")));
        }
        world
    }

    fn name(&self, at: usize) -> String {
        format!("{}n{at}", self.prefix)
    }

    fn inside(&self, at: usize, words: &[&str]) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name(at)]).args(words).current_dir(self.place.path());
        command
    }

    fn sh(&self, at: usize, script: &str) {
        assert!(self.inside(at, &["sh", "-c", script]).status().unwrap().success(), "{script}");
    }

    fn socket(&self, at: usize) -> PathBuf {
        self.place.path().join(format!("{at}.sock"))
    }

    /// Starts HAProxy on a node; the one that ran there is gone before.
    fn start(&mut self, at: usize, local: &str, peers: &str) {
        self.stop(at);
        let config = format!(
            "global\n    stats socket {} mode 600 level user\ndefaults\n    mode tcp\n    timeout connect 1s\n    timeout client 5s\n    timeout server 5s\n\n{peers}",
            self.socket(at).display()
        );
        let file = format!("{at}.cfg");
        fs::write(self.place.path().join(&file), config).unwrap();
        let log = fs::File::create(self.place.path().join(format!("{at}.log"))).unwrap();
        let program = self.program.to_string_lossy().into_owned();
        let mut command = self.inside(at, &[&program, "-db", "-f", &file, "-L", local]);
        self.running[at] = Some(command.stdout(Stdio::null()).stderr(log).spawn().unwrap());
        let begun = Instant::now();
        while UnixStream::connect(self.socket(at)).is_err() {
            let ended = self.running[at].as_mut().is_some_and(|c| c.try_wait().unwrap().is_some());
            if ended || begun.elapsed() > PATIENCE {
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn stop(&mut self, at: usize) {
        if let Some(mut child) = self.running[at].take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = fs::remove_file(self.socket(at));
    }

    fn ask(&self, at: usize, question: &str) -> String {
        let mut text = String::new();
        if let Ok(mut stream) = UnixStream::connect(self.socket(at)) {
            stream.write_all(format!("{question}\n").as_bytes()).unwrap();
            stream.read_to_string(&mut text).unwrap();
        }
        text
    }

    /// The doctor inside the namespace of a node.
    fn doctor(&self, at: usize, arguments: &[&str]) -> Output {
        let program = assert_cmd::cargo::cargo_bin("cargo-haproxy-lint");
        let program = program.to_string_lossy().into_owned();
        let mut words = vec![program.as_str(), "doctor"];
        words.extend(arguments);
        self.inside(at, &words).output().unwrap()
    }

    /// What the doctor says of the sockets of these nodes: status of the program, findings as `rule node`.
    fn told(&self, nodes: &[usize], more: &[&str]) -> (i32, Vec<String>) {
        let sockets: Vec<String> = nodes.iter().map(|at| format!("--socket=n{at}={}", self.socket(*at).display())).collect();
        let mut arguments: Vec<&str> = vec!["--format", "json", "--timeout", "2s"];
        arguments.extend(sockets.iter().map(String::as_str));
        arguments.extend(more);
        let output = self.doctor(0, &arguments);
        (status(&output), findings(&out(&output)))
    }

    /// The same through files.
    fn told_by_files(&self, nodes: &[usize]) -> (i32, Vec<String>) {
        let mut arguments = vec!["--format".to_owned(), "json".to_owned()];
        for at in nodes {
            fs::write(self.place.path().join(format!("{at}.txt")), self.ask(*at, "show peers")).unwrap();
            arguments.push(format!("--show-peers=n{at}={at}.txt"));
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = self.doctor(0, &arguments);
        (status(&output), findings(&out(&output)))
    }

    /// Asks until the doctor says so, through sockets and through files.
    fn expect(&self, title: &str, nodes: &[usize], wanted: i32, rules: &[&str]) {
        let fits = |told: &(i32, Vec<String>)| told.0 == wanted && rules.iter().all(|r| told.1.iter().any(|t| t == r));
        let begun = Instant::now();
        let (mut told, mut files) = (self.told(nodes, &[]), self.told_by_files(nodes));
        while !(fits(&told) && fits(&files)) && begun.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(300));
            (told, files) = (self.told(nodes, &[]), self.told_by_files(nodes));
        }
        let log = fs::read_to_string(self.place.path().join(format!("{}.log", nodes[0]))).unwrap_or_default();
        assert!(fits(&told), "{title}: it says {told:?}, wanted {wanted} {rules:?}\n{}\n{log}", self.ask(nodes[0], "show peers"));
        assert!(fits(&files), "{title}, through files: it says {files:?}, wanted {wanted} {rules:?}\n{}", self.ask(nodes[0], "show peers"));
    }
}

impl Drop for World {
    fn drop(&mut self) {
        for at in 0..self.running.len() {
            self.stop(at);
            ip(&format!("netns del {}", self.name(at)));
        }
        ip(&format!("netns del {}h", self.prefix));
    }
}

/// `remote-other-name n0`, without what only advises.
fn findings(json: &str) -> Vec<String> {
    let value: Value = serde_json::from_str(json).unwrap_or(Value::Null);
    let list = value["findings"].as_array().cloned().unwrap_or_default();
    let list = list.iter().filter(|f| f["severity"] != "info" && f["rule"].as_str().unwrap().starts_with("runtime/"));
    let words = |f: &Value| {
        let nodes: Vec<&str> = f["nodes"].as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect();
        format!("{} {}", f["rule"].as_str().unwrap().trim_start_matches("runtime/"), nodes.join("+"))
    };
    list.map(words).collect()
}

fn section(lines: &[&str]) -> String {
    let lines: String = lines.iter().map(|l| format!("    {l}\n")).collect();
    format!("peers mesh\n{lines}\nbackend st\n    stick-table type ip size 1k expire 10m store gpc0,conn_cnt peers mesh\n")
}

const A: &str = "peer a 10.78.0.1:1024";
const B: &str = "peer b 10.78.0.2:1024";

fn both() -> String {
    section(&[A, B])
}

#[test]
fn sick_pairs_are_diagnosed_cured_and_healthy() {
    with_each_program("sick_pairs_are_diagnosed_cured_and_healthy", |program| {
        let mut w = World::new(program, 2);

        w.start(0, "a", &both());
        w.start(1, "b", &both());
        w.expect("healthy", &[0, 1], 0, &[]);
        assert_eq!(w.told(&[0, 1], &[]).1, Vec::<String>::new(), "a healthy pair has no findings");

        w.stop(1);
        w.expect("the other side is stopped", &[0], 1, &["remote-unreachable n0"]);
        w.start(1, "b", &both());
        w.expect("it runs again", &[0, 1], 0, &[]);

        w.start(1, "bb", &both());
        w.expect("a name that is in no line", &[1], 1, &["section-missing n1"]);
        w.start(1, "bb", &section(&[A, "peer bb 10.78.0.2:1024"]));
        w.start(0, "a", &both());
        w.expect("other names on either side", &[0, 1], 1, &["remote-other-name n0", "not-listed-by-remote n1"]);
        // As told: one name on both sides, and both loaded again.
        w.start(0, "a", &section(&[A, "peer bb 10.78.0.2:1024"]));
        w.start(1, "bb", &section(&[A, "peer bb 10.78.0.2:1024"]));
        w.expect("names put right", &[0, 1], 0, &[]);

        w.stop(1);
        w.start(0, "a", &section(&["peer a 127.0.0.1:1024", B]));
        w.start(1, "b", &section(&[A, "peer b 127.0.0.1:1024"]));
        w.expect("everybody on loopback", &[0, 1], 1, &["remote-unreachable n0", "remote-unreachable n1", "pair-not-established n0+n1"]);

        w.start(0, "a", &section(&["bind :1024", "server a", "server b 10.78.0.2:1024"]));
        w.expect("one on loopback is enough", &[0, 1], 0, &[]);

        w.start(0, "a", &both());
        w.start(1, "b", &section(&["peer a 10.78.0.1:1025", B]));
        w.expect("one wrong port is enough", &[0, 1], 0, &[]);
        w.start(0, "a", &section(&[A, "peer b 10.78.0.2:1025"]));
        w.expect("two wrong ports", &[0, 1], 1, &["remote-unreachable n0", "remote-unreachable n1"]);

        w.start(0, "a", &section(&[A, "peer b 10.78.0.1:1024"]));
        w.expect("it dials itself", &[0], 1, &["remote-other-name n0"]);
    });
}

#[test]
fn tables_firewalls_and_other_services_are_diagnosed() {
    with_each_program("tables_firewalls_and_other_services_are_diagnosed", |program| {
        let mut w = World::new(program, 2);

        w.start(0, "a", &both());
        w.start(1, "b", &both().replace("type ip ", "type string len 12 "));
        // Nothing at all is shared: that is no session that a gate may let pass.
        w.expect("tables of other types", &[0, 1], 1, &["table-not-shared n0", "table-not-shared n1"]);
        w.start(1, "b", &both().replace("gpc0,conn_cnt", "conn_cnt"));
        w.expect("tables that store otherwise", &[0, 1], 0, &["table-not-shared n0"]);
        w.start(1, "b", &both());
        w.expect("tables put right", &[0, 1], 0, &[]);

        // Nobody taught the older one, and nobody pushed: it has heard of no table yet, and nothing is wrong.
        w.stop(0);
        w.start(1, "b", &both());
        thread::sleep(Duration::from_secs(12));
        w.start(0, "a", &both());
        w.expect("one started long before the other", &[0, 1], 0, &[]);
        assert_eq!(w.told(&[1], &[]).1, Vec::<String>::new());

        let dropped = Command::new("iptables").arg("-V").output().is_ok_and(|o| o.status.success());
        if dropped {
            w.stop(0);
            w.sh(1, "iptables -A INPUT -p tcp --dport 1024 -j DROP");
            w.sh(0, "iptables -A INPUT -p tcp --dport 1024 -j DROP");
            w.start(1, "b", &both());
            w.start(0, "a", &both());
            w.expect("packets are dropped", &[0, 1], 1, &["remote-unreachable n0", "remote-unreachable n1"]);
            let probed = w.doctor(0, &["--probe", "-f", "0.cfg", "--local-name", "a", "--timeout", "1s"]);
            assert_eq!(status(&probed), 1);
            assert!(out(&probed).contains("packets are dropped"), "{}", out(&probed));
            w.sh(1, "iptables -F");
            w.expect("packets pass again", &[0, 1], 0, &[]);
            w.sh(0, "iptables -F");
        }

        w.start(1, "b", "frontend web\n    mode http\n    bind 10.78.0.2:1024\n    http-request return status 200\n");
        w.start(0, "a", &both());
        w.expect("another service listens there", &[0], 1, &["connection-storm n0"]);
        let probed = w.doctor(0, &["--probe", "-f", "0.cfg", "--local-name", "a", "--format", "json"]);
        assert_eq!(findings(&out(&probed)).len(), 1, "{}", out(&probed));
        assert!(findings(&out(&probed))[0].starts_with("connection-storm"), "{}", out(&probed));
        assert!(w.told(&[0], &["--samples", "2", "--interval", "1s"]).1.contains(&"connection-storm n0".to_owned()));
        w.stop(0);
    });
}

#[test]
fn three_nodes_of_which_two_do_not_know_each_other() {
    with_each_program("three_nodes_of_which_two_do_not_know_each_other", |program| {
        let mut w = World::new(program, 3);
        let all = section(&[A, B, "peer c 10.78.0.3:1024"]);
        w.start(0, "a", &all);
        w.start(1, "b", &all);
        w.start(2, "c", &section(&[A, "peer c 10.78.0.3:1024"]));
        w.expect("an incomplete mesh", &[0, 1, 2], 1, &["not-listed-by-remote n1"]);
        w.start(2, "c", &all);
        // The one that was refused never dials again; the newcomer dials it.
        w.expect("the list completed", &[0, 1, 2], 0, &[]);
        // With the configuration, the file and line to look at are named.
        w.stop(2);
        let socket = w.socket(0).display().to_string();
        let begun = Instant::now();
        loop {
            let told = w.doctor(0, &["--socket", &socket, "-f", "0.cfg"]);
            if status(&told) == 1 {
                assert!(out(&told).contains("0.cfg:12: `a` connects to this for `c`"), "{}", out(&told));
                break;
            }
            assert!(begun.elapsed() < PATIENCE, "{}", out(&told));
            thread::sleep(Duration::from_millis(300));
        }
    });
}

#[test]
fn a_probe_says_who_listens_and_disturbs_nobody() {
    with_each_program("a_probe_says_who_listens_and_disturbs_nobody", |program| {
        let mut w = World::new(program, 2);
        w.start(0, "a", &both());
        w.start(1, "b", &both());
        w.expect("healthy", &[0, 1], 0, &[]);
        let steady = |w: &World| -> Vec<String> {
            let text = w.ask(0, "show peers") + &w.ask(1, "show peers");
            let keep = |word: &&str| {
                ["new_conn=", "no_hbt=", "proto_err=", "coll=", "appctx:", "last_status="].iter().any(|k| word.starts_with(k))
            };
            text.split_whitespace().filter(keep).map(str::to_owned).collect()
        };
        let before = steady(&w);
        for _ in 0..5 {
            let probed = w.doctor(0, &["--probe", "-f", "0.cfg", "--local-name", "a", "--format", "json"]);
            assert_eq!(status(&probed), 0, "{}{}", out(&probed), err(&probed));
            assert!(out(&probed).contains("the right HAProxy listens there"), "{}", out(&probed));
        }
        assert_eq!(steady(&w), before, "a probe leaves sessions and counters as they were");

        let other = w.doctor(0, &["--probe", "-f", "0.cfg", "--local-name", "b", "--format", "json"]);
        assert_eq!(status(&other), 0, "from a node that takes itself for `b`, `a` is probed: {}", out(&other));
        w.start(1, "bb", &section(&[A, "peer bb 10.78.0.2:1024"]));
        let named = w.doctor(0, &["--probe", "-f", "0.cfg", "--local-name", "a", "--format", "json"]);
        assert_eq!((status(&named), findings(&out(&named)).len()), (1, 1), "{}", out(&named));
        assert!(findings(&out(&named))[0].starts_with("remote-other-name"));
        w.stop(1);
        let refused = w.doctor(0, &["--probe", "-f", "0.cfg", "--local-name", "a"]);
        assert_eq!(status(&refused), 1);
        assert!(out(&refused).contains("refuses the connection"), "{}", out(&refused));
    });
}

#[test]
fn this_host_is_compared_with_what_it_reads() {
    for program in programs("this_host_is_compared_with_what_it_reads").into_iter().take(1) {
        let mut w = World::new(&program, 2);
        w.sh(0, "echo 1 > /proc/sys/net/ipv4/ip_nonlocal_bind");
        w.start(0, "a", &section(&["peer a 10.96.0.1:1024", B]));
        w.start(1, "b", &section(&["peer a 10.96.0.1:1024", B]));
        let socket = w.socket(0).display().to_string();
        let told = w.doctor(0, &["--host", "--socket", &socket, "-f", "0.cfg", "--format", "json"]);
        let text = out(&told);
        assert!(text.contains("host/nonlocal-hides-fault"), "{text}{}", err(&told));
        let human = out(&w.doctor(0, &["--host", "--socket", &socket, "-f", "0.cfg"]));
        assert!(human.contains("4. ✗") && human.contains("only hides that"), "{human}");
    }
}

#[test]
fn waiting_ends_when_the_pair_is_there_or_time_is_over() {
    for program in programs("waiting_ends_when_the_pair_is_there_or_time_is_over").into_iter().take(1) {
        let mut w = World::new(&program, 2);
        w.start(0, "a", &both());
        let socket = w.socket(0).display().to_string();
        let begun = Instant::now();
        let waited = w.doctor(0, &["--socket", &socket, "--wait", "2s", "--interval", "500ms"]);
        assert_eq!(status(&waited), 1);
        assert!((2..6).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
        w.start(1, "b", &both());
        let waited = w.doctor(0, &["--socket", &socket, "--wait", "20s", "--interval", "500ms"]);
        assert_eq!(status(&waited), 0, "{}", out(&waited));
        let metrics = out(&w.doctor(0, &["--socket", &socket, "--format", "prometheus"]));
        assert!(metrics.contains("haproxy_peers_peer_established{node=\"a\",section=\"mesh\",peer=\"b\"} 1"), "{metrics}");
    }
}

/// A socket that does something with every connection.
fn strange(place: &Place, name: &str, mut act: impl FnMut(UnixStream) + Send + 'static) -> String {
    let path = place.path().join(name);
    let listener = UnixListener::bind(&path).unwrap();
    thread::spawn(move || listener.incoming().flatten().for_each(&mut act));
    path.display().to_string()
}

#[test]
fn strange_sockets_are_errors_in_bounded_time() {
    let place = Place::with(&[]);
    let mut held = Vec::new();
    let hangs = strange(&place, "hangs", move |stream| held.push(stream));
    let garbage = strange(&place, "garbage", |mut stream| drop(stream.write_all(b"\x00\xff\xfehello = world\n")));
    let endless = strange(&place, "endless", |mut stream| while stream.write_all(&[b'x'; 65_536]).is_ok() {});
    let drips = strange(&place, "drips", |mut stream| {
        while stream.write_all(b"0x1: id=").is_ok() {
            thread::sleep(Duration::from_millis(50));
        }
    });
    let refused = strange(&place, "refused", |mut stream| drop(stream.write_all(b"Permission denied\n\n")));
    let gone = place.path().join("gone").display().to_string();
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = tcp.local_addr().unwrap().to_string();
    for socket in [hangs, garbage, endless, drips, refused, gone, silent] {
        let begun = Instant::now();
        let told = place.run(&["doctor", "--socket", &socket, "--timeout", "1s"]);
        assert_eq!(status(&told), 2, "{socket}: {}", out(&told));
        assert!(begun.elapsed() < Duration::from_secs(8), "{socket}: {:?}", begun.elapsed());
        assert!(err(&told).contains("help"), "{socket}: {}", err(&told));
    }
}

#[test]
fn without_a_dump_it_says_what_to_run() {
    let place = Place::with(&[("empty.txt", "\n"), ("nothing.txt", ""), ("noise.txt", "hello\n")]);
    let nothing = place.run(&["doctor"]);
    assert_eq!(status(&nothing), 2);
    assert!(err(&nothing).contains("socat stdio") && err(&nothing).contains("kubectl exec"), "{}", err(&nothing));
    assert_eq!(status(&place.run(&["doctor", "--show-peers", "noise.txt"])), 2);
    assert_eq!(status(&place.run(&["doctor", "--show-peers", "missing.txt"])), 2);
    let nothing = place.run(&["doctor", "--show-peers", "nothing.txt"]);
    assert!(status(&nothing) == 2 && err(&nothing).contains("`nothing.txt` is no answer: it is empty"), "{}", err(&nothing));
    // HAProxy without peers answers with an empty line.
    let empty = place.run(&["doctor", "--show-peers", "lb1=empty.txt", "--format", "json"]);
    assert_eq!(status(&empty), 1);
    assert_eq!(findings(&out(&empty)), ["section-missing lb1"]);
}

#[test]
fn the_guide_shows_what_is_printed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = root.join("docs/doctor.md");
    let guide = fs::read_to_string(&path).unwrap();
    let mut made = String::new();
    for (at, part) in guide.split("```console\n").enumerate() {
        if at == 0 {
            made += part;
            continue;
        }
        let (block, rest) = part.split_once("```").unwrap();
        let line = block.lines().next().unwrap();
        let arguments: Vec<&str> = line.strip_prefix("$ cargo haproxy-lint ").unwrap().split(' ').collect();
        let output = assert_cmd::Command::cargo_bin("cargo-haproxy-lint").unwrap().current_dir(&root).args(arguments).output().unwrap();
        made += &format!("```console\n{line}\n{}```{rest}", out(&output));
    }
    if std::env::var_os("WRITE_GUIDE").is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert!(
        made == guide || std::env::var_os("WRITE_GUIDE").is_some(),
        "docs/doctor.md is not what is printed: run this with WRITE_GUIDE=1"
    );
}
