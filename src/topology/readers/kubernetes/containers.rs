//! What the containers of a pod say of themselves.

use std::{
    net::{IpAddr, Ipv4Addr},
    rc::Rc,
};

use crate::topology::{
    image,
    model::{Asked, Asker, Neighbour, Said},
    quantity,
    yaml::Yaml,
};

use super::Object;
/// The containers that run as long as the pod: an init container that is always started again is one of them.
pub(super) fn running(spec: &Yaml) -> impl Iterator<Item = &Rc<Yaml>> {
    let kept = spec.list_at(&["initContainers"]).iter().filter(|c| c.str_at(&["restartPolicy"]) == Some("Always"));
    spec.list_at(&["containers"]).iter().chain(kept)
}

/// The images and names of the containers beside HAProxy.
pub(super) fn companions(spec: &Yaml, container: &Yaml) -> Vec<String> {
    let others = running(spec).filter(|c| !std::ptr::eq(&***c, container));
    others.map(|c| [c.str_at(&["image"]), c.str_at(&["name"])].map(|t| t.unwrap_or("")).join(" ")).collect()
}

/// The containers beside HAProxy, with what they say of themselves.
pub(super) fn neighbours(object: &Object, spec: &Yaml, container: &Yaml) -> Vec<Neighbour> {
    let alike = |c: &Yaml| {
        let same = |key: &str| c.list_at(&[key]).iter().map(|w| w.text()).eq(container.list_at(&[key]).iter().map(|w| w.text()));
        let places = |c: &Yaml| -> Vec<(Option<String>, Option<String>)> {
            let text = |m: &Rc<Yaml>, key: &str| m.str_at(&[key]).map(str::to_owned);
            c.list_at(&["volumeMounts"]).iter().map(|m| (text(m, "name"), text(m, "mountPath"))).collect()
        };
        let own = places(container);
        c.str_at(&["image"]).is_some_and(|i| image::haproxy(i).is_some())
            && same("command")
            && same("args")
            && !own.is_empty()
            && places(c).iter().any(|place| own.contains(place))
    };
    let port = |p: &Rc<Yaml>| {
        let node = p.get("containerPort").filter(|_| p.str_at(&["protocol"]).is_none_or(|p| p == "TCP"))?;
        Some(Said { value: u16::try_from(node.number()?).ok()?, at: object.at(node) })
    };
    let others = running(spec).filter(|c| !std::ptr::eq(&***c, container));
    others
        .map(|c| Neighbour {
            name: c.str_at(&["name"]).unwrap_or("").to_owned(),
            at: object.at(c.get("name").unwrap_or(c)),
            ports: c.list_at(&["ports"]).iter().filter_map(port).collect(),
            listens: listens(object, c),
            twin: alike(c),
        })
        .collect()
}

/// What the options of programs are called that say where they listen themselves. Others, such as `--port` or `--upstream`, may speak
/// of whom they connect to.
const LISTENS: [&str; 3] = ["listen", "listen-address", "http-address"];

/// Where the arguments of a container say that it listens.
fn listens(object: &Object, container: &Yaml) -> Vec<Said<(Option<IpAddr>, u16)>> {
    let words = command(object, container);
    let is_it = |name: &str| {
        let name = name.strip_prefix('-').map(|name| name.trim_start_matches('-'));
        name.is_some_and(|name| {
            LISTENS.iter().any(|known| name.strip_suffix(known).is_some_and(|before| before.is_empty() || before.ends_with(['.', '-'])))
        })
    };
    let said = |(at, word): (usize, &Said<String>)| {
        let (name, value) = match word.value.split_once('=') {
            Some((name, value)) => (name, value),
            None => (word.value.as_str(), words.get(at + 1)?.value.as_str()),
        };
        Some(Said { value: listener(value).filter(|_| is_it(name))?, at: word.at })
    };
    words.iter().enumerate().filter_map(said).collect()
}

/// `:9101`, `0.0.0.0:9101`, `http://127.0.0.1:4180`: no address for all of them.
fn listener(text: &str) -> Option<(Option<IpAddr>, u16)> {
    let text = text.split_once("://").map_or(text, |(_, rest)| rest).trim_end_matches('/');
    let (host, port) = text.rsplit_once(':')?;
    let port = port.parse().ok().filter(|port| *port > 0)?;
    match host.trim_matches(['[', ']']) {
        "" | "*" => Some((None, port)),
        "localhost" => Some((Some(IpAddr::V4(Ipv4Addr::LOCALHOST)), port)),
        ip => ip.parse::<IpAddr>().ok().map(|ip| (Some(ip).filter(|ip| !ip.is_unspecified()), port)),
    }
}

/// Command and arguments.
pub(super) fn command(object: &Object, container: &Yaml) -> Vec<Said<String>> {
    let texts = |key: &str| container.list_at(&[key]).iter().filter_map(|w| object.said(w)).collect::<Vec<_>>();
    [texts("command"), texts("args")].concat()
}

/// The memory that the container may take; that of the pod is for all of its containers.
pub(super) fn memory(object: &Object, spec: &Yaml, container: &Yaml) -> Option<Said<u64>> {
    let limits = ["resources", "limits", "memory"];
    let node = container.at(&limits).or_else(|| spec.at(&limits))?;
    Some(Said { value: quantity::kubernetes(node.text()?)?, at: object.at(node) })
}

/// The ports that it gives names.
pub(super) fn named_ports(container: &Yaml) -> Vec<(String, u16)> {
    let port = |p: &Rc<Yaml>| Some((p.str_at(&["name"])?.to_owned(), u16::try_from(p.get("containerPort")?.number()?).ok()?));
    container.list_at(&["ports"]).iter().filter_map(port).collect()
}

/// The ports of TCP that it lists.
pub(super) fn listed(container: &Yaml) -> Vec<u16> {
    let port = |p: &Rc<Yaml>| u16::try_from(p.get("containerPort")?.number()?).ok();
    container.list_at(&["ports"]).iter().filter(|p| p.str_at(&["protocol"]).is_none_or(|p| p == "TCP")).filter_map(port).collect()
}

/// The ports of its machine that lead on to its own.
pub(super) fn host_ports(container: &Yaml) -> Vec<(u16, u16)> {
    let number = |port: &Rc<Yaml>, key: &str| u16::try_from(port.get(key)?.number()?).ok();
    let pair = |port: &Rc<Yaml>| Some((number(port, "hostPort")?, number(port, "containerPort")?));
    container.list_at(&["ports"]).iter().filter_map(pair).collect()
}

/// What asks a container whether it is well.
const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];

/// The port that a probe names, by its number or by its name.
fn port_of(container: &Yaml, node: &Yaml) -> Option<u16> {
    let number = node.number().and_then(|n| u16::try_from(n).ok());
    number.or_else(|| named_ports(container).into_iter().find(|p| Some(p.0.as_str()) == node.text()).map(|p| p.1))
}

/// The ports that the kubelet asks whether it is well.
pub(super) fn probes(object: &Object, container: &Yaml) -> Vec<Said<u16>> {
    let nodes = PROBES.iter().filter_map(|k| container.at(&[k, "httpGet", "port"]));
    nodes.filter_map(|n| Some(Said { value: port_of(container, n)?, at: object.at(n) })).collect()
}

/// The same with those that only connect, and without those that ask at another address than that of the pod.
pub(super) fn asked(object: &Object, container: &Yaml) -> Vec<Asked> {
    let probe = |kind: &'static str| {
        let action = ["httpGet", "tcpSocket"].iter().find_map(|how| container.at(&[kind, how]))?;
        let node = action.get("port").filter(|_| action.get("host").is_none())?;
        Some(Asked { port: port_of(container, node)?, at: object.at(node), by: Asker::Probe(kind) })
    };
    PROBES.into_iter().filter_map(probe).collect()
}
