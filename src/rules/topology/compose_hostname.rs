//! `topology/compose-hostname`.

use crate::{
    rules::prelude::*,
    topology::{Name, Platform, edit::New},
};

rule! {
    /// The peers have fixed names, but the host name of a container changes, or is the same for all replicas.
    ///
    /// ## Why
    ///
    /// The host name of a container is the number that Docker gives to it, unless `hostname:` is said. HAProxy looks for that in its `peers` section,
    /// finds no such line, drops the section with one warning and replicates nothing. With `hostname:` and several replicas, all replicas have the
    /// same name.
    ///
    /// In Swarm a template helps: `hostname: "haproxy-{{.Task.Slot}}"`.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// services:
    ///   lb1:
    ///     image: haproxy:2.8
    ///     configs: [{source: cfg, target: /usr/local/etc/haproxy/haproxy.cfg}]
    ///   lb2:
    ///     image: haproxy:2.8
    ///     configs: [{source: cfg, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   cfg:
    ///     content: |
    ///       peers cluster
    ///           peer lb1 lb1:1024
    ///           peer lb2 lb2:1024
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// services:
    ///   lb1:
    ///     image: haproxy:2.8
    ///     hostname: lb1
    ///     configs: [{source: cfg, target: /usr/local/etc/haproxy/haproxy.cfg}]
    ///   lb2:
    ///     image: haproxy:2.8
    ///     hostname: lb2
    ///     configs: [{source: cfg, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   cfg:
    ///     content: |
    ///       peers cluster
    ///           peer lb1 lb1:1024
    ///           peer lb2 lb2:1024
    /// ```
    ///
    /// ## Source
    ///
    /// Docker: "Container networking"; haproxy/haproxy#938.
    "topology/compose-hostname", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for (group, section, views) in mesh.by_group() {
        // `-L $(hostname)` says what HAProxy does without it.
        let by_host = |v: &&View| mesh.node(v).option_l.as_ref().is_none_or(|name| *name == mesh.node(v).host_name);
        let named = group.option_l.is_some() && (group.host_name.is_some() || !views.iter().all(by_host));
        if group.platform != Platform::Compose || named || section.peers.iter().any(|p| p.name.is_none()) {
            continue;
        }
        let lost =
            |v: &&&View| matches!(mesh.node(v).host_name, Name::Random(_)) && v.local.is_none() && !v.by_localpeer && !mesh.summary(v).open;
        let nodes: Vec<&View> = views.iter().filter(lost).copied().collect();
        let same = mesh.size(group) > 1 && group.host_name.as_ref().is_some_and(|h| !h.value.contains("{{"));
        let (at, message) = match (&group.host_name, nodes.is_empty(), section.peers.first()) {
            (None, false, Some(first)) => (
                group.at,
                format!("service `{}` has no `hostname`, so its container is not called `{}` or any other peer", group.name, first.shown),
            ),
            (Some(host), _, Some(_)) if same => {
                (host.at, format!("all {} replicas of service `{}` are called `{}`", mesh.size(group), group.name, host.value))
            }
            _ => continue,
        };
        let edits = host_name(mesh, group, section, same);
        let draft = Draft::at(at, message);
        // Swarm alone replaces templates.
        let draft = match mesh.size(group) > 1 {
            true => draft.offer_if("number the replicas, as Swarm does", edits),
            false => draft.fix_if("call the container as the peers call it", edits),
        };
        let draft = draft
            .help("give each service its own `hostname`, or start HAProxy with `-L`; Swarm numbers replicas, by `hostname: \"haproxy-{{.Task.Slot}}\"`, and `docker compose` does not")
            .note("HAProxy looks for its host name in the `peers` section, and drops the section where it is missing")
            .nodes(mesh.node_names(if same { views } else { nodes }));
        out.report(match section.at {
            Some(place) => draft.also(place, "the names of the peers are fixed here"),
            None => draft,
        });
    }
}

/// `hostname:` with the service's own name, or with the number of the replica, where the peers are called so.
fn host_name(mesh: &Mesh<'_>, group: &Group, section: &Section, several: bool) -> Option<Vec<Edit>> {
    let count = mesh.size(group);
    let name = if count == 1 && !several {
        section.peer(&group.name).map(|_| group.name.clone())?
    } else {
        let listed = |prefix: &String| (1..=count).all(|n| section.peer(&format!("{prefix}{n}")).is_some());
        // `docker compose` would call all of them by the words of the template.
        if !group.is_swarm {
            return None;
        }
        let prefix = [format!("{}-", group.name), group.name.clone(), format!("{}.", group.name)].into_iter().find(listed)?;
        format!("{prefix}{{{{.Task.Slot}}}}")
    };
    Some(vec![mesh.value_of_key(group.at)?.set(&["hostname"], New::text(name), "image")?])
}
