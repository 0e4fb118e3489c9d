//! `topology/chroot-without-root`.

use std::collections::BTreeMap;

use crate::rules::prelude::*;

rule! {
    /// HAProxy is not root in this container, and `chroot` takes root.
    ///
    /// ## Why
    ///
    /// The official image runs as user 99 since 2.4, and a capability that is added does not reach another user than root. With `chroot`
    /// HAProxy 3.3 and earlier then end with `Cannot chroot`, and the container is started again and again; `haproxy -c` finds nothing. The
    /// line mostly comes from the configuration of a package, which is started as root. 3.4 and later try it in a namespace of users,
    /// which not every container may have: of them nothing is said.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// services:
    ///   lb:
    ///     image: haproxy:2.8
    ///     configs: [{source: cfg, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   cfg:
    ///     content: |
    ///       global
    ///           chroot /var/lib/haproxy
    ///       frontend web
    ///           mode http
    ///           bind :8080
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// services:
    ///   lb:
    ///     image: haproxy:2.8
    ///     configs: [{source: cfg, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   cfg:
    ///     content: |
    ///       frontend web
    ///           mode http
    ///           bind :8080
    /// ```
    ///
    /// A container has a file system of its own, which `readOnlyRootFilesystem: true` or `read_only: true` keeps as it is.
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6, 3.0 and 3.2 as another user than root; 3.4 starts.
    "topology/chroot-without-root", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut kept: BTreeMap<Location, Vec<&View>> = BTreeMap::new();
    for view in mesh.views.iter().filter(|view| mesh.group(view).is_kept_from_chroot()) {
        if let Some(at) = mesh.summary(view).chroot {
            kept.entry(at).or_default().push(view);
        }
    }
    for (at, views) in kept {
        let Some(group) = views.first().map(|view| mesh.group(view)) else { continue };
        let who = group.user.as_ref().map_or("the user of the image".to_owned(), |user| format!("user {}", user.value));
        out.report(
            Draft::at(at, format!("{who} is not root in {}, so HAProxy ends at `chroot`", group.title()))
                .label("takes root")
                .help("delete `chroot`: the container has a file system of its own; or start it as root, and let `user` and `group` leave that")
                .note("HAProxy ends with `Cannot chroot`; `haproxy -c` does not try it")
                .offer_if("delete `chroot`", mesh.line(at).and_then(|line| line.delete()).map(|edit| vec![edit]))
                .nodes(mesh.node_names(views)),
        );
    }
}
