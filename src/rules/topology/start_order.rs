//! `topology/start-order`.

use crate::{
    rules::prelude::*,
    topology::{Awaited, Target},
};

rule! {
    /// A container waits for another one, which needs its name to start.
    ///
    /// ## Why
    ///
    /// HAProxy looks up the names of its peers when it starts, and ends where one of them has no address. Compose starts a service with
    /// `condition: service_healthy` only once the other one is healthy, and a container that does not run has no name. So the first one
    /// never becomes healthy, and the second is never started. Services that wait for each other are refused by Compose.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// services:
    ///   lb1:
    ///     image: haproxy:2.8
    ///     hostname: lb1
    ///     configs: [{source: haproxy, target: /usr/local/etc/haproxy/haproxy.cfg}]
    ///   lb2:
    ///     image: haproxy:2.8
    ///     hostname: lb2
    ///     depends_on: {lb1: {condition: service_healthy}}
    ///     configs: [{source: haproxy, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   haproxy:
    ///     content: |
    ///       peers cluster
    ///           peer lb1 lb1:10000
    ///           peer lb2 lb2:10000
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// services:
    ///   lb1:
    ///     image: haproxy:2.8
    ///     hostname: lb1
    ///     configs: [{source: haproxy, target: /usr/local/etc/haproxy/haproxy.cfg}]
    ///   lb2:
    ///     image: haproxy:2.8
    ///     hostname: lb2
    ///     configs: [{source: haproxy, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   haproxy:
    ///     content: |
    ///       peers cluster
    ///           peer lb1 lb1:10000
    ///           peer lb2 lb2:10000
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// Docker: "Control startup and shutdown order in Compose".
    "topology/start-order", Error, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told = Vec::new();
    for (at, group) in mesh.topology.groups.iter().enumerate() {
        for awaited in &group.awaits {
            let Some(first) = mesh.awaited(group, awaited).filter(|_| !told.contains(&awaited.service.at)) else { continue };
            let draft = circle(mesh, group, awaited, first).or_else(|| needed(mesh, at, awaited, first));
            if let Some(draft) = draft {
                let both = [at, first].map(|group| mesh.topology.nodes.iter().filter(move |n| n.group == group));
                out.report(draft.nodes(both.into_iter().flatten().map(|n| n.name.clone()).collect()));
                told.extend(mesh.topology.groups[first].awaits.iter().map(|a| a.service.at));
            }
        }
    }
}

/// Two services that wait for each other.
fn circle(mesh: &Mesh<'_>, group: &Group, awaited: &Awaited, first: usize) -> Option<Draft> {
    let other = &mesh.topology.groups[first];
    let back = other.awaits.iter().find(|a| mesh.awaited(other, a).is_some_and(|at| std::ptr::eq(&mesh.topology.groups[at], group)))?;
    let message = format!("{} and {} wait for each other, so Compose starts neither", group.title(), other.title());
    Some(
        Draft::at(awaited.service.at, message)
            .label("it waits for this one")
            .help("take one `depends_on` out; peers need both to start without the other")
            .also(back.service.at, "which waits for it"),
    )
}

/// What is waited for needs the name of what waits.
fn needed(mesh: &Mesh<'_>, group: usize, awaited: &Awaited, first: usize) -> Option<Draft> {
    let found = mesh.sections().filter(|(view, _)| awaited.ready && mesh.node(view).group == first).find_map(|(view, section)| {
        mesh.dialled_by(view, section)
            .into_iter()
            .find(|d| matches!(&d.target, Target::Nodes(nodes) if nodes.iter().all(|n| mesh.topology.nodes[*n].group == group)))
    })?;
    let (one, two) = (&mesh.topology.groups[group], &mesh.topology.groups[first]);
    let message = format!("`{}` is needed before {} starts, and {} waits until that is ready", found.peer.shown, two.title(), one.title());
    Some(
        Draft::at(awaited.service.at, message)
            .label("it waits for this one")
            .help("take it out of `depends_on`, or leave the condition out")
            .note("HAProxy looks the names of its peers up once, when it starts, and does not start without an answer")
            .also(found.address.at, "and this name is known only while the other runs"),
    )
}
