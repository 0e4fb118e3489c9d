//! `host/same-local-name`.

use std::collections::BTreeMap;

use crate::{
    rules::prelude::*,
    topology::{Kind, Platform},
};

rule! {
    /// Two nodes of one mesh call themselves by the same name.
    ///
    /// ## Why
    ///
    /// A HAProxy tells its name in the first line of each connection. Two nodes with one name take each other for themselves: each finds its
    /// own name in the list and never connects to the other, and a third one that connects to either is told `NAME`, or moves its session to and fro.
    ///
    /// The name is what `-L` says, else `localpeer`, else the host name: a fixed `-L` or `localpeer` in a file that all nodes share is how this
    /// comes about.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata: {name: haproxy}
    /// spec:
    ///   replicas: 2
    ///   serviceName: haproxy
    ///   podManagementPolicy: Parallel
    ///   minReadySeconds: 15
    ///   template:
    ///     metadata: {labels: {app: haproxy}}
    ///     spec:
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         args: [-f, /usr/local/etc/haproxy/haproxy.cfg, -L, haproxy-0]
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy}
    /// spec:
    ///   clusterIP: None
    ///   publishNotReadyAddresses: true
    ///   selector: {app: haproxy}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         peer haproxy-0 haproxy-0.haproxy:10000
    ///         peer haproxy-1 haproxy-1.haproxy:10000
    ///
    ///     backend sessions
    ///         stick-table type ip size 100k expire 30m peers cluster
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
    ///   minReadySeconds: 15
    ///   template:
    ///     metadata: {labels: {app: haproxy}}
    ///     spec:
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         args: [-f, /usr/local/etc/haproxy/haproxy.cfg, -L, $(POD_NAME)]
    ///         env:
    ///         - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy}
    /// spec:
    ///   clusterIP: None
    ///   publishNotReadyAddresses: true
    ///   selector: {app: haproxy}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         peer haproxy-0 haproxy-0.haproxy:10000
    ///         peer haproxy-1 haproxy-1.haproxy:10000
    ///
    ///     backend sessions
    ///         stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// haproxy/haproxy#938; observed with HAProxy 2.6 and 2.8.
    "host/same-local-name", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut by_name: BTreeMap<(&str, &str, &str), Vec<&View>> = BTreeMap::new();
    for (view, section) in mesh.sections() {
        let Some(local) = view.local.as_deref().filter(|_| section.peers.len() > 1) else { continue };
        by_name.entry((&mesh.group(view).namespace, &section.name, local)).or_default().push(view);
    }
    for ((_, section, local), views) in by_name {
        let clusters = clusters(mesh, views, section);
        clusters.iter().filter_map(|views| draft(mesh, views, section, local)).for_each(|draft| out.report(draft));
    }
}

/// What is to be said of nodes that call themselves `local`, where they are several.
fn draft(mesh: &Mesh<'_>, views: &[&View], section: &str, local: &str) -> Option<Draft> {
    let [first, second, ..] = views else { return None };
    // The word behind `-L` is no name at all: that is told there.
    if mesh.group(first).lost_name().is_some() || local.is_empty() {
        return None;
    }
    let (a, b) = (&mesh.node(first).title, &mesh.node(second).title);
    let message = format!("`{a}` and `{b}` both call themselves `{local}` in `peers {section}`");
    let draft = given_to_others(mesh, views, section).unwrap_or_else(|| in_common(mesh, first, section, views));
    let draft = Draft { message, ..draft };
    Some(
        draft.note("each takes the other for itself, and neither ever connects to the other").nodes(mesh.node_names(views.iter().copied())),
    )
}

/// The nodes of each mesh: those that read one configuration, or dial an address that others dial.
fn clusters<'v>(mesh: &Mesh<'_>, views: Vec<&'v View>, section: &str) -> Vec<Vec<&'v View>> {
    let addresses = |view: &View| -> Vec<&str> {
        let peers = mesh.section(view, section).into_iter().flat_map(|s| &s.peers);
        peers.filter_map(|peer| peer.address.as_ref()).map(|address| address.text.as_str()).collect()
    };
    let meet = |a: &View, b: &View| {
        if mesh.group(a).runs_instead_of(mesh.group(b)) {
            return false;
        }
        if mesh.summary(a).configuration == mesh.summary(b).configuration {
            return true;
        }
        let (mine, theirs) = (addresses(a), addresses(b));
        mine.is_empty() || theirs.is_empty() || mine.iter().any(|text| theirs.contains(text))
    };
    let mut all: Vec<Vec<&View>> = Vec::new();
    for view in views {
        match all.iter_mut().find(|cluster| meet(cluster[0], view)) {
            Some(cluster) => cluster.push(view),
            None => all.push(vec![view]),
        }
    }
    all
}

/// Nodes that were given the name of another one, which are called as other lines of the list are: it is there that the name is wrong.
fn given_to_others(mesh: &Mesh<'_>, views: &[&View], section: &str) -> Option<Draft> {
    let wrong: Vec<_> = views.iter().filter_map(|view| meant(mesh, view, section)).collect();
    let (group, place, _, name) = wrong.first()?;
    let edits: Option<Vec<Edit>> = wrong.iter().map(|(group, _, old, new)| mesh.call(group, old, new)).collect();
    let draft = Draft::at(*place, String::new());
    let title = "give each node its own name";
    // More than HAProxy may go by the name of a host.
    let (what, draft) = match group.option_l {
        Some(_) => (format!("`-L {name}`"), draft.fix_if(title, edits)),
        None => (format!("`{name}`"), draft.offer_if(title, edits)),
    };
    Some(draft.help(format!("give {} its own name: {what}", group.title())))
}

/// The group of a node, where it gets its name from, that name, and the one that it is meant to have.
fn meant<'m>(mesh: &'m Mesh<'_>, view: &'m View, section: &str) -> Option<(&'m Group, Location, &'m str, &'m str)> {
    let group = mesh.group(view);
    Some((group, mesh.named_at(group)?, view.local.as_deref()?, mesh.meant_as(view, mesh.section(view, section)?)?))
}

/// Nodes that have one name from what they share.
fn in_common(mesh: &Mesh<'_>, first: &View, section: &str, views: &[&View]) -> Draft {
    let group = mesh.group(first);
    let place = group.option_l.as_ref().map_or(group.at, |l| l.at);
    let edits = own_names(mesh, group, first, section, views);
    Draft::at(place, String::new()).fix_if("let each node go by its own name", edits).help(help(mesh, group, first))
}

fn help(mesh: &Mesh<'_>, group: &Group, first: &View) -> String {
    let Some(said) = &group.option_l else {
        let help = match first.by_localpeer {
            true => {
                "take the `localpeer` line out of the shared file, so that each node goes by its host name, or write `localpeer \"${HOSTNAME}\"`"
            }
            false => "give each node its own host name, or its own `-L`",
        };
        return help.to_owned();
    };
    let environment = &mesh.node(first).environment;
    match first.local.as_deref().and_then(lost_variable) {
        _ if group.platform != Platform::Kubernetes => {
            "give each node its own name behind `-L`, or take `-L` out where the host names are the right ones".to_owned()
        }
        Some(name) if environment.get(name).is_some() => {
            format!("move `{name}` in `env` above the variable that is made of it: the kubelet replaces `$({name})` only below it")
        }
        Some(name) => {
            // The pods of a DaemonSet have names that nobody can list, and one machine each.
            let field = if group.kind == Kind::DaemonSet { "spec.nodeName" } else { "metadata.name" };
            format!(
                "`{name}` is not set there, so nothing takes the place of `$({name})`: write `env: [{{name: {name}, valueFrom: {{fieldRef: {{fieldPath: {field}}}}}}}]`"
            )
        }
        None if group.kind.has_random_names() => {
            "give each pod its own name behind `-L`: the pods of a StatefulSet have names that can be listed".to_owned()
        }
        None if said.value.contains("POD_NAME") => "give each pod its own name behind `-L`".to_owned(),
        None => "give each pod its own name: `-L $(POD_NAME)`, with `POD_NAME` from `metadata.name` in `env`".to_owned(),
    }
}

/// The variable that the kubelet put nothing in the place of; the host name is none of those that it knows.
fn lost_variable(local: &str) -> Option<&str> {
    let name = local.strip_prefix("$(")?.strip_suffix(')')?;
    let is_one = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    (name != "HOSTNAME" && name.chars().all(is_one)).then_some(name)
}

/// Each node under the name that the list has for it: that of its pod, or of its host.
fn own_names(mesh: &Mesh<'_>, group: &Group, first: &View, section: &str, views: &[&View]) -> Option<Vec<Edit>> {
    let section = mesh.section(first, section)?;
    let listed = |name: Option<&str>| name.is_some_and(|name| section.peer(name).is_some());
    if group.option_l.is_some() {
        return views.iter().all(|v| listed(Some(&mesh.node(v).name))).then(|| mesh.named_after_pod(group, first)).flatten();
    }
    let by_host = first.by_localpeer && views.iter().all(|v| listed(mesh.node(v).host_name.known()));
    Some(vec![by_host.then(|| mesh.line_of(first, "localpeer")).flatten()?.delete()?])
}
