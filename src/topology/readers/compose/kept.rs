//! Which configs and secrets of a service HAProxy may not read: those whose mode lets root alone, where it runs as another user.

use super::Container;
use crate::topology::{
    image::Image,
    model::{Group, Kept},
    quantity::mode,
    words::Arguments,
};

impl Container<'_> {
    /// Swarm makes each of them a file with the mode that is said, and Compose those whose text is given to it; files of the machine keep
    /// their own.
    pub(super) fn kept(&self, group: &Group, arguments: &Arguments, image: &Image) -> Vec<Kept> {
        if !group.unprivileged {
            return Vec::new();
        }
        let all = [("configs", "/"), ("secrets", "/run/secrets/")].into_iter();
        let all = all.flat_map(|(key, folder)| self.service.list_at(&[key]).iter().map(move |reference| (key, folder, reference)));
        all.filter_map(|(key, folder, reference)| {
            let source = reference.str_at(&["source"])?;
            let said = self.document.get(key)?.get(source)?;
            let is_made = self.is_swarm || ["content", "environment"].iter().any(|key| said.get(key).is_some());
            let is_root = |key: &str| reference.get(key).is_none_or(|id| id.text() == Some("0"));
            let node = reference.get("mode").filter(|_| is_made && is_root("uid"))?;
            let mode = mode(node)?;
            // The user of the image is in a group of its own; others may be in that of root.
            let denied = mode & 0o004 == 0 && (mode & 0o040 == 0 || is_root("gid") && self.service.get("user").is_none());
            let target = reference.str_at(&["target"]).unwrap_or(source);
            let path = if target.starts_with('/') { target.to_owned() } else { format!("{folder}{target}") };
            let written = node.text().unwrap_or("").to_owned();
            denied.then(|| Kept {
                configuration: self.read_at(&path, arguments, image),
                path,
                whole: false,
                mode,
                written,
                at: self.at(node),
            })
        })
        .collect()
    }

    /// The path, where HAProxy reads its configuration there.
    fn read_at(&self, path: &str, arguments: &Arguments, image: &Image) -> Option<String> {
        let is_it = |read: &str| {
            let rest = path.strip_prefix(read.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') && rest.ends_with(".cfg"))
        };
        let read = match arguments.files.as_slice() {
            [] => image.default_files.iter().any(|read| is_it(read)),
            files => files.iter().any(|read| is_it(read)),
        };
        read.then(|| path.to_owned())
    }
}
