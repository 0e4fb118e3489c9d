//! Which keys of which ConfigMaps a container sees as HAProxy's configuration.

use std::rc::Rc;

use crate::source::Location;

use super::{
    super::{image::Image, model::Group, words::arguments, yaml::Yaml},
    Cluster, Object, is_configuration,
};

/// A key of an object, by the object's place in the cluster.
pub(super) type Key = (usize, String);

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
        Self { cluster, object, mounts, volumes: spec.list_at(&["volumes"]) }
    }

    /// The files of the configuration, and where one is mounted by `subPath`.
    pub(super) fn configuration(&self, group: &Group, image: &Image) -> Option<(Vec<Key>, Option<Location>)> {
        let said = arguments(&group.command).files;
        let paths: Vec<&str> = if said.is_empty() { image.default_files.to_vec() } else { said.iter().map(String::as_str).collect() };
        let found: Vec<(Key, Option<Location>)> = paths.iter().flat_map(|path| self.at_path(path)).collect();
        let sub_path = found.iter().find_map(|(_, at)| *at);
        let mut keys: Vec<Key> = found.into_iter().map(|(key, _)| key).collect();
        if keys.is_empty() {
            keys.extend(self.any());
        }
        (!keys.is_empty()).then_some((keys, sub_path))
    }

    /// The keys that are seen as the file, or in the directory, `path`.
    fn at_path(&self, path: &str) -> Vec<(Key, Option<Location>)> {
        let path = path.trim_end_matches('/');
        let inside = |full: &str| full.rsplit_once('/').is_some_and(|(folder, file)| folder == path && file.ends_with(".cfg"));
        let mut found = Vec::new();
        for mount in &self.mounts {
            let sub_path = mount.sub_path.and_then(|s| Some((s.text()?, self.object.at(s))));
            for (file, key) in self.files(mount.volume) {
                let full = match sub_path {
                    Some((sub, _)) if sub == file => mount.path.to_owned(),
                    Some(_) => continue,
                    None => format!("{}/{file}", mount.path),
                };
                if full == path || inside(&full) {
                    found.push((full, key, sub_path.map(|s| s.1)));
                }
            }
        }
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
            (key.ends_with(".cfg") || key.contains("haproxy")) && text.is_some_and(is_configuration)
        };
        let volumes = self.volumes.iter().filter_map(|v| v.str_at(&["name"]));
        volumes.flat_map(|name| self.files(name)).map(|(_, key)| key).find(|(at, key)| fits(key, *at))
    }
}
