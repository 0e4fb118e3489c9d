//! `topology/file-not-readable`.

use std::collections::BTreeMap;

use crate::{
    rules::prelude::*,
    topology::{Group, Kept, Kind, Platform, edit::New},
};

rule! {
    /// HAProxy is not root in this container, and its files may be read by root alone.
    ///
    /// ## Why
    ///
    /// The files of a ConfigMap or Secret belong to root. Everybody may read them as a rule; `defaultMode: 0400` or a `mode` of one of the
    /// `items` takes that away, and a HAProxy of another user, as that of the official image is since 2.4, ends with `Could not open
    /// configuration file … : Permission denied`, or with `cannot open the file` for a certificate. `fsGroup` gives the files to a group of the
    /// pod, and lets that read them whatever the mode is.
    ///
    /// Where no `runAsUser` is said it is a warning: what lets pods in, as OpenShift does, may add an `fsGroup`.
    ///
    /// `mode` of `configs` and `secrets` does the same to services of Swarm, and of Compose where their text stands in the file: they are
    /// root's where no `uid` is said.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, labels: {app: web}}
    /// spec:
    ///   securityContext: {runAsUser: 99, runAsGroup: 99}
    ///   containers:
    ///   - name: haproxy
    ///     image: haproxy:2.8
    ///     volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///   volumes: [{name: config, configMap: {name: web, defaultMode: 0400}}]
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
    /// metadata: {name: web, labels: {app: web}}
    /// spec:
    ///   securityContext: {runAsUser: 99, runAsGroup: 99, fsGroup: 99}
    ///   containers:
    ///   - name: haproxy
    ///     image: haproxy:2.8
    ///     volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///   volumes: [{name: config, configMap: {name: web, defaultMode: 0400}}]
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
    ///     frontend web
    ///         bind :8080
    ///         http-request return status 200
    /// ```
    ///
    /// ## Source
    ///
    /// Kubernetes: "Configure a Security Context for a Pod or Container", "Volumes"; observed with HAProxy 2.6 and 2.8 as user 99.
    "topology/file-not-readable", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    // What pods of one group read alike is looked at once for all of them.
    let mut readers: BTreeMap<(usize, usize), Vec<&View>> = BTreeMap::new();
    for view in mesh.views.iter().filter(|view| !mesh.group(view).kept.is_empty()) {
        readers.entry((mesh.node(view).group, view.summary)).or_default().push(view);
    }
    let mut told: BTreeMap<(Location, &str), (Draft, Vec<&View>)> = BTreeMap::new();
    for ((group, summary), views) in readers {
        let (group, summary) = (&mesh.topology.groups[group], &mesh.summaries[summary]);
        for kept in &group.kept {
            let named = || summary.files.iter().filter(|_| !summary.open).find(|named| kept.has(&named.path));
            let configuration = kept.configuration.as_deref().map(|path| (path, None));
            let Some((path, at)) = configuration.or_else(|| named().map(|file| (file.path.as_str(), Some(file.at)))) else { continue };
            // What several services have in common is written once.
            let (_, nodes) = told.entry((kept.at, kept.path.as_str())).or_insert_with(|| {
                let draft = draft(mesh, group, kept, path);
                (at.into_iter().fold(draft, |draft, at| draft.also(at, "HAProxy reads it here")), Vec::new())
            });
            nodes.extend(&views);
        }
    }
    told.into_values().for_each(|(draft, views)| out.report(draft.nodes(mesh.node_names(views))));
}

fn draft(mesh: &Mesh<'_>, group: &Group, kept: &Kept, path: &str) -> Draft {
    let who = group.user.as_ref().map_or("the user of the image".to_owned(), |user| format!("user {}", user.value));
    let gid = group.user.as_ref().map_or(99, |user| user.value);
    let mode = format!("0{:o}", kept.mode);
    // `400` lets the group write, which nobody means.
    let decimal = !kept.written.starts_with('0') && kept.mode & 0o033 != 0;
    let spec: &[&str] = if group.kind == Kind::Pod { &["spec"] } else { &["spec", "template", "spec"] };
    let help = match group.platform {
        Platform::Kubernetes => format!("add `fsGroup: {gid}` to the pod's `securityContext`, or let everybody read: `0444`"),
        _ => format!("write `uid: \"{gid}\"` beside `mode`, or let everybody read: `mode: 0444`"),
    };
    let edit = || Some(vec![mesh.object(group.at)?.at(spec)?.set(&["securityContext", "fsGroup"], New::plain(gid), "")?]);
    let draft = Draft::at(kept.at, format!("{who} may not read `{path}`: its mode is {mode}, and it is root's"))
        .label(if decimal { "a number without a `0` before it is decimal" } else { "root alone may read it" })
        .help(help)
        .offer_if("give the files to a group of the pod", edit());
    match group.user {
        None if group.platform == Platform::Kubernetes => draft.severity(Severity::Warning).confidence(Confidence::Medium),
        _ => draft,
    }
}
