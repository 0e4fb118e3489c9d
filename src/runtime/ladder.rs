//! The ladder that people are told to climb by hand: numbered steps, each done, failed or not tried, with the command that
//! checks it. The first that fails is where to work.

use crate::topology::{Mesh, View};

use super::{
    cluster::{Cluster, Node, Remote},
    dump::Status,
    probe::Probe,
    session::State,
    sharing,
};

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is well.
    Fine,
    /// It is not.
    Failed,
    /// Nothing tells.
    NotTried,
}

impl Mark {
    /// The sign that people see.
    pub fn sign(self) -> char {
        match self {
            Self::Fine => '✓',
            Self::Failed => '✗',
            Self::NotTried => '–',
        }
    }

    /// The name that the JSON uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "ok",
            Self::Failed => "failed",
            Self::NotTried => "not-tried",
        }
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// From 1.
    pub number: usize,
    /// What is looked at.
    pub title: &'static str,
    /// How it stands.
    pub mark: Mark,
    /// What was seen, one line each.
    pub details: Vec<String>,
    /// The command that checks it by hand.
    pub command: String,
}

/// The steps of one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// The node.
    pub node: String,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// The ladder of each node.
pub fn ladder(cluster: &Cluster<'_>) -> Vec<Ladder> {
    cluster.nodes.iter().map(|node| Climb::new(cluster, node).ladder()).collect()
}

struct Climb<'c> {
    cluster: &'c Cluster<'c>,
    node: &'c Node,
    remotes: Vec<Remote<'c>>,
    probes: Vec<&'c Probe>,
    configured: Option<(&'c Mesh<'c>, &'c View)>,
}

type Seen = (Mark, Vec<String>);

impl<'c> Climb<'c> {
    fn new(cluster: &'c Cluster<'c>, node: &'c Node) -> Self {
        let remotes: Vec<Remote<'c>> = cluster.remotes().filter(|r| std::ptr::eq(r.node, node)).collect();
        let probes = cluster.probes.iter().filter(|p| remotes.iter().any(|r| r.peer.name == p.peer)).collect();
        let configured = cluster.mesh.zip(cluster.view(node));
        Self { cluster, node, remotes, probes, configured }
    }

    fn ladder(&self) -> Ladder {
        let port = self.own_address().and_then(|a| a.rsplit_once(':')).map_or("PORT", |(_, port)| port);
        let (host, remote_port) = self.remotes.first().and_then(|r| r.peer.host_and_port()).unwrap_or(("HOST", 1024));
        let peer = self.remotes.first().map_or("NAME", |r| &r.peer.name);
        let ask = "echo \"show peers\" | socat stdio SOCKET".to_owned();
        let steps: Vec<(&'static str, Seen, String)> = vec![
            ("the local peer: `inactive` is normal", self.local(), ask.clone()),
            ("the status of each remote peer", self.status(), ask),
            ("the names", self.names(), "hostname; ps -o args= -C haproxy; grep -n localpeer haproxy.cfg".to_owned()),
            ("the address it listens on is its own", self.bind(), format!("ip -br addr; ss -ltnp 'sport = :{port}'")),
            (
                "the sysctls of this network namespace",
                self.sysctls(),
                "sysctl net.ipv4.ip_nonlocal_bind net.ipv6.ip_nonlocal_bind net.ipv4.ip_unprivileged_port_start".to_owned(),
            ),
            ("route and TCP", self.tcp(), format!("ip route get {host}; nc -vz -w 3 {host} {remote_port}")),
            (
                "the hello of the peers protocol",
                self.hello(),
                format!("printf 'HAProxyS 2.1\\n{peer}\\nnobody/x 1 1\\n' | timeout 3 nc {host} {remote_port}    # 504 is good"),
            ),
            ("the tables", self.tables(), "echo \"show peers; show table\" | socat stdio SOCKET    # remote_id=0: not shared".to_owned()),
        ];
        let step = |(at, (title, (mark, details), command)): (usize, (&'static str, Seen, String))| Step {
            number: at + 1,
            title,
            mark,
            details,
            command,
        };
        Ladder { node: self.node.name.clone(), steps: steps.into_iter().enumerate().map(step).collect() }
    }

    fn own_address(&self) -> Option<&'c str> {
        self.node.dump().sections.iter().find_map(|s| Some(s.local()?.address()))
    }

    fn local(&self) -> Seen {
        let sections = &self.node.dump().sections;
        if sections.is_empty() {
            return (Mark::Failed, vec!["there is no `peers` section in the answer".to_owned()]);
        }
        let mut mark = Mark::Fine;
        let mut details = Vec::new();
        for section in sections.iter().filter(|s| !s.name.is_empty()) {
            match section.local() {
                Some(local) => {
                    let activity = if local.active == Some(true) { "active" } else { "inactive" };
                    let why = match (local.status(), local.active) {
                        (_, Some(true)) => "a reload hands the tables over at this moment",
                        (Some(Status::Established), _) => "the last reload handed the tables over",
                        _ => "a node does not connect to itself; it is used during reloads alone",
                    };
                    details.push(format!("`{}` in `{}` is {activity}: {why}", local.name, section.name));
                }
                None if self.node.dump().cut || !section.is_old() => {
                    mark = if mark == Mark::Failed { mark } else { Mark::NotTried };
                    details.push(format!("the text does not show the local peer of `{}`", section.name));
                }
                None => {
                    mark = Mark::Failed;
                    details.push(format!("`{}` has no local peer: the process does not find its name there", section.name));
                }
            }
        }
        (mark, details)
    }

    fn status(&self) -> Seen {
        let well = |r: &Remote<'_>| r.seen.state == State::Established || (r.pair.established);
        let detail = |r: &Remote<'_>| format!("`{}` {}: {} ({})", r.peer.name, r.peer.address(), r.seen.state.words(), r.status_words());
        let details: Vec<String> = self.remotes.iter().map(detail).collect();
        match (self.remotes.is_empty(), self.remotes.iter().all(well)) {
            (true, _) => (Mark::NotTried, vec!["no remote peer is shown".to_owned()]),
            (false, true) => (Mark::Fine, details),
            _ => (Mark::Failed, details),
        }
    }

    fn names(&self) -> Seen {
        let mut details: Vec<String> = Vec::new();
        for remote in &self.remotes {
            match remote.seen.state {
                State::OtherName => {
                    details.push(format!("what listens at {} does not go by `{}`", remote.peer.address(), remote.peer.name))
                }
                State::NotListed => details.push(format!("`{}` does not list `{}`", remote.peer.name, remote.us())),
                _ => {}
            }
        }
        let ours = self.node.local_name();
        let twin = |n: &&Node| !std::ptr::eq(*n, self.node) && n.named && self.node.named;
        details.extend(self.cluster.named(ours).find(twin).map(|n| format!("`{}` goes by `{ours}` as well", n.name)));
        let told = |r: &Remote<'_>| r.seen.state == State::Established || r.seen.state.is_sticky();
        if !details.is_empty() {
            return (Mark::Failed, details);
        }
        if self.node.dump().sections.is_empty() {
            return (Mark::Failed, vec!["the process does not find its own name in a section, or the section is disabled".to_owned()]);
        }
        let all = !self.remotes.is_empty() && self.remotes.iter().all(told);
        (if all { Mark::Fine } else { Mark::NotTried }, vec![format!("this process goes by `{}`", self.node.local_name())])
    }

    fn bind(&self) -> Seen {
        let (mut mark, mut details) = self.shown();
        let Some((mesh, view)) = self.configured else { return (mark, details) };
        let node = mesh.node(view);
        for section in &mesh.summary(view).sections {
            let Some(listener) = view.listener(section) else { continue };
            let crate::config::address::Host::Ip(ip) = listener.address.host else { continue };
            let Some(addresses) = node.addresses.as_ref() else { continue };
            let fine = ip.is_unspecified() || addresses.contains(&ip);
            let word = if fine { "is the node's own" } else { "is no address of the node" };
            details.push(format!("{} {word}", listener.text));
            mark = if fine && mark != Mark::Failed { Mark::Fine } else { Mark::Failed };
        }
        (mark, details)
    }

    /// What the dump alone tells of the own address.
    fn shown(&self) -> Seen {
        let Some(address) = self.own_address() else { return (Mark::NotTried, Vec::new()) };
        let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
        let is_loopback = |host: &str| host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        let elsewhere = self.remotes.iter().filter_map(|r| r.peer.host_and_port()).any(|(host, _)| !is_loopback(host));
        let alone = self.remotes.iter().any(|r| !r.pair.established);
        match host {
            "0.0.0.0" | "::" => (Mark::Fine, vec![format!("{address}: every address of the node")]),
            _ if is_loopback(host) && elsewhere && alone => {
                (Mark::Failed, vec![format!("{address} is loopback: no other node reaches it")])
            }
            _ => (Mark::NotTried, vec![format!("the dump shows {address}; `--host` compares it with the addresses of this machine")]),
        }
    }

    fn sysctls(&self) -> Seen {
        let Some((mesh, view)) = self.configured else { return (Mark::NotTried, Vec::new()) };
        let group = mesh.group(view);
        let names = ["net.ipv4.ip_nonlocal_bind", "net.ipv6.ip_nonlocal_bind", "net.ipv4.ip_unprivileged_port_start"];
        let of_node = |name: &str| mesh.node(view).facts.as_ref().and_then(|f| f.sysctls.get(name)).map(String::as_str);
        let value = |name: &str| group.sysctl(name).map(|s| s.value.as_str()).or_else(|| of_node(name));
        let known: Vec<String> = names.into_iter().filter_map(|name| Some(format!("{name} = {}", value(name)?))).collect();
        if known.is_empty() {
            return (Mark::NotTried, Vec::new());
        }
        let foreign = self.bind().0 == Mark::Failed;
        let hides = foreign && names[..2].iter().any(|name| value(name) == Some("1"));
        let mut details = known;
        if hides {
            details.push("`ip_nonlocal_bind` = 1 lets HAProxy start on an address that is not the node's, and only hides that".to_owned());
        } else if foreign {
            details.push(
                "the address that is not the node's is the fault: a sysctl would only hide it, and takes a restart to act".to_owned(),
            );
        }
        (if hides { Mark::Failed } else { Mark::Fine }, details)
    }

    fn tcp(&self) -> Seen {
        if !self.probes.is_empty() {
            let details = self.probes.iter().map(|p| reached(p)).collect();
            return (if self.probes.iter().all(|p| p.connected()) { Mark::Fine } else { Mark::Failed }, details);
        }
        let known: Vec<Option<bool>> =
            self.remotes.iter().map(|r| if r.pair.established { Some(true) } else { r.seen.state.connects() }).collect();
        let failed = self.remotes.iter().zip(&known).filter(|(_, k)| **k == Some(false));
        let details: Vec<String> =
            failed.map(|(r, _)| format!("`{}` {}: {}", r.peer.name, r.peer.address(), r.seen.state.words())).collect();
        match () {
            () if !details.is_empty() => (Mark::Failed, details),
            () if !known.is_empty() && known.iter().all(|k| *k == Some(true)) => {
                (Mark::Fine, vec!["each peer was connected to".to_owned()])
            }
            () => (Mark::NotTried, vec!["`--probe` tries it".to_owned()]),
        }
    }

    fn hello(&self) -> Seen {
        if !self.probes.is_empty() {
            let good = self.probes.iter().all(|p| p.is_good());
            return (if good { Mark::Fine } else { Mark::Failed }, self.probes.iter().map(|p| p.meaning()).collect());
        }
        let bad = [
            State::Silent,
            State::Closed,
            State::OtherName,
            State::NotListed,
            State::NotUnderstood,
            State::OtherVersion,
            State::Storm,
            State::Mute,
        ];
        let failed = self.remotes.iter().filter(|r| !r.pair.established && bad.contains(&r.seen.state));
        let details: Vec<String> = failed.map(|r| format!("`{}`: {}", r.peer.name, r.seen.state.words())).collect();
        match () {
            () if !details.is_empty() => (Mark::Failed, details),
            () if !self.remotes.is_empty() && self.remotes.iter().all(|r| r.pair.established) => {
                (Mark::Fine, vec!["each peer accepted it".to_owned()])
            }
            () => (Mark::NotTried, vec!["`--probe` tries it".to_owned()]),
        }
    }

    fn tables(&self) -> Seen {
        let up: Vec<&Remote<'_>> = self.remotes.iter().filter(|r| r.seen.state == State::Established).collect();
        let count: usize = up.iter().map(|r| r.peer.tables.len()).sum();
        if count == 0 {
            return (Mark::NotTried, vec!["no session, or no table that is shared".to_owned()]);
        }
        let lost = sharing::lost(self.cluster, self.node);
        if !lost.is_empty() {
            return (Mark::Failed, lost.into_iter().map(|(table, peer)| format!("`{table}` does not reach `{peer}`")).collect());
        }
        (Mark::Fine, vec![format!("{count} shared, over {}", crate::counted(up.len(), "session"))])
    }
}

fn reached(probe: &Probe) -> String {
    let to = probe.tried.map_or_else(|| probe.address.clone(), |a| a.to_string());
    let from = probe.from.map_or_else(String::new, |f| format!(" from {}", f.ip()));
    let took = probe.took.map_or_else(String::new, |t| format!(" in {:.1} ms", t.as_secs_f64() * 1000.0));
    let own = if probe.own { ", an address of this machine itself" } else { "" };
    let how = if probe.connected() { format!("connected{from}{took}{own}") } else { probe.meaning() };
    format!("`{}` {to}: {how}", probe.peer)
}
