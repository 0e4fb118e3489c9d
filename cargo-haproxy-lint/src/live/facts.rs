//! What this machine says of itself, in the words of a topology file: read from /proc and /etc alone.

use std::{
    collections::BTreeMap,
    fs,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value, json};

/// The sysctls that decide where HAProxy may listen.
const SYSCTLS: [&str; 4] =
    ["net.ipv4.ip_nonlocal_bind", "net.ipv6.ip_nonlocal_bind", "net.ipv4.ip_unprivileged_port_start", "net.ipv6.bindv6only"];

/// Where sysctls are set for good, later ones winning.
const FOLDERS: [&str; 3] = ["/usr/lib/sysctl.d", "/run/sysctl.d", "/etc/sysctl.d"];

/// The bit of `CAP_NET_BIND_SERVICE` and of `CAP_NET_ADMIN`.
const CAPABILITIES: [(u32, &str); 2] = [(10, "NET_BIND_SERVICE"), (12, "NET_ADMIN")];

/// The facts of this host. What cannot be read is left out.
pub(crate) fn facts() -> Value {
    let mut all = Map::new();
    all.insert("haproxy-lint-facts".to_owned(), json!(1));
    if let Some(name) = super::host_name() {
        all.insert("name".to_owned(), json!(name));
    }
    all.insert("addresses".to_owned(), json!(addresses()));
    let sysctls: BTreeMap<&str, String> = SYSCTLS.into_iter().filter_map(|name| Some((name, sysctl(name)?))).collect();
    all.insert("sysctls".to_owned(), json!(sysctls));
    all.insert("persistent_sysctls".to_owned(), json!(persistent()));
    all.insert("listening".to_owned(), json!(listening()));
    if let Some(process) = haproxy() {
        all.extend(process);
    }
    Value::Object(all)
}

fn sysctl(name: &str) -> Option<String> {
    let path = Path::new("/proc/sys").join(name.replace('.', "/"));
    Some(fs::read_to_string(path).ok()?.trim().to_owned())
}

/// What the files of sysctl.d set.
fn persistent() -> BTreeMap<String, String> {
    let mut files: BTreeMap<std::ffi::OsString, PathBuf> = BTreeMap::new();
    for folder in FOLDERS {
        // A file of the same name takes the place of one in an earlier folder.
        let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        files.extend(entries.map(|e| (e.file_name(), e.path())));
    }
    let mut set = BTreeMap::new();
    for path in files.into_values().chain([PathBuf::from("/etc/sysctl.conf")]) {
        for line in fs::read_to_string(path).unwrap_or_default().lines() {
            let Some((name, value)) = line.split_once('=') else { continue };
            let name = name.trim().trim_start_matches('-').replace('/', ".");
            if SYSCTLS.contains(&name.as_str()) {
                set.insert(name, value.trim().to_owned());
            }
        }
    }
    set
}

fn addresses() -> Vec<IpAddr> {
    let mut found = Vec::new();
    let text = fs::read_to_string("/proc/net/fib_trie").unwrap_or_default();
    let mut last = None;
    for line in text.lines() {
        if let Some(address) = line.trim().strip_prefix("|-- ") {
            last = address.parse::<Ipv4Addr>().ok();
        } else if line.contains("/32 host LOCAL") {
            found.extend(last.filter(|ip| !ip.is_loopback()).map(IpAddr::V4));
        }
    }
    for line in fs::read_to_string("/proc/net/if_inet6").unwrap_or_default().lines() {
        let number = line.split_whitespace().next().and_then(|hex| u128::from_str_radix(hex, 16).ok());
        let ip = number.map(Ipv6Addr::from).filter(|ip| !ip.is_loopback() && (ip.segments()[0] & 0xffc0) != 0xfe80);
        found.extend(ip.map(IpAddr::V6));
    }
    found.sort();
    found.dedup();
    found
}

/// The sockets that listen, as `ADDRESS:PORT`.
fn listening() -> Vec<String> {
    let mut found = Vec::new();
    for file in ["/proc/net/tcp", "/proc/net/tcp6"] {
        for line in fs::read_to_string(file).unwrap_or_default().lines().skip(1) {
            let words: Vec<&str> = line.split_whitespace().collect();
            // 0A is LISTEN.
            if words.get(3) == Some(&"0A") {
                found.extend(words.get(1).and_then(|w| socket(w)));
            }
        }
    }
    found.sort();
    found.dedup();
    found
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

/// What the HAProxy that runs here was started with; its master, where it has one.
fn haproxy() -> Option<Map<String, Value>> {
    let processes = fs::read_dir("/proc").ok()?.filter_map(Result::ok);
    let is_haproxy = |p: &PathBuf| fs::read_to_string(p.join("comm")).is_ok_and(|name| name.trim() == "haproxy");
    let number = |p: &PathBuf| p.file_name()?.to_str()?.parse::<u32>().ok();
    let path = processes.map(|e| e.path()).filter(|p| number(p).is_some() && is_haproxy(p)).min_by_key(number)?;
    let mut facts = Map::new();
    let line = fs::read(path.join("cmdline")).unwrap_or_default();
    let words: Vec<String> = line.split(|b| *b == 0).filter(|w| !w.is_empty()).map(|w| String::from_utf8_lossy(w).into_owned()).collect();
    facts.insert("arguments".to_owned(), json!(words.get(1..).unwrap_or_default()));
    facts.extend(started(&path).map(|at| ("started".to_owned(), json!(at))));
    let status = fs::read_to_string(path.join("status")).unwrap_or_default();
    let field = |name: &str| status.lines().find_map(|l| l.strip_prefix(name)).map(str::trim);
    let effective = field("CapEff:").and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or(0);
    let has: Vec<&str> = CAPABILITIES.into_iter().filter(|(bit, _)| effective >> bit & 1 == 1).map(|(_, name)| name).collect();
    facts.insert("capabilities".to_owned(), json!(has));
    facts.insert("root".to_owned(), json!(field("Uid:").and_then(|ids| ids.split_whitespace().nth(1)) == Some("0")));
    let namespace = |p: &Path| fs::metadata(p.join("ns/net")).map(|m| m.ino()).ok();
    if let (Some(its), Some(ours)) = (namespace(&path), namespace(Path::new("/proc/self"))) {
        facts.insert("other_namespace".to_owned(), json!(its != ours));
    }
    Some(facts)
}

/// When a process was started, in seconds since 1970.
fn started(process: &Path) -> Option<u64> {
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    // The name in parentheses may hold anything; the 22nd field is the 20th behind it.
    let ticks: u64 = stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()?;
    let system = fs::read_to_string("/proc/stat").ok()?;
    let boot: u64 = system.lines().find_map(|l| l.strip_prefix("btime "))?.trim().parse().ok()?;
    // Linux counts a hundred ticks a second for programs, whatever the kernel uses.
    Some(boot + ticks / 100)
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
}
