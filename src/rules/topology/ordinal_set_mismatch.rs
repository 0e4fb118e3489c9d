//! `topology/ordinal-set-mismatch`.

use std::collections::HashSet;

use crate::{
    config::address::Host,
    rules::prelude::*,
    topology::{Kind, Listener, PeerLine, Target},
};

rule! {
    /// The peers of a section are not the pods of the StatefulSet.
    ///
    /// ## Why
    ///
    /// A StatefulSet of three replicas has the pods `NAME-0`, `NAME-1` and `NAME-2`. A pod whose name is in no line drops the whole
    /// section when it starts, with no more than a warning, and its tables stay its own. A line without a pod is tried for ever,
    /// or, with a name that does not resolve, keeps every HAProxy from starting.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata: {name: haproxy}
    /// spec:
    ///   replicas: 3
    ///   serviceName: haproxy
    ///   podManagementPolicy: Parallel
    ///   minReadySeconds: 15
    ///   template:
    ///     metadata: {labels: {app: haproxy}}
    ///     spec:
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         bind :1024
    ///         server haproxy-0
    ///         server haproxy-1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata: {name: haproxy}
    /// spec:
    ///   replicas: 2
    ///   serviceName: haproxy
    ///   podManagementPolicy: Parallel
    ///   template:
    ///     metadata: {labels: {app: haproxy}}
    ///     spec:
    ///       containers:
    ///       - {name: haproxy, image: 'haproxy:2.8'}
    /// ```
    ///
    /// ## Source
    ///
    /// haproxytech/helm-charts#262; the names of a StatefulSet's pods are part of the Kubernetes API.
    "topology/ordinal-set-mismatch", Error, Mesh(check), covers: "peers/local-name-missing", mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for (group, section, views) in mesh.by_group() {
        let fits = group.kind == Kind::StatefulSet && !section.peers.iter().any(|p| p.name.is_none());
        let (true, Some(place)) = (fits && group.host_name.is_none() && group.host_network.is_none(), section.at) else { continue };
        let absent = |v: &&&View| {
            v.own(section).is_none()
                && v.local.as_deref().is_some_and(|l| is_of_pod(l, section))
                && !v.by_localpeer
                && group.lost_name().is_none()
                && !mesh.summary(v).open
        };
        let missing: Vec<&View> = views.iter().filter(absent).copied().collect();
        // Where `-L` gives all of them one name, that is the fault.
        let mut names = HashSet::new();
        let differ = missing.iter().filter_map(|v| v.local.as_deref()).all(|name| names.insert(name));
        let missing = if differ { missing } else { Vec::new() };
        let missing_all = missing.len() == views.len();
        if let Some(first) = missing.first() {
            let names: Vec<String> = missing.iter().take(4).map(|v| format!("`{}`", v.local.as_deref().unwrap_or(""))).collect();
            let more = if missing.len() > 4 { ", …" } else { "" };
            let message = format!("`{}` has no line for {}{more} of {}", section.name, names.join(", "), group.title());
            let lacks = if missing_all { "none of the pods is in here" } else { "not all of the pods are in here" };
            let draft = Draft::at(place, message)
                .label(lacks)
                .help(format!(
                    "add a line for every pod, such as `{} {} ADDRESS:PORT`, in the configuration of all of them",
                    if section.bind.is_some() { "server" } else { "peer" },
                    first.local.as_deref().unwrap_or("")
                ))
                .note("a HAProxy that does not find its own name drops the whole section with no more than a warning");
            let draft = filled(mesh, group, section, &missing, draft);
            let draft =
                missing.iter().filter_map(|v| v.local.as_deref()).fold(draft, |d, name| d.about(Subject::new(SubjectKind::Node, name)));
            let at = group.replicas.as_ref().map_or(group.at, |r| r.at);
            out.report(draft.also(at, "this makes the pods").nodes(mesh.node_names(missing)));
        }
        surplus(mesh, group, section, &views, out);
        former(mesh, group, section, &views, out);
    }
}

/// How the pods get into the list: in the place of the names that they had before, or beside the others.
fn filled(mesh: &Mesh<'_>, group: &Group, section: &Section, missing: &[&View], draft: Draft) -> Draft {
    let first = missing[0];
    let orphans = mesh.orphans(first, section);
    if let Some(old) = orphans.iter().find(|p| mesh.is_of_renamed(group, p)) {
        let now = first.local.as_deref().unwrap_or("");
        return draft
            .offer_if("call the peers as the pods are called now", mesh.renamed(section, missing))
            .help(format!(
                "write the names that the pods of {} have now, such as `{now}`, and their addresses, in the place of `{}` and its like",
                group.title(),
                old.shown
            ))
            .note("HAProxy does not start where the name of a peer does not resolve");
    }
    let edits = mesh.list(first, section, missing);
    let is_elsewhere = |p: &&PeerLine| {
        let address = p.address.as_ref().map(|a| &a.address.host);
        address.is_some_and(|host| matches!(host, Host::Name(_)) && mesh.target(first, host) == Target::Unknown)
    };
    match orphans.into_iter().find(is_elsewhere) {
        Some(other) => draft
            .offer_if("list every pod", edits)
            .note(format!("`{}` is in none of these files: HAProxy does not start unless its name resolves", other.shown)),
        None => draft.fix_if("list every pod", edits),
    }
}

/// Whether a name can be put into the section: `$(hostname)` cannot, and what differs by its domain or by case is another rule's.
fn is_of_pod(local: &str, section: &Section) -> bool {
    let near = |name: &str| {
        let (name, local) = (name.to_ascii_lowercase(), local.to_ascii_lowercase());
        name == local || local.strip_prefix(&name).is_some_and(|rest| rest.starts_with('.'))
    };
    !local.contains(['$', '`']) && !section.peers.iter().filter_map(|p| p.name.as_deref()).any(near)
}

/// Lines of pods under the names that they had before, beside those that they have now: nobody goes by them any more.
fn former(mesh: &Mesh<'_>, group: &Group, section: &Section, views: &[&View], out: &mut Sink<'_>) {
    // Another workload that is in no file may have the names, so all of the pods must be listed twice.
    let number = |p: &PeerLine| p.name.as_deref().and_then(|n| n.rsplit_once('-')?.1.parse::<u32>().ok());
    let orphans = mesh.orphans(views[0], section);
    let old: Vec<&PeerLine> = orphans.into_iter().filter(|p| mesh.is_of_renamed(group, p)).collect();
    let own: Vec<u32> = views.iter().filter_map(|v| number(v.own(section)?)).collect();
    if own.len() < views.len() || !own.iter().all(|n| old.iter().any(|p| number(p) == Some(*n))) {
        return;
    }
    for peer in old {
        let resolves = |a: &Listener| matches!(mesh.target(views[0], &a.address.host), Target::Nodes(_) | Target::Service(_));
        if peer.address.as_ref().is_none_or(resolves) {
            continue;
        }
        out.report(
            Draft::at(
                peer.at,
                format!("`{}` is the name that a pod of {} had before: all of them are listed twice", peer.shown, group.title()),
            )
            .severity(Severity::Warning)
            .confidence(Confidence::Medium)
            .offer_if("take the line out", mesh.delete_line(peer))
            .label("no node here goes by this name")
            .help("take this line out")
            .note("HAProxy does not start where the name of a peer does not resolve")
            .nodes(mesh.node_names(views.iter().copied())),
        );
    }
}

/// Lines named like pods of the StatefulSet that it does not have.
fn surplus(mesh: &Mesh<'_>, group: &Group, section: &Section, views: &[&View], out: &mut Sink<'_>) {
    let Some(replicas) = &group.replicas else { return };
    let last = group.first_ordinal.saturating_add(replicas.value);
    for peer in &section.peers {
        let ordinal = peer.name.as_deref().and_then(|n| n.strip_prefix(&group.name)?.strip_prefix('-')?.parse::<u32>().ok());
        let Some(ordinal) = ordinal.filter(|n| *n >= last || *n < group.first_ordinal) else { continue };
        // An autoscaler may bring it.
        let scaled = mesh.autoscaler(group).is_some_and(|a| ordinal < group.first_ordinal.saturating_add(a.max.value));
        if scaled {
            continue;
        }
        out.report(
            Draft::at(peer.at, format!("{} has no pod `{}`", group.title(), peer.shown))
                .severity(Severity::Warning)
                .offer_if("take the line out", mesh.delete_line(peer))
                .label("nobody answers to this name")
                .help(format!("take this line out, or set `replicas` to {}", ordinal + 1 - group.first_ordinal.min(ordinal)))
                .also(replicas.at, "so many pods there are")
                .nodes(mesh.node_names(views.iter().copied())),
        );
    }
}
