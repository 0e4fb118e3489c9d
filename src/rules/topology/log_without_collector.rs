//! `topology/log-without-collector`.

use std::net::IpAddr;

use crate::{
    cut::Cut,
    rules::prelude::*,
    topology::{Group, Platform},
};

rule! {
    /// HAProxy logs to a place in its container where nobody listens.
    ///
    /// ## Why
    ///
    /// `log 127.0.0.1` and `log /dev/log` are for a machine on which syslog runs. In a container of the official image nothing listens
    /// there, and every message is lost without a word. What goes to `stdout` is what `docker logs` and `kubectl logs` show.
    /// Where `/dev/log` is mounted, or another container beside HAProxy takes the messages, all is right.
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
    ///           log 127.0.0.1 local0
    ///       frontend web
    ///           mode http
    ///           bind :8080
    ///           log global
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
    ///       global
    ///           log stdout format raw local0
    ///       frontend web
    ///           mode http
    ///           bind :8080
    ///           log global
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `log`; docker-library/haproxy.
    "topology/log-without-collector", Warning, Mesh(check), mends: true
}

/// What runs beside HAProxy and certainly takes no messages.
const DEAF: [&str; 7] = ["exporter", "reload", "dataplane", "config", "consul", "keepalived", "certbot"];

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told: Vec<(usize, Location)> = Vec::new();
    for view in &mesh.views {
        let (group, number) = (mesh.group(view), mesh.node(view).group);
        if !is_alone(group) {
            continue;
        }
        for log in &mesh.summary(view).logs {
            let Some(where_) = nobody(group, &log.text).filter(|_| !told.contains(&(number, log.at))) else { continue };
            told.push((number, log.at));
            let nodes = mesh.views.iter().filter(|v| mesh.node(v).group == number);
            let edit = if log.formatted { None } else { mesh.word(log.at, "stdout format raw") };
            let draft = Draft::at(log.at, format!("nobody takes log messages at `{}`: {where_}", log.text))
                .label("messages are lost")
                .also(group.at, "runs nothing beside HAProxy")
                .help("write `log stdout format raw local0`, or give the name of a host that collects messages")
                .offer_if("log to stdout", edit.map(|edit| vec![edit]));
            out.report(draft.nodes(mesh.node_names(nodes)));
        }
    }
}

/// Whether HAProxy is alone in a container of an image in which nothing else runs.
fn is_alone(group: &Group) -> bool {
    let image = group.image.as_ref().map_or("", |image| image.value.as_str());
    let name = image.split('@').next().unwrap_or("");
    let name = name.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).map_or(name, |(name, _)| name);
    let official = matches!(name, "haproxy" | "library/haproxy" | "docker.io/haproxy" | "docker.io/library/haproxy");
    let deaf = |companion: &String| DEAF.iter().any(|word| companion.contains(word));
    group.platform != Platform::Host
        && group.host_network.is_none()
        && group.script.is_none()
        && official
        && group.companions.iter().all(deaf)
}

/// Why nobody is there; `None` where somebody may be.
fn nobody(group: &Group, target: &str) -> Option<&'static str> {
    let plain = target.strip_prefix("udp@").or(target.strip_prefix("ipv4@")).unwrap_or(target);
    let path = plain.strip_prefix("unix@").unwrap_or(plain);
    if path.starts_with('/') {
        let covers = |mount: &String| {
            let mount = mount.trim_end_matches('/');
            path.starts_with(mount) && path.cut(mount.len()..).chars().next().is_none_or(|c| c == '/')
        };
        return (!group.mounts.iter().any(covers)).then_some("the socket is not mounted into this container");
    }
    let host = plain.split_once(':').filter(|(_, port)| !port.contains(':')).map_or(plain, |(host, _)| host);
    let loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    loopback.then_some("the container has this address for itself alone")
}
