//! `peers/option-l-without-name`.

use std::collections::BTreeMap;

use crate::{rules::prelude::*, topology::Platform};

rule! {
    /// `-L` stands before another option, or at the end: it takes what follows for the name of the node.
    ///
    /// ## Why
    ///
    /// HAProxy takes the word behind `-L` for the local name, whatever it is. With `-L -f FILE` the node is called `-f`, and `FILE` is left
    /// alone: HAProxy prints how it is used, and ends. With `-L -W` it runs, without a master, and no peer has the name `-W`, so the section is
    /// dropped. This is what is left where a variable was empty, or a template had no value.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: haproxy-0, labels: {app: haproxy}}
    /// spec:
    ///   containers:
    ///   - name: haproxy
    ///     image: haproxy:2.8
    ///     command: [haproxy, -L, -f, /usr/local/etc/haproxy/haproxy.cfg]
    ///     volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///   volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         bind :10000
    ///         server haproxy-0
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: haproxy-0, labels: {app: haproxy}}
    /// spec:
    ///   containers:
    ///   - name: haproxy
    ///     image: haproxy:2.8
    ///     command: [haproxy, -L, haproxy-0, -f, /usr/local/etc/haproxy/haproxy.cfg]
    ///     volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///   volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         bind :10000
    ///         server haproxy-0
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own usage text; tried with HAProxy 2.6 and 2.8.
    "peers/option-l-without-name", Error, Mesh(check), covers: "peers/local-name-missing", mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut all: BTreeMap<Location, Vec<&View>> = BTreeMap::new();
    for view in &mesh.views {
        if let Some(said) = mesh.group(view).lost_name() {
            all.entry(said.at).or_default().push(view);
        }
    }
    out.report_all(all.into_values().filter_map(|views| draft(mesh, &views)));
}

fn draft(mesh: &Mesh<'_>, views: &[&View]) -> Option<Draft> {
    let group = mesh.group(views[0]);
    let said = group.lost_name()?;
    let message = match said.value.as_str() {
        "" => "`-L` stands at the end, and no name follows".to_owned(),
        option => format!("`-L` has taken `{option}` for the name of this node"),
    };
    let name = match group.platform {
        Platform::Kubernetes => "`-L $(POD_NAME)`, with `env: [{name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]`",
        _ => "`-L` and the name that the peers have for it",
    };
    let note = match group.bare_word() {
        true => "HAProxy prints how it is used, and does not start",
        false => "HAProxy starts without that option, and no peer has this name: it drops the section with no more than a warning",
    };
    let is_listed = |v: &&View| mesh.summary(v).sections.iter().all(|s| s.peer(&mesh.node(v).name).is_some());
    let edits = views.iter().all(is_listed).then(|| mesh.named_after_pod(group, views[0])).flatten();
    let draft = Draft::at(said.at, message)
        .about(Subject::new(SubjectKind::Node, said.value.as_str()))
        .label("this is the word behind `-L`")
        .fix_if("say the name of the pod behind `-L`", edits)
        .help(format!("write {name}, or take `-L` out where the host name is the right one"))
        .note(note);
    Some(draft.nodes(mesh.node_names(views.iter().copied())))
}
