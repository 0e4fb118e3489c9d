//! What this machine says of itself, in the words of a topology file: read from /proc and /etc.

use std::{
    collections::BTreeMap,
    fs,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Map, Value, json};

/// The sysctls that decide where HAProxy may listen.
const SYSCTLS: [&str; 4] =
    ["net.ipv4.ip_nonlocal_bind", "net.ipv6.ip_nonlocal_bind", "net.ipv4.ip_unprivileged_port_start", "net.ipv6.bindv6only"];

/// Where sysctls are set for good: a file takes the place of one of the same name in a later folder.
const FOLDERS: [&str; 4] = ["etc/sysctl.d", "run/sysctl.d", "usr/local/lib/sysctl.d", "usr/lib/sysctl.d"];

/// The bit of `CAP_NET_BIND_SERVICE` and of `CAP_NET_ADMIN`.
const CAPABILITIES: [(u32, &str); 2] = [(10, "NET_BIND_SERVICE"), (12, "NET_ADMIN")];

/// The facts of this host. What cannot be read is left out.
pub(crate) fn facts() -> Value {
    let host = Host { root: PathBuf::from("/") };
    let process = host.haproxy();
    let mut all = host.facts(process.as_ref());
    if let Some(process) = &process {
        inner(process, &mut all);
    }
    let program = process.as_ref().map_or(Some(PathBuf::from("haproxy")), trusted);
    if let Some(version) = program.and_then(|p| version(&p)) {
        all.insert("version".to_owned(), json!(version));
    }
    Value::Object(all)
}

/// A machine, seen through its files.
struct Host {
    root: PathBuf,
}

/// The HAProxy that runs there: its master, where it has one.
struct Process {
    /// Its folder in /proc.
    path: PathBuf,
    /// It is on another network than this program.
    other_network: bool,
}

impl Host {
    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap_or_default()
    }

    fn facts(&self, process: Option<&Process>) -> Map<String, Value> {
        let mut all = Map::new();
        all.insert("haproxy-lint-facts".to_owned(), json!(1));
        if let Some(name) = super::host_name_in(&self.text("proc/sys/kernel/hostname")) {
            all.insert("name".to_owned(), json!(name));
        }
        all.insert("addresses".to_owned(), json!(addresses(&self.text("proc/net/fib_trie"), &self.text("proc/net/if_inet6"))));
        let sysctl = |name: &str| Some(self.text(&sysctl_file(name)).trim().to_owned()).filter(|v| !v.is_empty());
        let now: BTreeMap<&str, String> = SYSCTLS.into_iter().filter_map(|name| Some((name, sysctl(name)?))).collect();
        let persistent = self.persistent();
        let changed: BTreeMap<&str, u64> = persistent.iter().filter_map(|(n, s)| changed(now.get(n.as_str())?, n, s)).collect();
        if !changed.is_empty() {
            all.insert("sysctls_changed".to_owned(), json!(changed));
        }
        all.insert("sysctls".to_owned(), json!(now));
        let shown = |(name, set): (&String, &Persistent)| (name.clone(), json!({ "value": set.value, "file": set.file }));
        all.insert("persistent_sysctls".to_owned(), Value::Object(persistent.iter().map(shown).collect()));
        // Every process sees the sockets of its own network.
        let net = process.map_or_else(|| self.root.join("proc/net"), |p| p.path.join("net"));
        let table = |name: &str| fs::read_to_string(net.join(name)).unwrap_or_default();
        let tables = [table("tcp"), table("tcp6")];
        all.insert("listening".to_owned(), json!(listening(&tables)));
        let held = held(&tables, &self.programs());
        if !held.is_empty() {
            all.insert("held".to_owned(), json!(held));
        }
        all.extend(process.map(|p| self.process(p)).unwrap_or_default());
        all
    }

    /// The programs by the sockets that they have open, as far as this user may see them.
    fn programs(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for process in fs::read_dir(self.root.join("proc")).into_iter().flatten().filter_map(Result::ok).map(|e| e.path()) {
            let Ok(files) = fs::read_dir(process.join("fd")) else { continue };
            let name = fs::read_to_string(process.join("comm")).unwrap_or_default().trim().to_owned();
            for file in files.filter_map(Result::ok) {
                let target = fs::read_link(file.path()).unwrap_or_default().to_string_lossy().into_owned();
                let Some(number) = target.strip_prefix("socket:[").and_then(|t| t.strip_suffix(']')) else { continue };
                // systemd opens sockets for others, and hands them over.
                let known: &mut String = found.entry(number.to_owned()).or_default();
                if known.is_empty() || is_haproxy(&name) || known == "systemd" {
                    known.clone_from(&name);
                }
            }
        }
        found
    }

    /// What the files of sysctl.d set, in the order in which they are read: by name, whatever their folder.
    fn persistent(&self) -> BTreeMap<String, Persistent> {
        let mut files: BTreeMap<std::ffi::OsString, PathBuf> = BTreeMap::new();
        for folder in FOLDERS {
            for entry in fs::read_dir(self.root.join(folder)).into_iter().flatten().filter_map(Result::ok) {
                if entry.path().extension().is_some_and(|e| e == "conf") {
                    files.entry(entry.file_name()).or_insert(entry.path());
                }
            }
        }
        let mut set = BTreeMap::new();
        for path in files.into_values().chain([self.root.join("etc/sysctl.conf")]) {
            let saved = fs::metadata(&path).ok().and_then(|m| u64::try_from(m.mtime()).ok());
            let file = format!("/{}", path.strip_prefix(&self.root).unwrap_or(&path).display());
            for line in fs::read_to_string(&path).unwrap_or_default().lines().filter(|l| !l.trim_start().starts_with(['#', ';'])) {
                let Some((name, value)) = line.split_once('=') else { continue };
                let name = name.trim().trim_start_matches('-').replace('/', ".");
                if SYSCTLS.contains(&name.as_str()) {
                    set.insert(name, Persistent { value: value.trim().to_owned(), file: file.clone(), saved });
                }
            }
        }
        set
    }

    /// Among several, one on this program's own network counts; then the first that was started.
    fn haproxy(&self) -> Option<Process> {
        let number = |p: &Path| p.file_name()?.to_str()?.parse::<u32>().ok();
        // One that has ended, and that nobody asked for its status, has a name but no command line; others only check or tell.
        let asked = |line: &[u8]| line.split(|byte| *byte == 0).any(|word| matches!(word, b"-c" | b"-cc" | b"-v" | b"-vv"));
        let lives = |p: &Path| fs::read(p.join("cmdline")).is_ok_and(|line| !line.is_empty() && !asked(&line));
        let runs = |p: &Path| fs::read_to_string(p.join("comm")).is_ok_and(|name| is_haproxy(name.trim())) && lives(p);
        let namespace = |p: &Path| fs::metadata(p.join("ns/net")).map(|m| m.ino()).ok();
        let ours = namespace(&self.root.join("proc/self"));
        let entries = fs::read_dir(self.root.join("proc")).ok()?.filter_map(Result::ok).map(|e| e.path());
        let found = entries.filter(|p| number(p).is_some() && runs(p));
        let found = found.map(|path| Process { other_network: namespace(&path).is_some_and(|its| ours != Some(its)), path });
        found.min_by_key(|p| (p.other_network, number(&p.path)))
    }

    fn process(&self, process: &Process) -> Map<String, Value> {
        let path = &process.path;
        let mut facts = Map::new();
        let line = fs::read(path.join("cmdline")).unwrap_or_default();
        let words: Vec<String> =
            line.split(|b| *b == 0).filter(|w| !w.is_empty()).map(|w| String::from_utf8_lossy(w).into_owned()).collect();
        facts.insert("arguments".to_owned(), json!(words.get(1..).unwrap_or_default()));
        facts.extend(self.started(path).map(|at| ("started".to_owned(), json!(at))));
        let status = fs::read_to_string(path.join("status")).unwrap_or_default();
        let field = |name: &str| status.lines().find_map(|l| l.strip_prefix(name)).map(str::trim);
        let effective = field("CapEff:").and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or(0);
        let has: Vec<&str> = CAPABILITIES.into_iter().filter(|(bit, _)| effective >> bit & 1 == 1).map(|(_, name)| name).collect();
        facts.insert("capabilities".to_owned(), json!(has));
        facts.insert("root".to_owned(), json!(field("Uid:").and_then(|ids| ids.split_whitespace().nth(1)) == Some("0")));
        facts.insert("other_namespace".to_owned(), json!(process.other_network));
        facts
    }

    /// When a process was started, in seconds since 1970.
    fn started(&self, process: &Path) -> Option<u64> {
        let stat = fs::read_to_string(process.join("stat")).ok()?;
        // The name in parentheses may hold anything; the 22nd field is the 20th behind it.
        let ticks: u64 = stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()?;
        let boot: u64 = self.text("proc/stat").lines().find_map(|l| l.strip_prefix("btime "))?.trim().parse().ok()?;
        // Linux counts a hundred ticks a second for programs, whatever the kernel uses.
        Some(boot + ticks / 100)
    }
}

/// What a file sets for every start of the machine.
struct Persistent {
    value: String,
    file: String,
    /// When the file was written.
    saved: Option<u64>,
}

/// When a sysctl got the value that it has, as far as the file tells that sets it.
fn changed<'n>(now: &str, name: &'n str, set: &Persistent) -> Option<(&'n str, u64)> {
    set.saved.filter(|_| set.value == now).map(|saved| (name, saved))
}

fn sysctl_file(name: &str) -> String {
    format!("proc/sys/{}", name.replace('.', "/"))
}

/// What can only be asked from inside of HAProxy's own namespaces: the sysctls of its network, and its host name.
fn inner(process: &Process, all: &mut Map<String, Value>) {
    let Some(number) = process.path.file_name().and_then(|n| n.to_str()) else { return };
    let ask = |namespace: &str, file: &str| {
        let output = Command::new("nsenter").args(["--target", number, namespace, "cat", file]).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        (output.status.success() && !text.is_empty()).then_some(text)
    };
    if process.other_network {
        let inside = |name: &'static str| Some((name, ask("--net", &format!("/{}", sysctl_file(name)))?));
        let sysctls: BTreeMap<&str, String> = SYSCTLS.into_iter().filter_map(inside).collect();
        if !sysctls.is_empty() {
            all.insert("namespace_sysctls".to_owned(), json!(sysctls));
        }
    }
    if other(process, "uts")
        && let Some(name) = ask("--uts", "/proc/sys/kernel/hostname")
    {
        all.insert("hostname".to_owned(), json!(name));
    }
}

/// Whether the process is in another namespace of that kind than this program.
fn other(process: &Process, kind: &str) -> bool {
    let namespace = |path: &Path| fs::metadata(path.join("ns").join(kind)).map(|m| m.ino()).ok();
    namespace(&process.path) != namespace(Path::new("/proc/self"))
}

/// The program of the process, where it may be run: one of a container, or of another user, may be anything.
fn trusted(process: &Process) -> Option<PathBuf> {
    let program = process.path.join("exe");
    let owner = fs::metadata(&program).ok()?.uid();
    (!other(process, "mnt") && owner == 0).then_some(program)
}

/// What `haproxy -v` says in its first line: the number without what a distribution adds.
fn version(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("-v").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let word = text.lines().next()?.split_whitespace().find(|w| w.starts_with(|c: char| c.is_ascii_digit()))?;
    let dev = word.contains("-dev");
    let end = word.find(|c: char| !c.is_ascii_digit() && c != '.').filter(|_| !dev).unwrap_or(word.len());
    word.get(..end).map(str::to_owned)
}

/// Every address but those of the machine to itself.
fn addresses(v4: &str, v6: &str) -> Vec<IpAddr> {
    let mut found = Vec::new();
    let mut last = None;
    for line in v4.lines() {
        if let Some(address) = line.trim().strip_prefix("|-- ") {
            last = address.parse::<Ipv4Addr>().ok();
        } else if line.contains("/32 host LOCAL") {
            found.extend(last.filter(|ip| !ip.is_loopback()).map(IpAddr::V4));
        }
    }
    for line in v6.lines() {
        let number = line.split_whitespace().next().and_then(|hex| u128::from_str_radix(hex, 16).ok());
        let ip = number.map(Ipv6Addr::from).filter(|ip| !ip.is_loopback() && (ip.segments()[0] & 0xffc0) != 0xfe80);
        found.extend(ip.map(IpAddr::V6));
    }
    found.sort();
    found.dedup();
    found
}

/// The sockets that listen, as `ADDRESS:PORT`.
fn listening(tables: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for line in tables.iter().flat_map(|t| t.lines().skip(1)) {
        let words: Vec<&str> = line.split_whitespace().collect();
        // 0A is LISTEN.
        if words.get(3) == Some(&"0A") {
            found.extend(words.get(1).and_then(|w| socket(w)));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The sockets that listen and belong to other programs than HAProxy alone, with the name of one.
fn held(tables: &[String], programs: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut ours = Vec::new();
    for line in tables.iter().flat_map(|t| t.lines().skip(1)) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (Some(&"0A"), Some(address)) = (words.get(3), words.get(1).and_then(|w| socket(w))) else { continue };
        // The tenth word is the number of the socket.
        match words.get(9).and_then(|number| programs.get(*number)).filter(|name| !name.is_empty()) {
            Some(name) if is_haproxy(name) || name == "systemd" => ours.push(address),
            Some(name) => {
                found.insert(address, name.clone());
            }
            None => {}
        }
    }
    // Where HAProxy has the address too, the two share it.
    ours.iter().for_each(|address| {
        found.remove(address);
    });
    found
}

/// Whether a process is a HAProxy, of whatever edition; its exporter is none.
fn is_haproxy(name: &str) -> bool {
    name == "haproxy" || name.starts_with("hapee")
}

/// `0100007F:0400` in the byte order of the machine.
fn socket(text: &str) -> Option<String> {
    let (host, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |at: usize| u32::from_str_radix(host.get(at..at + 8)?, 16).ok().map(u32::to_ne_bytes);
    if host.len() == 8 {
        return Some(format!("{}:{port}", Ipv4Addr::from(word(0)?)));
    }
    let words = [word(0)?, word(8)?, word(16)?, word(24)?];
    let bytes: Vec<u8> = words.concat();
    Some(format!("[{}]:{port}", Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_are_read_as_the_kernel_writes_them() {
        assert_eq!(socket("0100007F:0400").as_deref(), Some("127.0.0.1:1024"));
        assert_eq!(socket("00000000000000000000000001000000:0050").as_deref(), Some("[::1]:80"));
        assert_eq!(socket("nonsense"), None);
    }

    #[test]
    fn sockets_of_other_programs_are_told_with_their_names() {
        let line = |address: &str, number: u32| format!(" 0: {address} 00000000:0000 0A 0:0 0:0 0 0 0 {number} 1\n");
        let table = format!("head\n{}{}{}", line("00000000:0050", 7), line("00000000:0400", 8), line("00000000:0401", 9));
        let programs = [("7", "nginx"), ("8", "haproxy")].map(|(number, name)| (number.to_owned(), name.to_owned()));
        let found = held(&[table], &programs.into());
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [("0.0.0.0:80".to_owned(), "nginx".to_owned())]);
    }

    /// A machine with a HAProxy, as its files show it.
    fn machine() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let files = [
            ("proc/sys/kernel/hostname", "lb1.example.com\n"),
            ("proc/sys/net/ipv4/ip_nonlocal_bind", "1\n"),
            ("proc/sys/net/ipv6/ip_nonlocal_bind", "0\n"),
            ("proc/stat", "cpu 1\nbtime 1700000000\n"),
            (
                "proc/net/fib_trie",
                "Main:\n  +-- 0.0.0.0/0\n     |-- 10.0.0.11\n        /32 host LOCAL\n     |-- 127.0.0.1\n        /32 host LOCAL\n     |-- 10.0.0.255\n        /32 link BROADCAST\n",
            ),
            ("proc/net/if_inet6", "fd770000000000000000000000000011 02 40 00 80 eth0\nfe800000000000000000000000000001 02 40 20 80 eth0\n"),
            ("proc/41/comm", "haproxy\n"),
            ("proc/41/cmdline", "/usr/sbin/haproxy\0-c\0-f\0/etc/haproxy/new.cfg\0"),
            ("proc/42/comm", "haproxy\n"),
            ("proc/42/cmdline", "/usr/sbin/haproxy\0-Ws\0-f\0/etc/haproxy/haproxy.cfg\0-L\0lb1\0"),
            ("proc/42/stat", "42 (haproxy) S 1 1 1 0 -1 4194560 1 1 1 1 1 1 1 1 20 0 1 0 12345 1 1"),
            ("proc/42/status", "Name:\thaproxy\nUid:\t0\t0\t0\t0\nCapEff:\t0000000000001400\n"),
            ("proc/42/net/tcp", "head\n 0: 0B00000A:0400 00000000:0000 0A 0\n 1: 0B00000A:0401 00000000:0000 01 0\n"),
            ("proc/43/comm", "haproxy\n"),
            ("usr/lib/sysctl.d/90-lb.conf", "net.ipv4.ip_nonlocal_bind = 0\n"),
            ("etc/sysctl.d/90-lb.conf", "# net.ipv4.ip_nonlocal_bind = 0\n-net/ipv4/ip_nonlocal_bind=1\n"),
            ("etc/sysctl.d/99-old.conf.bak", "net.ipv6.ip_nonlocal_bind = 1\n"),
        ];
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn a_machine_says_everything_of_itself() {
        let root = machine();
        let host = Host { root: root.path().to_owned() };
        let process = host.haproxy().unwrap();
        let mut facts = host.facts(Some(&process));
        let changed = facts.remove("sysctls_changed").unwrap();
        assert!(changed["net.ipv4.ip_nonlocal_bind"].as_u64().unwrap() > 1_700_000_000);
        let wanted = json!({
            "haproxy-lint-facts": 1,
            "name": "lb1.example.com",
            "addresses": ["10.0.0.11", "fd77::11"],
            "sysctls": {"net.ipv4.ip_nonlocal_bind": "1", "net.ipv6.ip_nonlocal_bind": "0"},
            "persistent_sysctls": {"net.ipv4.ip_nonlocal_bind": {"value": "1", "file": "/etc/sysctl.d/90-lb.conf"}},
            "listening": ["10.0.0.11:1024"],
            "arguments": ["-Ws", "-f", "/etc/haproxy/haproxy.cfg", "-L", "lb1"],
            "started": 1_700_000_123,
            "capabilities": ["NET_BIND_SERVICE", "NET_ADMIN"],
            "root": true,
            "other_namespace": false,
        });
        assert_eq!(Value::Object(facts), wanted);
    }
}
