//! `host/service-local-name`.

use crate::{config::resemble, rules::prelude::*, topology::Platform};

rule! {
    /// The name that HAProxy is started with is in no line of the `peers` section.
    ///
    /// ## Why
    ///
    /// `-L` in the unit of systemd, or in a file of variables such as /etc/default/haproxy, wins over the host name and over `localpeer`. If no peer
    /// has that name, HAProxy drops the section with one warning, and replicates nothing.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// topology: 1
    /// vips: [10.0.0.100]
    /// hosts:
    /// - name: lb1
    ///   addresses: [10.0.0.11]
    ///   local_name: lb-one
    /// - name: lb2
    ///   addresses: [10.0.0.12]
    /// configuration: |
    ///   peers cluster
    ///       peer lb1 10.0.0.11:1024
    ///       peer lb2 10.0.0.12:1024
    ///
    ///   backend sessions
    ///       stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// topology: 1
    /// vips: [10.0.0.100]
    /// hosts:
    /// - name: lb1
    ///   addresses: [10.0.0.11]
    ///   local_name: lb1
    /// - name: lb2
    ///   addresses: [10.0.0.12]
    /// configuration: |
    ///   peers cluster
    ///       peer lb1 10.0.0.11:1024
    ///       peer lb2 10.0.0.12:1024
    ///
    ///   backend sessions
    ///       stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// haproxy(1), -L; observed with HAProxy 2.4 to 3.5.
    "host/service-local-name", Error, Mesh(check), covers: "peers/local-name-missing"
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for (group, section, views) in mesh.by_group() {
        let Some(said) = group.option_l.as_ref().filter(|_| group.platform == Platform::Host) else { continue };
        let missing = |v: &&&View| v.local.is_some() && v.own(section).is_none() && !mesh.summary(v).open;
        let nodes: Vec<&View> = views.iter().filter(missing).copied().collect();
        let Some(local) = nodes.first().and_then(|v| v.local.as_deref()) else { continue };
        // One that is written almost so is told of with it.
        if section.peers.iter().any(|p| p.name.as_deref().is_none_or(|name| resemble(name, local))) {
            continue;
        }
        let names: Vec<String> = section.peers.iter().take(4).map(|p| format!("`{}`", p.shown)).collect();
        let draft = Draft::at(said.at, format!("HAProxy is started as `{local}`, and no peer of `peers {}` has that name", section.name))
            .help(format!("pass one of {} by `-L`", names.join(", ")))
            .note("HAProxy drops the section with no more than a warning, and replicates nothing")
            .nodes(mesh.node_names(nodes));
        out.report(match section.at {
            Some(at) => draft.also(at, "the peers are listed here"),
            None => draft,
        });
    }
}
