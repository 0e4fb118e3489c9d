//! Configurations that lie beside the files of a topology, in folders that are called as its hosts are.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{Project, STDIN, Set, Wanted};
use crate::{
    source::{Entry, FileReader},
    topology::{self, Topology},
};

impl Project {
    /// What hosts read of which nothing says it, where that can be told by names: `lb1/haproxy.cfg` or `lb1.cfg` beside the files of
    /// the topology at `paths`, if it is the only one of `lb1`. Each with the name of its host.
    pub fn beside(&self, topology: &Topology, paths: &[PathBuf]) -> Vec<(String, Set)> {
        let mut of_hosts: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for folder in folders(self.reader(), paths) {
            for (name, path) in configurations(self.reader(), &folder) {
                if let Some(host) = topology.host_called(&name) {
                    of_hosts.entry(host).or_default().push(path);
                }
            }
        }
        let only = |paths: &[PathBuf]| {
            let found = self.sets(&Wanted { paths, force_exclude: true, ..Wanted::default() });
            <[Set; 1]>::try_from(found.sets).ok().map(|[set]| set)
        };
        of_hosts.into_iter().filter_map(|(host, paths)| Some((host, only(&paths)?))).collect()
    }
}

/// How deep a file may lie in the folder of a host: `lb1/etc/systemd/system/haproxy.service`.
const MAX_DEPTH: usize = 4;

/// What else says how hosts run HAProxy, in folders beside the files of the topology at `paths` that are called as the hosts:
/// `lb1/sysctl.d/90-haproxy.conf`, `lb1/haproxy.service`.
pub fn described(reader: &dyn FileReader, topology: &Topology, paths: &[PathBuf]) -> Vec<PathBuf> {
    // All that is in a folder which is named is read anyway.
    let files = paths.iter().filter(|path| path.as_os_str() != STDIN && reader.entry(path).is_ok_and(|entry| entry == Entry::File));
    let files: Vec<PathBuf> = files.cloned().collect();
    let known: Vec<PathBuf> = paths.iter().map(|path| reader.whole(path)).collect();
    let is_named = |path: &Path| {
        let whole = reader.whole(path);
        known.iter().any(|known| whole.starts_with(known))
    };
    let mut found = Vec::new();
    for folder in folders(reader, &files) {
        let own = listed(reader, &folder).into_iter().filter(|(entry, name)| *entry == Entry::Directory && topology.has_host(name));
        let mut waiting: Vec<(PathBuf, usize)> = own.map(|(_, name)| (folder.join(name), 1)).collect();
        while let Some((folder, depth)) = waiting.pop() {
            for (entry, name) in listed(reader, &folder) {
                let path = folder.join(name);
                match entry {
                    Entry::Directory if depth < MAX_DEPTH => waiting.push((path, depth + 1)),
                    Entry::File if topology::is_known_name(&path) && !is_named(&path) => found.push(path),
                    _ => {}
                }
            }
        }
    }
    found.sort();
    found
}

/// What is in a folder and not hidden, by its names.
fn listed(reader: &dyn FileReader, folder: &Path) -> Vec<(Entry, String)> {
    let place = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut listed = reader.list(place).unwrap_or_default();
    listed.sort_by(|a, b| a.name.cmp(&b.name));
    let named = listed.into_iter().map(|listed| (listed.entry, listed.name.to_string_lossy().into_owned()));
    named.filter(|(_, name)| !name.starts_with('.')).collect()
}

/// The folders that the files of a topology stand in; one that is named is that itself.
fn folders(reader: &dyn FileReader, paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for path in paths.iter().filter(|path| path.as_os_str() != STDIN) {
        let is_folder = reader.entry(path).is_ok_and(|entry| entry == Entry::Directory);
        let folder = if is_folder { path.as_path() } else { path.parent().unwrap_or(Path::new("")) };
        if !folders.iter().any(|known| known == folder) {
            folders.push(folder.to_owned());
        }
    }
    folders
}

/// The folders and the `*.cfg` files of a folder, with their names.
fn configurations(reader: &dyn FileReader, folder: &Path) -> Vec<(String, PathBuf)> {
    let is_one = |entry, name: &str| entry == Entry::Directory || entry == Entry::File && name.ends_with(".cfg");
    let named = listed(reader, folder).into_iter().filter(|(entry, name)| is_one(*entry, name));
    named.map(|(_, name)| (name.clone(), folder.join(name))).collect()
}
