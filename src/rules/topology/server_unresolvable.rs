//! `topology/server-unresolvable`.

use std::collections::BTreeMap;

use crate::{
    config::address::Host,
    rules::prelude::*,
    topology::{Group, Listener, Platform, View},
};

rule! {
    /// A server has a name that no service of the compose file has, or one that is on another network.
    ///
    /// ## Why
    ///
    /// HAProxy looks up the names of servers when it starts, and does not start where one is not found: `could not resolve address`. In a
    /// network of Docker there are the names of the services that are on it, and nothing else but what the DNS of the machine knows.
    ///
    /// Where another compose file brings the service, name both files. Servers with `init-addr` or `resolvers` are left alone: HAProxy
    /// starts without them. So is a file that has no other service: what HAProxy dials is elsewhere then.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// services:
    ///   lb:
    ///     image: haproxy:2.8
    ///     configs: [{source: lb, target: /usr/local/etc/haproxy/haproxy.cfg}]
    ///   application:
    ///     image: nginx
    /// configs:
    ///   lb:
    ///     content: |
    ///       backend web
    ///           server one app:8080
    /// ```
    ///
    /// ```yaml bad
    /// services:
    ///   lb:
    ///     image: haproxy:2.8
    ///     networks: [front]
    ///     configs: [{source: lb, target: /usr/local/etc/haproxy/haproxy.cfg}]
    ///   app:
    ///     image: nginx
    ///     networks: [back]
    /// networks: {front: {}, back: {}}
    /// configs:
    ///   lb:
    ///     content: |
    ///       backend web
    ///           server one app:8080
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// services:
    ///   lb:
    ///     image: haproxy:2.8
    ///     networks: [front, back]
    ///     configs: [{source: lb, target: /usr/local/etc/haproxy/haproxy.cfg}]
    ///   app:
    ///     image: nginx
    ///     networks: [back]
    /// networks: {front: {}, back: {}}
    /// configs:
    ///   lb:
    ///     content: |
    ///       backend web
    ///           server one app:8080
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 to 3.5; Docker, "Networking in Compose".
    "topology/server-unresolvable", Warning, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    // A line that several services read is told of once.
    let mut found: BTreeMap<Location, (Draft, Vec<&View>)> = BTreeMap::new();
    for view in &mesh.views {
        let group = mesh.group(view);
        if group.platform != Platform::Compose || group.host_network.is_some() {
            continue;
        }
        for server in &mesh.summary(view).servers {
            let Host::Name(name) = &server.address.host else { continue };
            let Some(why) = lost(group, name) else { continue };
            found.entry(server.at).or_insert_with(|| (draft(group, server, name, &why), Vec::new())).1.push(view);
        }
    }
    for (draft, views) in found.into_values() {
        out.report(draft.nodes(mesh.node_names(views)));
    }
}

fn draft(group: &Group, server: &Listener, name: &str, why: &str) -> Draft {
    Draft::at(server.at, format!("`{}` does not resolve in {}: {why}", server.text, group.title()))
        .confidence(Confidence::Medium)
        .label("HAProxy does not start without it")
        .help(help(group, name))
        .note("unless another compose file or the DNS of the machine knows the name; `init-addr none` lets HAProxy start without it")
}

/// Why a name leads nowhere; `None` where it may lead somewhere.
fn lost(group: &Group, name: &str) -> Option<String> {
    // Where others may name their containers, anything may be found.
    if !group.closed_names || name.eq_ignore_ascii_case("localhost") || name.eq_ignore_ascii_case("host.docker.internal") {
        return None;
    }
    if group.is_apart(name) {
        return Some(format!("service `{name}` is on none of its networks"));
    }
    // Beside nothing else, HAProxy dials what is on other machines, and their DNS knows it.
    let is_alone = group.siblings.as_ref().is_some_and(|siblings| siblings.is_one());
    (!is_alone && group.is_no_service(name)).then(|| format!("no service is called `{name}`"))
}

fn help(group: &Group, name: &str) -> String {
    if group.is_apart(name) {
        return format!("put both on one network, with `networks` of `{}` and of `{name}`", group.name);
    }
    match crate::nearest::nearest(name, group.siblings.iter().flat_map(|siblings| &siblings.names).map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write the name of a service of this file".to_owned(),
    }
}
