//! Which keys of which ConfigMaps a container sees as HAProxy's configuration.

use std::rc::Rc;

use crate::source::Location;

use super::{
    Cluster, Object, is_configuration,
    made::{self, Made},
};
use crate::topology::{image::Image, words::Arguments, yaml::Yaml};

/// A key of an object, by the object's place in the cluster.
pub(super) type Key = (usize, String);

/// What a container reads as its configuration.
pub(super) struct Found {
    pub(super) keys: Vec<Key>,
    /// Where one is mounted by `subPath`.
    pub(super) sub_path: Option<Location>,
    /// The keys are a template, which something fills in before HAProxy starts.
    pub(super) made: Option<Made>,
}

/// A place in the container's file system that a volume is mounted at.
struct Mount<'a> {
    path: &'a str,
    sub_path: Option<&'a Yaml>,
    volume: &'a str,
}

/// What is mounted where.
pub(super) struct Mounts<'a> {
    cluster: &'a Cluster,
    object: &'a Object,
    spec: &'a Yaml,
    mounts: Vec<Mount<'a>>,
    volumes: &'a [Rc<Yaml>],
}

impl<'a> Mounts<'a> {
    pub(super) fn new(cluster: &'a Cluster, object: &'a Object, spec: &'a Yaml, container: &'a Yaml) -> Self {
        let mount = |m: &'a Rc<Yaml>| {
            let path = m.str_at(&["mountPath"])?.trim_end_matches('/');
            Some(Mount { path, sub_path: m.get("subPath"), volume: m.str_at(&["name"])? })
        };
        let mounts = container.list_at(&["volumeMounts"]).iter().filter_map(mount).collect();
        Self { cluster, object, spec, mounts, volumes: spec.list_at(&["volumes"]) }
    }

    /// The files of the configuration.
    pub(super) fn configuration(&self, arguments: &Arguments, image: &Image) -> Option<Found> {
        let said = &arguments.files;
        let paths: Vec<&str> = if said.is_empty() { image.default_files.to_vec() } else { said.iter().map(String::as_str).collect() };
        let found: Vec<(Key, Option<Location>)> = paths.iter().flat_map(|path| self.at_path(path)).collect();
        let sub_path = found.iter().find_map(|(_, at)| *at);
        let keys: Vec<Key> = found.into_iter().map(|(key, _)| key).collect();
        if !keys.is_empty() {
            return Some(Found { keys, sub_path, made: None });
        }
        let made = made::made(&self.programs(arguments), self.is_written(&paths));
        Some(Found { keys: vec![self.any()?], sub_path, made })
    }

    /// Whether something else than a ConfigMap or Secret is mounted where the configuration is.
    fn is_written(&self, paths: &[&str]) -> bool {
        let covers =
            |m: &&Mount<'_>| paths.iter().any(|p| p.strip_prefix(m.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
        let empty = |name: &str| {
            let volume = self.volumes.iter().find(|v| v.str_at(&["name"]) == Some(name));
            volume.is_some_and(|v| v.get("emptyDir").is_some() || v.get("persistentVolumeClaim").is_some())
        };
        self.mounts.iter().filter(covers).any(|m| empty(m.volume))
    }

    /// What runs before HAProxy: init containers, and the script that starts it.
    fn programs(&self, arguments: &Arguments) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        for container in self.spec.list_at(&["initContainers"]) {
            let words = ["command", "args"].iter().flat_map(|key| container.list_at(&[key])).filter_map(|w| w.text());
            let beside = Self::new(self.cluster, self.object, self.spec, container);
            for word in words {
                texts.push(beside.text(word).unwrap_or_else(|| word.to_owned()));
            }
        }
        texts.extend(arguments.script.iter().map(|s| self.text(&s.value).unwrap_or_else(|| s.value.clone())));
        texts
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
    fn mounted(&self) -> impl Iterator<Item = (String, Key, Option<Location>)> + '_ {
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

    /// The keys that are seen as the file, or in the directory, `path`.
    fn at_path(&self, path: &str) -> Vec<(Key, Option<Location>)> {
        let path = path.trim_end_matches('/');
        let inside = |full: &str| full.rsplit_once('/').is_some_and(|(folder, file)| folder == path && file.ends_with(".cfg"));
        let mut found: Vec<_> = self.mounted().filter(|(full, ..)| full == path || inside(full)).collect();
        // HAProxy reads a directory in the order of the names.
        found.sort();
        found.into_iter().map(|(_, key, at)| (key, at)).collect()
    }

    /// The files of a volume.
    fn files(&self, volume: &str) -> Vec<(String, Key)> {
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
        let Some(at) = self.cluster.position(kind, &self.object.namespace, name) else { return Vec::new() };
        let items = reference.list_at(&["items"]);
        if !items.is_empty() {
            let item = |i: &Rc<Yaml>| Some((i.str_at(&["path"])?.to_owned(), (at, i.str_at(&["key"])?.to_owned())));
            return items.iter().filter_map(item).collect();
        }
        let object = &self.cluster.objects[at].node;
        let parts = ["data", "stringData", "binaryData"].into_iter().filter_map(|part| object.get(part));
        parts.flat_map(Yaml::entries).filter_map(|(key, _)| key.text().map(|key| (key.to_owned(), (at, key.to_owned())))).collect()
    }

    /// Whatever looks like a configuration of HAProxy in any ConfigMap of the pod: a script may copy it to its place.
    fn any(&self) -> Option<Key> {
        let fits = |key: &str, at: usize| {
            let text = self.cluster.objects[at].node.str_at(&["data", key]);
            (key.contains(".cfg") || key.contains("haproxy")) && text.is_some_and(is_configuration)
        };
        let volumes = self.volumes.iter().filter_map(|v| v.str_at(&["name"]));
        volumes.flat_map(|name| self.files(name)).map(|(_, key)| key).find(|(at, key)| fits(key, *at))
    }
}
