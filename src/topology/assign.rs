//! Which node reads a configuration that is given beside the topology.

use crate::cut::Cut;

use super::model::{Machine, Node, Platform, Topology, normal};

/// Names that folders and files have whatever the host is called.
const COMMON: [&str; 3] = ["haproxy", "localhost", "etc"];

/// Configurations of which it cannot be told who reads them, and the hosts that lack one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// The names of the first files.
    pub files: Vec<String>,
    /// The names of the hosts.
    pub hosts: Vec<String>,
}

impl Topology {
    /// Gives each of the configurations `given` to the nodes that read it: those that name its path, else the host that its path is
    /// named after, else, for one that is left, every node without a configuration. What remains is read by nobody, and returned.
    ///
    /// # Errors
    /// Several are left, and hosts without a configuration: any of them may read any.
    pub fn distribute(&mut self, given: &[usize]) -> Result<Vec<usize>, Undecided> {
        // An inventory lists machines of all kinds: it describes nodes only where nothing else does and the configurations fit.
        if self.nodes.is_empty() && super::readers::inventory::nodes(self, given) > 0 {
            super::merge::titles(self);
            return self.share_out(given).or_else(|_| {
                self.nodes.clear();
                self.groups.clear();
                Ok(given.to_vec())
            });
        }
        if self.nodes.is_empty() && given.len() == 1 {
            super::readers::hosts::implied(self);
            super::merge::titles(self);
        }
        self.share_out(given)
    }

    /// The host that a file or folder of this name is of: one of which nothing says what it reads, or one of an inventory where
    /// nothing else says which hosts there are.
    pub fn host_called(&self, part: &str) -> Option<String> {
        let in_inventory = |m: &&Machine| m.inventory.is_some() && self.nodes.is_empty();
        let machines = self.machines.iter().filter(in_inventory).map(|m| (m.names.first(), both(m.names.iter().map(String::as_str))));
        let reads_what_is_not_known = |n: &&Node| {
            let group = &self.groups[n.group];
            group.platform == Platform::Host && n.configuration.is_none() && (group.reads.is_empty() || group.reads_there)
        };
        let nodes = self.nodes.iter().filter(reads_what_is_not_known).map(|n| (Some(&n.name), names(n)));
        let hosts: Vec<(&String, Vec<String>)> = nodes.chain(machines).filter_map(|(name, names)| Some((name?, names))).collect();
        match best(&part.to_ascii_lowercase(), &hosts)[..] {
            [host] => Some(host.clone()),
            _ => None,
        }
    }

    /// Whether a folder of this name is that of a host.
    pub fn has_host(&self, part: &str) -> bool {
        let listed = self.machines.iter().filter(|machine| machine.inventory.is_some());
        let listed: Vec<(usize, Vec<String>)> = listed.map(|m| (0, both(m.names.iter().map(String::as_str)))).collect();
        !named_after(self, part).is_empty() || !best(&part.to_ascii_lowercase(), &listed).is_empty()
    }

    /// What is to be said of an inventory of which no host is a peer of the configurations that are at hand, or of peers that are none
    /// of its hosts where others are.
    pub fn unmatched_inventory(&self) -> Option<String> {
        let at = self.machines.iter().find_map(|machine| machine.inventory)?;
        let file = self.sources.file(at.file).name();
        let list = |names: &[String]| {
            let more = if names.len() > 3 { ", …" } else { "" };
            names.iter().take(3).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ") + more
        };
        let (peers, hosts) = super::readers::inventory::unmatched(self);
        if self.nodes.is_empty() {
            let said = "by its name or its address, so nothing is said of links between them";
            return Some(format!("no host of `{file}` ({}) was matched with a peer of the configurations, {said}", list(&hosts)));
        }
        let made = self.nodes.iter().any(|node| self.machines.iter().any(|m| m.inventory.is_some() && m.names.first() == Some(&node.name)));
        let rest = if hosts.is_empty() { String::new() } else { format!("; of its hosts, no peer is {}", list(&hosts)) };
        (made && !peers.is_empty())
            .then(|| format!("no host of `{file}` was matched with the peer {}, by its name or its address{rest}", list(&peers)))
    }

    fn share_out(&mut self, given: &[usize]) -> Result<Vec<usize>, Undecided> {
        let mut rest: Vec<usize> = given.iter().copied().filter(|at| self.take(*at, |g| !g) == 0).collect();
        let before = rest.len();
        let mut disputed = Vec::new();
        // A file that is called as the one on the host comes before its neighbours.
        for alike in [true, false] {
            let free: Vec<bool> = self.nodes.iter().map(|n| n.configuration.is_none()).collect();
            for at in std::mem::take(&mut rest) {
                let hosts = self.hosts_of(at);
                let wanted: Vec<usize> =
                    hosts.into_iter().filter(|host| free[*host] && (!alike || self.is_called_as_on(at, *host))).collect();
                match wanted.iter().any(|host| self.nodes[*host].configuration.is_some()) {
                    true => disputed.push(at),
                    false if wanted.is_empty() => rest.push(at),
                    false => wanted.into_iter().for_each(|host| self.nodes[host].configuration = Some(at)),
                }
            }
        }
        let by_name = rest.len() + disputed.len() < before;
        rest.retain(|at| self.take(*at, |_| true) == 0);
        let lacks = |n: &&Node| n.configuration.is_none() && self.groups[n.group].platform == Platform::Host;
        let hosts: Vec<String> = self.nodes.iter().filter(lacks).map(|n| n.name.clone()).collect();
        let same = rest.windows(2).all(|pair| self.text(pair[0]) == self.text(pair[1]));
        if !disputed.is_empty() || (!hosts.is_empty() && !rest.is_empty() && (by_name || !same)) {
            let hosts = if disputed.is_empty() { hosts } else { disputed.iter().flat_map(|at| self.names_of(*at)).collect() };
            disputed.extend(rest);
            let file = |at: usize| self.configurations[at].files.first().map_or(String::new(), |f| f.name.clone());
            return Err(Undecided { files: disputed.into_iter().map(file).collect(), hosts });
        }
        // Containers that mount other files of one folder do not all read the first.
        if rest.len() > 1 {
            rest.retain(|at| self.take_by_file(*at) == 0);
        }
        rest.retain(|at| self.give(*at) == 0);
        Ok(rest)
    }

    /// Lets every node read this configuration that names its path, on the host itself where `there` says so; how many there are.
    fn take(&mut self, configuration: usize, there: impl Fn(bool) -> bool) -> usize {
        let Some(name) = self.configurations[configuration].files.first().map(|f| normal(&f.name)) else { return 0 };
        let reads = |g: &super::Group| there(g.reads_there) && g.reads.iter().any(|r| normal(r) == name);
        let groups: Vec<bool> = self.groups.iter().map(reads).collect();
        let mut readers: Vec<&mut Node> = self.nodes.iter_mut().filter(|n| groups[n.group] && n.configuration.is_none()).collect();
        readers.iter_mut().for_each(|node| node.configuration = Some(configuration));
        readers.len()
    }

    /// Lets every container read this configuration that mounts a file called so.
    fn take_by_file(&mut self, configuration: usize) -> usize {
        let called = |at: usize| self.groups[self.nodes[at].group].platform == Platform::Compose && self.is_called_as_on(configuration, at);
        let readers: Vec<usize> = (0..self.nodes.len()).filter(|at| self.nodes[*at].configuration.is_none() && called(*at)).collect();
        readers.iter().for_each(|at| self.nodes[*at].configuration = Some(configuration));
        readers.len()
    }

    fn hosts_of(&self, configuration: usize) -> Vec<usize> {
        let files = &self.configurations[configuration].files;
        files.iter().map(|f| named_after(self, &f.name)).find(|hosts| !hosts.is_empty()).unwrap_or_default()
    }

    fn names_of(&self, configuration: usize) -> Vec<String> {
        self.hosts_of(configuration).into_iter().map(|host| self.nodes[host].name.clone()).collect()
    }

    fn is_called_as_on(&self, configuration: usize, host: usize) -> bool {
        let last = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let there = &self.groups[self.nodes[host].group].reads;
        let files = &self.configurations[configuration].files;
        files.first().is_some_and(|file| there.iter().any(|path| last(path) == last(&file.name)))
    }

    fn text(&self, configuration: usize) -> Vec<&[u8]> {
        self.configurations[configuration].files.iter().map(|f| f.bytes.as_slice()).collect()
    }
}

/// The hosts that a path is named after: by its file, or by the nearest folder that carries the name of one. The longest name counts.
pub(super) fn named_after(topology: &Topology, path: &str) -> Vec<usize> {
    let is_host = |n: &Node| topology.groups[n.group].platform == Platform::Host;
    let all = || topology.nodes.iter().enumerate().filter(|(_, n)| is_host(n));
    let hosts: Vec<(usize, Vec<String>)> = all().map(|(at, n)| (at, names(n))).collect();
    // What `-L` says may be a mistake, and the name of another host: it counts where no host is called so.
    let option =
        |n: &Node| Some(n.option_l.as_ref()?.known()?.to_ascii_lowercase()).filter(|l| !l.is_empty() && !COMMON.contains(&l.as_str()));
    let said: Vec<(usize, Vec<String>)> = all().filter_map(|(at, n)| Some((at, vec![option(n)?]))).collect();
    for (part, hosts) in path.rsplit('/').flat_map(|part| [(part, &hosts), (part, &said)]) {
        let found = best(&part.to_ascii_lowercase(), hosts);
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// Those of `hosts` whose names `part` carries; the longest name counts.
fn best<T: Copy>(part: &str, hosts: &[(T, Vec<String>)]) -> Vec<T> {
    let fit = |names: &[String]| names.iter().filter(|name| carries(part, name)).map(String::len).max().unwrap_or(0);
    let fits: Vec<(T, usize)> = hosts.iter().map(|(host, names)| (*host, fit(names))).collect();
    let best = fits.iter().map(|(_, fit)| *fit).max().unwrap_or(0);
    fits.into_iter().filter(|(_, fit)| best > 0 && *fit == best).map(|(host, _)| host).collect()
}

/// What a host is called, in full and in short, whatever `-L` says.
fn names(node: &Node) -> Vec<String> {
    both(node.host_name.known().into_iter().chain(node.names.iter().map(String::as_str)))
}

/// Names in full and in short, without those that say nothing.
fn both<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let both = names.flat_map(|name| [name, name.split('.').next().unwrap_or(name)]);
    both.filter(|name| !name.is_empty() && !COMMON.contains(name)).map(str::to_ascii_lowercase).collect()
}

/// Whether `part` holds the name by itself: `lb1` is in `lb1.cfg` and `haproxy-lb1.cfg`, and not in `lb10.cfg`.
fn carries(part: &str, name: &str) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    part.match_indices(name).any(|(at, _)| edge(part.cut(..at).chars().next_back()) && edge(part.cut(at + name.len()..).chars().next()))
}
