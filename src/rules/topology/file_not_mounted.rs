//! `topology/file-not-mounted`.

use std::collections::BTreeMap;

use crate::{
    rules::prelude::*,
    topology::{Folder, Group, NamedFile, Place},
};

rule! {
    /// The configuration names a file that is not in what the pod mounts.
    ///
    /// ## Why
    ///
    /// HAProxy reads certificates, maps, lists of patterns, error pages and Lua when it starts, and ends where one of them is not there. A
    /// ConfigMap or Secret that is mounted at a folder is all that is in it: a key that is called otherwise is another file, and what
    /// the image has there, such as the `errors` of the official one in `/usr/local/etc/haproxy`, is hidden.
    ///
    /// Where nothing is mounted at the file's folder, the image may bring it: that is a warning, and only where a file of the same name is
    /// mounted elsewhere. Of folders that something else than objects in these files fills, nothing is said.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web}
    /// spec:
    ///   replicas: 2
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         volumeMounts:
    ///         - {name: config, mountPath: /usr/local/etc/haproxy}
    ///         - {name: maps, mountPath: /map}
    ///       volumes:
    ///       - {name: config, configMap: {name: web}}
    ///       - {name: maps, configMap: {name: maps}}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: maps}
    /// data:
    ///   hosts.map: |
    ///     www.example.com app
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: web}
    /// data:
    ///   haproxy.cfg: |
    ///     defaults
    ///         mode http
    ///         timeout client 30s
    ///         timeout connect 5s
    ///         timeout server 30s
    ///         errorfile 503 /usr/local/etc/haproxy/errors/503.http
    ///     frontend web
    ///         bind :8080
    ///         use_backend %[req.hdr(host),lower,map(/maps/hosts.map,app)]
    ///     backend app
    ///         server app 192.0.2.1:80 check
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web}
    /// spec:
    ///   replicas: 2
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         volumeMounts:
    ///         - {name: config, mountPath: /usr/local/etc/haproxy/haproxy.cfg, subPath: haproxy.cfg}
    ///         - {name: maps, mountPath: /maps}
    ///       volumes:
    ///       - {name: config, configMap: {name: web}}
    ///       - {name: maps, configMap: {name: maps}}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: maps}
    /// data:
    ///   hosts.map: |
    ///     www.example.com app
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: web}
    /// data:
    ///   haproxy.cfg: |
    ///     defaults
    ///         mode http
    ///         timeout client 30s
    ///         timeout connect 5s
    ///         timeout server 30s
    ///         errorfile 503 /usr/local/etc/haproxy/errors/503.http
    ///     frontend web
    ///         bind :8080
    ///         use_backend %[req.hdr(host),lower,map(/maps/hosts.map,app)]
    ///     backend app
    ///         server app 192.0.2.1:80 check
    /// ```
    ///
    /// ## Source
    ///
    /// Kubernetes: "Volumes", "ConfigMaps"; the Dockerfile of the official image; observed with HAProxy 2.6 to 3.5.
    "topology/file-not-mounted", Error, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    // What pods of one group read alike is told once for all of them.
    let mut readers: BTreeMap<(usize, usize), Vec<&View>> = BTreeMap::new();
    for view in &mesh.views {
        readers.entry((mesh.topology.nodes[view.node].group, view.summary)).or_default().push(view);
    }
    for ((group, summary), views) in readers {
        let (group, summary) = (&mesh.topology.groups[group], &mesh.summaries[summary]);
        // Nothing of a Secret is shown.
        let files = &mesh.topology.configurations[summary.configuration].files;
        let secret = files.iter().any(|f| matches!(&f.place, Place::Embedded(embedded) if embedded.secret));
        if secret || summary.open || group.folders.is_empty() {
            continue;
        }
        let lacking = summary.files.iter().filter(|named| !is_there(group, named));
        lacking.filter_map(|named| draft(group, named)).for_each(|draft| out.report(draft.nodes(mesh.node_names(views.iter().copied()))));
    }
}

/// Whether the container has it: a file, a folder, or a bundle of certificates called so.
fn is_there(group: &Group, named: &NamedFile) -> bool {
    let begins = |file: &String| match file.strip_prefix(&named.path) {
        Some(rest) => rest.is_empty() || named.certificate && rest.starts_with(['/', '.']),
        None => false,
    };
    let first = group.files.partition_point(|file| *file < named.path);
    group.files[first..].iter().take_while(|file| file.starts_with(&named.path)).any(begins)
}

/// What is to be said of a file that is none of those that are known.
fn draft(group: &Group, named: &NamedFile) -> Option<Draft> {
    let (path, keyword) = (&named.path, &named.keyword);
    let covers =
        |mount: &&String| path.strip_prefix(mount.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let name = path.rsplit('/').next()?;
    let elsewhere = group.files.iter().find(|file| file.rsplit('/').next() == Some(name));
    let Some(mount) = group.mounts.iter().filter(covers).max_by_key(|mount| mount.len()) else {
        let there = elsewhere?;
        let draft = Draft::at(named.at, format!("`{keyword}` names `{path}`, and nothing is mounted there"))
            .severity(Severity::Warning)
            .confidence(Confidence::Medium)
            .label("HAProxy does not start without this file")
            .help(format!("let `mountPath` and the configuration name one place: `{name}` is mounted as `{there}`"));
        return Some(draft);
    };
    let mount = mount.trim_end_matches('/');
    let folder = group.folders.iter().find(|folder| folder.path == mount && folder.path != *path)?;
    let help = match elsewhere {
        Some(there) => format!("it is mounted as `{there}`: let `mountPath` and the configuration name one place"),
        None => held(folder),
    };
    let message = format!("`{keyword}` names `{path}`, which is not in {}, mounted at `{}`", folder.of, folder.path);
    Some(Draft::at(named.at, message).label("HAProxy does not start without this file").help(help).also(folder.at, "it is mounted here"))
}

/// How many files of a folder are listed.
const SHOWN: usize = 6;

/// What a folder has.
fn held(folder: &Folder) -> String {
    let files: Vec<String> = folder.files.iter().take(SHOWN).map(|file| format!("`{file}`")).collect();
    let more = if folder.files.len() > files.len() { ", …" } else { "" };
    format!("add it to {}, which has {}{more}, or name one of these", folder.of, files.join(", "))
}
