//! Whether a node starts: its HAProxy takes the configuration, has every address that it listens on, and finds every name when
//! it reads them. Findings, `topology` and the pictures use this one answer.

use std::collections::HashMap;

use crate::config::address::Host;

use super::{
    matrix::needs_names_before_ready,
    mesh::{Listener, Mesh, View},
    model::{Kind, Platform},
    needed::needed,
    resolve::Target,
};

/// Why the node of each view does not start, where that is certain. `refused` has the nodes whose HAProxy refuses what it reads.
pub(super) fn refusals(mesh: &Mesh<'_>, refused: &HashMap<usize, &'static str>) -> Vec<Option<String>> {
    let of = |view: &View| {
        let config = refused.get(&view.node).map(|rule| format!("HAProxy refuses its configuration (`{rule}`)"));
        config.or_else(|| address(mesh, view)).or_else(|| name(mesh, view)).or_else(|| order(mesh, view))
    };
    mesh.views.iter().map(of).collect()
}

/// An address to listen on that is not there.
fn address(mesh: &Mesh<'_>, view: &View) -> Option<String> {
    let group = mesh.group(view);
    let lacking = needed(mesh, view).find(|n| n.value == Some(false)).map(|n| n.listener.text.clone());
    let of_pod = || {
        let nonlocal = group.sysctls.iter().any(|s| s.name.ends_with("ip_nonlocal_bind") && s.value.trim() != "0")
            || group.privileged_sysctl.is_some();
        if group.platform == Platform::Host || group.host_network.is_some() || nonlocal {
            return None;
        }
        let foreign = |l: &&Listener| match mesh.target(view, &l.address.host) {
            Target::Service(_) => true,
            Target::Nodes(nodes) => !nodes.contains(&view.node),
            _ => false,
        };
        let sections = mesh.summary(view).sections.iter().filter_map(|s| view.listener(s));
        sections.filter(|l| !l.transparent && !l.namespace).find(foreign).map(|l| l.text.clone())
    };
    lacking.or_else(of_pod).map(|text| format!("it has no address `{text}` to listen on"))
}

/// A name of a peer that does not resolve: HAProxy 2.4 and later refuse to start then.
fn name(mesh: &Mesh<'_>, view: &View) -> Option<String> {
    let peers = mesh.summary(view).sections.iter().flat_map(|s| view.remotes(s));
    let mut named = peers.filter_map(|p| p.address.as_ref()).filter(|a| matches!(a.address.host, Host::Name(_)));
    named.find_map(|address| match mesh.target(view, &address.address.host) {
        Target::Nothing(why) => Some(format!("`{}` does not resolve: {why}", address.text)),
        _ => None,
    })
}

/// Pods that need each other's names before any of them has one.
fn order(mesh: &Mesh<'_>, view: &View) -> Option<String> {
    let group = mesh.group(view);
    if group.kind != Kind::StatefulSet || group.script.is_some() {
        return None;
    }
    let summary = mesh.summary(view);
    let first = mesh.topology.nodes.iter().position(|n| n.group == mesh.node(view).group)?;
    let others = summary.sections.iter().flat_map(|section| mesh.dialled_by(view, section));
    others.into_iter().find_map(|dialled| {
        let Target::Nodes(nodes) = &dialled.target else { return None };
        let of_set = nodes.iter().all(|n| mesh.topology.nodes[*n].group == mesh.node(view).group && *n != view.node);
        if !of_set || !matches!(dialled.address.address.host, Host::Name(_)) {
            return None;
        }
        let shown = &dialled.peer.shown;
        if !group.parallel && nodes.iter().all(|n| *n > first) {
            return Some(format!("the name of `{shown}` is needed by the first pod, and `{shown}` is made only once that is ready"));
        }
        let service = dialled.headless(mesh).filter(|_| group.parallel)?;
        let name = &mesh.topology.services[service].name;
        needs_names_before_ready(mesh, service)
            .then(|| format!("Service `{name}` names a pod only once it is ready, and no pod is before it has the names"))
    })
}
