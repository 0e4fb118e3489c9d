//! `topology/daemon-in-container`.

use crate::{
    rules::prelude::*,
    topology::{Group, Platform},
};

rule! {
    /// HAProxy goes into the background in a container, which then ends.
    ///
    /// ## Why
    ///
    /// A container lives as long as its first process. With `daemon` in `global` that process starts another one and ends: the
    /// container is restarted again and again, with status 0 and not a word in its log. `-db` and `-Ws` keep HAProxy in the foreground;
    /// `-W` alone does not. The entrypoint of the official image adds `-W -db` to the command `haproxy`, but not to one that begins
    /// with a path, and not where `command` of a pod, or `entrypoint` of Compose, takes its place.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// services:
    ///   lb:
    ///     image: haproxy:2.8
    ///     entrypoint: [haproxy, -f, /usr/local/etc/haproxy/haproxy.cfg]
    ///     configs: [{source: cfg, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   cfg:
    ///     content: |
    ///       global
    ///           daemon
    ///       frontend web
    ///           mode http
    ///           bind :8080
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// services:
    ///   lb:
    ///     image: haproxy:2.8
    ///     entrypoint: [haproxy, -db, -f, /usr/local/etc/haproxy/haproxy.cfg]
    ///     configs: [{source: cfg, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   cfg:
    ///     content: |
    ///       global
    ///           daemon
    ///       frontend web
    ///           mode http
    ///           bind :8080
    /// ```
    ///
    /// ## Source
    ///
    /// docker-library/haproxy, docker-entrypoint.sh; observed with HAProxy 2.6 and 2.8.
    "topology/daemon-in-container", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told: Vec<(usize, Location)> = Vec::new();
    for view in &mesh.views {
        let (group, number) = (mesh.group(view), mesh.node(view).group);
        let Some(at) = mesh.summary(view).daemon.filter(|_| goes_away(group)) else { continue };
        if told.contains(&(number, at)) {
            continue;
        }
        told.push((number, at));
        let nodes = mesh.views.iter().filter(|v| mesh.node(v).group == number);
        let draft = Draft::at(at, "with `daemon` the first process of this container ends at once, and the container with it")
            .label("goes into the background")
            .also(group.command.first().map_or(group.at, |word| word.at), "without `-db`, which the image's entrypoint does not add here")
            .help("add `-db` to the command, or delete `daemon`")
            .fix_if("delete `daemon`", mesh.line(at).and_then(|line| line.delete()).map(|edit| vec![edit]));
        out.report(draft.nodes(mesh.node_names(nodes)));
    }
}

/// Whether HAProxy is started as it is, in a container, and nothing on its command line keeps it in the foreground.
fn goes_away(group: &Group) -> bool {
    let words = || group.command.iter().map(|word| word.value.as_str());
    let direct = words().next().is_some_and(|word| word.rsplit('/').next() == Some("haproxy"));
    // The entrypoint of the official image knows HAProxy by its bare name alone.
    let official = || group.image.as_ref().is_some_and(|image| is_official(&image.value));
    let passed_on = || words().next().is_some_and(|word| word.contains('/')) && official();
    let stays = words().any(|word| matches!(word, "-db" | "-d" | "-Ws" | "-c" | "--") || word.contains(['$', '{']));
    group.platform != Platform::Host && group.script.is_none() && direct && !stays && (group.own_entrypoint || passed_on())
}

fn is_official(image: &str) -> bool {
    let image = image.trim_start_matches("docker.io/").trim_start_matches("library/");
    image == "haproxy" || image.starts_with("haproxy:") || image.starts_with("haproxy@")
}
