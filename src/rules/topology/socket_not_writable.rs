//! `topology/socket-not-writable`.

use crate::{rules::prelude::*, topology::sockets::unwritable};

rule! {
    /// HAProxy is to make a socket in a folder of the container where it may not write.
    ///
    /// ## Why
    ///
    /// The official image runs HAProxy as a user of its own since 2.4, and `/run` and `/var/run` in it are root's: `cannot bind UNIX
    /// socket (Permission denied)`, and HAProxy ends. That is told as a note, for an image made from it may have changed the folder.
    /// With `readOnlyRootFilesystem` it may write nowhere but in volumes: an error. `haproxy -c` says nothing of it, as it binds no
    /// address.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: haproxy, labels: {app: haproxy}}
    /// spec:
    ///   containers:
    ///   - name: haproxy
    ///     image: haproxy:2.8
    ///     volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///   volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     global
    ///         stats socket /var/run/haproxy.sock mode 600 level admin
    ///     defaults
    ///         mode http
    ///         timeout connect 5s
    ///         timeout client 30s
    ///         timeout server 30s
    ///     frontend web
    ///         bind :8080
    ///         http-request return status 200
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: haproxy, labels: {app: haproxy}}
    /// spec:
    ///   containers:
    ///   - name: haproxy
    ///     image: haproxy:2.8
    ///     volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}, {name: run, mountPath: /var/run/haproxy}]
    ///   volumes: [{name: config, configMap: {name: haproxy}}, {name: run, emptyDir: {}}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     global
    ///         stats socket /var/run/haproxy/admin.sock mode 600 level admin
    ///     defaults
    ///         mode http
    ///         timeout connect 5s
    ///         timeout client 30s
    ///         timeout server 30s
    ///     frontend web
    ///         bind :8080
    ///         http-request return status 200
    /// ```
    ///
    /// Without a volume, `/tmp` and `/var/lib/haproxy` are writable in the official image.
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 and 2.8 as user 99.
    "topology/socket-not-writable", Error, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told = Vec::new();
    for view in &mesh.views {
        let (group, number) = (mesh.group(view), mesh.node(view).group);
        let Some(socket) = unwritable(mesh, view).filter(|_| !told.contains(&number)) else { continue };
        told.push(number);
        let path = socket.path;
        let why = if socket.read_only {
            "the file system of the container is read-only"
        } else {
            "the folder is root's, and HAProxy runs as another user"
        };
        let draft = Draft::at(socket.listener.at, format!("{} cannot make the socket `{path}`: {why}", group.title()))
            .label("no socket can be made here")
            .help("mount an `emptyDir` where the socket is, such as `/var/run/haproxy`, and write `/var/run/haproxy/admin.sock`")
            .note("HAProxy ends with `cannot bind UNIX socket`")
            .nodes(mesh.node_names(mesh.views.iter().filter(|v| mesh.node(v).group == number)));
        out.report(match (socket.read_only, group.read_only) {
            (true, Some(at)) => draft.also(at, "this makes it so"),
            (true, None) => draft,
            (false, _) => draft.severity(Severity::Info).confidence(Confidence::Medium),
        });
    }
}
