//! Sockets that HAProxy is to make in a folder where it may not write.

use super::{
    image,
    mesh::{Mesh, View},
    model::{Group, Node, Origin, Platform},
    summary::Listener,
};
use crate::{config::address::Host, cut::Cut};

/// A socket that cannot be made.
pub(crate) struct Unwritable<'m> {
    /// Where it is written.
    pub(crate) listener: &'m Listener,
    /// Its path.
    pub(crate) path: &'m str,
    /// Whether the whole file system of the container is read-only; else the folder is another user's.
    pub(crate) read_only: bool,
}

/// The folders of the official image that belong to root.
const ROOTS: [&str; 2] = ["/run/", "/var/run/"];

/// The sockets that the HAProxy of a view cannot make, and does not start for.
pub(crate) fn unwritable<'m>(mesh: &'m Mesh<'_>, view: &View) -> Option<Unwritable<'m>> {
    let group = mesh.group(view);
    let summary = mesh.summary(view);
    let all = summary.sockets.iter().chain(&summary.binds).map(|line| &line.listener);
    all.filter(|_| group.platform == Platform::Kubernetes).find_map(|listener| {
        let Host::Path(path) = &listener.address.host else { return None };
        let mounted = group.mounts.iter().any(|m| covers(m, path)) || covers("/dev/shm", path);
        if !path.starts_with('/') || mounted {
            return None;
        }
        let read_only = group.read_only.is_some();
        (read_only || of_root(group) && ROOTS.iter().any(|root| path.starts_with(root))).then_some(Unwritable { listener, path, read_only })
    })
}

/// The variable in an address to listen on that holds the address of the machine.
pub(crate) fn of_machine<'l>(node: &Node, listener: &'l Listener) -> Option<&'l str> {
    listener.variables().find(|name| node.environment.get(name).is_some_and(|variable| variable.origin == Origin::HostIp))
}

fn covers(mount: &str, path: &str) -> bool {
    path.strip_prefix(mount.trim_end_matches('/')).is_some_and(|rest| rest.cut(..rest.len().min(1)) == "/")
}

/// Whether HAProxy runs in the official image as a user that may not write where root may.
fn of_root(group: &Group) -> bool {
    let official =
        group.image.as_ref().and_then(|said| image::haproxy(&said.value)).is_some_and(|image| image.official && image.unprivileged);
    official && group.unprivileged
}
