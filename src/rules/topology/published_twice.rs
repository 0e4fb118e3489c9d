//! `topology/published-twice`.

use std::collections::HashSet;

use crate::rules::prelude::*;

rule! {
    /// Two containers publish the same port of their machine.
    ///
    /// ## Why
    ///
    /// A port of a machine is one container's. Docker starts the first of them, and says `port is already allocated` to the other.
    ///
    /// With `deploy.replicas` a service is several containers. Swarm lets them share the port, and a file that both may read is taken for
    /// right; what `docker stack deploy` refuses, such as `depends_on` with conditions or `build` without `image`, is for
    /// `docker compose` alone.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// services:
    ///   lb1:
    ///     image: haproxy:2.8
    ///     ports: ["80:8080"]
    ///   lb2:
    ///     image: haproxy:2.8
    ///     ports: ["80:8080"]
    /// ```
    ///
    /// ```yaml bad
    /// services:
    ///   lb:
    ///     image: haproxy:2.8
    ///     ports: ["80:8080"]
    ///     deploy: {replicas: 2}
    ///     depends_on: {app: {condition: service_healthy}}
    ///   app:
    ///     image: nginx
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// services:
    ///   lb1:
    ///     image: haproxy:2.8
    ///     ports: ["80:8080"]
    ///   lb2:
    ///     image: haproxy:2.8
    ///     ports: ["81:8080"]
    /// ```
    ///
    /// ```yaml good
    /// services:
    ///   lb:
    ///     image: haproxy:2.8
    ///     ports: ["80:8080"]
    ///     deploy: {replicas: 2}
    ///     depends_on: [app]
    ///   app:
    ///     image: nginx
    /// ```
    ///
    /// ## Source
    ///
    /// Docker, "Publishing and exposing ports".
    "topology/published-twice", Error, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told: HashSet<Location> = HashSet::new();
    for (at, group) in mesh.topology.groups.iter().enumerate() {
        for clash in &group.clashes {
            // It is told once for both.
            if clash.other.as_ref().is_some_and(|other| told.contains(&other.at)) {
                continue;
            }
            told.insert(clash.at);
            let (title, port) = (group.title(), clash.port);
            let message = match &clash.other {
                Some(other) => format!("{title} publishes port {port} of the machine, and so does `{}`", other.value),
                None => format!("{title} is started several times, and each time publishes port {port} of the machine"),
            };
            let draft = Draft::at(clash.at, message).label("of two only one starts").help(match &clash.other {
                Some(_) => "publish another port of the machine, or only one of both".to_owned(),
                None => "leave the port of the machine out, or give a range of ports".to_owned(),
            });
            let draft = clash.other.iter().fold(draft, |draft, other| draft.also(other.at, "here, too"));
            let nodes = mesh.topology.nodes.iter().filter(|node| node.group == at);
            out.report(draft.nodes(nodes.map(|node| node.name.clone()).collect()));
        }
    }
}
