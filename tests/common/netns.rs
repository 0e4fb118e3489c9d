//! Network namespaces on one bridge, with a HAProxy in each.

use std::{
    ffi::OsString,
    fs,
    io::{Read, Write},
    net::Shutdown,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::LazyLock,
};

/// Namespaces, which are gone when this is dropped.
pub(crate) struct World {
    prefix: String,
    count: usize,
    folder: tempfile::TempDir,
    running: Vec<Child>,
}

/// Whether this machine lets us make namespaces. It is tried once: tests that run at the same time would be in each other's way.
static MAY: LazyLock<bool> = LazyLock::new(|| {
    let probe = format!("hl{}probe", std::process::id());
    let may = ip(&format!("netns add {probe}"));
    ip(&format!("netns del {probe}"));
    may
});

/// The programs to try, where this machine allows namespaces and has any: `haproxy`, and what `HAPROXY_2_8` names.
pub(crate) fn programs() -> Option<Vec<OsString>> {
    let programs = [Some("haproxy".into()), std::env::var_os("HAPROXY_2_8")].into_iter().flatten();
    let programs: Vec<OsString> = programs.filter(|p: &OsString| Command::new(Path::new(p)).arg("-v").output().is_ok()).collect();
    assert!(programs.len() == 2 && *MAY || std::env::var_os("CI").is_none(), "CI needs HAProxy 2.6 and 2.8, root and `ip`");
    if !*MAY {
        println!("skipped: network namespaces need root and `ip`");
        return None;
    }
    if programs.is_empty() {
        println!("skipped: there is no haproxy on this machine");
        return None;
    }
    Some(programs)
}

pub(crate) fn ip(words: &str) -> bool {
    let output = Command::new("ip").args(words.split(' ')).output();
    output.is_ok_and(|o| o.status.success())
}

impl World {
    /// A namespace for each list of addresses; they have their lengths with them.
    pub(crate) fn new(prefix: String, addresses: &[Vec<String>]) -> Self {
        let world = Self { prefix, count: addresses.len(), folder: tempfile::tempdir().unwrap(), running: Vec::new() };
        let hub = world.name("hub");
        assert!(
            ip(&format!("netns add {hub}"))
                && ip(&format!("-n {hub} link add br0 type bridge"))
                && ip(&format!("-n {hub} link set br0 up"))
        );
        for (at, addresses) in addresses.iter().enumerate() {
            let name = world.name(&at.to_string());
            assert!(ip(&format!("netns add {name}")));
            assert!(ip(&format!("-n {hub} link add v{at} type veth peer name eth0 netns {name}")));
            assert!(ip(&format!("-n {hub} link set v{at} master br0 up")));
            ip(&format!("-n {name} link set lo up"));
            addresses.iter().for_each(|address| {
                ip(&format!("-n {name} addr add {address} dev eth0"));
            });
            assert!(ip(&format!("-n {name} link set eth0 up")));
        }
        world
    }

    fn name(&self, part: &str) -> String {
        format!("{}{part}", self.prefix)
    }

    /// A command inside of the namespace number `at`.
    pub(crate) fn inside(&self, at: usize, words: &[&str]) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name(&at.to_string())]).args(words);
        command
    }

    /// Runs a script in the namespace number `at`.
    pub(crate) fn script(&self, at: usize, script: &str) {
        assert!(self.inside(at, &["sh", "-c", script]).status().unwrap().success(), "{script}");
    }

    fn socket(&self, at: usize) -> PathBuf {
        self.folder.path().join(format!("{at}.sock"))
    }

    /// Starts HAProxy under the name `local`.
    pub(crate) fn start(&mut self, program: &OsString, at: usize, local: &str, config: &str, environment: &[(String, String)]) {
        let path = self.folder.path().join(format!("{at}.cfg"));
        let global = format!("global\n    stats socket {} mode 600 level admin\n\n", self.socket(at).display());
        fs::write(&path, global + config).unwrap();
        let mut command = self.inside(at, &[]);
        command.arg(program).args(["-db", "-L", local, "-f"]).arg(&path).envs(environment.iter().cloned());
        self.running.push(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    }

    /// What a node answers; nothing where it does not run.
    pub(crate) fn ask(&self, at: usize, command: &str) -> String {
        let mut text = String::new();
        if let Ok(mut socket) = UnixStream::connect(self.socket(at)) {
            let _ = socket.write_all(format!("{command}\n").as_bytes());
            let _ = socket.shutdown(Shutdown::Write);
            let _ = socket.read_to_string(&mut text);
        }
        text
    }

    /// What the node number `at` says of the peer of that name, where it has a session with it.
    pub(crate) fn session(&self, at: usize, peer: &str) -> Option<String> {
        let text = self.ask(at, "show peers");
        let lines = text.split("id=").find(|part| part.starts_with(&format!("{peer}(remote"))).map(str::to_owned);
        lines.filter(|l| l.contains("last_status=ESTA"))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        for child in &mut self.running {
            let _ = child.kill();
            let _ = child.wait();
        }
        for at in 0..self.count {
            ip(&format!("netns del {}", self.name(&at.to_string())));
        }
        ip(&format!("netns del {}", self.name("hub")));
    }
}
