//! Which keys of which ConfigMaps a container sees as HAProxy's configuration.

use std::rc::Rc;

use crate::source::Location;

use super::{
    Cluster, Object,
    containers::command,
    is_configuration,
    made::{self, Made, Program},
};
use crate::topology::{
    image::Image,
    words::{Arguments, commands},
    yaml::Yaml,
};

/// A key of an object, by the object's place in the cluster.
pub(super) type Key = (usize, String);

/// What a container reads as its configuration.
pub(super) struct Found<'a> {
    pub(super) keys: Vec<Key>,
    /// Where one is mounted by `subPath`.
    pub(super) sub_path: Option<Location>,
    /// The keys are a template, which something fills in before HAProxy starts.
    pub(super) made: Option<Made>,
    /// The container that fills it in; `None` where it is the one that starts HAProxy.
    pub(super) filler: Option<&'a Yaml>,
    /// They are not where HAProxy reads: whatever looks like a configuration was taken.
    pub(super) elsewhere: bool,
    /// HAProxy reads more than these, of which nothing is known: what they name may stand there.
    pub(super) more: bool,
}

/// A place in the container's file system that a volume is mounted at.
pub(super) struct Mount<'a> {
    pub(super) path: &'a str,
    pub(super) sub_path: Option<&'a Yaml>,
    pub(super) volume: &'a str,
    pub(super) node: &'a Yaml,
}

/// The keys of a ConfigMap or Secret.
pub(super) fn keys_of(object: &Object) -> Vec<&str> {
    let parts = ["data", "stringData", "binaryData"].into_iter().filter_map(|part| object.node.get(part));
    parts.flat_map(Yaml::entries).filter_map(|(key, _)| key.text()).collect()
}

/// What is mounted where.
pub(super) struct Mounts<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) object: &'a Object,
    pub(super) spec: &'a Yaml,
    pub(super) mounts: Vec<Mount<'a>>,
    pub(super) volumes: &'a [Rc<Yaml>],
    pub(super) container: &'a Yaml,
}

impl<'a> Mounts<'a> {
    pub(super) fn new(cluster: &'a Cluster, object: &'a Object, spec: &'a Yaml, container: &'a Yaml) -> Self {
        let mount = |m: &'a Rc<Yaml>| {
            let path = m.str_at(&["mountPath"])?.trim_end_matches('/');
            Some(Mount { path, sub_path: m.get("subPath"), volume: m.str_at(&["name"])?, node: m })
        };
        let mounts = container.list_at(&["volumeMounts"]).iter().filter_map(mount).collect();
        Self { cluster, object, spec, mounts, volumes: spec.list_at(&["volumes"]), container }
    }

    /// The paths that HAProxy reads.
    pub(super) fn paths<'p>(&self, arguments: &'p Arguments, image: &Image) -> Vec<&'p str> {
        if !arguments.files.is_empty() {
            return arguments.files.iter().map(String::as_str).collect();
        }
        // A command of the container's own may name any.
        let only = image.only.filter(|_| self.container.list_at(&["command"]).is_empty() && !arguments.hidden);
        only.map_or_else(|| image.default_files.to_vec(), |only| vec![only])
    }

    /// The files of the configuration.
    pub(super) fn configuration(&self, arguments: &Arguments, image: &Image) -> Option<Found<'a>> {
        let paths = self.paths(arguments, image);
        let found: Vec<(Key, Option<Location>)> = paths.iter().flat_map(|path| self.at_path(path)).collect();
        let sub_path = found.iter().find_map(|(_, at)| *at);
        let keys: Vec<Key> = found.into_iter().map(|(key, _)| key).collect();
        if !keys.is_empty() {
            let more = arguments.files.iter().any(|path| !self.is_known(path));
            return Some(Found { keys, sub_path, made: None, filler: None, elsewhere: false, more });
        }
        let programs = self.programs(arguments);
        let made = made::made(&programs, &paths, self.is_written(&paths));
        let filler = made::filler(&programs).and_then(|program| program.container);
        Some(Found { keys: vec![self.any()?], sub_path, made, filler, elsewhere: true, more: false })
    }

    /// Whether all is known that HAProxy finds at a path: the file is that of an object, or whatever is in the folder is.
    fn is_known(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let mut above = self.covering(std::slice::from_ref(&path)).peekable();
        let is_file = || self.mounted().any(|(full, ..)| full == path);
        is_file() || above.peek().is_some() && above.all(|mount| self.is_at_hand(mount))
    }

    /// Whether something else than a ConfigMap or Secret is mounted where the configuration is.
    fn is_written(&self, paths: &[&str]) -> bool {
        let empty = |name: &str| {
            let volume = self.volumes.iter().find(|v| v.str_at(&["name"]) == Some(name));
            volume.is_some_and(|v| v.get("emptyDir").is_some() || v.get("persistentVolumeClaim").is_some())
        };
        self.covering(paths).any(|m| empty(m.volume))
    }

    /// What is mounted at one of these paths, or at a folder above it.
    pub(super) fn covering<'m>(&'m self, paths: &'m [&str]) -> impl Iterator<Item = &'m Mount<'a>> {
        let covers = |path: &&str, m: &Mount<'_>| path.strip_prefix(m.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.mounts.iter().filter(move |m| paths.iter().any(|path| covers(path, m)))
    }

    /// What runs before HAProxy: init containers, and the script that starts it.
    pub(super) fn programs(&self, arguments: &Arguments) -> Vec<Program<'a>> {
        let of_container = |container: &'a Rc<Yaml>| {
            let beside = Self::new(self.cluster, self.object, self.spec, container);
            let words = command(self.object, container);
            let text = |word: &str| beside.text(word).unwrap_or_else(|| word.to_owned());
            let said: Vec<String> = words.iter().map(|word| text(&word.value)).collect();
            Program { text: said.join("\n"), commands: commands(&words, &|path| beside.text(path)), container: Some(container) }
        };
        let of_script = |text: String| {
            let commands = commands(&command(self.object, self.container), &|path| self.text(path));
            Program { text, commands, container: None }
        };
        let script = arguments.script.iter().map(|s| self.text(&s.value).unwrap_or_else(|| s.value.clone()));
        self.spec.list_at(&["initContainers"]).iter().map(of_container).chain(script.map(of_script)).collect()
    }

    /// The text of the file at `path`, where a ConfigMap holds it.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        if !path.starts_with('/') || path.contains(char::is_whitespace) {
            return None;
        }
        let (at, key) = self.mounted().find(|(full, ..)| full == path)?.1;
        self.cluster.objects[at].node.str_at(&["data", &key]).map(str::to_owned)
    }

    /// Every file with its path, and where it is mounted by `subPath`.
    pub(super) fn mounted(&self) -> impl Iterator<Item = (String, Key, Option<Location>)> + '_ {
        self.mounts.iter().flat_map(|mount| {
            let sub_path = mount.sub_path.and_then(|s| Some((s.text()?, self.object.at(s))));
            self.files(mount.volume).into_iter().filter_map(move |(file, key)| {
                let full = match sub_path {
                    Some((sub, _)) if sub == file => mount.path.to_owned(),
                    Some(_) => return None,
                    None => format!("{}/{file}", mount.path),
                };
                Some((full, key, sub_path.map(|s| s.1)))
            })
        })
    }

    /// Whether the container sees a configuration of HAProxy anywhere.
    pub(super) fn has_configuration(&self) -> bool {
        self.has(&is_configuration)
    }

    /// Whether one of them lists peers.
    pub(super) fn has_peers(&self) -> bool {
        self.has(&|text| text.lines().any(|line| line.split_ascii_whitespace().next() == Some("peers")))
    }

    fn has(&self, what: &dyn Fn(&str) -> bool) -> bool {
        let text = |at: usize, key: &str| self.cluster.objects[at].node.str_at(&["data", key]);
        self.mounted().any(|(full, (at, key), _)| full.ends_with(".cfg") && text(at, &key).is_some_and(what))
    }

    /// The keys that are seen as the file, or in the directory, `path`.
    pub(super) fn at_path(&self, path: &str) -> Vec<(Key, Option<Location>)> {
        let path = path.trim_end_matches('/');
        let inside = |full: &str| full.rsplit_once('/').is_some_and(|(folder, file)| folder == path && file.ends_with(".cfg"));
        let mut found: Vec<_> = self.mounted().filter(|(full, ..)| full == path || inside(full)).collect();
        // HAProxy reads a directory in the order of the names.
        found.sort();
        found.into_iter().map(|(_, key, at)| (key, at)).collect()
    }

    /// The files of a volume.
    pub(super) fn files(&self, volume: &str) -> Vec<(String, Key)> {
        let Some(volume) = self.volumes.iter().find(|v| v.str_at(&["name"]) == Some(volume)) else { return Vec::new() };
        let mut found = Vec::new();
        let projected = volume.list_at(&["projected", "sources"]).iter().map(|s| &**s);
        for source in std::iter::once(&**volume).chain(projected) {
            for (field, kind) in [("configMap", "ConfigMap"), ("secret", "Secret")] {
                found.extend(source.get(field).into_iter().flat_map(|reference| self.keys(kind, reference)));
            }
        }
        found
    }

    fn keys(&self, kind: &str, reference: &Yaml) -> Vec<(String, Key)> {
        let name = reference.str_at(&["name"]).or_else(|| reference.str_at(&["secretName"])).unwrap_or("");
        let found = self.cluster.position(kind, &self.object.namespace, name).or_else(|| self.rehashed(kind, name));
        let Some(at) = found else { return Vec::new() };
        let items = reference.list_at(&["items"]);
        if !items.is_empty() {
            let all = keys_of(&self.cluster.objects[at]);
            // A key that is not there is told; the only one that is was meant.
            let key = |said: &str| {
                all.iter().find(|key| **key == said).or(all.first().filter(|_| all.len() == 1)).map_or(said.to_owned(), |k| (*k).to_owned())
            };
            let item = |i: &Rc<Yaml>| Some((i.str_at(&["path"])?.to_owned(), (at, key(i.str_at(&["key"])?))));
            return items.iter().filter_map(item).collect();
        }
        keys_of(&self.cluster.objects[at]).into_iter().map(|key| (key.to_owned(), (at, key.to_owned()))).collect()
    }

    /// Whatever looks like a configuration of HAProxy in any ConfigMap of the pod: a script may copy it to its place.
    fn any(&self) -> Option<Key> {
        self.candidates().next()
    }

    /// Everything in the ConfigMaps of the pod that looks like a configuration of HAProxy.
    pub(super) fn candidates(&self) -> impl Iterator<Item = Key> + '_ {
        let fits = move |key: &str, at: usize| {
            let text = self.cluster.objects[at].node.str_at(&["data", key]);
            (key.contains(".cfg") || key.contains("haproxy")) && text.is_some_and(is_configuration)
        };
        let volumes = self.volumes.iter().filter_map(|v| v.str_at(&["name"]));
        volumes.flat_map(|name| self.files(name)).map(|(_, key)| key).filter(move |(at, key)| fits(key, *at))
    }
}
