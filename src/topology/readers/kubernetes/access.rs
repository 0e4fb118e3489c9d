//! Which files of a container HAProxy may not read: those of volumes that are root's alone, where it runs as another user.

use super::mounts::{Mount, Mounts};
use crate::topology::{
    image::Image,
    model::{Group, Kept},
    quantity::mode,
    words::Arguments,
    yaml::Yaml,
};

/// The bits that let the group, and everybody, read.
const GROUP: u32 = 0o040;
const ALL: u32 = 0o004;

impl Mounts<'_> {
    /// The files that HAProxy may not read. The kubelet makes all of them root's, and gives them to a group where `fsGroup` is said,
    /// as OpenShift says it of each pod that it lets in.
    pub(super) fn kept(&self, group: &Group, arguments: &Arguments, image: &Image) -> Vec<Kept> {
        if !group.unprivileged || self.spec.at(&["securityContext", "fsGroup"]).is_some() || self.cluster.open_shift {
            return Vec::new();
        }
        let may_be_of_root = self.may_be_of_the_group_of_root(group, image);
        let denied = |mode: u32| mode & ALL == 0 && (mode & GROUP == 0 || !may_be_of_root);
        let paths = self.paths(arguments, image);
        let mounts = self.mounts.iter().filter(|mount| mount.node.get("subPathExpr").is_none());
        mounts.flat_map(|mount| self.kept_of(mount, &denied, &paths)).collect()
    }

    /// Whether the user may be in the group of root, which users are that the image does not know.
    fn may_be_of_the_group_of_root(&self, group: &Group, image: &Image) -> bool {
        let said = |key: &str| self.container.at(&["securityContext", key]).or_else(|| self.spec.at(&["securityContext", key]));
        let more =
            self.spec.at(&["securityContext", "supplementalGroups"]).is_some_and(|all| all.list().iter().any(|g| g.number() == Some(0)));
        let own = match said("runAsGroup").and_then(Yaml::number) {
            Some(group) => group == 0,
            None => !(image.official && image.unprivileged && group.user.is_none()),
        };
        more || own
    }

    fn kept_of(&self, mount: &Mount<'_>, denied: &dyn Fn(u32) -> bool, paths: &[&str]) -> Vec<Kept> {
        let Some(volume) = self.volumes.iter().find(|v| v.str_at(&["name"]) == Some(mount.volume)) else { return Vec::new() };
        let parts = ["configMap", "secret", "projected"].into_iter().filter_map(|key| volume.get(key));
        let mut kept = Vec::new();
        for part in parts {
            let default = part.get("defaultMode").and_then(|node| Some((mode(node)?, node)));
            let sources: Vec<&Yaml> = match part.get("sources") {
                Some(sources) => sources.list().iter().flat_map(|s| [s.get("configMap"), s.get("secret")]).flatten().collect(),
                None => vec![part],
            };
            // Where the files are not named one by one, all of the folder is alike.
            let (named, whole): (Vec<&Yaml>, Vec<&Yaml>) = sources.into_iter().partition(|source| !source.list_at(&["items"]).is_empty());
            let all = default.filter(|(mode, _)| named.is_empty() && denied(*mode)).filter(|_| !whole.is_empty());
            let sub_path = mount.sub_path.and_then(Yaml::text);
            kept.extend(all.map(|(mode, node)| (mount.path.to_owned(), sub_path.is_none(), mode, node)));
            for item in named.iter().flat_map(|source| source.list_at(&["items"])) {
                let own = item.get("mode").and_then(|node| Some((mode(node)?, node)));
                let Some((mode, node)) = own.or(default).filter(|(mode, _)| denied(*mode)) else { continue };
                let Some(file) = item.str_at(&["path"]) else { continue };
                match sub_path {
                    None => kept.push((format!("{}/{file}", mount.path), false, mode, node)),
                    Some(sub) if sub == file => kept.push((mount.path.to_owned(), false, mode, node)),
                    Some(_) => {}
                }
            }
        }
        let full = |(path, whole, mode, node): (String, bool, u32, &Yaml)| {
            let written = node.text().unwrap_or("").to_owned();
            let mut kept = Kept { path, whole, mode, written, at: self.object.at(node), configuration: None };
            let inside =
                |folder: &str| kept.path.ends_with(".cfg") && kept.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
            let is_read = |path: &&&str| (kept.has(path) || inside(path.trim_end_matches('/'))) && !self.at_path(path).is_empty();
            kept.configuration = paths.iter().find(is_read).map(|path| (*path).to_owned());
            kept
        };
        kept.into_iter().map(full).collect()
    }
}
