//! `topology/ipv6-disabled`.

use std::net::IpAddr;

use crate::{config::address::Host, rules::prelude::*, topology::Listener};

rule! {
    /// HAProxy listens on IPv6 where it is switched off.
    ///
    /// ## Why
    ///
    /// With the sysctl `net.ipv6.conf.all.disable_ipv6` no interface has an IPv6 address. `bind [2001:db8::1]:80` and `bind [::1]:80` fail
    /// with `Cannot assign requested address`, and HAProxy does not start. `bind [::]:80` succeeds, and takes IPv4 alone; with `v6only`
    /// nobody can come in. Where the kernel was started with `ipv6.disable=1`, each of them fails.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// services:
    ///   lb:
    ///     image: haproxy:2.8
    ///     sysctls: {net.ipv6.conf.all.disable_ipv6: 1}
    ///     configs: [{source: cfg, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   cfg:
    ///     content: |
    ///       frontend web
    ///           mode http
    ///           bind [::1]:8080
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// services:
    ///   lb:
    ///     image: haproxy:2.8
    ///     sysctls: {net.ipv6.conf.all.disable_ipv6: 1}
    ///     configs: [{source: cfg, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   cfg:
    ///     content: |
    ///       frontend web
    ///           mode http
    ///           bind :8080
    /// ```
    ///
    /// ## Source
    ///
    /// Linux, `ip-sysctl`; observed with HAProxy 2.6 in a network namespace.
    "topology/ipv6-disabled", Error, Mesh(check)
}

/// The sysctl that switches IPv6 off.
const OFF: &str = "net.ipv6.conf.all.disable_ipv6";

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told: Vec<(usize, Location)> = Vec::new();
    for view in &mesh.views {
        let (group, number) = (mesh.group(view), mesh.node(view).group);
        let said = group.sysctl(OFF).filter(|s| s.value.trim() == "1");
        let measured = mesh.node(view).facts.as_ref().and_then(|facts| facts.sysctls.get(OFF)).is_some_and(|value| value.trim() == "1");
        if said.is_none() && !measured || measured && mesh.node(view).facts.as_ref().is_some_and(|f| f.other_namespace) {
            continue;
        }
        let summary = mesh.summary(view);
        let peers = summary.sections.iter().filter_map(|s| view.listener(s));
        for listener in summary.binds.iter().map(|b| &b.listener).chain(peers).filter(|l| !l.namespace && is_v6(l)) {
            if told.contains(&(number, listener.at)) {
                continue;
            }
            told.push((number, listener.at));
            let nodes = mesh.views.iter().filter(|v| mesh.node(v).group == number);
            let draft = draft(listener).nodes(mesh.node_names(nodes));
            let place = said.and_then(|s| s.at);
            out.report(place.into_iter().fold(draft, |draft, at| draft.also(at, "switches IPv6 off")));
        }
    }
}

fn is_v6(listener: &Listener) -> bool {
    listener.address.is_network() && (listener.address.host == Host::Any6 || matches!(listener.address.host.ip(), Some(IpAddr::V6(_))))
}

fn draft(listener: &Listener) -> Draft {
    let text = &listener.text;
    let all = listener.address.host.ip().is_none_or(|ip| ip.is_unspecified());
    let (message, severity) = match (all, listener.v6only) {
        (false, _) => (format!("`{text}` is an IPv6 address, and IPv6 is switched off: HAProxy does not start"), Severity::Error),
        (true, true) => (format!("`{text}` takes IPv6 alone, and IPv6 is switched off: nobody can come in"), Severity::Warning),
        (true, false) => (format!("`{text}` takes IPv4 alone: IPv6 is switched off"), Severity::Info),
    };
    let port = listener.port().map_or("PORT".to_owned(), |port| port.to_string());
    Draft::at(listener.at, message)
        .severity(severity)
        .label("no interface has an IPv6 address")
        .help(format!("write `:{port}`, or switch IPv6 on"))
}
